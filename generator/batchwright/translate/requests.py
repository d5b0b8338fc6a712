"""One operation's request and answers: parameters, body, responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.reading import docs_of, prose, said
from batchwright.translate.schemas import Schemas
from batchwright.translate.types import union

_DEFAULT_STYLES = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
}
#: Headers of which OpenAPI says that they are described elsewhere.
_OWN_HEADERS = {"accept", "content-type", "authorization"}
#: What the methods call their other arguments, and what annotations are made of.
_RESERVED = {"body", "dt", "headers", "options", "timeout"}
#: The options of batch methods; nothing else there can be called the same.
_BATCH_OPTIONS = {
    "attempts",
    "concurrency",
    "deadline",
    "in_order",
    "isolate",
    "max_wait",
    "on_progress",
}
#: Where the body's fields are found among the parameters' places.
_BODY = "body"
_SUCCESS = re.compile(r"2\d\d|2[xX]{2}")


def parameters_of(
    operation: Node,
    shared: Node | None,
    batch: ir.Batch | None,
    schemas: Schemas,
    report: Report,
    hint: str,
) -> tuple[tuple[ir.Parameter, ...], ir.Batch | None]:
    """The parameters of an operation, and its batch with arguments that go with them.

    Both become arguments of one method, so that their names are settled together.
    """
    nodes = _merged(shared, operation.get("parameters"))
    arguments = (batch.inputs, *batch.options) if batch else ()
    keys = [*nodes, *((_BODY, argument.field.wire_name) for argument in arguments)]
    settled = naming.settle(
        (naming.Wish(key=k, wire=k[1], candidates=_candidates(k)) for k in keys),
        reserved=_RESERVED | _BATCH_OPTIONS if batch else _RESERVED,
    )
    for group in settled.unsettled:
        report.error(
            "name-collision",
            f"the parameters {', '.join(f'`{wire}`' for _, wire in group)} all become"
            f" the argument `{settled.names[group[0]]}`",
            operation,
            hint="rename one of them",
        )
    parameters = [
        _parameter(node, settled.names[key], key, schemas, report, hint)
        for key, node in nodes.items()
    ]
    required_first = tuple(sorted(parameters, key=lambda p: not p.required))
    if batch is None:
        return required_first, None
    inputs, *options = (
        replace(argument, name=settled.names[_BODY, argument.field.wire_name])
        for argument in arguments
    )
    return required_first, replace(batch, inputs=inputs, options=tuple(options))


def _merged(*lists: Node | None) -> dict[tuple[str, str], Node]:
    """Parameters by place and name; those of the operation replace the path's."""
    merged: dict[tuple[str, str], Node] = {}
    for several in lists:
        for entry in several.elements() if several else ():
            node = entry.follow()
            place, wire = str(node.text("in")), str(node.text("name"))
            if place == "header" and wire.lower() in _OWN_HEADERS:
                continue
            merged[place, wire] = node
    return merged


def _candidates(key: tuple[str, str]) -> tuple[str, ...]:
    place, wire = key
    plain = naming.attribute(wire, lead="parameter")
    first, *_ = plain
    return tuple(dict.fromkeys((first, f"{first}_{place}", *plain[1:])))


def _parameter(
    node: Node,
    name: str,
    key: tuple[str, str],
    schemas: Schemas,
    report: Report,
    hint: str,
) -> ir.Parameter:
    place, wire = key
    keywords = said(node)
    schema, content = node.get("schema"), node.get("content")
    media = _json(content)
    if media is not None:
        schema = media[1].get("schema")
    elif content is not None:
        report.error(
            "unsupported-media-type",
            f"a parameter of {_media_types(content)} is not supported yet",
            content,
            hint="describe it by a schema, or as application/json",
        )
    default = said(schema).get("default") if schema else None
    style = keywords.get("style", _DEFAULT_STYLES[place])
    explode = keywords.get("explode", style == "form")
    return ir.Parameter(
        name=name,
        wire_name=wire,
        location=cast(ir.ParameterLocation, place),
        type=schemas.type_of(schema, hint + naming.pascal(wire)) if schema else ir.ANY,
        required=place == "path" or keywords.get("required") is True,
        style=None if style == _DEFAULT_STYLES[place] else str(style),
        explode=None if explode == (style == "form") else bool(explode),
        allow_reserved=keywords.get("allowReserved") is True,
        as_json=media is not None,
        default=default if isinstance(default, str) else None,
        docs=docs_of([node, *([schema] if schema else [])]),
        deprecated=keywords.get("deprecated") is True,
    )


def body_of(
    operation: Node, schemas: Schemas, report: Report, hint: str
) -> ir.Body | None:
    """What the operation's requests carry, or None."""
    entry = operation.get("requestBody")
    if entry is None:
        return None
    node = entry.follow()
    content = node.get("content")
    chosen = _json(content) or _raw(content)
    if chosen is None:
        report.error(
            "unsupported-media-type",
            f"a body of {_media_types(content)} is not supported yet",
            content or node,
            hint="describe a body of application/json",
        )
        return None
    media_type, media = chosen
    schema = media.get("schema")
    type_: ir.Type
    if _json(content) is None:
        type_ = _payload([media_type])
    else:
        type_ = schemas.type_of(schema, f"{hint}Body") if schema else ir.ANY
    return ir.Body(
        type=type_,
        media_type=media_type,
        required=said(node).get("required") is True,
        takes_mapping=schemas.struct(type_) is not None,
        docs=prose(node),
    )


def responses_of(
    operation: Node, schemas: Schemas, hint: str
) -> tuple[ir.Response, ...]:
    """The documented answers of success.

    `default` counts as one only where no status of success is documented.
    """
    responses = operation.get("responses")
    entries = dict(responses.items()) if responses else {}
    successes = [status for status in entries if _SUCCESS.fullmatch(status)]
    if not successes and not any(status[0] == "1" for status in entries):
        successes = [status for status in entries if status == "default"]
    return tuple(
        _response(status, entries[status].follow(), schemas, hint)
        for status in sorted(successes)
    )


def _response(status: str, node: Node, schemas: Schemas, hint: str) -> ir.Response:
    content = node.get("content")
    type_: ir.Type | None = None
    if content is not None and content.value:
        chosen = _json(content)
        if chosen is not None:
            schema = chosen[1].get("schema")
            type_ = schemas.type_of(schema, f"{hint}Response") if schema else ir.ANY
        else:
            type_ = _payload([name for name, _ in content.items()])
    return ir.Response(
        status=int(status) if status.isdigit() else _range(status),
        type=type_,
        docs=prose(node),
    )


def _range(status: str) -> str:
    return status if status == "default" else status.upper()


def returns_of(responses: Iterable[ir.Response]) -> ir.Type:
    """What a method returns: any of the successes."""
    types = [r.type if r.type is not None else ir.NONE for r in responses]
    return union(types or [ir.NONE])


def _json(content: Node | None) -> tuple[str, Node] | None:
    """The JSON among the media types: application/json before any +json."""
    media = dict(content.items()) if content else {}
    plain = [(name, name.split(";")[0].strip().lower()) for name in media]
    for wanted in (
        lambda kind: kind == "application/json",
        lambda kind: kind.endswith("+json"),
        lambda kind: kind in ("*/*", "application/*"),
    ):
        for name, kind in plain:
            if wanted(kind):
                sent = "application/json" if "*" in kind else name
                return sent, media[name]
    return None


def _raw(content: Node | None) -> tuple[str, Node] | None:
    """The first media type whose bytes are handed on as they are."""
    for name, media in content.items() if content else ():
        kind = name.lower()
        if not kind.startswith(("application/x-www-form-urlencoded", "multipart/")):
            return name, media
    return None


def _payload(media_types: Sequence[str]) -> ir.Payload:
    is_text = all(name.lower().startswith("text/") for name in media_types)
    return ir.Payload(kind="text" if is_text else "binary")


def _media_types(content: Node | None) -> str:
    names = [f"`{name}`" for name, _ in content.items()] if content else []
    return " or ".join(names) or "no media type"
