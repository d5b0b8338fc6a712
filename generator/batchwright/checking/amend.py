"""Puts what was meant in the place of what a spec says by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, TypeAlias

from msgspec import Struct

from batchwright.diagnostics import Report
from batchwright.document import Data, Document, Node, Pointer, parse_pointer
from batchwright.structure import walk

_Moved: TypeAlias = dict[Pointer, Pointer]


class Fixed(Enum):
    """Changes that need no value."""

    AS_IS = "as is"
    LEFT_OUT = "left out"


class Instead(Struct, frozen=True):
    """Another value; where nothing stands, it is added to the mapping.

    Under a key that begins with a hyphen, it is appended to a list. `origins` tells of
    places in it, by their pointers within, where they were written.
    """

    value: Data
    origins: Mapping[Pointer, Pointer] = {}


class Renamed(Struct, frozen=True):
    """The same value under another key, unless that is taken."""

    key: str


Change: TypeAlias = Fixed | Instead | Renamed


class Reading(Struct, frozen=True):
    """How a faulty place is read, in words and as a change to it.

    `field` is the field of the faulty place that the change is for, if not for itself.
    """

    said: str
    change: Change = Fixed.AS_IS
    field: str | None = None

    def at(self, pointer: Pointer) -> Pointer:
        """Where the change belongs."""
        return pointer if self.field is None else (*pointer, self.field)


class _Branch:
    """The changes at a place and below it."""

    __slots__ = ("change", "inner")

    def __init__(self) -> None:
        self.change: Change = Fixed.AS_IS
        self.inner: dict[str, _Branch] = {}


def amended(
    document: Document, changes: Mapping[Pointer, Change], report: Report
) -> Document:
    """The document with the changes; what does not change is shared with it.

    A change below a place that is replaced or left out is without effect. One that
    would lead a `$ref` astray is an error.
    """
    if not changes:
        return document
    _keep_what_is_referred_to(document, changes, report)
    trunk = _Branch()
    for pointer, change in changes.items():
        if change is not Fixed.AS_IS:
            branch = trunk
            for token in pointer:
                branch = branch.inner.setdefault(token, _Branch())
            branch.change = change
    if not trunk.inner:
        return document
    moved: _Moved = {}
    data = _amend(document.root.value, trunk, (), (), moved)
    return document.with_root(data, moved)


def _keep_what_is_referred_to(
    document: Document, changes: Mapping[Pointer, Change], report: Report
) -> None:
    """Report changes that would take away, or move, what a `$ref` leads to."""
    passed: set[Pointer] = set()
    for _, node in walk(document):
        ref = node.text("$ref")
        if ref is not None and ref.startswith("#") and not _goes(node, changes):
            pointer = parse_pointer(ref[1:])
            passed.update(pointer[:length] for length in range(len(pointer) + 1))
    for pointer, change in changes.items():
        if change is Fixed.AS_IS or not pointer:
            continue
        around = document.root.nearest(pointer[:-1])
        moves = change is Fixed.LEFT_OUT and isinstance(around.value, list)
        if pointer in passed or (moves and around.pointer in passed):
            report.error(
                "referred-to",
                "this cannot be read as it was probably meant, because a $ref leads to"
                " it, or past it",
                document.root.nearest(pointer),
                "write it as it is meant, or move what is referred to to components",
            )


def _goes(node: Node, changes: Mapping[Pointer, Change]) -> bool:
    """Whether a node stands in what is left out."""
    ways = (node.pointer[:length] for length in range(len(node.pointer) + 1))
    return any(changes.get(way) is Fixed.LEFT_OUT for way in ways)


def _amend(
    value: Any, branch: _Branch, old: Pointer, new: Pointer, moved: _Moved
) -> Any:
    """A value with the changes below it; notes which places have other names now."""
    if isinstance(value, list):
        entries = list(_entries(value, branch))
        for index, (key, _) in enumerate(entries):
            if key != str(index):
                moved[(*new, str(index))] = (*old, key)
        stay = [
            _inner(it, branch, (*old, key), (*new, str(index)), moved)
            for index, (key, it) in enumerate(entries)
        ]
        added = list(_added(branch))
        for index, other in enumerate(added, len(stay)):
            _note(other, (*new, str(index)), moved)
        return [*stay, *(other.value for other in added)]
    if not isinstance(value, dict):
        return value
    amended: dict[str, Any] = {}
    for key, it in _entries(value, branch):
        name, change = key, _change(branch, key)
        if isinstance(change, Renamed):
            if change.key in value or change.key in amended:
                continue
            name = change.key
            moved[(*new, name)] = (*old, key)
        amended[name] = _inner(it, branch, (*old, key), (*new, name), moved)
    for key, inner in branch.inner.items():
        if key not in value and isinstance(inner.change, Instead):
            amended[key] = inner.change.value
            _note(inner.change, (*new, key), moved)
    return amended


def _note(change: Instead, at: Pointer, moved: _Moved) -> None:
    """Note where the parts of a value come from that stands at a place now."""
    for within, origin in change.origins.items():
        moved[(*at, *within)] = origin


def _added(branch: _Branch) -> Iterator[Instead]:
    """What is appended to a list."""
    for key, inner in branch.inner.items():
        if key.startswith("-") and isinstance(inner.change, Instead):
            yield inner.change


def _entries(value: Any, branch: _Branch) -> Iterator[tuple[str, Any]]:
    """The entries of a container that stay, with their old keys."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, it in entries:
        if _change(branch, str(key)) is not Fixed.LEFT_OUT:
            yield str(key), it


def _change(branch: _Branch, key: str) -> Change:
    inner = branch.inner.get(key)
    return Fixed.AS_IS if inner is None else inner.change


def _inner(
    value: Any, branch: _Branch, old: Pointer, new: Pointer, moved: _Moved
) -> Any:
    inner = branch.inner.get(old[-1])
    if inner is None:
        return value
    if isinstance(inner.change, Instead):
        _note(inner.change, new, moved)
        return inner.change.value
    return _amend(value, inner, old, new, moved) if inner.inner else value
