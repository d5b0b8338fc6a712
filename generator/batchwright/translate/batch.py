"""The spec's extensions: x-batch of an operation, x-error, x-retry, x-rate-limit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from batchwright import ir
from batchwright.diagnostics import Report
from batchwright.document import Document, Node
from batchwright.translate.schemas import Schemas


def batch_of(
    operation: Node,
    body: ir.Body | None,
    responses: Iterable[ir.Response],
    schemas: Schemas,
    report: Report,
) -> ir.Batch | None:
    """What `x-batch` says of an operation, with the types it speaks of."""
    node = operation.get("x-batch")
    if node is None:
        return None
    said = cast(dict[str, Any], node.value)
    struct = schemas.struct(body.type) if body else None
    fields = {f.wire_name: f for f in struct.fields} if struct else {}
    inputs = fields.get(said["inputs"])
    if inputs is None or not isinstance(inputs.type, ir.ListOf):
        report.error(
            "bad-extension",
            f"x-batch takes its inputs from the body's field `{said['inputs']}`, but"
            " the body is no object with an array of that name",
            node,
            hint="name the array of the request body that holds the inputs",
        )
        return None
    smaller = said.get("smallerLimit")
    arguments = {
        wire: ir.BodyArgument(name=field.name, field=field)
        for wire, field in fields.items()
    }
    return ir.Batch(
        inputs=arguments.pop(inputs.wire_name),
        options=tuple(arguments.values()),
        input=inputs.type.item,
        bare=_bare(schemas.struct(inputs.type.item)),
        result=_result(said.get("results"), responses, schemas),
        results=said.get("results"),
        errors=said.get("errors"),
        max_items=inputs.max_items,
        smaller_limit=smaller
        and ir.SmallerLimit(when=smaller["when"], max_items=smaller["maxItems"]),
        identity=_identity(said.get("identity")),
        correlation=_correlation(said.get("correlation")),
        repeatable=said.get("repeatable", False),
    )


def _bare(struct: ir.Struct | None) -> ir.Type | None:
    """The type that can stand for an input all of which is one required field."""
    if struct is None or len(struct.fields) != 1 or not struct.fields[0].required:
        return None
    type_ = struct.fields[0].type
    return type_ if isinstance(type_, ir.Primitive) and type_ != ir.ANY else None


def _result(
    results: str | None, responses: Iterable[ir.Response], schemas: Schemas
) -> ir.Type | None:
    for response in responses:
        struct = schemas.struct(response.type) if response.type else None
        for field in struct.fields if struct else ():
            if field.wire_name == results and isinstance(field.type, ir.ListOf):
                return field.type.item
    return None


def _identity(said: dict[str, Any] | None) -> ir.Identity | None:
    if said is None:
        return None
    return ir.Identity(
        input=said["input"],
        result=said.get("result"),
        error=said.get("error"),
        property=said.get("property"),
        properties=said.get("properties"),
        fold_case=said.get("foldCase", False),
        property_required=said.get("propertyRequired", False),
        refused_properties=tuple(said.get("refusedProperties", ())),
    )


def _correlation(said: dict[str, Any] | None) -> ir.Correlation | None:
    if said is None:
        return None
    return ir.Correlation(
        input=said["input"], result=said.get("result"), error=said.get("error")
    )


def error_fields_of(document: Document) -> ir.ErrorFields | None:
    """`x-error` of the document."""
    node = document.root.get("x-error")
    if node is None:
        return None
    return ir.ErrorFields(
        message=node.text("message"),
        category=node.text("category"),
        correlation_id=node.text("correlationId"),
        correlation_id_header=node.text("correlationIdHeader"),
    )


def retry_rules_of(document: Document) -> tuple[ir.RetryRule, ...]:
    """`x-retry` of the document."""
    node = document.root.get("x-retry")
    return tuple(
        _retry_rule(cast(dict[str, Any], rule.value))
        for rule in (node.elements() if node else ())
    )


def _retry_rule(said: dict[str, Any]) -> ir.RetryRule:
    when = said.get("when", {})
    return ir.RetryRule(
        statuses=tuple(said["statuses"]),
        field=when.get("field"),
        equals=when.get("equals"),
        wait_seconds=said.get("waitSeconds"),
        retry=said["retry"],
        honour_retry_after=said.get("honourRetryAfter", True),
    )


def rate_limit_of(document: Document) -> ir.RateLimit | None:
    """`x-rate-limit` of the document."""
    node = document.root.get("x-rate-limit")
    if node is None:
        return None
    said = cast(dict[str, Any], node.value)
    headers = said.get("headers", {})
    return ir.RateLimit(
        requests=said["defaultBudget"]["requests"],
        per_seconds=said["defaultBudget"]["perSeconds"],
        limit_header=headers.get("limit"),
        remaining_header=headers.get("remaining"),
        interval_header=headers.get("intervalMilliseconds"),
        daily_remaining_header=headers.get("dailyRemaining"),
    )
