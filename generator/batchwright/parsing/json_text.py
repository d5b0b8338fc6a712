"""Reads JSON as JSON, and finds where in the text its parts stand."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from batchwright.parsing.text import DEEPEST_NESTING, LONGEST_NUMBER, Lines, Unreadable

_TOKEN = re.compile(r'[{}\[\],:]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}\[\],:"]+', re.DOTALL)
# Consumes escapes one by one; group 1 is half of a surrogate pair without the other.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


class _BadNumber(Exception):
    """A number that is too large, or none (NaN)."""


def read_json(text: str) -> tuple[object, bool]:
    """The data of a JSON text, and whether an object in it has a key twice.

    Raises `Unreadable` with line and column.
    """
    repeated = False

    def to_dict(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        mapping = dict(pairs)
        if len(mapping) != len(pairs):
            repeated = True
        return mapping

    try:
        data = json.loads(
            text,
            object_pairs_hook=to_dict,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        message, index, hint = _said(error)
        raise Unreadable(
            "json-syntax", message, place=Lines(text).place(index), hint=hint
        ) from None
    except RecursionError:
        _refuse_depth(text)
    except _BadNumber as error:
        _refuse_number(text, str(error))
    if "\\ud" in text or "\\uD" in text:
        _refuse_half_pairs(text)
    _check_depth(text, data)
    return data, repeated


def _refuse_half_pairs(text: str) -> None:
    for escape in _ESCAPE.finditer(text):
        if escape.group(1):
            raise Unreadable(
                "bad-escape",
                f"\\{escape.group(1)} is half of a surrogate pair, not a character",
                place=Lines(text).place(escape.start()),
                hint="remove it, or write both halves",
            )


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _BadNumber(text)
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _BadNumber(text)
    return number


def _constant(text: str) -> NoReturn:
    raise _BadNumber(text)


def _said(error: json.JSONDecodeError) -> tuple[str, int, str | None]:
    """What is wrong, where, and what to do; the same for every version of Python."""
    doc, at = error.doc, error.pos
    before = doc[:at].rstrip()
    if before.endswith(",") and doc[at : at + 1] in ("}", "]"):
        at = len(before) - 1
    if doc[at : at + 1] == "," and doc[at + 1 :].lstrip()[:1] in ("}", "]"):
        return "a comma with nothing after it", at, "remove it: JSON allows none there"
    message = error.msg[:1].lower() + error.msg[1:]
    if error.msg.startswith("Extra data"):
        return message, at, "a JSON file holds one value; remove what follows it"
    if doc[at : at + 2] in ("//", "/*"):
        return message, at, "remove the comment: JSON has none"
    return message, at, None


def _refuse_number(text: str, number: str) -> NoReturn:
    index = next((at for at, token in _tokens(text) if token == number), 0)
    known = number.strip("-") in ("NaN", "Infinity")
    raise Unreadable(
        "bad-number",
        f"{number} is not allowed in JSON" if known else "the number is too large",
        place=Lines(text).place(index),
        hint="put quotes around it if it is a text, else leave it out",
    )


def _check_depth(text: str, data: object) -> None:
    level: list[Any] = [[data]]
    for _ in range(DEEPEST_NESTING + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    _refuse_depth(text)


def _refuse_depth(text: str) -> NoReturn:
    depth = 0
    place: tuple[int, int] | None = None
    for index, token in _tokens(text):
        if token in ("{", "["):
            depth += 1
        elif token in ("}", "]"):
            depth -= 1
        if depth > DEEPEST_NESTING:
            place = Lines(text).place(index)
            break
    raise Unreadable(
        "too-deep",
        f"values nest deeper than {DEEPEST_NESTING} levels",
        place=place,
        hint="move inner parts to components and refer to them",
    )


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    for found in _TOKEN.finditer(text):
        yield found.start(), found.group()


def duplicates_in(text: str) -> list[tuple[str, int, int]]:
    """The keys of a valid JSON text that stand twice: where, and where first."""
    reader = _MarkReader()
    for index, token in _tokens(text):
        reader.take(index, token)
    return reader.duplicates


class _MarkReader:
    """Follows the tokens of a valid JSON text."""

    def __init__(self) -> None:
        # Where the keys of each mapping are.
        self._marks: dict[int, dict[str, int]] = {}
        self.duplicates: list[tuple[str, int, int]] = []
        self._stack: list[Any] = []
        self._key: str | None = None
        self._key_index = 0

    def take(self, index: int, token: str) -> None:
        if token in (",", ":"):
            return
        if token in ("}", "]"):
            self._stack.pop()
            return
        around = self._stack[-1] if self._stack else None
        if type(around) is dict and self._key is None:
            self._key = json.loads(token, strict=False)
            self._key_index = index
            return
        value: Any = {} if token == "{" else [] if token == "[" else None
        if type(around) is list:
            around.append(value)
        elif around is not None:
            self._put(around, value)
        if value is not None:
            self._marks[id(value)] = {}
            self._stack.append(value)

    def _put(self, mapping: dict[str, Any], value: Any) -> None:
        key = self._key or ""
        marks = self._marks[id(mapping)]
        if key in mapping:
            self.duplicates.append((key, self._key_index, marks[key]))
        else:
            marks[key] = self._key_index
        mapping[key] = value
        self._key = None
