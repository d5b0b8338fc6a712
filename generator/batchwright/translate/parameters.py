"""The parameters of an operation, as the arguments of its method."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.hints import hint_in
from batchwright.translate.limits import limits_of
from batchwright.translate.media import json_of
from batchwright.translate.reading import docs_of, said
from batchwright.translate.schemas import Schemas
from batchwright.translate.types import constant

_DEFAULT_STYLES = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
    "querystring": "form",
}
#: Headers of which OpenAPI says that they are described elsewhere.
_OWN_HEADERS = {"accept", "content-type", "authorization"}
#: What the methods call their other arguments, and what annotations are made of.
_RESERVED = {"body", "dt", "headers", "on_answer", "options", "timeout"}
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


def parameters_of(
    operation: Node,
    shared: Node | None,
    batch: ir.Batch | None,
    schemas: Schemas,
    report: Report,
    hint: str,
    told: str,
) -> tuple[tuple[ir.Parameter, ...], ir.Batch | None]:
    """The parameters of an operation, and its batch with arguments that go with them.

    Both become arguments of one method, so that their names are settled together.
    `told` is how messages and pins call the operation.
    """
    nodes = _merged(shared, operation.get("parameters"))
    arguments = (batch.inputs, *batch.options) if batch else ()
    keys = [*nodes, *((_BODY, argument.field.wire_name) for argument in arguments)]
    settled = schemas.declarations.pins.settle(
        (naming.Wish(key=k, wire=k[1], candidates=_candidates(k)) for k in keys),
        lambda key: f"{told} {key[1]}",
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
    given_first = tuple(sorted(parameters, key=lambda p: not p.has_to_be_given))
    if batch is None:
        return given_first, None
    inputs, *options = (
        replace(argument, name=settled.names[_BODY, argument.field.wire_name])
        for argument in arguments
    )
    return given_first, replace(batch, inputs=inputs, options=tuple(options))


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
    media = json_of(content)
    if media is not None:
        schema = media[1].get("schema")
    elif content is not None and place == "querystring":
        schema = next((each.get("schema") for _, each in content.items()), None)
    hint = hint_in(node, "Parameter", hint + naming.pascal(wire))
    required = place == "path" or keywords.get("required") is True
    fixed = schemas.only_value(schema) if schema and required else None
    if fixed is not None:
        type_ = constant(fixed)
    else:
        type_ = schemas.type_of(schema, hint) if schema else ir.ANY
    if content is not None and media is None and place != "querystring":
        # Whatever the media type is, the caller writes it.
        type_ = ir.Primitive(name="str")
    default = said(schema).get("default") if schema else None
    style = keywords.get("style", _DEFAULT_STYLES[place])
    explodes = style in ("form", "cookie")
    explode = keywords.get("explode", explodes)
    return ir.Parameter(
        name=name,
        wire_name=wire,
        location=cast(ir.ParameterLocation, place),
        type=type_,
        required=required,
        style=None if style == _DEFAULT_STYLES[place] else str(style),
        explode=None if explode == explodes else bool(explode),
        allow_reserved=keywords.get("allowReserved") is True,
        as_json=media is not None,
        default=default if isinstance(default, str) else None,
        constant=schemas.constant_of(type_) if required else None,
        docs=docs_of([node, *([schema] if schema else [])]),
        deprecated=keywords.get("deprecated") is True,
        limits=limits_of([schema]) if schema else (),
    )
