"""The configuration: `[tool.batchwright]` of pyproject.toml, overridden by flags."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from keyword import iskeyword
from pathlib import Path
from typing import TypeAlias

from batchwright.diagnostics import Location, Report, excerpt
from batchwright.elsewhere import NOWHERE, Elsewhere
from batchwright.pyproject import Table, find_table, read_table, seen_from
from batchwright.reading_settings import READING_KEYS, elsewhere_of, strict_of

# The keys of the table and, but for `distribution`, the names of the flags.
_KEYS = ("spec", "output", "package", "client", "distribution", "templates")
_PATHS = ("spec", "output", "templates")

_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What to make of which spec. Paths are as the user would type them.

    `package` is the name of the generated package, `distribution` the name under which
    it is installed (the User-Agent tells it). `client` is the name of the client class;
    where it is None, it is made from the spec's title. `templates` is a folder laid
    over the templates that came with batchwright. `output` is None only where nothing
    is to be written. `strict` makes errors of warnings. `elsewhere` is what may be read
    outside of the spec's folder. `file` is the pyproject.toml that had a table, if any.
    """

    spec: Path
    package: str
    distribution: str
    output: Path | None = None
    client: str | None = None
    templates: Path | None = None
    file: str | None = None
    strict: bool = False
    elsewhere: Elsewhere = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """A value, and where it was set: by a key of a file, or by a flag."""

    value: str
    label: str
    location: Location | None


_Settings: TypeAlias = dict[str, _Setting]


def read_config(
    directory: Path,
    flags: Mapping[str, str | None],
    report: Report,
    *,
    file: Path | None = None,
    needs_output: bool = True,
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
    table = (
        find_table(directory, report)
        if file is None
        else read_table(file, directory, report)
    )
    report.stop_if_errors()
    settings = {} if table is None else _from_table(table, directory, report)
    settings |= _from_flags(flags, report)
    where = None if table is None else table.location()
    _require("spec", settings, where, report)
    if needs_output:
        _require("output", settings, where, report)
    report.stop_if_errors()
    config = _config(settings, directory, report)
    report.stop_if_errors()
    config = replace(
        config,
        strict=strict or strict_of(table, report),
        elsewhere=elsewhere_of(table, directory, copies, allowed, report),
    )
    report.stop_if_errors()
    return config if table is None else replace(config, file=table.file)


def _from_table(table: Table, directory: Path, report: Report) -> _Settings:
    settings: _Settings = {}
    for key, value in table.values.items():
        where = table.location(key)
        if key in READING_KEYS:
            continue
        if key not in _KEYS:
            close = get_close_matches(key, (*_KEYS, *READING_KEYS), n=1)
            report.error(
                "unknown-key",
                f"[tool.batchwright] has no key {excerpt(key)}",
                where,
                hint=(
                    f"did you mean `{close[0]}`?"
                    if close
                    else f"its keys are {', '.join((*_KEYS, *READING_KEYS))}"
                ),
            )
        elif text := _text(value, f"`{key}`", where, report):
            if key in _PATHS:
                text = seen_from(directory, table.folder, text)
            settings[key] = _Setting(value=text, label=f"`{key}`", location=where)
    return settings


def _from_flags(flags: Mapping[str, str | None], report: Report) -> _Settings:
    settings: _Settings = {}
    for key, value in flags.items():
        label = "SPEC" if key == "spec" else f"`--{key}`"
        if value is not None and (text := _text(value, label, None, report)):
            settings[key] = _Setting(value=text, label=label, location=None)
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
    key: str, settings: _Settings, where: Location | None, report: Report
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


def _config(settings: _Settings, directory: Path, report: Report) -> Config:
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


def _package(settings: _Settings, directory: Path, report: Report) -> str:
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


def _distribution(given: _Setting | None, package: str, report: Report) -> str:
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


def _check_name(setting: _Setting, what: str, report: Report) -> None:
    if _is_name(setting.value):
        return
    reason = "a keyword" if iskeyword(setting.value) else "no Python name"
    close = _close_name(setting.value)
    report.error(
        "bad-name",
        f"{setting.label} is {excerpt(setting.value)}: {reason}, and so it cannot be "
        f"the name of {what}",
        setting.location,
        hint=f"did you mean `{close}`?" if close else None,
    )


def _is_name(text: str) -> bool:
    return text.isidentifier() and not iskeyword(text)


def _close_name(text: str) -> str | None:
    close = re.sub(r"\W+", "_", text).strip("_")
    return close if _is_name(close) else None
