"""The operations of a document, by the resource that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from batchwright.document import Document, Node
from batchwright.structure import METHODS


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An operation of the document, with the path item that it stands in.

    The method is spelled as it is sent.
    """

    method: str
    path: str
    node: Node
    item: Node

    @property
    def shared(self) -> Node | None:
        """The parameters of all operations of the path."""
        return self.item.get("parameters")

    @property
    def sent_path(self) -> str:
        """The path without a fragment, which only tells operations apart."""
        return self.path.partition("#")[0]

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def operation_id(self) -> str | None:
        return self.node.text("operationId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The operations of one tag; `node` is the tag's declaration, if it has one."""

    tag: str
    node: Node | None = None
    found: list[Found] = field(default_factory=list)

    @property
    def place(self) -> Node:
        return self.node or self.found[0].node

    @property
    def bound(self) -> tuple[str, ...]:
        """The wire names of the parameters that are given once, with the resource."""
        said = self.node.get("x-bound-parameters") if self.node else None
        return tuple(str(entry.value) for entry in said.elements()) if said else ()


def groups_of(document: Document) -> dict[str, Group]:
    """Operations by their first tag: declared tags in order, others as they come."""
    declared = document.root.get("tags")
    groups = {
        str(tag.text("name")): Group(tag=str(tag.text("name")), node=tag)
        for tag in (declared.elements() if declared else ())
    }
    for found in _operations(document):
        tag = _tag(found)
        groups.setdefault(tag, Group(tag=tag)).found.append(found)
    return {tag: group for tag, group in groups.items() if group.found}


def _operations(document: Document) -> Iterator[Found]:
    paths = document.root.get("paths")
    for path, item in paths.items() if paths else ():
        if not path.startswith("/"):
            continue
        for method, node in _methods(item):
            yield Found(method=method, path=path, node=node, item=item)


def _methods(item: Node) -> Iterator[tuple[str, Node]]:
    for method in METHODS:
        node = item.get(method)
        if node is not None:
            yield method.upper(), node
    additional = item.get("additionalOperations")
    yield from additional.items() if additional else ()


def _tag(found: Found) -> str:
    """The resource an operation belongs to: its first tag, else its path's start."""
    tags = found.node.get("tags")
    for tag in tags.elements() if tags else ():
        return str(tag.value)
    fixed = [part for part in found.path.split("/") if part and part[0] != "{"]
    return fixed[0] if fixed else "default"
