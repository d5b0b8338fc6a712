"""What stages have made, by what they made it of: it need not be made again.

A stage is a function from values to a value. Where such a value is whole by itself (a
file of the spec, a form that is filled in, a piece of code),
what was made of it is kept under the digest of it: another content has no result.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import fields

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Results of one stage: those of an earlier run, and those that this one needed.

    Args:
        known: what `kept` was after an earlier run of the same tool.
    """

    def __init__(self, known: Mapping[bytes, Value] | None = None) -> None:
        self._known = known or {}
        self.kept: dict[bytes, Value] = {}

    @property
    def has_news(self) -> bool:
        """Whether `kept` is not what was known before."""
        return self.kept.keys() != self._known.keys()

    @property
    def has_more(self) -> bool:
        """Whether there is something in `kept` that was not known before."""
        return not self.kept.keys() <= self._known.keys()

    @property
    def everything(self) -> dict[bytes, Value]:
        """What was known before, too, though this run had no need of it."""
        return {**self._known, **self.kept}

    def get(self, key: bytes) -> Value | None:
        found = self.kept.get(key)
        if found is None:
            found = self._known.get(key)
            if found is not None:
                self.kept[key] = found
        return found

    def add(self, key: bytes, value: Value) -> None:
        self.kept[key] = value


class Translation:
    """What translating a part of a spec came to, with notes of all that it depends on.

    As a value in a process that goes on, else as bytes, which are read when needed.
    """

    __slots__ = ("_content", "_notes")

    def __init__(self, notes: object = None, content: bytes = b"") -> None:
        self._notes = notes
        self._content = content

    @property
    def notes(self) -> object:
        if self._notes is None:
            # The cache holds code of templates, too: it is trusted, or not there.
            self._notes = pickle.loads(self._content)
        return self._notes

    @property
    def content(self) -> bytes:
        if not self._content:
            self._content = pickle.dumps(self._notes, pickle.HIGHEST_PROTOCOL)
        return self._content


class Results(Struct, frozen=True, kw_only=True):
    """What all stages have made.

    Attributes:
        parsed: the format and the marshalled data of a file of the spec.
        rendered: forms that are filled in, not yet formatted.
        formatted: texts and pieces of them, as black formats them.
        compiled: templates as Python code, by what Jinja2 calls them.
        joined: files of a spec, and the one document that they make; see `retouch`.
        faultless: parts of a document that rules have found nothing in.
        translated: what components and operations have come to.
    """

    parsed: Kept[tuple[str, bytes]] = field(default_factory=Kept)
    rendered: Kept[str] = field(default_factory=Kept)
    formatted: Kept[str] = field(default_factory=Kept)
    compiled: Kept[bytes] = field(default_factory=Kept)
    joined: Kept[tuple[Any, ...]] = field(default_factory=Kept)
    faultless: Kept[tuple[Any, ...]] = field(default_factory=Kept)
    translated: Kept[Translation] = field(default_factory=Kept)

    def after(self) -> Results:
        """For the next run: what this one, which came to its end, had need of."""
        return Results(
            **{it.name: Kept(getattr(self, it.name).kept) for it in fields(self)}
        )
