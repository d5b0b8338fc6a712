"""The table `[tool.batchwright]`: in which file it is, and what is on which line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from batchwright.diagnostics import Location, Report

_TABLE = ("tool", "batchwright")

_FAULT_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_KEYS = rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*"
_HEADER = re.compile(rf"\s*\[{_KEYS}\]")
_ASSIGNMENT = re.compile(rf"{_KEYS}=")


class Table(Struct, frozen=True, kw_only=True):
    """The settings of a project as TOML gives them.

    `file` is the path as the user would type it, `folder` the one that paths in the
    file are relative to. `name` is where the table is in the file.
    """

    file: str
    folder: Path
    text: str
    values: Mapping[str, object]
    name: tuple[str, ...] = _TABLE

    def __str__(self) -> str:
        return f"[{'.'.join(self.name)}]"

    def location(self, *key: str) -> Location:
        """Where a key of the table is set; without a key, where the table begins."""
        return _location(self.file, self.text, (*self.name, *key))

    def inner(self, key: str) -> Table | None:
        """The table that a key of this one holds; None if it holds something else."""
        values = self.values.get(key)
        if not isinstance(values, dict):
            return None
        return replace(self, values=values, name=(*self.name, key))


def find_table(directory: Path, report: Report) -> Table | None:
    """The table of the nearest pyproject.toml that has one, from a folder upwards."""
    for folder in (directory, *directory.parents):
        path = folder / "pyproject.toml"
        try:
            # Another project's file, good or bad, is none of our business.
            if b"batchwright" not in path.read_bytes():
                continue
        except OSError:
            continue
        table = _read(os.path.relpath(path, directory), path, report)
        if table is not None or report.has_errors:
            return table
    return None


def read_table(file: Path, directory: Path, report: Report) -> Table | None:
    """The table of a file that the user names; reports an error if there is none."""
    table = _read(str(file), directory / file, report)
    if table is None and not report.has_errors:
        report.error(
            "missing-table",
            "the file has no table [tool.batchwright]",
            Location(file=str(file)),
        )
    return table


def _read(file: str, path: Path, report: Report) -> Table | None:
    """None where the file has no such table or, which is reported, cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        values: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        report.error(
            "config-syntax",
            f"this is not TOML: {_FAULT_PLACE.sub('', str(fault))}",
            _fault_location(file, text, str(fault)),
        )
        return None
    # Python reads no number of many thousand digits, and does not nest without end.
    except (OSError, ValueError, RecursionError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else str(fault)
        report.error(
            "unreadable-config",
            f"cannot read the configuration: {reason}",
            Location(file=file),
        )
        return None
    for key in _TABLE:
        if not isinstance(values, dict) or key not in values:
            return None
        values = values[key]
    if isinstance(values, dict):
        return Table(file=file, folder=path.parent, text=text, values=values)
    report.error(
        "wrong-type",
        "`tool.batchwright` must be a table",
        _location(file, text, _TABLE),
    )
    return None


def _fault_location(file: str, text: str, message: str) -> Location:
    place = _FAULT_PLACE.search(message)
    if place is None or place[1] is None:
        return Location(file=file, line=max(1, len(text.splitlines())), column=1)
    return Location(file=file, line=int(place[1]), column=int(place[2]))


def _location(file: str, text: str, key: tuple[str, ...]) -> Location:
    """Where a key is set, or else the nearest table around it.

    tomllib gives no positions. This reads the headers and keys at the starts of lines,
    which is how people write pyproject.toml; what is in an inline table is found by the
    key that the inline table is the value of.
    """
    table: tuple[str, ...] = ()
    nearest = 0
    line = column = None
    for number, content in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(content):
            path = table = _names(header[1])
        elif assignment := _ASSIGNMENT.match(content):
            path = table + _names(assignment[1])
        else:
            continue
        if nearest < len(path) and path == key[: len(path)]:
            nearest, line = len(path), number
            column = len(content) - len(content.lstrip()) + 1
    pointer = "".join(f"/{name}" for name in key)
    return Location(file=file, line=line, column=column, pointer=pointer)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_KEY, dotted))


def seen_from(directory: Path, folder: Path, path: str) -> str:
    """A path that a file in `folder` gives, as one would type it in `directory`."""
    if os.path.isabs(path):
        return path
    try:
        return os.path.relpath(folder / path, directory)
    except ValueError:  # on another drive
        return str(folder / path)
