"""The answers of an operation, and what its method returns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from batchwright import ir
from batchwright.document import Node
from batchwright.translate.hints import hint_in
from batchwright.translate.media import is_text, json_of, kind_of
from batchwright.translate.reading import prose
from batchwright.translate.schemas import Schemas
from batchwright.translate.types import union

#: Media types of which each piece has a meaning, and that need not end.
_ENDLESS = {
    "application/json-seq",
    "application/jsonl",
    "application/x-ndjson",
    "text/event-stream",
}
#: What a header can hold.
_SENT = re.compile(r"[ -~]+/[ -~]+")
_SUCCESS = re.compile(r"2\d\d|2[xX]{2}")


def responses_of(
    operation: Node, schemas: Schemas, hint: str
) -> tuple[ir.Response, ...]:
    """The documented answers of success."""
    return tuple(
        _response(status, node, schemas, hint_in(node, "Response", f"{hint}Response"))
        for status, node in _successes(operation)
    )


def errors_of(operation: Node, schemas: Schemas, hint: str) -> tuple[ir.Response, ...]:
    """The documented answers of failure that have a body of JSON."""
    found = [
        _response(status, node, schemas, hint_in(node, "Error", hint + _error(status)))
        for status, node in _entries(operation).items()
        if status == "default" or status[:1] in ("3", "4", "5")
        if json_of(node.get("content")) is not None
    ]
    typed = [error for error in found if error.type not in (None, ir.ANY)]
    return tuple(sorted(typed, key=lambda error: str(error.status)))


def headers_of(operation: Node) -> tuple[ir.Header, ...]:
    """The documented headers of the answers of success, each once."""
    found: dict[str, ir.Header] = {}
    for _, response in _successes(operation):
        headers = response.get("headers")
        for name, entry in headers.items() if headers else ():
            header = ir.Header(wire_name=name, docs=prose(entry.follow()))
            if name.lower() != "content-type":
                found.setdefault(name.lower(), header)
    return tuple(found.values())


def _error(status: str) -> str:
    """What the body of an error is called, behind the name of the operation."""
    return "Error" if status == "default" else f"{status.upper()}Error"


def _entries(operation: Node) -> dict[str, Node]:
    """What may be answered, by status."""
    responses = operation.get("responses")
    entries = responses.items() if responses else ()
    return {status: node.follow() for status, node in entries}


def _successes(operation: Node) -> list[tuple[str, Node]]:
    """`default` counts as one only where no status of success is documented."""
    entries = _entries(operation)
    successes = [status for status in entries if _SUCCESS.fullmatch(status)]
    if not successes and not any(status[:1] == "1" for status in entries):
        successes = [status for status in entries if status == "default"]
    return [(status, entries[status]) for status in sorted(successes)]


def stream_of(operation: Node, name: str) -> ir.Stream | None:
    """The way to have the body of an answer as it comes, if it is worth that.

    `name` is what it is called beside the method that waits for the whole.
    """
    contents = [node.get("content") for _, node in _successes(operation)]
    kinds = [kind for content in contents if content for kind, _ in content.items()]
    events = [kind for kind in kinds if kind_of(kind) in _ENDLESS]
    if events:
        alone = len(events) == len(kinds)
        return ir.Stream(
            name=name, accept=", ".join(dict.fromkeys(events)), alone=alone
        )
    binary = [
        kind
        for content in contents
        if content and json_of(content) is None
        for kind, _ in content.items()
        if not is_text(kind)
    ]
    accept = ", ".join(dict.fromkeys(binary))
    return ir.Stream(name=name, accept=accept, alone=False) if binary else None


def _response(status: str, node: Node, schemas: Schemas, hint: str) -> ir.Response:
    content = node.get("content")
    type_: ir.Type | None = None
    media_types: tuple[str, ...] = ()
    if content is not None and content.value:
        chosen = json_of(content)
        names = [chosen[0]] if chosen else [name for name, _ in content.items()]
        media_types = tuple(_asked(name) for name in names if _SENT.fullmatch(name))
        if chosen is not None:
            schema = chosen[1].get("schema")
            type_ = schemas.type_of(schema, hint) if schema else ir.ANY
        else:
            type_ = _payload(names)
    return ir.Response(
        status=int(status) if status.isdigit() else _range(status),
        type=type_,
        media_types=media_types,
        docs=prose(node),
    )


def _asked(media_type: str) -> str:
    """How an answer of a media type is asked for; JSON is simply that."""
    plain = kind_of(media_type) == "application/json"
    return "application/json" if plain else media_type.strip()


def _range(status: str) -> str:
    return status if status == "default" else status.upper()


def returns_of(responses: Iterable[ir.Response]) -> ir.Type:
    """What a method returns: any of the successes."""
    types = [r.type if r.type is not None else ir.NONE for r in responses]
    return union(types or [ir.NONE])


def _payload(media_types: Sequence[str]) -> ir.Payload:
    as_text = all(is_text(name) for name in media_types)
    return ir.Payload(kind="text" if as_text else "binary")
