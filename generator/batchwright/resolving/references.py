"""Finds every `$ref` of a document that means something, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from batchwright.diagnostics import excerpt
from batchwright.document import Document, Node
from batchwright.resolving.targets import (
    LeadsNowhere,
    OpenFile,
    Targets,
    described,
    known_part,
)
from batchwright.structure import (
    ONE,
    Kind,
    Part,
    Shape,
    inner_parts,
    methods_of,
)

# Whether filters leave an operation out, by its path, its method as it is sent, and
# itself; without a method: whether they leave all of a path out, whatever is there.
LeavesOut: TypeAlias = Callable[[str, str | None, Node], bool]

# Where a schema is that of the content.
_WITH_CONTENT = (Kind.RESPONSE, Kind.REQUEST_BODY)
_OF_SCHEMA = (*_WITH_CONTENT, Kind.MEDIA_TYPE)

_FILE_ENDINGS = (".yaml", ".yml", ".json")


def _is_several(part: Part) -> bool:
    return part.shape not in (Shape.ONE, Shape.ONE_OR_LIST)


class Reference(Struct, frozen=True, kw_only=True):
    """A `$ref`, or an entry of a discriminator's mapping that is written like one.

    `site` is the mapping with the `$ref` (the discriminator's mapping, whose entry is
    then `entry`). `keyword` is "$dynamicRef" where it is one of these. `target` is None
    where the reference leads nowhere; then `problem` says why, unless the reader of
    files has said it. Where it does, or leads to something of another kind, but it is
    clear what was meant, `problem` says so, `target` is that, and `meant` the `$ref` to
    it. `code` is the diagnostic's for that. `wraps`: where what is sent or answered
    should be described, it leads to a schema, which is read as that of its content.
    `says_nothing`: where a schema should be, it leads to something without one.
    `used` is false for what only components that no operation refers to say.
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
    code: Literal["unknown-ref", "wrong-kind"] = "unknown-ref"
    wraps: Kind | None = None
    says_nothing: bool = False
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
    def reading(self) -> str | None:
        """How it is read instead of as what it says; None where it is as it should."""
        if self.says_nothing:
            return "nothing is said of its content: it is read as any value"
        if self.wraps is Kind.MEDIA_TYPE:
            return "it is read as its schema"
        if self.wraps is not None:
            return "it is read as the schema of its content, application/json"
        return None if self.meant is None else f"it is read as {excerpt(self.meant)}"

    @property
    def at(self) -> Node:
        """The place to point a finger at."""
        return self.site[self.entry or self.keyword]


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
        self._targets = Targets(document, open_file)
        self._leaves_out = leaves_out
        self._passed_over: set[int] = set()
        self._visited: set[tuple[int, Part]] = set()

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
            methods = list(methods_of(self._targets.end(item)))
            kept = [
                id(node.value)
                for method, node in methods
                if not leaves_out(path, method, self._targets.end(node))
            ]
            wanted.update(kept)
            unwanted.update(id(node.value) for _, node in methods)
            # What the operations of a path share goes with the last of them.
            (wanted if kept or not methods else unwanted).add(id(item.value))
        if webhooks is not None:
            unwanted.add(id(webhooks.value))
        return unwanted - wanted

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
            inner = inner_parts(part, node)
            for found in self._references(part, node, used) if _refers(node) else ():
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
            problem=(
                "leads nowhere: it stands beside a $ref, and only one of them can be"
                " followed"
            ),
            hint="put one of the two into an allOf",
            used=used,
        )

    def _reference(
        self, part: Part, site: Node, text: str, used: bool, entry: str | None = None
    ) -> Reference:
        targets = self._targets
        target: Node | None = None
        problem: str | None = None
        hint: str | None = None
        meant = targets.meant_instead_of_file(part, site, text)
        try:
            target = targets.find(site, meant or text)
            if meant is not None:
                problem = "leads nowhere: there is no such file"
        except LeadsNowhere as nowhere:
            if nowhere.problem is not None:
                problem = f"leads nowhere: {nowhere.problem}"
            hint = nowhere.hint
            meant, target = targets.meant_by(site, text)
        found = Reference(
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
        return found if found.fits else self._meant_otherwise(found)

    def _meant_otherwise(self, found: Reference) -> Reference:
        """A reference to something of another kind, if it is clear what was meant."""
        target, kind = found.target, found.part.kind
        part = None if target is None else known_part(target)
        if target is None or part is None or part.shape is not Shape.ONE:
            return found
        problem = f"leads to {described(target)}, but {kind.one} belongs here"
        other = replace(found, code="wrong-kind", problem=problem)
        if kind in _OF_SCHEMA and part.kind is Kind.SCHEMA:
            return replace(other, part=part, wraps=kind)
        inner = self._targets.schema_of(found.meant or found.text, target)
        if kind is Kind.SCHEMA and inner is not None:
            return replace(other, meant=inner[0], target=inner[1])
        is_silent = part.kind in _WITH_CONTENT and found.entry is None
        if kind is Kind.SCHEMA and is_silent and "content" not in target:
            return replace(other, target=None, says_nothing=True)
        return found


def _refers(node: Node) -> bool:
    """Whether an object may have a reference; nearly all have none."""
    value = node.value
    return isinstance(value, dict) and (
        "$ref" in value or "$dynamicRef" in value or "mapping" in value
    )


def _is_written_like_ref(text: str) -> bool:
    return "#" in text or "/" in text or text.endswith(_FILE_ENDINGS)
