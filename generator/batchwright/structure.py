"""The structure of OpenAPI: which field of which object holds what.

The one table that the reader of references, the resolver and the rules share. Fields
that hold data instead of structure (`example`, `default`, `enum`, `const`, unknown
extensions) are missing here on purpose: nothing in them is a reference or a schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, StrEnum

from msgspec import Struct

from batchwright.document import Document, Node, Pointer


class Kind(StrEnum):
    """What an object of the document is; the value is how messages call it."""

    OPENAPI = "OpenAPI object"
    INFO = "info object"
    COMPONENTS = "components object"
    SERVER = "server"
    TAG = "tag"
    PATH_ITEM = "path item"
    OPERATION = "operation"
    PARAMETER = "parameter"
    REQUEST_BODY = "request body"
    RESPONSE = "response"
    HEADER = "header"
    MEDIA_TYPE = "media type"
    ENCODING = "encoding"
    EXAMPLE = "example"
    LINK = "link"
    CALLBACK = "callback"
    SECURITY_SCHEME = "security scheme"
    SCHEMA = "schema"
    DISCRIMINATOR = "discriminator"
    EXTENSION = "extension"

    @property
    def one(self) -> str:
        """The name with its article: an operation."""
        return f"an {self}" if self[0] in "AEIOaeio" else f"a {self}"


class Shape(Enum):
    """How many objects of a kind stand at a place."""

    ONE = "one"
    LIST = "list"
    MAP = "map"
    # Fields whose names begin with `x-` are extensions there, not entries.
    EXTENSIBLE_MAP = "extensible map"
    # Where the media type was forgotten, a schema stands among media types.
    CONTENT = "content"
    # `items` was a list of schemas before JSON Schema 2020-12.
    ONE_OR_LIST = "one or list"


class Part(Struct, frozen=True, eq=False):
    """One object of a kind, or a container of them."""

    kind: Kind
    shape: Shape


ONE = {kind: Part(kind, Shape.ONE) for kind in Kind}
_LIST = {kind: Part(kind, Shape.LIST) for kind in Kind}
_MAP = {kind: Part(kind, Shape.MAP) for kind in Kind}
_EXTENSIBLE = {kind: Part(kind, Shape.EXTENSIBLE_MAP) for kind in Kind}

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

# The section of `components` that holds objects of a kind. Path items are always put in
# place instead.
SECTIONS = {
    Kind.SCHEMA: "schemas",
    Kind.RESPONSE: "responses",
    Kind.PARAMETER: "parameters",
    Kind.EXAMPLE: "examples",
    Kind.REQUEST_BODY: "requestBodies",
    Kind.HEADER: "headers",
    Kind.SECURITY_SCHEME: "securitySchemes",
    Kind.LINK: "links",
    Kind.CALLBACK: "callbacks",
}
KIND_OF_SECTION = {section: kind for kind, section in SECTIONS.items()} | {
    "pathItems": Kind.PATH_ITEM,
    "mediaTypes": Kind.MEDIA_TYPE,
}

_CONTENT = {
    "content": Part(Kind.MEDIA_TYPE, Shape.CONTENT),
}
# Swagger 2.0 had it there, and so have many documents.
_OLD_CONTENT = {"schema": ONE[Kind.SCHEMA]}
_PARAMETER = _CONTENT | {
    "schema": ONE[Kind.SCHEMA],
    "examples": _MAP[Kind.EXAMPLE],
}

FIELDS: dict[Kind, dict[str, Part]] = {
    Kind.OPENAPI: {
        "info": ONE[Kind.INFO],
        "servers": _LIST[Kind.SERVER],
        "paths": _EXTENSIBLE[Kind.PATH_ITEM],
        "webhooks": _MAP[Kind.PATH_ITEM],
        "components": ONE[Kind.COMPONENTS],
        "tags": _LIST[Kind.TAG],
        "x-retry": ONE[Kind.EXTENSION],
        "x-rate-limit": ONE[Kind.EXTENSION],
        "x-error": ONE[Kind.EXTENSION],
        "x-behaviour": ONE[Kind.EXTENSION],
    },
    Kind.COMPONENTS: {section: _MAP[kind] for section, kind in KIND_OF_SECTION.items()},
    Kind.TAG: {
        "x-bound-parameters": ONE[Kind.EXTENSION],
        "x-record-type": ONE[Kind.EXTENSION],
    },
    Kind.SECURITY_SCHEME: {"x-environment-variable": ONE[Kind.EXTENSION]},
    Kind.PATH_ITEM: {
        **dict.fromkeys(METHODS, ONE[Kind.OPERATION]),
        "additionalOperations": _MAP[Kind.OPERATION],
        "parameters": _LIST[Kind.PARAMETER],
        "servers": _LIST[Kind.SERVER],
    },
    Kind.OPERATION: {
        "parameters": _LIST[Kind.PARAMETER],
        "requestBody": ONE[Kind.REQUEST_BODY],
        "responses": _EXTENSIBLE[Kind.RESPONSE],
        "callbacks": _MAP[Kind.CALLBACK],
        "servers": _LIST[Kind.SERVER],
        "x-batch": ONE[Kind.EXTENSION],
    },
    Kind.PARAMETER: _PARAMETER,
    Kind.HEADER: _PARAMETER,
    Kind.REQUEST_BODY: _CONTENT | _OLD_CONTENT,
    Kind.RESPONSE: _CONTENT
    | _OLD_CONTENT
    | {"headers": _MAP[Kind.HEADER], "links": _MAP[Kind.LINK]},
    Kind.MEDIA_TYPE: {
        "schema": ONE[Kind.SCHEMA],
        "itemSchema": ONE[Kind.SCHEMA],
        "examples": _MAP[Kind.EXAMPLE],
        "encoding": _MAP[Kind.ENCODING],
        "prefixEncoding": _LIST[Kind.ENCODING],
        "itemEncoding": ONE[Kind.ENCODING],
    },
    Kind.ENCODING: {"headers": _MAP[Kind.HEADER]},
    Kind.LINK: {"server": ONE[Kind.SERVER]},
    Kind.SCHEMA: {
        **dict.fromkeys(
            ("properties", "patternProperties", "dependentSchemas", "$defs"),
            _MAP[Kind.SCHEMA],
        ),
        "definitions": _MAP[Kind.SCHEMA],
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _LIST[Kind.SCHEMA]),
        **dict.fromkeys(
            (
                "additionalProperties",
                "additionalItems",
                "contains",
                "contentSchema",
                "else",
                "if",
                "not",
                "propertyNames",
                "then",
                "unevaluatedItems",
                "unevaluatedProperties",
            ),
            ONE[Kind.SCHEMA],
        ),
        "items": Part(Kind.SCHEMA, Shape.ONE_OR_LIST),
        "discriminator": ONE[Kind.DISCRIMINATOR],
    },
}

# Objects whose fields are all of one kind, whatever they are called.
_CALLBACK = _EXTENSIBLE[Kind.PATH_ITEM]


def inner_parts(part: Part, node: Node) -> list[tuple[Part, Node]]:
    """What stands directly inside of a part, in document order.

    What is not of the expected type (a list where a mapping should be) is left out.
    """
    shape, kind, value = part.shape, part.kind, node.value
    one = ONE[kind]
    if kind is Kind.EXTENSION:
        fields = [(one, inner) for _, inner in node.items()]
        return fields or [(one, inner) for inner in node.elements()]
    if shape is Shape.MAP:
        return [(one, inner) for _, inner in node.items()]
    if shape is Shape.CONTENT:
        return [(_part_within(part, name) or one, it) for name, it in node.items()]
    if shape is Shape.EXTENSIBLE_MAP:
        return [(one, it) for name, it in node.items() if not name.startswith("x-")]
    if shape is Shape.LIST or isinstance(value, list):
        return [(one, inner) for inner in node.elements()]
    if kind is Kind.CALLBACK:
        return inner_parts(_CALLBACK, node)
    known = FIELDS.get(kind)
    # Most objects are schemas that hold no others, which is found out at once.
    if known is None or not isinstance(value, dict) or known.keys().isdisjoint(value):
        return []
    return [
        (known[name], node.within(name, inner))
        for name, inner in value.items()
        if name in known
    ]


def part_at(pointer: Pointer) -> Part | None:
    """What stands at a pointer of an OpenAPI document; None where that is open."""
    part: Part | None = ONE[Kind.OPENAPI]
    for token in pointer:
        if part is None:
            return None
        part = _part_within(part, token)
    return part


def _part_within(part: Part, token: str) -> Part | None:
    shape, kind = part.shape, part.kind
    if shape in (Shape.MAP, Shape.LIST) or kind is Kind.EXTENSION:
        return ONE[kind]
    if shape is Shape.CONTENT:
        return ONE[Kind.SCHEMA if token == "schema" else kind]
    if shape is Shape.EXTENSIBLE_MAP:
        return None if token.startswith("x-") else ONE[kind]
    if shape is Shape.ONE_OR_LIST and token.isdecimal():
        return ONE[kind]
    if kind is Kind.CALLBACK:
        return _part_within(_CALLBACK, token)
    return FIELDS.get(kind, {}).get(token)


def methods_of(item: Node) -> Iterator[tuple[str, Node]]:
    """The operations of a path item, by their methods as they are sent."""
    for method in METHODS:
        node = item.get(method)
        if node is not None:
            yield method.upper(), node
    additional = item.get("additionalOperations")
    yield from additional.items() if additional else ()


def walk(document: Document) -> Iterator[tuple[Kind, Node]]:
    """Every object of the root tree with its kind, in document order, refs unfollowed.

    Containers are passed through; an alias of YAML is visited where it stands.
    """
    objects: tuple[tuple[Kind, Node], ...] | None = document.found.get(walk)
    if objects is None:
        objects = document.found[walk] = tuple(_walk(document))
    return iter(objects)


def outermost_schemas(document: Document) -> Iterator[Node]:
    """Every schema that does not stand inside of another one, in document order."""
    within: Pointer | None = None
    for kind, node in walk(document):
        # What stands inside comes right behind.
        if within is not None and node.pointer[: len(within)] == within:
            continue
        within = None
        if kind is Kind.SCHEMA:
            within = node.pointer
            yield node


def _walk(document: Document) -> Iterator[tuple[Kind, Node]]:
    stack: list[tuple[Part, Node]] = [(ONE[Kind.OPENAPI], document.root)]
    while stack:
        part, node = stack.pop()
        if part.shape is Shape.ONE or (
            part.shape is Shape.ONE_OR_LIST and not isinstance(node.value, list)
        ):
            yield part.kind, node
        stack += reversed(inner_parts(part, node))
