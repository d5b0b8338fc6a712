"""The operations of a document, by the resource that they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from batchwright.document import Document, Node
from batchwright.structure import methods_of
from batchwright.translate.pins import Pins

#: Parts of a path that say nothing of what follows: `api`, `v1`, `2.0`, `v2beta1`.
_EMPTY = re.compile(r"(?i)api|rest|v?\d+([._]\d+)*([a-z]+\d*)?")
#: More operations than one resource should have if there is another way to part them.
_MANY = 50
#: As many tags as operations may be chance up to here.
_FEW = 10


class Found(Struct, frozen=True, kw_only=True):
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


class Group(Struct, frozen=True, kw_only=True):
    """The operations of one tag; `node` is the tag's declaration, if it has one.

    `is_path`: it is no tag, but where the paths of the operations begin.
    """

    tag: str
    node: Node | None = None
    is_path: bool = False
    found: list[Found] = field(default_factory=list)

    @property
    def tags(self) -> tuple[str, ...]:
        """The first tags of its operations, each once."""
        tags = map(_tag, self.found)
        return tuple(dict.fromkeys(tag for tag in tags if tag is not None))

    @property
    def thing(self) -> str:
        """What a pin calls it."""
        return f"{'path' if self.is_path else 'tag'} {self.tag}"

    @property
    def place(self) -> Node:
        return self.node or self.found[0].node

    @property
    def bound(self) -> tuple[str, ...]:
        """The wire names of the parameters that are given once, with the resource."""
        said = self.node.get("x-bound-parameters") if self.node else None
        return tuple(str(entry.value) for entry in said.elements()) if said else ()


def groups_of(document: Document, pins: Pins) -> dict[str, Group]:
    """Operations by their first tag: declared tags in order, others as they come.

    Where tags tell nothing apart, operations are grouped by where their paths begin.
    A pin of either kind decides for that kind, so that one operation more or less can
    leave everything where it is.
    """
    operations = list(operations_of(document))
    listed = document.root.get("tags")
    declared = list(listed.elements()) if listed else []
    tags = [tag for tag in map(_tag, operations) if tag]
    by_path = not any("x-bound-parameters" in tag for tag in declared) and (
        _are_paths_wanted(operations, tags, pins)
    )
    groups = {
        str(tag.text("name")): Group(tag=str(tag.text("name")), node=tag)
        for tag in (() if by_path else declared)
    }
    for found in operations:
        tag = None if by_path else _tag(found)
        name = beginning(found.path) if tag is None else tag
        is_path = by_path or name not in tags
        group = groups.setdefault(name, Group(tag=name, is_path=is_path))
        group.found.append(found)
    return {tag: group for tag, group in groups.items() if group.found}


def _are_paths_wanted(
    operations: Sequence[Found], tags: Sequence[str], pins: Pins
) -> bool:
    """Whether paths group the operations: as pinned, or where tags say little."""
    if any(pins.has(f"tag {tag}") for tag in tags):
        return False
    beginnings = {beginning(found.path) for found in operations if _tag(found)}
    by_themselves = {beginning(found.path) for found in operations if not _tag(found)}
    return _are_tags_useless(tags) or any(
        pins.has(f"path {it}") for it in beginnings - by_themselves
    )


def _are_tags_useless(tags: Sequence[str]) -> bool:
    """Whether there is one tag for a great many operations, or one for each."""
    kinds = len(set(tags))
    return (kinds == 1 and len(tags) > _MANY) or (kinds == len(tags) > _FEW)


def operations_of(document: Document) -> Iterator[Found]:
    """Every operation, in the document's order."""
    paths = document.root.get("paths")
    for path, item in paths.items() if paths else ():
        if not path.startswith("/"):
            continue
        for method, node in methods_of(item):
            yield Found(method=method, path=path, node=node, item=item)


def _tag(found: Found) -> str | None:
    """The first tag of an operation."""
    tags = found.node.get("tags")
    return next((str(tag.value) for tag in tags.elements()), None) if tags else None


def beginning(path: str) -> str:
    """The first part of a path that says what it is about."""
    place = path.partition("?")[0].partition("#")[0]
    fixed = [part for part in place.split("/") if part and "{" not in part]
    telling = [part for part in fixed if not _EMPTY.fullmatch(part)]
    return (telling or fixed or ["default"])[0]
