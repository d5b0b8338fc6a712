"""Where a `$ref` leads, and what one was meant to be that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import TypeAlias

from batchwright.diagnostics import excerpt
from batchwright.document import (
    Document,
    Node,
    Pointer,
    format_pointer,
    local_ref,
    parse_pointer,
)
from batchwright.resolving.identifiers import Identifiers
from batchwright.structure import SECTIONS, Kind, Part, Shape, part_at

# Gives the file (as a key of the document) that a `$ref` in a file names; None where it
# cannot be read, which has then been reported.
OpenFile: TypeAlias = Callable[[str, str, Node], str | None]

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")

# A component may be referred to by its name alone.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Where Swagger 2.0 had what components hold now.
_MOVED_SECTIONS = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
    "#/securityDefinitions/": "#/components/securitySchemes/",
    "#/schemas/": "#/components/schemas/",
}

# What has a schema, for itself or in its content.
_WITH_SCHEMA = (
    Kind.PARAMETER,
    Kind.HEADER,
    Kind.MEDIA_TYPE,
    Kind.REQUEST_BODY,
    Kind.RESPONSE,
)

# A pointer may lead through other references (a bundler would have replaced them), but
# not for ever.
_LONGEST_DETOUR = 50

# Looking for similar names takes time in proportion to their number.
_MOST_SUGGESTIONS = 50


def is_url(file: str) -> bool:
    """Whether the part of a `$ref` before `#` names something else than a file."""
    return _URL.match(file) is not None


def split_ref(text: str) -> tuple[str, str]:
    """The file and the fragment that a `$ref` names; both may be empty."""
    file, _, fragment = text.partition("#")
    return file, fragment


def known_part(node: Node) -> Part | None:
    """What a node is, by its place in an OpenAPI document or in `components` of a file.

    None where its place does not tell.
    """
    pointer = node.pointer
    if pointer[:1] != ("components",):
        if "openapi" not in node.document.tree(node.tree):
            return None
    return part_at(pointer)


def described(node: Node) -> str:
    """How messages call what a `$ref` leads to."""
    part = known_part(node)
    if part is None or part.shape is not Shape.ONE:
        return excerpt(node.value)
    return part.kind.one


class LeadsNowhere(Exception):
    """Why there is nothing where a `$ref` leads.

    `problem` is None where the reader of files has said it.
    """

    def __init__(self, problem: str | None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


class Targets:
    """Finds what the `$ref`s of a document lead to, in whatever file."""

    def __init__(self, document: Document, open_file: OpenFile) -> None:
        self._document = document
        self._open_file = open_file
        self._identifiers = Identifiers(document)
        self._suggestions = 0

    def find(self, site: Node, text: str, detours: int = 0) -> Node:
        """What a `$ref` with that text leads to; raises LeadsNowhere."""
        if detours > _LONGEST_DETOUR:
            raise LeadsNowhere("it leads through too many other references")
        file, fragment = split_ref(text)
        identified = self._identifiers.identified(site, file)
        if identified is not None:
            try:
                return self._within(identified, file, fragment, detours)
            except LeadsNowhere:
                # Many write an $id, and mean the file by "#" all the same.
                if file:
                    raise
        tree: str | None = site.tree
        if file:
            tree = self._open_file(site.tree, file, site)
            if tree is None:
                raise LeadsNowhere(None)
        start = self._document.tree(tree or site.tree)
        return self._within(start, file, fragment, detours)

    def end(self, node: Node) -> Node:
        """Where the `$ref` of a node leads, as far as it leads anywhere."""
        for _ in range(_LONGEST_DETOUR):
            text = node.text("$ref")
            if text is None:
                return node
            try:
                node = self.find(node, text)
            except LeadsNowhere:
                break
        return node

    def _within(self, start: Node, file: str, fragment: str, detours: int) -> Node:
        """What a fragment means in a file, or in a schema with an `$id`."""
        if fragment and not fragment.startswith("/"):
            return self._anchor(start, fragment)
        return self._descend(start, file, parse_pointer(fragment), detours)

    def _descend(self, start: Node, file: str, pointer: Pointer, detours: int) -> Node:
        node = start
        for index, token in enumerate(pointer):
            inner = _step(node, token)
            while inner is None:
                text = node.text("$ref")
                if text is None:
                    hint = self._suggestion(start, file, node, pointer[index:])
                    where = format_pointer(node.pointer) or "the top level"
                    raise LeadsNowhere(
                        f"there is no {excerpt(token)} at {where} of {node.file}", hint
                    )
                detours += 1
                node = self.find(node, text, detours)
                inner = _step(node, token)
            node = inner
        return node

    def _anchor(self, start: Node, name: str) -> Node:
        found = self._identifiers.anchored(start, name)
        if len(found) == 1:
            return found[0]
        if found:
            raise LeadsNowhere(
                f"several schemas have the $anchor {excerpt(name)}",
                "which of them is meant cannot be told; refer to one by a pointer",
            )
        pointer = parse_pointer("/" + name)
        hint = f'a pointer begins with a slash: "#/{name}"'
        raise LeadsNowhere(
            f"no schema has the $anchor {excerpt(name)}",
            hint if _leads(start, pointer) else None,
        )

    # --- what was meant --------------------------------------------------------------

    def meant_instead_of_file(self, part: Part, site: Node, text: str) -> str | None:
        """The local `$ref` that a text without `#` stands for, if it leads anywhere."""
        if text.startswith("/components/"):
            meant = f"#{text}"
        elif part.kind in SECTIONS and _NAME.fullmatch(text):
            meant = local_ref(("components", SECTIONS[part.kind], text))
        else:
            return None
        start = self._document.tree(site.tree)
        return meant if _leads(start, parse_pointer(meant[1:])) else None

    def meant_by(self, site: Node, text: str) -> tuple[str | None, Node | None]:
        """What a broken local `$ref` was clearly meant to be, and where that leads."""
        if not text.startswith("#"):
            return None, None
        start = self._document.tree(site.tree)
        for meant in _clearer(text):
            pointer = parse_pointer(meant[1:])
            if _leads(start, pointer):
                return meant, start.at(pointer)
        return None, None

    def schema_of(self, text: str, target: Node) -> tuple[str, Node] | None:
        """The schema in what a `$ref` leads to, where a schema should be: its `$ref`.

        None where there is none, or one of several.
        """
        part = known_part(target)
        if part is None or part.kind not in _WITH_SCHEMA or "#" not in text:
            return None
        around = self.end(target)
        content = around.get("content")
        media = [] if content is None else [node for _, node in content.items()]
        owner = media[0] if len(media) == 1 else around
        schema = owner.get("schema")
        if schema is None:
            return None
        inner = schema.pointer[len(around.pointer) :]
        return text + local_ref(inner)[1:], schema

    def _suggestion(
        self, start: Node, file: str, node: Node, rest: Pointer
    ) -> str | None:
        """What was probably meant by a pointer that leads to a node, but no further."""
        root = self._document.root
        if not file and start.tree != root.tree:
            if _leads(root, (*node.pointer, *rest)):
                return (
                    f"it is in {root.file}: a $ref without a file means the file in"
                    " which it stands"
                )
        self._suggestions += 1
        if self._suggestions > _MOST_SUGGESTIONS or not isinstance(node.value, dict):
            return None
        close = get_close_matches(rest[0], list(node.value), n=1)
        if not close:
            return None
        meant = (*node.pointer, close[0])
        if _leads(node[close[0]], rest[1:]):
            meant += rest[1:]
        return f'did you mean "{file}{local_ref(meant)}"?'


def _clearer(text: str) -> Iterator[str]:
    """What a broken local reference may have been meant to be."""
    if not text.startswith("#/"):
        yield f"#/{text[1:]}"
    for old, new in _MOVED_SECTIONS.items():
        if text.startswith(old):
            yield new + text.removeprefix(old)
    # The name of a component may have percent signs of its own.
    if "%" in text:
        yield text.replace("%", "%25")


def _step(node: Node, token: str) -> Node | None:
    try:
        return node[token]
    except KeyError:
        return None


def _leads(node: Node, pointer: Pointer) -> bool:
    try:
        node.at(pointer)
    except KeyError:
        return False
    return True
