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

from batchwright.pieces import can_be_cut, ends_surely

BETWEEN: Final = "\n\n"

_BEGINNING: Final = re.compile(r"\n{2,}(?=@|class |def |async def )")


def divided(text: str) -> list[str]:
    """The sections of a module, one if it cannot be divided. Each ends with a line.

    They are the module's only where each of them is `whole`.
    """
    if not can_be_cut(text):
        return [text]
    *sections, last = _BEGINNING.split(text)
    return [*(section + "\n" for section in sections), last]


def is_whole(text: str, tree: ast.Module, *, is_first: bool, is_last: bool) -> bool:
    """Whether a section begins and ends so that it is certain what is around it.

    Args:
        tree: what Python makes of its text.
    """
    if not tree.body:
        return False
    begins = is_first or isinstance(
        tree.body[0], (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    )
    return begins and (is_last or ends_surely(text, tree.body[-1]))
