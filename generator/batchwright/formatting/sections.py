"""A module divided before its classes and functions, without reading it whole.

A section that Python can read by itself is made of whole statements: what is open at
its end (a bracket, a string, a backslash) is a fault. So the statements of a module are
those of its sections, if each can be read. Where a section begins with a definition,
and the one before it ends with a statement that asks for nothing else, two empty lines
are between them. `pieces` goes on within a section. A section is kept by its text:
where one class of a long module is another, the rest need not be read again.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from msgspec import Struct

from batchwright.formatting.pieces import can_be_cut, ends_surely

BETWEEN: Final = "\n\n"

_BEGINNING: Final = re.compile(r"\n\n+(?=@|class |def |async def )")


class Section(Struct, frozen=True):
    """Some statements of a module; it ends with a line."""

    path: str
    text: str
    is_first: bool = True
    is_last: bool = True

    def is_whole(self, tree: ast.Module) -> bool:
        """Whether it begins and ends so that it is certain what is around it.

        Args:
            tree: what Python makes of its text.
        """
        if self.is_first and self.is_last:
            return True
        if not tree.body:
            return False
        definitions = ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef
        begins = self.is_first or isinstance(tree.body[0], definitions)
        return begins and (self.is_last or ends_surely(self.text, tree.body[-1]))


def divided(path: str, text: str) -> tuple[Section, ...]:
    """The sections of a module, one if it cannot be divided.

    They are the module's only where each of them is whole.
    """
    if not path.endswith(".py") or not can_be_cut(text):
        return (Section(path, text),)
    ends = [match.start() + 1 for match in _BEGINNING.finditer(text)]
    starts = [0, *(match.end() for match in _BEGINNING.finditer(text))]
    spans = list(zip(starts, [*ends, len(text)], strict=True))
    return tuple(
        Section(path, text[start:end], start == 0, end == len(text))
        for start, end in spans
    )
