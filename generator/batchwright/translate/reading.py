"""What a schema says, one question at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from batchwright import ir, naming
from batchwright.document import Node

#: Keywords that give a schema its shape. All others describe it, or narrow its values
#: in ways that Python's types cannot say.
SHAPING = frozenset(
    {
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "enum",
        "format",
        "items",
        "nullable",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "properties",
        "type",
    }
)
_OBJECT_KEYWORDS = ("properties", "additionalProperties", "patternProperties")

_PRIMITIVES: dict[str, ir.PrimitiveName] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}
_FORMATS: dict[str, ir.PrimitiveName] = {
    "date-time": "datetime",
    "date": "date",
    "time": "time",
    "duration": "timedelta",
    "uuid": "UUID",
    "byte": "bytes",
    "decimal": "Decimal",
}


def said(node: Node) -> dict[str, Any]:
    """The keywords of a schema; none where it is `true` or `false`."""
    return node.value if isinstance(node.value, dict) else {}


def component_name(node: Node) -> str | None:
    """The name of a component schema, None for one that stands in place."""
    if len(node.pointer) == 3 and node.pointer[:2] == ("components", "schemas"):
        return node.pointer[2]
    return None


def hint_of(node: Node, suffix: str, otherwise: str) -> str:
    """What the classes are named after that stand in a part of an operation.

    That is the part itself where several operations share it, so that none of these
    names the classes of the others.
    """
    shared, section = node.pointer[:1] == ("components",), node.pointer[2:3]
    if shared and section:
        name = naming.pascal(section[0])
        return name if name.endswith(suffix) else name + suffix
    return otherwise


def prose(node: Node, key: str = "description") -> str | None:
    """A text for people, None where there is nothing in it."""
    return (node.text(key) or "").strip() or None


def docs_of(nodes: Iterable[Node]) -> str | None:
    """The first description among the schemas, else the first title."""
    several = list(nodes)
    found = (prose(node, key) for key in ("description", "title") for node in several)
    return next((text for text in found if text), None)


def only_reference(node: Node) -> Node | None:
    """What the schema refers to, if it is a reference and nothing else.

    An `allOf` with one member and no shape of its own is one too: that is how 3.0 puts
    a description, or null, beside a reference.
    """
    while True:
        shaping = SHAPING.intersection(said(node)) - {"nullable"}
        if shaping == {"$ref"}:
            return node.follow()
        if shaping != {"allOf"} or len(said(node)["allOf"]) != 1:
            return None
        (node,) = node["allOf"].elements()


def last(facets: Sequence[Node], *keywords: str) -> Node | None:
    """The most specific of the schemas that has one of the keywords."""
    return next(
        (f for f in reversed(facets) if any(key in said(f) for key in keywords)), None
    )


def properties_of(facets: Iterable[Node]) -> dict[str, Node]:
    """All properties; the more specific schema's word counts."""
    merged: dict[str, Node] = {}
    for facet in facets:
        properties = facet.get("properties")
        if properties is not None:
            merged |= dict(properties.items())
    return merged


def is_object(facets: Sequence[Node]) -> bool:
    """Whether the schemas together describe a JSON object (or null)."""
    typed = [kinds for kinds in map(_solid_kinds, facets) if kinds]
    if typed:
        return all(kinds == ["object"] for kinds in typed)
    return last(facets, *_OBJECT_KEYWORDS) is not None


def is_nullable(node: Node) -> bool:
    """Whether the schema itself adds null to what it describes."""
    keywords = said(node)
    kinds = keywords.get("type")
    if isinstance(kinds, list):
        return "null" in kinds and kinds != ["null"]
    if kinds is None and None in keywords.get("enum", ()):
        return True
    return keywords.get("nullable") is True


def kinds_of(facets: Sequence[Node]) -> list[str]:
    """The JSON types a value may have beside null; none where nothing is said."""
    typed = last(facets, "type")
    if typed is not None:
        return _solid_kinds(typed) or ["null"]
    if last(facets, "items", "prefixItems"):
        return ["array"]
    return ["string"] if primitive_name(facets, "string") != "str" else []


def _solid_kinds(node: Node) -> list[str]:
    kinds = said(node).get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return [kind for kind in kinds if kind != "null"]


def primitive_name(facets: Sequence[Node], kind: str) -> ir.PrimitiveName:
    """The Python type of a JSON type, as its `format` has it."""
    formatted = last(facets, "format")
    plain = _PRIMITIVES.get(kind, "Any")
    if formatted is None or kind != "string":
        return plain
    return _FORMATS.get(str(said(formatted)["format"]), plain)


def only_requirements(choice: Node) -> bool:
    """Whether the options say no shape (as in "one of a and b is required")."""
    options = [*said(choice).get("oneOf", ()), *said(choice).get("anyOf", ())]
    return all(isinstance(o, dict) and not SHAPING.intersection(o) for o in options)
