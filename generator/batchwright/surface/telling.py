"""Changes as text for people, as JSON for machines, as Markdown for changelogs."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from batchwright.diagnostics import Location, printable
from batchwright.surface.change import CLIENT, Change

_DOCS = "docs only"
#: More descriptions than that would hide, from people, what else there is.
_MOST_DOCS = 50

_MARKUP = re.compile(r"([\\*_\[\]<>])")


class Told(Struct, frozen=True, kw_only=True):
    """A change with the places where the old and the new spec say it."""

    change: Change
    old: Location | None
    new: Location | None

    @property
    def where(self) -> Location | None:
        """Where to look: in the new spec, or else in the old one."""
        return self.new or self.old


def as_text(changes: Sequence[Told]) -> str:
    """Groups by subject, what breaks code first; a line for each change.

    A great many descriptions are only counted.
    """
    return "".join(f"{line}\n" for line in _lines(changes))


def _lines(changes: Sequence[Told]) -> Iterator[str]:
    for heading, part in _parts(changes):
        yield f"{heading}:"
        if heading == _DOCS and len(part) > _MOST_DOCS:
            yield f"  {len(part)} descriptions; `--format json` has each of them"
            yield ""
            continue
        for subject, several in _by_subject(part):
            yield f"  {printable(subject)}"
            for told in several:
                where = "" if told.where is None else f"{told.where}: "
                message = printable(told.change.message)
                yield f"    {where}{message} [{told.change.code}]"
        yield ""
    yield from _pins(changes)
    yield counted(changes)


def _pins(changes: Iterable[Told]) -> Iterator[str]:
    """What to write into the configuration, so that names stay as they are."""
    pins = sorted({pin for told in changes for pin in told.change.pins})
    if pins:
        yield "to keep the names that code has today:"
        tables = {
            "[tool.batchwright]": [
                f"client = {json.dumps(name)}"
                for thing, name in pins
                if thing == CLIENT
            ],
            "[tool.batchwright.rename]": [
                f"{json.dumps(thing)} = {json.dumps(name)}"
                for thing, name in pins
                if thing != CLIENT
            ],
        }
        for table, lines in tables.items():
            if lines:
                yield from (f"  {line}" for line in (table, *lines))
        yield ""


def as_markdown(changes: Sequence[Told]) -> str:
    """Lists, as a changelog has them."""
    return "".join(f"{line}\n" for line in _markdown(changes))


def _markdown(changes: Sequence[Told]) -> Iterator[str]:
    for heading, part in _parts(changes):
        yield f"### {heading[0].upper()}{heading[1:]}"
        yield ""
        for told in part:
            change = told.change
            yield f"- `{_code(change.subject)}`: {_prose(change.message)}"
        yield ""
    yield f"{counted(changes)[0].upper()}{counted(changes)[1:]}."


def as_json(changes: Sequence[Told]) -> str:
    """One object; `changes` in the same order as in the text."""
    breaking = sum(told.change.breaking for told in changes)
    data = {
        "breaking": breaking,
        "compatible": len(changes) - breaking,
        "changes": [
            {
                "breaking": told.change.breaking,
                "code": told.change.code,
                "subject": told.change.subject,
                "message": told.change.message,
                "pin": dict(told.change.pins) or None,
                "old": _place(told.old),
                "new": _place(told.new),
            }
            for told in changes
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def counted(changes: Sequence[Told]) -> str:
    """How many changes there are, in a line."""
    if not changes:
        return "nothing changes for users of the SDK"
    breaking = sum(told.change.breaking for told in changes)
    compatible = len(changes) - breaking
    told = [
        f"{number} {kind} {'change' if number == 1 else 'changes'}"
        for number, kind in ((breaking, "breaking"), (compatible, "compatible"))
        if number
    ]
    return " and ".join(told)


def _parts(changes: Iterable[Told]) -> Iterator[tuple[str, list[Told]]]:
    """What breaks, what does not, and what is prose alone."""
    headings = {
        "breaking": [told for told in changes if told.change.breaking],
        "compatible": [
            told
            for told in changes
            if not told.change.breaking and told.change.code != "docs"
        ],
        _DOCS: [told for told in changes if told.change.code == "docs"],
    }
    for heading, part in headings.items():
        if part:
            yield heading, part


def _by_subject(changes: Iterable[Told]) -> Iterator[tuple[str, list[Told]]]:
    groups = itertools.groupby(changes, key=lambda told: told.change.subject)
    for subject, several in groups:
        yield subject, list(several)


def _place(location: Location | None) -> dict[str, object] | None:
    if location is None:
        return None
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "pointer": location.pointer,
    }


def _code(text: str) -> str:
    return printable(text).replace("`", "'")


def _prose(text: str) -> str:
    """Text with its code spans as they are, and nothing else that is markup."""
    spans = printable(text).split("`")
    return "`".join(
        span if index % 2 else _MARKUP.sub(r"\\\1", span)
        for index, span in enumerate(spans)
    )
