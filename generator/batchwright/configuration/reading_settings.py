"""The settings of reading: `strict`, `map` and `allow`, of the table and of flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from batchwright.configuration.elsewhere import Elsewhere
from batchwright.configuration.pyproject import Table, seen_from
from batchwright.diagnostics import Report, excerpt

READING_KEYS = ("strict", "map", "allow")


class Reading(Struct, frozen=True, kw_only=True):
    """What flags say of reading: `--strict`, each `--map` and each `--allow`."""

    strict: bool = False
    copies: Iterable[str] = ()
    allowed: Iterable[str] = ()


def strict_of(table: Table | None, report: Report) -> bool:
    """Whether warnings are errors."""
    value = None if table is None else table.values.get("strict")
    if value is None or isinstance(value, bool):
        return bool(value)
    assert table is not None
    message = f"`strict` must be true or false, not {excerpt(value)}"
    report.error("wrong-type", message, table.location("strict"))
    return False


def elsewhere_of(
    table: Table | None,
    directory: Path,
    copies: Iterable[str],
    allowed: Iterable[str],
    report: Report,
) -> Elsewhere:
    """What may be read outside of the spec's folder; flags add to the table.

    `copies` are flags: addresses, each with `=` and the path of a file or folder.
    """
    pairs = [] if table is None else list(_copies(table, directory, report))
    for text in copies:
        address, equals, path = text.rpartition("=")
        if not address or not equals or not path:
            message = f"`--map` needs an address, `=`, and a file, not {excerpt(text)}"
            report.error("wrong-type", message)
            continue
        pairs.append((address, path))
    paths = [] if table is None else list(_allowed(table, directory, report))
    return Elsewhere(copies=tuple(pairs), allowed=(*paths, *allowed))


def _copies(table: Table, directory: Path, report: Report) -> Iterator[tuple[str, str]]:
    value = table.values.get("map", {})
    entries = value.items() if isinstance(value, dict) else ()
    if not isinstance(value, dict) or not all(isinstance(it, str) for _, it in entries):
        message = "`map` must be a table of addresses and of the files that are copies"
        report.error("wrong-type", message, table.location("map"))
        return
    for address, path in entries:
        yield address, seen_from(directory, table.folder, path)


def _allowed(table: Table, directory: Path, report: Report) -> Iterator[str]:
    value = table.values.get("allow", [])
    entries = value if isinstance(value, list) else ()
    if not isinstance(value, list) or not all(isinstance(it, str) for it in entries):
        message = "`allow` must be a list of files and folders"
        report.error("wrong-type", message, table.location("allow"))
        return
    for path in entries:
        yield seen_from(directory, table.folder, path)
