"""Copies a tree with changes at its `$ref`s, and notes where moved pieces came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from batchwright.diagnostics import Report
from batchwright.document import Data, Document, Node, Pointer
from batchwright.parsing.text import DEEPEST_NESTING

# How many values pieces put in place may add to a document, beside one for each byte
# of its files.
ADDED_VALUES = 250_000


class Edits(Struct, kw_only=True):
    """What to do at which mapping, by its identity.

    `rewritten`: the new text of the `$ref`. `inlined`: the node to put there instead.
    `mapped`: new values for entries (of a discriminator's mapping). `blank`: the `$ref`
    goes, what stands beside it stays. `wrapped`: other fields instead of the `$ref`.
    """

    rewritten: dict[int, str] = field(default_factory=dict)
    inlined: dict[int, Node] = field(default_factory=dict)
    mapped: dict[int, dict[str, str]] = field(default_factory=dict)
    blank: set[int] = field(default_factory=set)
    wrapped: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not any(
            (self.rewritten, self.inlined, self.mapped, self.blank, self.wrapped)
        )


class Splice:
    """Makes the new tree; what does not change is shared with the old ones."""

    def __init__(self, document: Document, edits: Edits, report: Report) -> None:
        self.origins: dict[Pointer, tuple[str, Pointer]] = {}
        self._document = document
        self._edits = edits
        self._report = report
        written = sum(len(source.content) for source in document.sources.values())
        # How many values pieces put in place have added, and may add.
        self.added = 0
        self._most = ADDED_VALUES + written
        self._refused = False
        # The way to the current place in the new tree. From `_start` on, it is also
        # the way from `_origin` in the file that is being copied.
        self._path: list[str] = []
        self._start = 0
        self._origin: tuple[str, Pointer] = (document.root.tree, ())
        self._inside: set[int] = set()

    def whole(self, added: Mapping[Pointer, Node]) -> Data:
        """The root's tree, with `added` pieces of other files as components."""
        data = self._copy(self._document.root.value)
        if not added or not isinstance(data, dict):
            return data
        components = dict(_mapping(data.get("components")))
        for section in {section for _, section, _ in added}:
            components[section] = dict(_mapping(components.get(section)))
        for pointer in sorted(added):
            node = added[pointer]
            self.origins[pointer] = (node.tree, node.pointer)
            self._path = list(pointer)
            self._start, self._origin = len(pointer), (node.tree, node.pointer)
            components[pointer[1]][pointer[2]] = self._copy(node.value)
        return data | {"components": components}

    def _copy(self, value: Any) -> Any:
        if type(value) is dict:
            return self._copy_mapping(value)
        if type(value) is list:
            changed = False
            copied = []
            for index, inner in enumerate(value):
                new = self._copy_at(str(index), inner)
                changed = changed or new is not inner
                copied.append(new)
            return copied if changed else value
        return value

    def _copy_at(self, key: str, value: Any) -> Any:
        if type(value) is not dict and type(value) is not list:
            return value
        self._path.append(key)
        copied = self._copy(value)
        self._path.pop()
        return copied

    def _copy_mapping(self, value: dict[str, Any]) -> Any:
        key = id(value)
        edits = self._edits
        if key in edits.inlined:
            return self._put_in_place(value, edits.inlined[key])
        if key in edits.blank or key in edits.wrapped:
            value = {name: it for name, it in value.items() if name != "$ref"}
        changes: dict[str, Any] = dict(edits.mapped.get(key, ()))
        changes |= edits.wrapped.get(key, {})
        if key in edits.rewritten:
            changes["$ref"] = edits.rewritten[key]
        for name, inner in value.items():
            copied = self._copy_at(name, inner)
            if copied is not inner:
                changes[name] = copied
        return value | changes if changes else value

    def _put_in_place(self, site: dict[str, Any], target: Node) -> Any:
        """The target's copy; fields beside the `$ref` win over the target's own."""
        fault = self._fault(site)
        if fault is not None:
            self._refuse(site, *fault)
            return {}
        self._inside.add(id(site))
        self.added += 1 + size(target.value)
        outer = self._start, self._origin
        pointer = tuple(self._path)
        beside = [name for name in site if name != "$ref"]
        for name in beside:
            self.origins[(*pointer, name)] = self._here(name)
        fields = {name: self._copy_at(name, site[name]) for name in beside}
        source, start = self._document.origin(target.tree, target.pointer)
        self.origins[pointer] = (source.file, start)
        self._start, self._origin = len(self._path), (target.tree, target.pointer)
        copied = self._copy(target.value)
        self._start, self._origin = outer
        self._inside.discard(id(site))
        return copied | fields if fields and isinstance(copied, dict) else copied

    def _here(self, *keys: str) -> tuple[str, Pointer]:
        """The file and the pointer of what is being copied."""
        tree, pointer = self._origin
        return tree, (*pointer, *self._path[self._start :], *keys)

    def _fault(self, site: dict[str, Any]) -> tuple[str, str] | None:
        if id(site) in self._inside or len(self._path) > DEEPEST_NESTING:
            return "ref-cycle", "the $ref stands inside of what it stands for"
        if self.added >= self._most:
            return "too-large", "with all its $refs, the document is far too large"
        return None

    def _refuse(self, site: object, code: str, message: str) -> None:
        if not self._refused:
            tree, pointer = self._here("$ref")
            at = Node(self._document, tree, pointer, site)
            self._report.error(code, message, at, "remove one $ref of the circle")
        self._refused = True


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def size(value: Any) -> int:
    """How many values there are in a value."""
    size = 0
    stack = [value]
    while stack:
        inner = stack.pop()
        if type(inner) is dict:
            size += len(inner)
            stack.extend(inner.values())
        elif type(inner) is list:
            size += len(inner)
            stack.extend(inner)
    return size
