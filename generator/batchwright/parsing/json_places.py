"""Finds where the parts of a JSON text are, on the way to one of them alone.

What is beside the way is passed over by the parser of the standard library, which reads
a large spec in the time that it takes to look at a hundredth of its tokens here.
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

# Of each part, where it begins: its key (an element has none: its value), its value.
Place: TypeAlias = tuple[int, int]
Parts: TypeAlias = dict[str, Place] | list[Place]

_SPACE = re.compile(r"[ \t\n\r]*")
# What numbers are does not matter.
_VALUE = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


class JsonPlaces:
    """The places of a text that is valid JSON; each container is looked at once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, Parts] = {}

    def at(self, pointer: tuple[str, ...]) -> int:
        """The index of what a pointer leads to: of its key, where it has one.

        Where a token leads nowhere, that of the last part that is there.
        """
        index = value = self._after_space(0)
        for token in pointer:
            place = self._part(value, token)
            if place is None:
                break
            index, value = place
        return index

    def _part(self, value: int, token: str) -> Place | None:
        parts = self._known.get(value)
        if parts is None:
            parts = self._known[value] = self._parts(value)
        if isinstance(parts, dict):
            return parts.get(token)
        number = int(token) if token.isdecimal() and len(token) < 12 else -1
        return parts[number] if 0 <= number < len(parts) else None

    def _parts(self, at: int) -> Parts:
        """What is in the container at an index; nothing in another value."""
        text = self._text
        if text[at] == "{":
            return self._fields(self._after_space(at + 1))
        found: list[Place] = []
        if text[at] != "[":
            return found
        at = self._after_space(at + 1)
        while text[at] != "]":
            found.append((at, at))
            at = self._next(at)
        return found

    def _fields(self, at: int) -> dict[str, Place]:
        """The first place of each key, and of its last value, which is the one read."""
        found: dict[str, Place] = {}
        while self._text[at] != "}":
            key, end = _VALUE.raw_decode(self._text, at)
            value = self._after_space(self._after_space(end) + 1)
            found[key] = found.get(key, (at,))[0], value
            at = self._next(value)
        return found

    def _next(self, value: int) -> int:
        """Where the next part begins, or the container ends."""
        _, end = _VALUE.raw_decode(self._text, value)
        end = self._after_space(end)
        return self._after_space(end + 1) if self._text[end] == "," else end

    def _after_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return at if found is None else found.end()
