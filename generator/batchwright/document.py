"""What a spec says: its plain data, and where each piece of it was written."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import quote, unquote

from msgspec import Struct

from batchwright.diagnostics import Location
from batchwright.parsing.positions import Positions

# dict[str, Data] | list[Data] | str | int | float | bool | None. Plain, so that
# validators take it as it is; `object`, so that every use has to look first.
Data: TypeAlias = object
Pointer: TypeAlias = tuple[str, ...]
Found = TypeVar("Found")

# How many tokens lead to a component, or to an operation.
_UNIT = 3
# Chains of references through more components than this are rare.
_MANY = 20
_WHOLE: Final[tuple[Pointer, ...]] = ((),)


def parse_pointer(fragment: str) -> Pointer:
    """The tokens of a URI fragment that holds a JSON pointer ("/a/b~1c")."""
    tokens = unquote(fragment).split("/")[1:]
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens)


def format_pointer(pointer: Pointer) -> str:
    """The JSON pointer as text, as people read it ("" for the whole file)."""
    return "".join(
        "/" + token.replace("~", "~0").replace("/", "~1") for token in pointer
    )


def local_ref(pointer: Pointer) -> str:
    """The `$ref` that leads to a pointer of the same file."""
    return "#" + quote(format_pointer(pointer), safe="/~!$&'()*+,;=:@?")


class Source:
    """One file of the spec, as it was read.

    `file` is its path as the user would type it, `content` the bytes on disk, `data`
    what they say. `format` is "yaml", "json", or None where there is no text.
    """

    __slots__ = ("_positions", "content", "data", "file", "format")

    def __init__(
        self, *, file: str, data: Data, content: bytes = b"", format: str | None = None
    ) -> None:
        self.file = file
        self.data = data
        self.content = content
        self.format = format
        self._positions: Positions | None = None

    def location(self, pointer: Pointer) -> Location:
        """The place of a node; the text is read again the first time."""
        line: int | None = None
        column: int | None = None
        if self.format is not None:
            if self._positions is None:
                self._positions = Positions(self.content, self.format)
            line, column = self._positions.at(pointer)
        return Location(
            file=self.file, line=line, column=column, pointer=format_pointer(pointer)
        )


class Document:
    """A spec: one or several files, one of them the root.

    `load` makes one tree of data per file; `resolve` makes a single tree of them, in
    which every `$ref` is local. There, `origins` says where moved pieces came from: it
    maps a pointer of the tree to the file and the pointer it had. `links` tells which
    file is meant by the name that a `$ref` in another file gives it, None where that
    cannot be read. `has_broken_refs` says that errors about references were reported:
    the document can still be checked, but not used.
    """

    def __init__(
        self,
        *,
        root: str,
        sources: Mapping[str, Source],
        trees: Mapping[str, Data] | None = None,
        origins: Mapping[Pointer, tuple[str, Pointer]] | None = None,
        links: Mapping[tuple[str, str], str | None] | None = None,
        has_broken_refs: bool = False,
    ) -> None:
        self.sources = sources
        self.has_broken_refs = has_broken_refs
        self.links = {} if links is None else links
        # What one stage has found out about the document, for the others.
        self.found: dict[object, Any] = {}
        self._root = root
        if trees is None:
            trees = {name: source.data for name, source in sources.items()}
        self._trees = trees
        self._origins = origins or {}
        self._ends: dict[tuple[str, str], tuple[Node, tuple[Pointer, ...]]] = {}
        self._digests: dict[Pointer, bytes | None] = {}
        # Where `reads` is a set, the places to which nodes are followed are put in it:
        # components, operations, or the whole (an empty pointer).
        self.reads: set[Pointer] | None = None

    @classmethod
    def of(cls, data: Data, file: str = "openapi.yaml") -> Document:
        """A document of one file from plain data, without lines and columns."""
        return cls(root=file, sources={file: Source(file=file, data=data)})

    @property
    def root(self) -> Node:
        """The whole root file."""
        return self.tree(self._root)

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that was read: the root first, the others by name."""
        others = sorted(name for name in self.sources if name != self._root)
        return (self._root, *others)

    @property
    def origins(self) -> Mapping[Pointer, tuple[str, Pointer]]:
        """Where moved pieces of the root tree came from."""
        return self._origins

    def tree(self, file: str) -> Node:
        """The whole of one file (KeyError if it was not read)."""
        if self.reads is not None:
            self.reads.add(())
        return Node(self, file, (), self._trees[file])

    def once(self, key: object, find: Callable[[], Found]) -> Found:
        """What is found out about the document once, and read each time."""
        if key not in self.found:
            outer, self.reads = self.reads, set()
            try:
                self.found[key] = find(), self.reads
            finally:
                self.reads = outer
        found: tuple[Found, set[Pointer]] = self.found[key]
        if self.reads is not None:
            self.reads |= found[1]
        return found[0]

    def nearest(self, pointer: Pointer) -> Node:
        """What a pointer leads to in the root tree, or the last on the way there."""
        if self.reads is not None:
            self.reads.add(pointer[:_UNIT])
        return self._tree(self._root).nearest(pointer)

    def at(self, pointer: Pointer) -> Node:
        """What a pointer leads to in the root tree; KeyError if there is nothing."""
        if self.reads is not None:
            self.reads.add(pointer[:_UNIT])
        return self._tree(self._root).at(pointer)

    def digest(self, pointer: Pointer) -> bytes | None:
        """The digest of what stands at a place of the root tree; None for nothing."""
        if pointer not in self._digests:
            self._digests[pointer] = self._digest(pointer)
        return self._digests[pointer]

    def _digest(self, pointer: Pointer) -> bytes | None:
        try:
            value: Any = self._tree(self._root).at(pointer).value
            # Version 2 says equal values in the same way, however they are shared.
            return sha256(marshal.dumps(value, 2)).digest()
        except (KeyError, ValueError):
            return None

    def _tree(self, file: str) -> Node:
        return Node(self, file, (), self._trees[file])

    def origin(self, tree: str, pointer: Pointer) -> tuple[Source, Pointer]:
        """The file and the pointer within it at which a node was written."""
        if self._origins:
            for length in range(len(pointer), -1, -1):
                moved = self._origins.get(pointer[:length])
                if moved is not None:
                    file, start = moved
                    return self.sources[file], start + pointer[length:]
        return self.sources[tree], pointer

    def with_root(self, data: Data, moved: Mapping[Pointer, Pointer]) -> Document:
        """The same spec with other data in its root tree.

        `moved` tells of places with other pointers now which ones they had.
        """
        now = {old: new for new, old in moved.items()}
        origins = {_moved(pointer, now): at for pointer, at in self._origins.items()}
        for new, old in moved.items():
            source, pointer = self.origin(self._root, old)
            origins[new] = source.file, pointer
        return Document(
            root=self._root,
            sources=self.sources,
            trees={**self._trees, self._root: data},
            origins=origins,
            links=self.links,
            has_broken_refs=self.has_broken_refs,
        )

    def end_of(self, tree: str, ref: str) -> Node:
        """Where a local `$ref` leads in the end, chains followed.

        Raises LookupError where it leads nowhere or only to itself.
        """
        end, ways = self._ends.get((tree, ref)) or self._end(tree, ref)
        if self.reads is not None:
            self.reads.update(ways)
        return end

    def _end(self, tree: str, ref: str) -> tuple[Node, tuple[Pointer, ...]]:
        """An end, and the components through which one comes there.

        It is known then for all of the chain. So that long chains take no more than
        their length, many components are called the whole document.
        """
        passed: dict[str, Pointer] = {}
        found = self._ends.get((tree, ref))
        while found is None:
            if ref in passed or not ref.startswith("#"):
                raise LookupError(ref)
            pointer = parse_pointer(ref[1:])
            passed[ref] = pointer[:_UNIT]
            target = self._tree(tree).at(pointer)
            following = target.text("$ref")
            if following is None:
                found = target, ()
            else:
                ref = following
                found = self._ends.get((tree, ref))
        for name, place in reversed(passed.items()):
            end, ways = found
            if ways != _WHOLE and place not in ways:
                ways = (place, *ways) if len(ways) < _MANY else _WHOLE
            self._ends[tree, name] = found = end, ways
        return found


class Node(Struct, eq=False):
    """One value of a document, with the way to it.

    Two nodes are equal if they are the same place of the same file. A node is always
    true: `if node.get("items"):` asks whether there is such a field.
    """

    document: Document
    tree: str
    pointer: Pointer
    value: Data

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return self.pointer == other.pointer and self.tree == other.tree

    def __hash__(self) -> int:
        return hash(self.pointer)

    def __repr__(self) -> str:
        return f"Node({self.tree}#{format_pointer(self.pointer)})"

    @property
    def key(self) -> str:
        """The last token of the pointer: the name under which the node stands."""
        return self.pointer[-1] if self.pointer else ""

    @property
    def file(self) -> str:
        """The file in which the node was written, as the user would type it."""
        return self.document.origin(self.tree, self.pointer)[0].file

    @property
    def location(self) -> Location:
        """The line and column of the node's key (of the node itself in a list)."""
        source, pointer = self.document.origin(self.tree, self.pointer)
        return source.location(pointer)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def __getitem__(self, key: str | int) -> Node:
        """The field or the element of that name or index; KeyError if absent."""
        value = self.value
        if isinstance(value, dict):
            key = str(key)
            return Node(self.document, self.tree, (*self.pointer, key), value[key])
        if isinstance(value, list):
            index = _index(key, len(value))
            return Node(
                self.document, self.tree, (*self.pointer, str(index)), value[index]
            )
        raise KeyError(key)

    def get(self, key: str) -> Node | None:
        """The field of a mapping, or None where it (or the mapping) is absent."""
        value = self.value
        if isinstance(value, dict) and key in value:
            return Node(self.document, self.tree, (*self.pointer, key), value[key])
        return None

    def at(self, pointer: Pointer) -> Node:
        """The node that a pointer leads to from here; KeyError if there is none."""
        node = self
        for token in pointer:
            node = node[token]
        return node

    def nearest(self, pointer: Pointer) -> Node:
        """The node that a pointer leads to, or the last on the way that is there."""
        node = self
        for token in pointer:
            try:
                node = node[token]
            except KeyError:
                break
        return node

    def within(self, key: str, value: Data) -> Node:
        """A field or an element that is known to be there."""
        return Node(self.document, self.tree, (*self.pointer, key), value)

    def items(self) -> Iterator[tuple[str, Node]]:
        """The fields of a mapping, in order; none where it is no mapping."""
        if isinstance(self.value, dict):
            document, tree, pointer = self.document, self.tree, self.pointer
            for key, value in self.value.items():
                yield key, Node(document, tree, (*pointer, key), value)

    def elements(self) -> Iterator[Node]:
        """The elements of a list, in order; none where it is no list."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                pointer = (*self.pointer, str(index))
                yield Node(self.document, self.tree, pointer, value)

    def text(self, key: str) -> str | None:
        """The value of a field, if it is there and is a string."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value if isinstance(value, str) else None

    def follow(self) -> Node:
        """The node itself or, where it is a `$ref`, the node that it leads to.

        In a resolved document this always succeeds; where a reference of it is broken,
        that is an end, too. Elsewhere, a `$ref` that does not lead to a node of the
        same file raises LookupError.
        """
        ref = self.text("$ref")
        if ref is None:
            return self
        try:
            return self.document.end_of(self.tree, ref)
        except LookupError:
            if self.document.has_broken_refs:
                return self
            raise


def _moved(pointer: Pointer, now: Mapping[Pointer, Pointer]) -> Pointer:
    """Where a place is now, by the nearest place above it that has moved."""
    if now:
        for length in range(len(pointer), 0, -1):
            new = now.get(pointer[:length])
            if new is not None:
                return new + pointer[length:]
    return pointer


def _index(key: str | int, length: int) -> int:
    text = str(key)
    if text.isascii() and text.isdigit() and len(text) < 12 and int(text) < length:
        return int(text)
    raise KeyError(key)
