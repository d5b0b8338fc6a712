"""Finds line and column of every part of a file, when somebody asks for them."""

from __future__ import annotations

from batchwright import json_text, yaml12
from batchwright.text import Lines, decode


class Positions:
    """The places of a file's keys and elements, all found in one reading."""

    __slots__ = ("_data", "_duplicates", "_lines", "_marks", "_start")

    def __init__(self, content: bytes, format: str) -> None:
        text = decode(content)
        read = json_text.read_marks if format == "json" else yaml12.read_marks
        self._data, self._marks, self._duplicates = read(text)
        self._lines = Lines(text)
        self._start = len(text) - len(text.lstrip())

    def at(self, pointer: tuple[str, ...]) -> tuple[int, int]:
        """Line and column of what a pointer leads to: of its key, where it has one.

        Where a token leads nowhere, those of the last part that is there.
        """
        index = self._start
        value = self._data
        for token in pointer:
            marks = self._marks.get(id(value))
            if isinstance(value, dict) and isinstance(marks, dict) and token in marks:
                index, value = marks[token], value[token]
            elif isinstance(value, list) and isinstance(marks, list):
                number = int(token) if token.isdecimal() and len(token) < 12 else -1
                if not 0 <= number < len(marks):
                    break
                index, value = marks[number], value[number]
            else:
                break
        return self._lines.place(index)

    @property
    def duplicates(self) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
        """Keys that a mapping has twice: the key, its place, the first one's place."""
        place = self._lines.place
        return [(key, place(at), place(first)) for key, at, first in self._duplicates]
