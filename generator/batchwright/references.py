"""Finds every `$ref` of a document that means something, and where it leads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from batchwright.diagnostics import excerpt
from batchwright.document import (
    Document,
    Node,
    Pointer,
    format_pointer,
    local_ref,
    parse_pointer,
)
from batchwright.identifiers import Identifiers
from batchwright.structure import (
    ONE,
    SECTIONS,
    Kind,
    Part,
    Shape,
    inner_parts,
    methods_of,
    part_at,
)

# Gives the file (as a key of the document) that a `$ref` in a file names; None where it
# cannot be read, which has then been reported.
OpenFile: TypeAlias = Callable[[str, str, Node], str | None]

# Whether filters leave an operation out, by its path, its method as it is sent, and
# itself; without a method: whether they leave all of a path out, whatever is there.
LeavesOut: TypeAlias = Callable[[str, str | None, Node], bool]

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_FILE_ENDINGS = (".yaml", ".yml", ".json")

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

# A pointer may lead through other references (a bundler would have replaced them), but
# not for ever.
_LONGEST_DETOUR = 50

# Looking for similar names takes time in proportion to their number.
_MOST_SUGGESTIONS = 50


def is_url(file: str) -> bool:
    """Whether the part of a `$ref` before `#` names something else than a file."""
    return _URL.match(file) is not None


def known_part(node: Node) -> Part | None:
    """What a node is, by its place in an OpenAPI document or in `components` of a file.

    None where its place does not tell.
    """
    pointer = node.pointer
    if pointer[:1] != ("components",):
        if "openapi" not in node.document.tree(node.tree):
            return None
    return part_at(pointer)


def _is_several(part: Part) -> bool:
    return part.shape not in (Shape.ONE, Shape.ONE_OR_LIST)


def split_ref(text: str) -> tuple[str, str]:
    """The file and the fragment that a `$ref` names; both may be empty."""
    file, _, fragment = text.partition("#")
    return file, fragment


class Reference(Struct, frozen=True, kw_only=True):
    """A `$ref`, or an entry of a discriminator's mapping that is written like one.

    `site` is the mapping with the `$ref` (the discriminator's mapping, whose entry is
    then `entry`). `keyword` is "$dynamicRef" where
    it is one of these. `target` is None where the reference leads nowhere; then
    `problem` says why, unless the reader of files has said it. Where it leads nowhere
    but it is clear what was meant, `problem` says so, `target` is that, and `meant` the
    `$ref` to it. `used` is false for what only components that no operation refers to
    say.
    """

    part: Part
    site: Node
    text: str
    target: Node | None
    entry: str | None = None
    keyword: str = "$ref"
    problem: str | None = None
    hint: str | None = None
    meant: str | None = None
    used: bool = True

    @property
    def fits(self) -> bool:
        """Whether the target is not known to be of another kind."""
        part = None if self.target is None else known_part(self.target)
        if part is None:
            return True
        is_one_of_several = _is_several(part) and not _is_several(self.part)
        return part.kind is self.part.kind and not is_one_of_several

    @property
    def at(self) -> Node:
        """The place to point a finger at."""
        return self.site[self.entry or self.keyword]


class _LeadsNowhere(Exception):
    def __init__(self, problem: str | None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


class References:
    """Follows all references of a document, from its root on.

    Those that only operations have which are left out do not count.
    """

    def __init__(
        self,
        document: Document,
        open_file: OpenFile,
        leaves_out: LeavesOut | None = None,
    ) -> None:
        self._document = document
        self._open_file = open_file
        self._leaves_out = leaves_out
        self._passed_over: set[int] = set()
        self._identifiers = Identifiers(document)
        self._visited: set[tuple[int, Part]] = set()
        self._suggestions = 0

    def walk(self) -> Iterator[Reference]:
        """Every reference once; first what operations use, then the other components.

        Lazily: the document may gain files while this runs.
        """
        root = self._document.root
        components = root.get("components")
        if self._leaves_out is not None:
            self._passed_over = self._unwanted(root, self._leaves_out)
        if components is not None:
            self._visited.add((id(components.value), ONE[Kind.COMPONENTS]))
        yield from self._walk(ONE[Kind.OPENAPI], root, used=True)
        if components is not None:
            self._visited.discard((id(components.value), ONE[Kind.COMPONENTS]))
            # What no operation has goes with those that are left out.
            yield from (
                self._walk(ONE[Kind.COMPONENTS], components, used=False)
                if self._leaves_out is None
                else self._walk_schemes(components)
            )

    def _walk_schemes(self, components: Node) -> Iterator[Reference]:
        schemes = components.get("securitySchemes")
        for _, scheme in schemes.items() if schemes else ():
            yield from self._walk(ONE[Kind.SECURITY_SCHEME], scheme, used=True)

    def _unwanted(self, root: Node, leaves_out: LeavesOut) -> set[int]:
        """What to pass over, by identity: whatever is not wanted in another place."""
        wanted: set[int] = set()
        unwanted: set[int] = set()
        paths, webhooks = root.get("paths"), root.get("webhooks")
        for path, item in paths.items() if paths else ():
            if leaves_out(path, None, item):
                unwanted.add(id(item.value))
                continue
            wanted.add(id(item.value))
            for method, node in methods_of(self._end(item)):
                is_out = leaves_out(path, method, self._end(node))
                (unwanted if is_out else wanted).add(id(node.value))
        if webhooks is not None:
            unwanted.add(id(webhooks.value))
        return unwanted - wanted

    def _end(self, node: Node) -> Node:
        """Where the `$ref` of a node leads, as far as it leads anywhere."""
        for _ in range(_LONGEST_DETOUR):
            text = node.text("$ref")
            if text is None:
                return node
            try:
                node = self._find(node, text, 0)
            except _LeadsNowhere:
                break
        return node

    def _walk(self, part: Part, node: Node, *, used: bool) -> Iterator[Reference]:
        stack = [(part, node)]
        while stack:
            part, node = stack.pop()
            if not isinstance(node.value, dict | list):
                continue
            if id(node.value) in self._passed_over:
                continue
            key = (id(node.value), part)
            if key in self._visited:
                continue
            self._visited.add(key)
            inner = list(inner_parts(part, node))
            for found in self._references(part, node, used):
                yield found
                if found.target is not None and found.fits:
                    inner.append((found.part, found.target))
            stack.extend(reversed(inner))

    def _references(self, part: Part, node: Node, used: bool) -> Iterator[Reference]:
        if part.kind is Kind.DISCRIMINATOR:
            mapping = node.get("mapping")
            if mapping is None:
                return
            for name, value in mapping.items():
                text = value.value
                if isinstance(text, str) and _is_written_like_ref(text):
                    schema = ONE[Kind.SCHEMA]
                    yield self._reference(schema, mapping, text, used, entry=name)
            return
        ref = node.text("$ref")
        if ref is not None:
            yield self._reference(part, node, ref, used)
        dynamic = node.text("$dynamicRef") if part.kind is Kind.SCHEMA else None
        if dynamic is not None:
            yield self._dynamic(part, node, dynamic, used)

    def _dynamic(self, part: Part, site: Node, text: str, used: bool) -> Reference:
        """A `$dynamicRef`: a `$ref`, as long as there is but one schema to lead to."""
        found = self._reference(part, site, text, used)
        if "$ref" not in site:
            return replace(found, keyword="$dynamicRef")
        return Reference(
            part=part,
            site=site,
            text=text,
            target=None,
            keyword="$dynamicRef",
            problem="it stands beside a $ref, and only one of them can be followed",
            hint="put one of the two into an allOf",
            used=used,
        )

    def _reference(
        self, part: Part, site: Node, text: str, used: bool, entry: str | None = None
    ) -> Reference:
        target: Node | None = None
        problem: str | None = None
        hint: str | None = None
        meant = self._meant_instead_of_file(part, site, text)
        try:
            target = self._find(site, meant or text, 0)
            if meant is not None:
                problem = "there is no such file"
        except _LeadsNowhere as nowhere:
            problem, hint = nowhere.problem, nowhere.hint
            meant, target = self._meant(site, text)
        return Reference(
            part=part,
            site=site,
            text=text,
            target=target,
            entry=entry,
            problem=problem,
            hint=hint,
            meant=meant,
            used=used,
        )

    def _meant_instead_of_file(self, part: Part, site: Node, text: str) -> str | None:
        """The local `$ref` that a text without `#` stands for, if it leads anywhere."""
        if text.startswith("/components/"):
            meant = f"#{text}"
        elif part.kind in SECTIONS and _NAME.fullmatch(text):
            meant = local_ref(("components", SECTIONS[part.kind], text))
        else:
            return None
        start = self._document.tree(site.tree)
        return meant if _leads(start, parse_pointer(meant[1:])) else None

    def _meant(self, site: Node, text: str) -> tuple[str | None, Node | None]:
        """What a broken local `$ref` was clearly meant to be, and where that leads."""
        if not text.startswith("#"):
            return None, None
        start = self._document.tree(site.tree)
        for meant in _clearer(text):
            pointer = parse_pointer(meant[1:])
            if _leads(start, pointer):
                return meant, start.at(pointer)
        return None, None

    def _find(self, site: Node, text: str, detours: int) -> Node:
        if detours > _LONGEST_DETOUR:
            raise _LeadsNowhere("it leads through too many other references")
        file, fragment = split_ref(text)
        identified = self._identifiers.identified(site, file)
        if identified is not None:
            try:
                return self._within(identified, file, fragment, detours)
            except _LeadsNowhere:
                # Many write an $id, and mean the file by "#" all the same.
                if file:
                    raise
        tree: str | None = site.tree
        if file:
            tree = self._open_file(site.tree, file, site)
            if tree is None:
                raise _LeadsNowhere(None)
        start = self._document.tree(tree or site.tree)
        return self._within(start, file, fragment, detours)

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
                    raise _LeadsNowhere(
                        f"there is no {excerpt(token)} at {where} of {node.file}", hint
                    )
                detours += 1
                node = self._find(node, text, detours)
                inner = _step(node, token)
            node = inner
        return node

    def _anchor(self, start: Node, name: str) -> Node:
        found = self._identifiers.anchored(start, name)
        if len(found) == 1:
            return found[0]
        if found:
            raise _LeadsNowhere(
                f"several schemas have the $anchor {excerpt(name)}",
                "which of them is meant cannot be told; refer to one by a pointer",
            )
        pointer = parse_pointer("/" + name)
        hint = f'a pointer begins with a slash: "#/{name}"'
        raise _LeadsNowhere(
            f"no schema has the $anchor {excerpt(name)}",
            hint if _leads(start, pointer) else None,
        )

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


def _is_written_like_ref(text: str) -> bool:
    return "#" in text or "/" in text or text.endswith(_FILE_ENDINGS)
