"""Translations of earlier runs, made again only where something they read is another.

A component or an operation is translated by itself. What that reads beside it
(other places of the document, types that others have made, the names that are free) is
noted while it is made. Where all of that is the same again, so is what comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TypeAlias, TypeVar, cast

from msgspec import Struct, field

from batchwright import ir
from batchwright.diagnostics import Report
from batchwright.document import Document, Node, Pointer
from batchwright.results import Kept, Translation
from batchwright.translate.declarations import Declarations

Value = TypeVar("Value")
#: Schemas in place that hold together for one value, by where they are.
Place: TypeAlias = tuple[Pointer, ...]


class Notes(Struct):
    """What one translation asked for, and what it made.

    Attributes:
        places: other places of the document, with digests of what they say.
        known: types that others have made of schemas in place.
        declared: names that it looked up among the declarations of others, with digests
            of what it found; None for nothing.
        names: what it wanted names for, and the names that it was given.
        made: its declarations, each with the place of the schema.
        types: the types that it made of schemas in place.
        result: what it came to.
        is_whole: whether that is all; else it has to be made again each time.
    """

    places: dict[Pointer, bytes | None] = field(default_factory=dict)
    known: dict[Place, ir.Type] = field(default_factory=dict)
    declared: dict[str, bytes | None] = field(default_factory=dict)
    names: list[tuple[str, str]] = field(default_factory=list)
    made: list[tuple[Pointer, ir.Declaration]] = field(default_factory=list)
    types: dict[Place, ir.Type] = field(default_factory=dict)
    result: object = None
    is_whole: bool = True


class Types:
    """The types of schemas in place; whoever asks, or adds one, leaves a note."""

    def __init__(self) -> None:
        self._types: dict[Place, ir.Type] = {}
        self.notes: Notes | None = None

    def get(self, place: Place) -> ir.Type | None:
        found = self._types.get(place)
        if self.notes is not None and found is not None:
            if place not in self.notes.types:
                self.notes.known[place] = found
        return found

    def add(self, place: Place, type_: ir.Type) -> None:
        self._types[place] = type_
        if self.notes is not None:
            self.notes.types[place] = type_

    def keep_nothing(self) -> None:
        """What is being translated depends on something that no note is taken of."""
        if self.notes is not None:
            self.notes.is_whole = False

    def would_know(self, notes: Notes) -> bool:
        """Whether the same is known as when the notes were taken."""
        return self._types.keys().isdisjoint(notes.types) and all(
            self._types.get(place) == type_ for place, type_ in notes.known.items()
        )


class Remembered:
    """Translates, or remembers what that came to.

    Args:
        everywhere: what every translation depends on.
        kept: None to remember nothing.
    """

    def __init__(
        self,
        document: Document,
        declarations: Declarations,
        types: Types,
        report: Report,
        everywhere: object,
        kept: Kept[Translation] | None,
    ) -> None:
        self._document = document
        self._declarations = declarations
        self._types = types
        self._report = report
        self._everywhere = _digest(repr(everywhere))
        # Pins remember which of them were used.
        self._kept = None if declarations.pins else kept

    def translated(
        self, node: Node, given: object, translate: Callable[[], Value]
    ) -> Value:
        """What `translate` makes of a node; `given` is all else that it is given."""
        key = self._key(node, given) if self._kept is not None else None
        if self._kept is None or key is None:
            return translate()
        known = self._kept.get(key)
        notes = None if known is None else cast(Notes, known.notes)
        if notes is not None and self._is_still_so(notes):
            self._repeat(notes)
            return cast(Value, notes.result)
        with self._noted() as notes:
            notes.result = result = translate()
        if notes.is_whole:
            self._kept.add(key, Translation(notes))
        return result

    def _key(self, node: Node, given: object) -> bytes | None:
        said = self._document.digest(node.pointer)
        if said is None:
            return None
        return _digest(repr((self._everywhere, said, node.pointer, given)))

    def _is_still_so(self, notes: Notes) -> bool:
        declarations, document = self._declarations, self._document
        return (
            all(document.digest(it) == said for it, said in notes.places.items())
            and self._types.would_know(notes)
            and all(declarations.digest(it) == x for it, x in notes.declared.items())
            and declarations.would_allocate(notes.names)
        )

    def _repeat(self, notes: Notes) -> None:
        for hint, _ in notes.names:
            self._declarations.allocate(hint)
        for pointer, declaration in notes.made:
            self._declarations.note(pointer, declaration)
        for place, type_ in notes.types.items():
            self._types.add(place, type_)

    @contextmanager
    def _noted(self) -> Iterator[Notes]:
        notes, found = Notes(), self._report.count
        places: set[Pointer] = set()
        self._document.reads = places
        self._declarations.notes = self._types.notes = notes
        try:
            yield notes
        finally:
            self._document.reads = None
            self._declarations.notes = self._types.notes = None
        notes.places = {place: self._document.digest(place) for place in places}
        # What is reported has lines and columns, and is found anew; the whole document
        # is always another one.
        if self._report.count != found or () in places:
            notes.is_whole = False


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
