"""The configuration: `[tool.batchwright]` of pyproject.toml, overridden by flags."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from keyword import iskeyword
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from batchwright.configuration.elsewhere import NOWHERE, Elsewhere
from batchwright.configuration.entries import (
    ENTRIES,
    Pattern,
    Pin,
    patterns_of,
    pins_of,
)
from batchwright.configuration.pyproject import Table, find_table, read_table, seen_from
from batchwright.configuration.reading_settings import (
    READING_KEYS,
    Reading,
    elsewhere_of,
    strict_of,
)
from batchwright.diagnostics import Location, Report, excerpt

# The keys of the table and, but for `distribution`, the names of the flags.
_KEYS = ("spec", "output", "package", "client", "distribution", "templates")
_PATHS = ("spec", "output", "templates", "into")
# Tables within the table, for which others are responsible.
_TABLES = ("vendor", *ENTRIES, *READING_KEYS)

_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


class Config(Struct, frozen=True, kw_only=True):
    """What to make of which spec. Paths are as the user would type them.

    `package` is the name of the generated package, `distribution` the name under which
    it is installed (the User-Agent tells it). `client` is the name of the client class;
    where it is None, it is made from the spec's title. `templates` is a folder laid
    over the templates that came with batchwright. `output` is None only where nothing
    is to be written. `file` is the pyproject.toml that had a table, if any. A package
    that is `vendored` is not installed under any name: it has no version to tell.
    `include` and `exclude` are filters, see `selection`; `rename` pins names. `strict`
    makes errors of warnings; `elsewhere` is what may be read outside of the spec's
    folder.
    """

    spec: Path
    package: str
    distribution: str
    output: Path | None = None
    client: str | None = None
    templates: Path | None = None
    file: str | None = None
    vendored: bool = False
    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    rename: tuple[Pin, ...] = ()
    strict: bool = False
    elsewhere: Elsewhere = NOWHERE

    @property
    def is_filtered(self) -> bool:
        """Whether operations are left out."""
        return bool(self.include or self.exclude)


class Setting(Struct, frozen=True, kw_only=True):
    """A value, and where it was set: by a key of a file, or by a flag."""

    value: str
    label: str
    location: Location | None


Settings: TypeAlias = dict[str, Setting]


def read_config(
    directory: Path,
    flags: Mapping[str, str | None],
    report: Report,
    *,
    file: Path | None = None,
    needs_output: bool = True,
    filters: Mapping[str, Sequence[str] | None] | None = None,
    strict: bool = False,
    copies: Iterable[str] = (),
    allowed: Iterable[str] = (),
) -> Config:
    """The configuration for a run in `directory` (absolute) with the given flags.

    The table is that of `file` or of the nearest pyproject.toml, from `directory`
    upwards, that has one; there need not be one. A flag (named as the key, None where
    it was not given) wins over the file. Raises SpecError, with everything that is
    wrong, where all that does not make a configuration.
    """
    table = the_table(directory, file, report)
    settings = {} if table is None else from_table(table, directory, report)
    settings |= from_flags(flags, report)
    where = None if table is None else table.location()
    _require("spec", settings, where, report)
    if needs_output:
        _require("output", settings, where, report)
    report.stop_if_errors()
    config = config_from(settings, directory, report)
    report.stop_if_errors()
    config = with_entries(config, table, filters or {}, report)
    reading = Reading(strict=strict, copies=copies, allowed=allowed)
    config = with_reading(config, table, reading, directory, report)
    report.stop_if_errors()
    return config if table is None else replace(config, file=table.file)


def with_entries(
    config: Config,
    table: Table | None,
    filters: Mapping[str, Sequence[str] | None],
    report: Report,
) -> Config:
    """The configuration with its filters (those of flags first) and pins."""
    return replace(
        config,
        include=patterns_of("include", table, filters.get("include"), report),
        exclude=patterns_of("exclude", table, filters.get("exclude"), report),
        rename=pins_of(table, report),
    )


def with_reading(
    config: Config,
    table: Table | None,
    flags: Reading,
    directory: Path,
    report: Report,
) -> Config:
    """The configuration with how the spec is read: by the table, and by flags."""
    return replace(
        config,
        strict=flags.strict or strict_of(table, report),
        elsewhere=elsewhere_of(table, directory, flags.copies, flags.allowed, report),
    )


def the_table(directory: Path, file: Path | None, report: Report) -> Table | None:
    """The table of a file, or of the nearest one that has any. Raises SpecError."""
    table = (
        find_table(directory, report)
        if file is None
        else read_table(file, directory, report)
    )
    report.stop_if_errors()
    return table


def from_table(
    table: Table,
    directory: Path,
    report: Report,
    keys: Sequence[str] = _KEYS,
    others: Sequence[str] = _TABLES,
) -> Settings:
    """What a table sets, paths as one would type them in a folder.

    Args:
        keys: the keys of strings, which are read.
        others: keys that it may have besides.
    """
    settings: Settings = {}
    for key, value in table.values.items():
        where = table.location(key)
        if key in others:
            continue
        if key not in keys:
            close = get_close_matches(key, (*keys, *others), n=1)
            report.error(
                "unknown-key",
                f"{table} has no key {excerpt(key)}",
                where,
                hint=(
                    f"did you mean `{close[0]}`?"
                    if close
                    else f"its keys are {', '.join((*keys, *others))}"
                ),
            )
        elif text := _text(value, f"`{key}`", where, report):
            if key in _PATHS:
                text = seen_from(directory, table.folder, text)
            settings[key] = Setting(value=text, label=f"`{key}`", location=where)
    return settings


def from_flags(flags: Mapping[str, str | None], report: Report) -> Settings:
    """What flags set; None is a flag that was not given."""
    settings: Settings = {}
    for key, value in flags.items():
        label = "SPEC" if key == "spec" else f"`--{key}`"
        if value is not None and (text := _text(value, label, None, report)):
            settings[key] = Setting(value=text, label=label, location=None)
    return settings


def _text(
    value: object, label: str, where: Location | None, report: Report
) -> str | None:
    if not isinstance(value, str):
        report.error(
            "wrong-type", f"{label} must be a string, not {excerpt(value)}", where
        )
        return None
    if not value or "\0" in value:
        fault = "has a NUL character" if value else "must not be empty"
        report.error("wrong-type", f"{label} {fault}", where)
        return None
    return value


def _require(
    key: str, settings: Settings, where: Location | None, report: Report
) -> None:
    if key in settings:
        return
    what = "spec" if key == "spec" else "folder for the generated package"
    flag = "as the first argument" if key == "spec" else f"with `--{key}`"
    report.error(
        f"missing-{key}",
        f"no {what} is named",
        where,
        hint=f"name it {flag}, or by `{key}` in [tool.batchwright] of pyproject.toml",
    )


def config_from(settings: Settings, directory: Path, report: Report) -> Config:
    """The configuration of settings that have a spec; reports what is wrong."""

    def path(key: str) -> Path | None:
        return Path(settings[key].value) if key in settings else None

    package = _package(settings, directory, report)
    client = settings.get("client")
    if client is not None:
        _check_name(client, "a class", report)
    return Config(
        spec=Path(settings["spec"].value),
        package=package,
        distribution=_distribution(settings.get("distribution"), package, report),
        output=path("output"),
        client=None if client is None else client.value,
        templates=path("templates"),
    )


def _package(settings: Settings, directory: Path, report: Report) -> str:
    """The package as it was named, else by the output folder."""
    given = settings.get("package")
    if given is not None:
        _check_name(given, "a package", report)
        return given.value
    output = settings.get("output")
    if output is None:
        return "sdk"
    name = os.path.basename(os.path.normpath(directory / output.value))
    if not _is_name(name):
        close = _close_name(name)
        report.error(
            "bad-name",
            f"the folder's name {excerpt(name)} cannot be the name of a package",
            output.location,
            hint="name the package with `--package`, or by `package` in "
            "[tool.batchwright]" + (f": `{close}`, perhaps" if close else ""),
        )
    return name


def _distribution(given: Setting | None, package: str, report: Report) -> str:
    """The distribution as it was named, else by the package."""
    if given is None:
        return package.strip("_").replace("_", "-") or package
    if not _DISTRIBUTION.fullmatch(given.value):
        report.error(
            "bad-name",
            f"{given.label} is {excerpt(given.value)}, which cannot be the name of a "
            "distribution",
            given.location,
            hint="it may have letters, digits, `-`, `_` and `.`, and has a letter or "
            "a digit at each end",
        )
    return given.value


def _check_name(setting: Setting, what: str, report: Report) -> None:
    if _is_name(setting.value):
        return
    reason = "no Python name"
    if setting.value.isidentifier():
        reason = "a keyword" if iskeyword(setting.value) else "a name of Python's own"
    close = _close_name(setting.value)
    report.error(
        "bad-name",
        f"{setting.label} is {excerpt(setting.value)}: {reason}, and so it cannot be "
        f"the name of {what}",
        setting.location,
        hint=f"did you mean `{close}`?" if close else None,
    )


def _is_name(text: str) -> bool:
    # Python has names of its own with two underscores: __init__, __pycache__.
    is_own = text.startswith("__") and text.endswith("__")
    return text.isidentifier() and not iskeyword(text) and not is_own


def _close_name(text: str) -> str | None:
    close = re.sub(r"\W+", "_", text).strip("_")
    return close if _is_name(close) else None
