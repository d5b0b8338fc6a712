"""The paths of a document and their operations, as the rules see them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from batchwright.document import Document, Node
from batchwright.structure import METHODS


class PathOperation(Struct, frozen=True, kw_only=True):
    """One method of one path."""

    path: str
    method: str
    node: Node

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"{self.method.upper()} {self.path}"


def operations_of(path: str, item: Node) -> Iterator[PathOperation]:
    """The operations of a path item."""
    for method in METHODS:
        node = item.get(method)
        if node is not None:
            yield PathOperation(path=path, method=method, node=node)
    additional = item.get("additionalOperations")
    if additional is not None:
        for method, node in additional.items():
            yield PathOperation(path=path, method=method, node=node)


def path_items(document: Document) -> Iterator[tuple[str, Node]]:
    """The paths of a document with their items."""
    paths = document.root.get("paths")
    if paths is not None:
        for path, item in paths.items():
            if path.startswith("/"):
                yield path, item
