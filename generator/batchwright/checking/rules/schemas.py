"""Rules of schemas: what they require is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Node
from batchwright.structure import Kind
from batchwright.suggestions import did_you_mean

# Under these, a schema speaks of the same value as the one around it.
_SAME_VALUE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")

# A schema composed of more than that is not looked through: each of its parts may be
# composed of almost as many, and the time would grow with the square of them.
_MOST_PARTS = 1_000

# Each level of allOf says again what all those below it say.
_DEEPEST_COMPOSITION = 100


def properties_of(schema: Node) -> dict[str, Node] | None:
    """Every property that a schema declares, itself or by what it is composed of.

    None where it is composed of too many schemas to say.
    """
    while schema.text("$ref") is not None and len(dict(schema.items())) == 1:
        following = schema.follow()
        if following is schema:  # it leads nowhere
            break
        schema = following
    key = properties_of, schema.tree, schema.pointer
    return schema.document.once(key, lambda: _properties_of(schema))


def _properties_of(schema: Node) -> dict[str, Node] | None:
    found: dict[str, Node] = {}
    visited: set[Node] = set()
    stack = [schema]
    while stack:
        node = stack.pop()
        if node in visited:
            continue
        visited.add(node)
        if len(visited) > _MOST_PARTS:
            return None
        properties = node.get("properties")
        if properties is not None:
            for name, inner in properties.items():
                found.setdefault(name, inner)
        if node.text("$ref") is not None:
            stack.append(node.follow())
        stack.extend(_members(node))
    return found


def check_schemas(objects: Iterable[tuple[Kind, Node]], report: Report) -> None:
    """Warn of properties that are required but not declared; refuse endless allOf."""
    objects = tuple(objects)
    _check_composition(objects, report)
    # A member of allOf may require what its neighbour declares: it is checked with the
    # schema around it, not for itself.
    inner: set[Node] = set()
    for kind, node in objects:
        if kind is not Kind.SCHEMA:
            continue
        members = list(_members(node))
        inner.update(members)
        if node not in inner:
            _check_required(node, report)


def _check_composition(objects: Iterable[tuple[Kind, Node]], report: Report) -> None:
    """Report the first schema that is composed of others on too many levels."""
    depths: dict[Node, int] = {}
    for kind, node in objects:
        if kind is Kind.SCHEMA and "allOf" in node:
            if _depth(node, depths) > _DEEPEST_COMPOSITION:
                report.error(
                    "too-deep",
                    "this schema is composed of others through more than"
                    f" {_DEEPEST_COMPOSITION} levels of allOf",
                    node,
                    "refer to what it is composed of directly",
                )
                return


def _depth(schema: Node, depths: dict[Node, int]) -> int:
    """How many levels of allOf a schema has; those already known are in `depths`."""
    stack = [schema]
    while stack:
        node = stack[-1]
        inner = _composed_of(node)
        if node not in depths:
            # Also for what is met again below itself, which is told elsewhere.
            depths[node] = 0
            stack += [it for it in inner if it not in depths]
            continue
        stack.pop()
        depths[node] = max((depths[it] + 1 for it in inner), default=0)
    return depths[schema]


def _composed_of(schema: Node) -> list[Node]:
    members = schema.get("allOf")
    return [it.follow() for it in members.elements()] if members is not None else []


def _members(schema: Node) -> Iterator[Node]:
    for keyword in _SAME_VALUE:
        field = schema.get(keyword)
        if field is not None:
            yield field
            yield from field.elements()


def _check_required(schema: Node, report: Report) -> None:
    known: dict[str, Node] | None = None
    stack = [schema]
    while stack:
        node = stack.pop()
        stack.extend(_members(node))
        own = node.get("properties")
        for entry in _required(node):
            name = entry.value
            if not isinstance(name, str) or (own is not None and name in own):
                continue
            if known is None:
                known = properties_of(schema)
                if known is None:
                    return
            if name not in known and not _is_open(node):
                _report(name, entry, known, report)


def _required(schema: Node) -> Iterator[Node]:
    required = schema.get("required")
    if required is not None:
        yield from required.elements()


def _is_open(schema: Node) -> bool:
    """Whether the schema says that properties of any name may be there."""
    if "patternProperties" in schema:
        return True
    additional = schema.get("additionalProperties")
    return additional is not None and additional.value is not False


def _report(name: str, entry: Node, known: Iterable[str], report: Report) -> None:
    report.warning(
        "required-without-property",
        f"{excerpt(name)} is required, but no such property is declared",
        entry,
        did_you_mean(name, known, "it is ignored", cutoff=0.75),
    )
