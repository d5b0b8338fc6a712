"""Where a spec says what a change is about."""

from __future__ import annotations

from batchwright.diagnostics import Location
from batchwright.document import Document
from batchwright.surface.change import Pointer

# Whoever is not found by less than this, is not there at all.
_SECTION = {"components": 3, "paths": 2}


def place_of(document: Document, pointer: Pointer | None) -> Location | None:
    """The line of what a pointer leads to, or of the nearest thing around it."""
    if pointer is None:
        return None
    node = document.root
    depth = 0
    for token in pointer:
        inner = node.get(token)
        if inner is None:
            break
        node, depth = inner.follow(), depth + 1
    if depth < _SECTION.get(pointer[0], 1):
        return None
    return node.location
