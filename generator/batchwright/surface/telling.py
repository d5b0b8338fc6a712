"""Changes as text for people, as JSON for machines, as Markdown for changelogs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from batchwright.diagnostics import Location, printable
from batchwright.surface.change import CLIENT, Change

_DOCS = "docs only"
#: More descriptions than that would hide, from people, what else there is.
_MOST_DOCS = 50
#: As often as that, the same of several parts of a thing is said one by one.
_MOST_ALIKE = 3
#: As many parts are named where nothing breaks.
_SHOWN = 8

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

    What is said of many parts of one thing is said once. A great many descriptions are
    only counted.
    """
    return "".join(f"{line}\n" for line in _lines(changes))


def _lines(changes: Sequence[Told]) -> Iterator[str]:
    for heading, part in _parts(changes):
        yield f"{heading}:"
        if heading == _DOCS and len(part) > _MOST_DOCS:
            yield f"  {len(part)} descriptions; `--format json` has each of them"
            yield ""
            continue
        shown = len(part) if heading == "breaking" else _SHOWN
        for subject, lines in _by_subject(part, shown).items():
            yield f"  {printable(subject)}"
            yield from (f"    {line}" for line in lines)
        yield ""
    yield from _pins(changes)
    yield counted(changes)


def _by_subject(part: Sequence[Told], shown: int) -> dict[str, list[str]]:
    """What is said of each subject; of what is alike, `shown` parts are named."""
    alike: dict[tuple[str, str, str], list[Told]] = {}
    for told in part:
        alike.setdefault(_what(told), []).append(told)
    lines: dict[str, list[str]] = {}
    for told in part:
        several = alike[_what(told)]
        if len(several) <= _MOST_ALIKE:
            lines.setdefault(told.change.subject, []).append(_line(told))
        elif told is several[0]:
            owner, *_ = _what(told)
            lines.setdefault(owner, []).append(_line_of_several(several, shown))
    return lines


def _what(told: Told) -> tuple[str, str, str]:
    """The thing that has the subject, and what is said of that."""
    owner, dot, _ = told.change.subject.rpartition(".")
    return owner if dot else told.change.subject, told.change.code, told.change.message


def _line(told: Told) -> str:
    message = printable(told.change.message)
    return f"{_where(told)}{message} [{told.change.code}]"


def _where(told: Told) -> str:
    return "" if told.where is None else f"{told.where}: "


def _line_of_several(several: Sequence[Told], shown: int) -> str:
    """A line with the place of the first of them."""
    change = several[0].change
    names = [printable(it.change.subject.rpartition(".")[2]) for it in several]
    listed = ", ".join(f"`{name}`" for name in names[:shown])
    rest = f", and {len(names) - shown} more" if len(names) > shown else ""
    what = f"{len(names)} times: {printable(change.message)} [{change.code}]"
    return f"{_where(several[0])}{what}: {listed}{rest}"


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
