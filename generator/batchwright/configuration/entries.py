"""Lists and pins of the configuration: what they name, and where they say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from batchwright.configuration.pyproject import Table
from batchwright.diagnostics import Location, Report, excerpt

# Keys of the table that hold more than a string.
ENTRIES = ("include", "exclude", "rename")


class Pattern(Struct, frozen=True, kw_only=True):
    """A tag, path or operation, as a filter names it; `label` is the filter's name."""

    text: str
    label: str
    location: Location | None = None


class Pin(Struct, frozen=True, kw_only=True):
    """The name that a thing of the spec is to have: `schema Pet` -> `Animal`."""

    thing: str
    name: str
    location: Location | None = None


def patterns_of(
    key: str, table: Table | None, given: Iterable[str] | None, report: Report
) -> tuple[Pattern, ...]:
    """The patterns of a filter: those of its flag, else those of its key."""
    if given is not None:
        texts = [part.strip() for text in given for part in text.split(",")]
        return tuple(Pattern(text=it, label=f"`--{key}`") for it in texts if it)
    value = None if table is None else table.values.get(key)
    if table is None or value is None:
        return ()
    where = table.location(key)
    if not isinstance(value, list) or not all(isinstance(it, str) for it in value):
        report.error("wrong-type", f"`{key}` must be a list of strings", where)
        return ()
    return tuple(Pattern(text=it, label=f"`{key}`", location=where) for it in value)


def pins_of(table: Table | None, report: Report) -> tuple[Pin, ...]:
    """The names that `rename` pins."""
    value = {} if table is None else table.values.get("rename", {})
    if table is None or not value:
        return ()
    if not isinstance(value, dict):
        report.error("wrong-type", "`rename` must be a table", table.location("rename"))
        return ()
    return tuple(_pins(value, table, report))


def _pins(value: dict[str, object], table: Table, report: Report) -> Iterator[Pin]:
    for thing, name in value.items():
        where = table.location("rename", thing)
        if isinstance(name, str):
            yield Pin(thing=" ".join(thing.split()), name=name, location=where)
        else:
            report.error(
                "wrong-type",
                f"{excerpt(thing)} is renamed to {excerpt(name)}, which is no string",
                where,
                hint=(
                    "put the whole thing in quotes: in TOML, a dot outside of them "
                    "begins a table"
                    if isinstance(name, dict)
                    else None
                ),
            )
