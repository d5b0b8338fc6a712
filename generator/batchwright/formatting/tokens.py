"""A statement as tokens: each with the space that black puts before it.

Only of what templates print; anything else is `Beyond`.
"""

from __future__ import annotations

import re
from keyword import kwlist
from typing import Final

# What strings hold: no quote, no backslash, and no character that black may give two or
# no columns, as it does those of other alphabets. In two steps: to compile one set of
# all these takes longer than all that a short run lays out.
_FURTHER: Final = r"[\u0100-\u02ff]"
_IN_DOUBLE: Final = r"[\x00-\x09\x0b-\x21\x23-\x5b\x5d-\x7f\xc0-\xff]*"
_IN_SINGLE: Final = r"[\x00-\x09\x0b-\x21\x23-\x26\x28-\x5b\x5d-\x7f\xc0-\xff]*"
_TOKEN: Final = re.compile(
    r" *(?:(?P<end>\n)"
    rf"|(?P<string>\"{_IN_DOUBLE}(?:{_FURTHER}{_IN_DOUBLE})*\"(?!\")"
    rf"|'{_IN_SINGLE}(?:{_FURTHER}{_IN_SINGLE})*'(?!'))"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![\w.]))"
    r"|(?P<mark>\.\.\.|->|\*\*|[()\[\]{},:=.|*@]))"
)
_KEYWORDS: Final = frozenset(("as", "async", "await", "class", "def", "from", "import"))
_LEADING: Final = _KEYWORDS | {"return"}
_REFUSED: Final = frozenset(kwlist) - _LEADING - {"None", "True", "False", "pass"}
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_UNSPACED_BEFORE: Final = frozenset(")]},:.")
_UNSPACED_AFTER: Final = frozenset("([{.@")

# The bracket around everything that is in none.
NONE: Final = -1


class Beyond(Exception):
    """There is something that black has to be asked about."""


class Unfinished(Beyond):
    """The text ends before the statement does."""


class Line:
    """A statement of one or several lines.

    `words` are its tokens, `spaces` what is before each. Of brackets, by the index of
    the opening one: `closing` is where they close, `roles` what they are, `commas`
    where commas are directly in them. `outer` are the brackets that are in no other.
    `magic` are those that black keeps open, for a comma before the end.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.spaces: list[str] = []
        self.closing: dict[int, int] = {}
        self.roles: dict[int, str] = {NONE: "none"}
        self.commas: dict[int, list[int]] = {NONE: []}
        self.outer: list[int] = []
        self.magic: list[int] = []

    def text(self, start: int, end: int) -> str:
        """Tokens on one line."""
        parts = [self.words[start]]
        for index in range(start + 1, end):
            parts += (self.spaces[index], self.words[index])
        return "".join(parts)

    def is_magic(self, start: int, end: int) -> bool:
        """Whether black keeps brackets open that are among these tokens."""
        return any(start <= opening < end for opening in self.magic)

    def brackets(self, start: int, end: int) -> list[int]:
        """The outermost brackets among these tokens."""
        found, index = [], start
        while index < end:
            if index in self.closing:
                found.append(index)
                index = self.closing[index]
            index += 1
        return found


class _Reader:
    """Reads the tokens of one statement, one after the other."""

    def __init__(self) -> None:
        self.line = Line()
        self._open = [NONE]
        self._previous = ""
        self._is_annotated = False

    def read(self, text: str, start: int) -> int:
        """Read the tokens from an offset on; give the offset of the next line."""
        position = start
        while True:
            found = _TOKEN.match(text, position)
            if found is None:
                raise Unfinished if position == len(text) else Beyond
            position = found.end()
            kind = found.lastgroup
            if kind == "end":
                if len(self._open) == 1:
                    return position
            elif kind == "string":
                self._add_value(f'"{found["string"][1:-1]}"')
            elif kind == "name":
                self._add_name(found["name"])
            elif kind == "number":
                self._add_value(found["number"])
            else:
                self._add_mark(found["mark"])

    def _add(self, word: str, space: str) -> None:
        self.line.spaces.append(space if self._previous else "")
        self.line.words.append(word)
        self._previous = word

    def _add_value(self, word: str) -> None:
        """A string or a number."""
        previous = self._previous
        if previous and (previous[-1] in "\"')]}" or previous[-1].isalnum()):
            if previous != "return":
                raise Beyond  # a prefix, or strings in a row
        if previous == "_":
            raise Beyond
        self._add(word, self._space_after(previous))

    def _add_name(self, word: str) -> None:
        previous = self._previous
        if word in _REFUSED:
            raise Beyond
        if previous and (previous[-1].isalnum() or previous[-1] in "_\"')]}"):
            if previous not in _LEADING and word not in ("as", "import"):
                raise Beyond
        if word == "import" and previous == ".":
            self._add(word, " ")
        elif word in _LEADING and previous and not self._may_follow(word, previous):
            raise Beyond
        else:
            self._add(word, self._space_after(previous))

    def _may_follow(self, word: str, previous: str) -> bool:
        first = self.line.words[0]
        match word:
            case "as":
                return first in ("from", "import")
            case "import":
                return first == "from"
            case "def":
                return previous == "async" and first == "async"
            case "await":
                return previous == "return"
        return False

    def _space_after(self, previous: str) -> str:
        if previous in ("*", "**"):
            return ""
        if previous == "=" and self._is_tight():
            return ""
        return "" if previous in _UNSPACED_AFTER else " "

    def _is_tight(self) -> bool:
        """Whether a `=` has no space around it here."""
        role = self.line.roles[self._open[-1]]
        return role == "call" or (role == "parameters" and not self._is_annotated)

    def _add_mark(self, mark: str) -> None:
        if mark in _CLOSING:
            self._open_bracket(mark)
        elif mark in (")", "]", "}"):
            self._close_bracket(mark)
        elif mark == ",":
            self.line.commas[self._open[-1]].append(len(self.line.words))
            self._add(mark, "")
            if self.line.roles[self._open[-1]] == "parameters":
                self._is_annotated = False
        else:
            self._add_operator(mark)

    def _open_bracket(self, mark: str) -> None:
        previous, index = self._previous, len(self.line.words)
        role = self._role(mark, previous)
        if role in ("call", "parameters", "subscript"):
            space = ""
        else:
            space = self._space_after(previous)
        self._add(mark, space)
        if len(self._open) == 1:
            self.line.outer.append(index)
        self.line.roles[index] = role
        self.line.commas[index] = []
        self._open.append(index)
        self._is_annotated = False

    def _role(self, mark: str, previous: str) -> str:
        first = self.line.words[0] if self.line.words else ""
        follows_value = bool(previous) and (
            previous[-1] in ")]}" or previous[-1].isalnum() or previous[-1] == "_"
        )
        if previous[-1:] in ('"', "'") or previous in ("pass", "as", "*", "**"):
            raise Beyond
        if mark == "{" or not follows_value or previous == "return":
            if follows_value and previous != "return":
                raise Beyond
            return "value"
        if previous == "import":
            return "import"
        if previous in _LEADING:
            raise Beyond
        if mark == "[":
            return "subscript"
        if first in ("def", "async") and not self.line.outer:
            return "parameters"
        return "call"

    def _close_bracket(self, mark: str) -> None:
        opening = self._open.pop()
        if opening == NONE or _CLOSING[self.line.words[opening]] != mark:
            raise Beyond
        commas, role = self.line.commas[opening], self.line.roles[opening]
        is_empty = opening == len(self.line.words) - 1
        ends_in_comma = self._previous == ","
        if role == "value" and mark == ")" and not commas and not is_empty:
            raise Beyond  # parentheses that may be redundant
        if role == "subscript" and (ends_in_comma or is_empty):
            raise Beyond
        if role == "parameters" and ends_in_comma and len(commas) == 1:
            raise Beyond
        if ends_in_comma:
            if not (role == "value" and mark == ")" and len(commas) == 1):
                self.line.magic.append(opening)
        self._add(mark, "")
        self.line.closing[opening] = len(self.line.words) - 1
        self._is_annotated = True  # what follows is after an annotation, or no default

    def _add_operator(self, mark: str) -> None:
        previous, role = self._previous, self.line.roles[self._open[-1]]
        if mark == ".":
            is_from = self.line.words[:1] == ["from"] and role == "none"
            if previous == "from":
                self._add(mark, " ")
            elif is_from or previous[-1:].isalnum() or previous[-1:] in ")]_":
                self._add(mark, "")
            else:
                raise Beyond
        elif mark == "...":
            if role != "subscript" or previous not in (",", "["):
                raise Beyond
            self._add(mark, self._space_after(previous))
        elif mark in ("*", "**"):
            if previous not in ("(", ",") or role not in ("call", "parameters"):
                raise Beyond
            self._add(mark, self._space_after(previous))
        elif mark == "@":
            if self.line.words:
                raise Beyond
            self._add(mark, "")
        elif mark == ":":
            self._add_colon(role)
        elif mark == "=":
            if role not in ("none", "call", "parameters"):
                raise Beyond
            self._add(mark, "" if self._is_tight() else " ")
        else:  # | ->
            self._add(mark, " ")

    def _add_colon(self, role: str) -> None:
        opening = self._open[-1]
        if role == "parameters":
            self._is_annotated = True
        elif role != "none" and self.line.words[opening] != "{":
            raise Beyond
        self._add(":", "")


def read_line(text: str, start: int) -> tuple[Line, int]:
    """The statement at an offset, and where the next line begins. Raises Beyond."""
    reader = _Reader()
    end = reader.read(text, start)
    return reader.line, end
