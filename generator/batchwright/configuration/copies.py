"""Which copies of which packages a project has: `[tool.batchwright.vendor.NAME]`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from batchwright.configuration.config import (
    Config,
    Settings,
    config_from,
    from_flags,
    from_table,
    the_table,
    with_entries,
    with_reading,
)
from batchwright.configuration.entries import ENTRIES
from batchwright.configuration.pyproject import Table
from batchwright.configuration.reading_settings import READING_KEYS, Reading
from batchwright.diagnostics import Location, Report

_OTHERS = (*ENTRIES, *READING_KEYS)
_KEYS = ("spec", "into", "package", "client", "distribution", "templates")


class _Copy(Struct, frozen=True, kw_only=True):
    """What is set for a copy, and the table that has its filters and pins, if any."""

    settings: Settings
    table: Table | None = None


def read_copies(
    directory: Path,
    flags: Mapping[str, str | None],
    report: Report,
    *,
    filters: Mapping[str, Sequence[str] | None],
    reading: Reading,
    file: Path | None = None,
) -> tuple[Config, ...]:
    """The copies that a run in `directory` (absolute) is about, by their folders.

    Without flags they are all that the configuration has. `into` chooses one, or names
    a new one; the other flags, and the filters of the command line, then win over what
    is configured for it. `reading` adds to what each has. Raises SpecError, with
    everything that is wrong.
    """
    table = the_table(directory, file, report)
    configured = {} if table is None else dict(_configured(table, directory, report))
    report.stop_if_errors()
    given = from_flags(flags, report)
    is_given = bool(given) or any(filters.values())
    if is_given and "into" not in given:
        report.error(
            "missing-into",
            "no folder for the copy is named",
            hint="name it with `--into`: its last part is the name of the package",
        )
    elif not is_given and not configured:
        report.error(
            "nothing-to-vendor",
            "no spec and no folder are named, and no copies are configured",
            None if table is None else table.location(),
            hint="batchwright vendor SPEC --into FOLDER, or a table "
            "[tool.batchwright.vendor.NAME] with `spec` and `into` in pyproject.toml",
        )
    report.stop_if_errors()
    chosen = list(configured.values())
    if is_given:
        known = configured.get(_folder(given, directory), _Copy(settings={}))
        chosen = [replace(known, settings=known.settings | given)]
    copies = [_config(copy, directory, filters, reading, report) for copy in chosen]
    report.stop_if_errors()
    path = None if table is None else table.file
    return tuple(replace(copy, file=path, vendored=True) for copy in copies if copy)


def _configured(
    table: Table, directory: Path, report: Report
) -> Iterator[tuple[str, _Copy]]:
    """Each copy by its folder."""
    names = table.inner("vendor")
    if names is None:
        if "vendor" in table.values:
            message = "`vendor` must be a table, with a table for each copy"
            report.error("wrong-type", message, table.location("vendor"))
        return
    folders: dict[str, Location] = {}
    for name in names.values:
        copy = names.inner(name)
        if copy is None:
            message = f"`vendor.{name}` must be a table with `spec` and `into`"
            report.error("wrong-type", message, names.location(name))
            continue
        settings = from_table(copy, directory, report, _KEYS, _OTHERS)
        for key in ("spec", "into"):
            if key not in copy.values:
                message = f"{copy} has no `{key}`"
                report.error(f"missing-{key}", message, copy.location())
        if "into" in settings:
            folder = _folder(settings, directory)
            if folder in folders:
                message = f"two copies cannot be in one folder; see {folders[folder]}"
                report.error("same-folder", message, copy.location("into"))
            folders[folder] = copy.location("into")
            yield folder, _Copy(settings=settings, table=copy)


def _folder(settings: Settings, directory: Path) -> str:
    return os.path.normpath(directory / settings["into"].value)


def _config(
    copy: _Copy,
    directory: Path,
    filters: Mapping[str, Sequence[str] | None],
    reading: Reading,
    report: Report,
) -> Config | None:
    settings = copy.settings
    if "spec" not in settings:
        report.error(
            "missing-spec",
            f"no spec is named for {settings['into'].value}, which is not configured",
            hint="name it as the first argument, or by a table "
            "[tool.batchwright.vendor.NAME] with `spec` and `into` in pyproject.toml",
        )
        return None
    renamed = {("output" if key == "into" else key): it for key, it in settings.items()}
    config = config_from(renamed, directory, report)
    config = with_entries(config, copy.table, filters, report)
    return with_reading(config, copy.table, reading, directory, report)
