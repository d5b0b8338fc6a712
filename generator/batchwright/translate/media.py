"""Media types: which of those that a spec offers is meant, and what each stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from batchwright.document import Document, Node
from batchwright.translate.reading import said

_COMPONENT = "#/components/schemas/"
_WILD = ("*/*", "application/*")


def kind_of(media_type: str) -> str:
    """The media type without its parameters, in lower case."""
    return media_type.split(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    kind = kind_of(media_type)
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def is_text(media_type: str) -> bool:
    kind = kind_of(media_type)
    return kind.startswith("text/") and kind not in ("text/event-stream", "text/json")


def is_form(media_type: str) -> bool:
    return kind_of(media_type) == "application/x-www-form-urlencoded"


def is_multipart(media_type: str) -> bool:
    return kind_of(media_type).startswith("multipart/")


def json_of(content: Node | None) -> tuple[str, Node] | None:
    """The JSON among the media types: application/json before any +json.

    "Any media type" is JSON, too, unless its schema says that it is bytes.
    """
    media = dict(content.items()) if content else {}
    for name, node in media.items():
        if kind_of(name) == "application/json":
            return name, node
    for name, node in media.items():
        if is_json(name):
            return "application/json" if "*" in name else name, node
    for name, node in media.items():
        schema = node.get("schema")
        if kind_of(name) in _WILD and not (schema and is_binary(schema.follow())):
            return "application/json", node
    return None


def is_binary(schema: Node) -> bool:
    """Whether a schema says that a value is bytes, not text."""
    keywords = said(schema)
    if keywords.get("type") not in (None, "string", ["string"], ["string", "null"]):
        return False
    encoded = keywords.get("contentEncoding")
    media_type = keywords.get("contentMediaType")
    return (
        keywords.get("format") == "binary"
        or encoded == "binary"
        or (encoded is None and isinstance(media_type, str) and not is_text(media_type))
    )


def only_in_multipart(document: Document) -> frozenset[str]:
    """The component schemas to which nothing refers but bodies of several parts."""
    known: frozenset[str] | None = document.found.get(only_in_multipart)
    if known is None:
        known = document.found[only_in_multipart] = _only_in_multipart(document)
    return known


def _only_in_multipart(document: Document) -> frozenset[str]:
    everywhere: Counter[str] = Counter()
    in_parts: Counter[str] = Counter()
    for value, key in _values(document.root.value):
        ref = value.get("$ref")
        if isinstance(ref, str):
            everywhere[ref] += 1
        schema = value.get("schema")
        if is_multipart(key) and isinstance(schema, dict):
            in_parts[str(schema.get("$ref"))] += 1
    return frozenset(
        ref.removeprefix(_COMPONENT)
        for ref, count in in_parts.items()
        if ref.startswith(_COMPONENT) and everywhere[ref] == count
    )


def _values(root: object) -> Iterator[tuple[dict[str, object], str]]:
    """Every mapping in the document's data, with its key."""
    waiting: list[tuple[object, str]] = [(root, "")]
    while waiting:
        value, key = waiting.pop()
        if isinstance(value, dict):
            yield value, key
            waiting += [(inner, name) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(inner, "") for inner in value]
