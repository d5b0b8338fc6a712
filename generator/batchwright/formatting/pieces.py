"""A module cut where black looks at each side by itself, and put together again.

black decides about a statement by its text and its depth, and about the empty lines
before it by the kinds of the two statements there. So a module can be formatted piece
by piece, if it is cut only where those lines are certain: before a class or a function,
between two assignments, and between two fields. Then the same piece need not be
formatted twice, be it in this run or in another one. `tests/unit/test_pieces.py` holds
the whole against black.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

# Comments that black reads across pieces, and what ends lines elsewhere than at "\n".
_INDIVISIBLE = re.compile(
    r"[\f\r]|#[^\n]*(?:fmt|yapf):|^[ \t]*#[^\n]*coding[:=]", re.MULTILINE
)

# Stands for a docstring while its function is formatted.
_HOLE = '"""_"""'

_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign)
_DEFINITION = re.compile(r" *(?:@\S|(?:class|def|async def) )")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Piece(Struct, frozen=True):
    """Part of a module: valid Python, in a scaffold that gives it its depth.

    `scaffold` lines of the formatted text are not of the module. `gap` empty lines
    stand before the piece. Where `is_docstring`, the piece replaces the hole that the
    piece before it has.
    """

    text: str
    scaffold: int = 0
    gap: int = 0
    is_docstring: bool = False


def cut(text: str, tree: ast.Module) -> tuple[Piece, ...]:
    """The pieces of a module; a single one where it cannot be cut.

    Args:
        tree: what Python makes of the text.
    """
    if not can_be_cut(text) or not tree.body:
        return (Piece(text),)
    return tuple(_Cutter(text).module(tree))


def can_be_cut(text: str) -> bool:
    """Whether nothing in a module is read across its statements."""
    return not (_INDIVISIBLE.search(text) or _HOLE in text)


def ends_surely(text: str, last: ast.stmt) -> bool:
    """Whether two empty lines follow a text before a definition, whatever that is.

    Args:
        last: its last statement.
    """
    if not isinstance(last, (*_DEFINITIONS, *_ASSIGNMENTS)):
        return False
    # Nothing is after it, a comment neither.
    lines = text.removesuffix("\n").split("\n")
    is_end = len(lines) == last.end_lineno
    return is_end and len(lines[-1].encode()) == last.end_col_offset


def join(pieces: Sequence[Piece], formatted: Sequence[str]) -> str:
    """The module of its pieces, each as black formats it."""
    if len(pieces) == 1:
        return formatted[0]
    parts: list[str] = []
    for piece, text in zip(pieces, formatted, strict=True):
        for _ in range(piece.scaffold):
            text = text[text.index("\n") + 1 :]
        if piece.is_docstring:
            parts[-1] = parts[-1].replace(_HOLE, text.strip(), 1)
        else:
            parts.append("\n" * piece.gap + text)
    return "".join(parts)


class _Cutter:
    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def module(self, tree: ast.Module) -> Iterator[Piece]:
        start, gap = 0, 0
        group: list[ast.stmt] = []
        for statement, following in pairwise([*tree.body, None]):
            assert statement is not None
            group.append(statement)
            after = None if following is None else self._gap(statement, following, 2)
            if following is not None and after is None:
                continue
            end = len(self._lines) if following is None else _start(following)
            yield from self._top(group, start, end, gap)
            start, gap, group = end, after or 0, []

    def _top(
        self, group: list[ast.stmt], start: int, end: int, gap: int
    ) -> Iterator[Piece]:
        """A statement or several; a class by itself is cut between its methods."""
        [first, *others] = group
        if others or not self._is_alone(first, start, end):
            yield Piece(self._text(start, end), gap=gap)
        elif isinstance(first, ast.ClassDef):
            yield from self._class(first, start, end, gap)
        elif isinstance(first, _FUNCTIONS):
            yield from self._function(first, start, end, gap, depth=0)
        else:
            yield Piece(self._text(start, end), gap=gap)

    def _class(
        self, whole: ast.ClassDef, start: int, end: int, gap: int
    ) -> Iterator[Piece]:
        first, begin = True, start
        for statement, following in pairwise([*whole.body, None]):
            assert statement is not None
            after = None
            if following is not None:
                after = self._gap(statement, following, 1)
                # What follows the docstring of a class does not keep its distance.
                if after is None and statement is not whole.body[0]:
                    after = self._gap_of_fields(statement, following)
                if after is None:
                    continue
            stop = end if following is None else _start(following)
            if first:
                yield Piece(self._text(begin, stop), gap=gap)
            elif isinstance(statement, _FUNCTIONS) and _start(statement) == begin:
                yield from self._function(statement, begin, stop, gap, depth=1)
            else:
                yield _in_class(self._text(begin, stop), gap)
            first, begin, gap = False, stop, after or 0

    def _function(
        self, function: Function, start: int, end: int, gap: int, depth: int
    ) -> Iterator[Piece]:
        """A function, and its docstring by itself: it may be that of another, too."""
        text = self._text(start, end)
        docstring = self._docstring(function, depth)
        if docstring is not None:
            first, last = docstring
            indent = "    " * (depth + 1)
            text = "\n".join(
                [
                    *self._lines[start:first],
                    indent + _HOLE,
                    self._text(last, end),
                ]
            )
        yield _in_class(text, gap) if depth else Piece(text, gap=gap)
        if docstring is not None:
            yield _docstring(self._text(first, last), depth)

    def _docstring(self, function: Function, depth: int) -> tuple[int, int] | None:
        """The lines of a docstring that has them for itself, if there is one."""
        first, *others = function.body
        if not (
            others
            and isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
            and first.lineno > function.lineno
            and others[0].lineno > (first.end_lineno or 0)
        ):
            return None
        start, end = first.lineno - 1, first.end_lineno or 0
        opening, closing = self._lines[start], self._lines[end - 1]
        indent = "    " * (depth + 1)
        if opening.startswith(indent + '"""') and closing.endswith('"""'):
            return start, end
        return None

    def _gap(self, one: ast.stmt, other: ast.stmt, most: int) -> int | None:
        """How many empty lines black leaves between two; None where it depends."""
        end, start = one.end_lineno or 0, _start(other)
        between = self._lines[end:start]
        if not between or any(line.strip() for line in between):
            return None
        if not self._ends_its_line(one):
            return None
        if isinstance(other, _DEFINITIONS):
            is_certain = isinstance(one, (*_DEFINITIONS, *_ASSIGNMENTS)) or (
                # A decorator keeps another distance from the docstring of a module.
                isinstance(one, ast.Expr)
                and not other.decorator_list
            )
            if is_certain and _DEFINITION.match(self._lines[start]):
                return most
        elif most == 2 and isinstance(one, _ASSIGNMENTS):
            if isinstance(other, _ASSIGNMENTS) and other.col_offset == 0:
                return min(most, len(between))
        return None

    def _gap_of_fields(self, one: ast.stmt, other: ast.stmt) -> int | None:
        """The same before a field, after another one or what is said of that."""
        end, start = one.end_lineno or 0, _start(other)
        if not isinstance(other, _ASSIGNMENTS) or start < end:
            return None
        if not (isinstance(one, _ASSIGNMENTS) or _is_string(one)):
            return None
        between = self._lines[end:start]
        if any(map(str.strip, between)) or not self._ends_its_line(one):
            return None
        return min(1, len(between))

    def _ends_its_line(self, statement: ast.stmt) -> bool:
        line = self._lines[(statement.end_lineno or 1) - 1]
        return len(line.encode()) == statement.end_col_offset

    def _is_alone(self, statement: ast.stmt, start: int, end: int) -> bool:
        """Whether nothing else, a comment neither, is on these lines."""
        around = [
            *self._lines[start : _start(statement)],
            *self._lines[statement.end_lineno or 0 : end],
        ]
        return self._ends_its_line(statement) and not any(map(str.strip, around))

    def _text(self, start: int, end: int) -> str:
        """Lines without the empty ones after them."""
        while end > start and not self._lines[end - 1].strip():
            end -= 1
        return "\n".join(self._lines[start:end]) + "\n"


def _start(statement: ast.stmt) -> int:
    """The index of the first line, that of a decorator if there is one."""
    first = statement.lineno
    if isinstance(statement, _DEFINITIONS):
        first = min([first, *(each.lineno for each in statement.decorator_list)])
    return first - 1


def _in_class(text: str, gap: int) -> Piece:
    return Piece(f"class _:\n{text}", scaffold=1, gap=gap)


def _is_string(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _docstring(text: str, depth: int) -> Piece:
    scaffold = ["class _:", "    def _():"] if depth else ["def _():"]
    return Piece(
        "\n".join([*scaffold, text]), scaffold=len(scaffold), is_docstring=True
    )
