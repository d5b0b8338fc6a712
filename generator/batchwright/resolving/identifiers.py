"""What schemas call themselves: JSON Schema's `$anchor`, `$dynamicAnchor`, `$id`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from batchwright.document import Document, Node, Pointer

_ANCHORS = ("$anchor", "$dynamicAnchor")


class Identifiers:
    """The names of a document's schemas; a file is searched when one is asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._root = document.root
        version = self._root.text("openapi") or ""
        self._any = not version.startswith("3.0")
        self._anchors: dict[tuple[str, Pointer], dict[str, list[Node]]] = {}
        self._ids: dict[str, dict[str, Node]] = {}
        # Searched once: a large file has as many references as it is long.
        self._with_ids: dict[str, bool] = {}

    def anchored(self, start: Node, name: str) -> list[Node]:
        """The schemas in a piece of a file that have an anchor."""
        key = start.tree, start.pointer
        known = self._anchors.get(key)
        if known is None:
            known = self._anchors[key] = {}
            for node, _ in _mappings(start, ""):
                for anchor in filter(None, {node.text(each) for each in _ANCHORS}):
                    known.setdefault(anchor, []).append(node)
        return known.get(name, [])

    def identified(self, site: Node, uri: str) -> Node | None:
        """The schema whose `$id` is meant by a URI that stands at a place.

        An empty URI means the schema with an `$id` in which the place is.
        """
        trees = site.tree, self._root.tree
        if not (self._any and any(map(self._has_ids, trees))):
            return None
        base, around = "", None
        if self._has_ids(site.tree):
            node = self._document.tree(site.tree)
            for token in (*site.pointer, None):
                own = node.text("$id")
                if own is not None:
                    base, around = _joined(base, own), node
                node = node if token is None else node[token]
        if not uri:
            return around
        wanted = _joined(base, uri)
        found = (self._in_tree(tree).get(wanted) for tree in trees)
        return next((node for node in found if node is not None), None)

    def _has_ids(self, tree: str) -> bool:
        known = self._with_ids.get(tree)
        if known is None:
            known = b"$id" in self._document.sources[tree].content
            self._with_ids[tree] = known
        return known

    def _in_tree(self, tree: str) -> dict[str, Node]:
        known = self._ids.get(tree)
        if known is None:
            known = self._ids[tree] = {}
            start = self._document.tree(tree)
            for node, uri in _mappings(start, "") if self._has_ids(tree) else ():
                if "$id" in node and uri:
                    known.setdefault(uri, node)
        return known


def _mappings(start: Node, base: str) -> Iterator[tuple[Node, str]]:
    """All mappings in a node, each with the `$id` of the innermost that has one."""
    stack = [(start, base)]
    while stack:
        node, base = stack.pop()
        if isinstance(node.value, dict):
            own = node.text("$id")
            base = base if own is None else _joined(base, own)
            yield node, base
        inner = [*(each for _, each in node.items()), *node.elements()]
        stack += [(each, base) for each in inner if isinstance(each.value, dict | list)]


def _joined(base: str, uri: str) -> str:
    """A URI as it is meant where another one holds, without an empty fragment."""
    try:
        return urljoin(base, uri).removesuffix("#")
    except ValueError:  # no URI at all
        return uri
