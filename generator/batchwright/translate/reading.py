"""What a schema says, one question at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from batchwright import ir
from batchwright.document import Node
from batchwright.translate.types import union

#: Keywords that give a schema its shape. All others describe it, or narrow its values
#: in ways that Python's types cannot say.
SHAPING = frozenset(
    {
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "contentEncoding",
        "enum",
        "format",
        "items",
        "nullable",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "properties",
        "type",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)

#: Keywords for properties and items that no other keyword names.
FURTHER = ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")

_PRIMITIVES: dict[str, ir.Type] = {
    "string": ir.Primitive(name="str"),
    "integer": ir.Primitive(name="int"),
    # Whole numbers stay whole: an id that is called a number is no 12.0.
    "number": union([ir.Primitive(name="int"), ir.Primitive(name="float")]),
    "boolean": ir.Primitive(name="bool"),
    "null": ir.NONE,
}
_FORMATS: dict[tuple[str, str], ir.Type] = {
    ("string", "date-time"): ir.Primitive(name="datetime"),
    ("string", "date"): ir.Primitive(name="date"),
    ("string", "time"): ir.Primitive(name="time"),
    # Months and years have no fixed length: such a duration stays text.
    ("string", "duration"): union(
        [ir.Primitive(name="timedelta"), ir.Primitive(name="str")]
    ),
    ("string", "uuid"): ir.Primitive(name="UUID"),
    ("string", "byte"): ir.Primitive(name="bytes"),
    ("string", "decimal"): ir.Primitive(name="Decimal"),
    ("number", "float"): ir.Primitive(name="float"),
    ("number", "double"): ir.Primitive(name="float"),
}
#: Formats that are types of Python.
TYPED_FORMATS = frozenset(format_ for _, format_ in _FORMATS)


def said(node: Node) -> dict[str, Any]:
    """The keywords of a schema; none where it is `true` or `false`."""
    return node.value if isinstance(node.value, dict) else {}


def component_name(node: Node) -> str | None:
    """The name of a component schema, None for one that stands in place."""
    if len(node.pointer) == 3 and node.pointer[:2] == ("components", "schemas"):
        return node.pointer[2]
    return None


def prose(node: Node, key: str = "description") -> str | None:
    """A text for people, None where there is nothing in it."""
    return (node.text(key) or "").strip() or None


def docs_of(nodes: Iterable[Node]) -> str | None:
    """The first description among the schemas, else the first title."""
    several = list(nodes)
    found = (prose(node, key) for key in ("description", "title") for node in several)
    return next((text for text in found if text), None)


def last(facets: Sequence[Node], *keywords: str) -> Node | None:
    """The most specific of the schemas that has one of the keywords."""
    return next(
        (f for f in reversed(facets) if any(key in said(f) for key in keywords)), None
    )


def kinds_said(node: Node) -> list[str]:
    """The JSON types that a schema itself names, null among them."""
    kinds = said(node).get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def closing(node: Node) -> frozenset[str]:
    """The keywords by which a schema says that nothing else is there."""
    return frozenset(key for key in FURTHER if said(node).get(key) is False)


def primitive(facets: Sequence[Node], kind: str) -> ir.Type:
    """The Python type of a JSON type, as its `format` has it."""
    formatted = last(facets, "format")
    if formatted is not None:
        known = _FORMATS.get((kind, str(said(formatted)["format"])))
        if known is not None:
            return known
    encoded = last(facets, "contentEncoding")
    if kind == "string" and encoded is not None:
        if str(said(encoded)["contentEncoding"]).lower() == "base64":
            return ir.Primitive(name="bytes")
    return _PRIMITIVES.get(kind, ir.ANY)


def kind_of_format(facets: Sequence[Node]) -> list[str]:
    """The JSON type that a `format` without a type belongs to."""
    formatted = last(facets, "format")
    name = str(said(formatted)["format"]) if formatted else ""
    return ["string"] if ("string", name) in _FORMATS else []


def only_requirements(options: Node) -> bool:
    """Whether the options say no shape (as in "one of a and b is required")."""
    return all(
        isinstance(option.value, dict) and not SHAPING.intersection(option.value)
        for option in options.elements()
    )
