"""Finds line and column of every part of a file, when somebody asks for them."""

from __future__ import annotations

from typing import Protocol

from batchwright.parsing import json_text, yaml12
from batchwright.parsing.json_places import JsonPlaces
from batchwright.parsing.text import Lines, decode
from batchwright.parsing.yaml12 import Marks


class _Places(Protocol):
    def at(self, pointer: tuple[str, ...]) -> int:
        """The index of what a pointer leads to."""


class Positions:
    """The places of a file's keys and elements."""

    __slots__ = ("_duplicates", "_lines", "_places", "_text")

    def __init__(self, content: bytes, format: str) -> None:
        self._text = decode(content)
        self._lines = Lines(self._text)
        self._places: _Places
        self._duplicates: list[tuple[str, int, int]] | None = None
        if format == "json":
            self._places = JsonPlaces(self._text)
        else:
            data, marks, self._duplicates = yaml12.read_marks(self._text)
            start = len(self._text) - len(self._text.lstrip())
            self._places = _Marked(data, marks, start)

    def at(self, pointer: tuple[str, ...]) -> tuple[int, int]:
        """Line and column of what a pointer leads to: of its key, where it has one.

        Where a token leads nowhere, those of the last part that is there.
        """
        return self._lines.place(self._places.at(pointer))

    @property
    def duplicates(self) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
        """Keys that a mapping has twice: the key, its place, the first one's place."""
        if self._duplicates is None:
            self._duplicates = json_text.duplicates_in(self._text)
        place = self._lines.place
        return [(key, place(at), place(first)) for key, at, first in self._duplicates]


class _Marked:
    """The places of a YAML text, all found in one reading."""

    def __init__(self, data: object, marks: Marks, start: int) -> None:
        self._data = data
        self._marks = marks
        self._start = start

    def at(self, pointer: tuple[str, ...]) -> int:
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
        return index
