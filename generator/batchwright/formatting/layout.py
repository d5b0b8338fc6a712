"""black's answer to the statements that templates print, without asking black.

black parses a text, and again what it made of it; that takes most of a run. All that
is generated, though, is of a few kinds: imports, signatures, calls, assignments,
docstrings. For those, what black does is known: what fits stays on its line, and
`splitting` divides the rest. A text that has anything else in it gets no answer here,
and goes to black. What has one is the same byte for byte: `tests/unit/test_layout.py`
compares, with texts made at random.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from batchwright.formatting.parts import LINE_LENGTH
from batchwright.formatting.splitting import split
from batchwright.formatting.tokens import NONE, Beyond, Line, Unfinished, read_line

_INDENT: Final = re.compile(r" *")
_QUOTES: Final = '"""'
# What ends lines elsewhere than at "\n", and what black reads in a docstring.
_UNUSUAL: Final = re.compile(r"[\t\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Backslashes at the end of a line: black leaves such a docstring alone.
_CONTINUED: Final = re.compile(r"\\\s*\n")
# A string in three quotes up to its end, with escapes that black leaves as they are.
_CONTENT: Final = re.compile(
    r"""[^"\\]*(?:(?:"(?!"")|\\(?:[\\"]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}))[^"\\]*)*"""
)
# Statements that others belong to.
_OPENING: Final = ("class", "def", "if")
# What the first line of several ends with.
_OPEN: Final = "([{,"
_COMMENT: Final = re.compile(r"# (?!fmt|yapf|type)[^\s:!][^\n]*[^\s]")
_CONDITION: Final = re.compile(r'if (?:[A-Za-z_]+|__name__ == "__main__"):\n')
_RAISING: Final = re.compile(r"raise [A-Za-z_]\w*(?:\([\w()]*\))?\n", re.ASCII)
_DELETION: Final = re.compile(r"del [A-Za-z_]\w*(?:, [A-Za-z_]\w*)*\n", re.ASCII)


def laid_out(text: str) -> str | None:
    """The text as black formats it; None where black has to be asked.

    Args:
        text: valid Python that ends with a line.
    """
    try:
        return "".join(_Layout(text).lines())
    except Beyond:
        return None


class _Layout:
    def __init__(self, text: str) -> None:
        self._text = text
        # Of the statement before: what it is, and how deep it is in others.
        self._kind = "start"
        self._depth = 0
        # How deep the classes and functions are that it is in.
        self._definitions: list[int] = []
        self._in_class = False

    def lines(self) -> Iterator[str]:
        """The lines, each with its end. Raises Beyond."""
        text, position, blank = self._text, 0, 0
        while position < len(text):
            indent = len(_INDENT.match(text, position)[0])  # type: ignore[index]
            start = position + indent
            if text[start : start + 1] == "\n":
                position, blank = start + 1, blank + 1
                continue
            depth, rest = divmod(indent, 4)
            is_inside = self._kind in _OPENING
            if rest or (depth != self._depth + 1 if is_inside else depth > self._depth):
                raise Beyond
            found: Sequence[str]
            if text[start] == "#":
                kind, position, found = self._comment(start, depth)
            elif text.startswith(_QUOTES, start):
                kind, position, found = self._docstring(start, depth)
            else:
                kind, position, found = self._statement(start, depth)
            yield "\n" * self._gap(kind, depth, blank)
            for line in found:
                yield line + "\n"
            self._kind, self._depth, blank = kind, depth, 0
        if self._kind in ("comment", *_OPENING):
            raise Beyond

    def _gap(self, kind: str, depth: int, blank: int) -> int:
        """How many empty lines black leaves before the statement."""
        before, least = self._kind, min(blank, 1 if depth else 2)
        is_left = self._leave(kind, depth)
        is_definition = kind in ("class", "def", "decorator")
        if before == "start":
            return 0
        if before in ("decorator", "comment", *_OPENING):
            self._check_next(kind, depth, blank)
            return 0
        if before == "docstring" and kind == "decorator" and depth == 0:
            return 1
        if is_definition or is_left:
            return 1 if depth else 2
        if before == "docstring":
            return 1 if depth == 0 or self._in_class else least
        if before == "import" and kind != "import" and depth == self._depth:
            return 1
        return least

    def _leave(self, kind: str, depth: int) -> bool:
        """Whether the statement is after a class or a function, and in it no more."""
        is_left = False
        while self._definitions and self._definitions[-1] >= depth:
            self._definitions.pop()
            is_left = True
        if kind in ("class", "def"):
            self._definitions.append(depth)
        return is_left

    def _check_next(self, kind: str, depth: int, blank: int) -> None:
        """Refuse what does not directly follow, or follows in its own way."""
        if (blank and self._kind != "decorator") or kind == "comment":
            raise Beyond
        if self._kind == "if" and kind not in ("import", "other"):
            raise Beyond
        if self._kind == "comment" and not (
            (kind == "docstring" and depth == 0)
            or (kind == "other" and depth == self._depth)
        ):
            raise Beyond

    def _comment(self, start: int, depth: int) -> tuple[str, int, list[str]]:
        is_between = self._kind == "other" and depth == self._depth
        if self._kind != "start" and not is_between:
            raise Beyond
        end = self._text.index("\n", start)
        comment = self._text[start:end]
        if not _COMMENT.fullmatch(comment):
            raise Beyond
        return "comment", end + 1, ["    " * depth + comment]

    def _docstring(self, start: int, depth: int) -> tuple[str, int, Sequence[str]]:
        """A docstring, or a string that says something of what is before it."""
        is_docstring = self._kind in ("start", "comment", "class", "def")
        if not is_docstring and self._kind not in ("other", "string"):
            raise Beyond
        self._in_class = self._kind == "class"
        begin = start + len(_QUOTES)
        end = self._text.find(_QUOTES, begin)
        if "\\" in self._text[begin:end]:
            end = _CONTENT.match(self._text, begin).end()  # type: ignore[union-attr]
        after = end + len(_QUOTES)
        if self._text[end : after + 1] != _QUOTES + "\n":
            raise Beyond
        content = self._text[begin:end]
        if not content or _UNUSUAL.search(content):
            raise Beyond
        indent = "    " * depth
        kind = "docstring" if is_docstring else "string"
        if is_docstring and not _CONTINUED.search(content):
            return kind, after + 1, [indent + _docstring(content, indent)]
        return kind, after + 1, [indent + self._text[start:after]]

    def _statement(self, start: int, depth: int) -> tuple[str, int, Sequence[str]]:
        end = self._text.index("\n", start) + 1
        if (kind := self._plain(start, end, depth)) is not None:
            return kind, end, ["    " * depth + self._text[start : end - 1]]
        if self._text[end - 2] not in _OPEN:
            known = _single(self._text[start:end], depth)
            if known is not None:
                return known[0], end, known[1]
        line, position = read_line(self._text, start)
        kind = _kind(line)
        return kind, position, list(_laid_out(line, kind, depth))

    def _plain(self, start: int, end: int, depth: int) -> str | None:
        """The kind of a statement that black leaves as it is, of three more of them."""
        if _CONDITION.match(self._text, start) and depth == 0:
            return "if"
        fits = 4 * depth + end - start <= LINE_LENGTH + 1
        if fits and any(it.match(self._text, start) for it in (_RAISING, _DELETION)):
            return "other"
        return None


@lru_cache(maxsize=4096)
def _single(text: str, depth: int) -> tuple[str, tuple[str, ...]] | None:
    """The kind and the lines of a statement on one line: many stand there often.

    None where it goes on in the next line. Raises Beyond.
    """
    try:
        line, _ = read_line(text, 0)
    except Unfinished:
        return None
    kind = _kind(line)
    return kind, tuple(_laid_out(line, kind, depth))


def _docstring(content: str, indent: str) -> str:
    """A docstring with its quotes, its lines moved to where they belong."""
    lines = content.split("\n")
    trimmed = [lines[0].strip()]
    filled = [line for line in lines[1:] if line.strip()]
    if filled:
        least = min(len(line) - len(line.lstrip()) for line in filled)
        for line in lines[1:]:
            rest = line[least:].rstrip()
            trimmed.append(indent + rest if rest else "")
        if not trimmed[-1]:
            trimmed[-1] = indent
    if trimmed[0].startswith('"'):
        trimmed[0] = f" {trimmed[0]}"
    if trimmed[-1].endswith('"'):
        trimmed[-1] += " "
    docstring = "\n".join(trimmed)
    if not docstring.strip() or docstring.endswith("\\"):
        raise Beyond
    if len(trimmed) > 1 and len(trimmed[-1]) + len(_QUOTES) > LINE_LENGTH:
        docstring = f"{docstring.rstrip()}\n{indent}"
    return f"{_QUOTES}{docstring}{_QUOTES}"


def _kind(line: Line) -> str:
    first = line.words[0]
    if first[0] == '"':
        raise Beyond  # a docstring in other quotes, perhaps
    if first in ("from", "import"):
        return "import"
    if first in ("class", "def", "async"):
        if line.words[-1] != ":":
            raise Beyond
        return "class" if first == "class" else "def"
    return "decorator" if first == "@" else "other"


def _laid_out(line: Line, kind: str, depth: int) -> Iterator[str]:
    count = len(line.words)
    if kind != "import" and line.commas[NONE]:
        raise Beyond  # a tuple without parentheses
    if kind == "import":
        yield from _import(line, depth)
    elif _fits(line, 0, count, depth) and not line.magic:
        _check_simple(line, kind)
        yield "    " * depth + line.text(0, count)
    else:
        _check_simple(line, kind)
        yield from split(line, depth)


def _check_simple(line: Line, kind: str) -> None:
    """Refuse what black does not leave on its line though it fits."""
    if kind == "class" and any(
        line.closing[opening] == opening + 1 for opening in line.outer
    ):
        raise Beyond  # empty parentheses are left out


def _import(line: Line, depth: int) -> Iterator[str]:
    words, indent = line.words, "    " * depth
    if words[0] == "import":
        if line.commas[NONE] or not _fits(line, 0, len(words), depth):
            raise Beyond
        yield indent + line.text(0, len(words))
        return
    begin = words.index("import") + 1
    end, commas = len(words), line.commas[NONE]
    if begin in line.closing:
        if line.closing[begin] != end - 1:
            raise Beyond
        commas = line.commas[begin]
        begin, end = begin + 1, end - 1
    head = line.text(0, words.index("import") + 1)
    elements = list(_elements(line, begin, end, commas))
    if not elements or (line.outer and line.outer[0] != begin - 1):
        raise Beyond
    whole = f"{head} {', '.join(elements)}"
    if len(indent) + len(whole) <= LINE_LENGTH and not line.magic:
        yield indent + whole
        return
    yield f"{indent}{head} ("
    for element in elements:
        yield f"{indent}    {element},"
    yield f"{indent})"


def _elements(line: Line, begin: int, end: int, commas: list[int]) -> Iterator[str]:
    for comma in (*commas, end):
        if begin < comma:
            yield line.text(begin, comma)
        begin = comma + 1


def _fits(line: Line, start: int, end: int, depth: int, suffix: str = "") -> bool:
    return 4 * depth + len(line.text(start, end)) + len(suffix) <= LINE_LENGTH
