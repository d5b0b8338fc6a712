"""`x-batch` of operations: how a batch is taken apart and put together again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from msgspec.structs import replace

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.imports import imports_for
from batchwright.translate.schemas import Schemas
from batchwright.translate.types import references


def batch_of(
    operation: Node,
    method: str,
    name: str,
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
    arguments = {
        wire: ir.BodyArgument(name=field.name, field=field)
        for wire, field in fields.items()
    }
    return ir.Batch(
        inputs=arguments.pop(inputs.wire_name),
        options=tuple(arguments.values()),
        bare=_bare(schemas.struct(inputs.type.item)),
        batching=_batching(said, inputs, inputs.type.item, responses, schemas),
        constant=name.upper(),
        iter_name=f"iter_{name}",
        single_name=f"{naming.snake(method)}_{name}",
    )


def _batching(
    said: dict[str, Any],
    inputs: ir.Field,
    input_: ir.Type,
    responses: Iterable[ir.Response],
    schemas: Schemas,
) -> ir.Batching:
    smaller = said.get("smallerLimit")
    return ir.Batching(
        inputs=inputs.wire_name,
        input=input_,
        max_items=inputs.max_items,
        results=said.get("results"),
        result=_result(said.get("results"), responses, schemas),
        errors=said.get("errors"),
        identity=_identity(said.get("identity")),
        correlation=_correlation(said.get("correlation")),
        smaller_limit=smaller
        and ir.SmallerLimit(when=smaller["when"], max_items=smaller["maxItems"]),
        repeatable=said.get("repeatable", False),
        safe=said.get("safe", False),
        effect=said.get("effect"),
        partial=said.get("partial"),
        none_found=said.get("noneFound"),
    )


def shared_batchings(
    resources: Sequence[ir.Resource],
) -> tuple[tuple[ir.Resource, ...], ir.Batchings]:
    """The resources with their batchings named, and these: each way only once.

    Operations that are taken apart in the same way share a constant, named after the
    operation; where one name means several ways, the resource's goes in front.
    """
    wishes: dict[ir.Batching, naming.Wish[ir.Batching]] = {}
    for resource in sorted(resources, key=lambda r: r.name):
        for batch in _batches(resource):
            long = f"{resource.name}_{batch.constant}".upper()
            wishes.setdefault(
                batch.batching,
                naming.Wish(
                    key=batch.batching,
                    wire=batch.constant,
                    candidates=(batch.constant, long),
                ),
            )
    # Names of one level are all equal on the wire: where they collide, all move on.
    plain = [replace(wish, wire="") for wish in wishes.values()]
    names = naming.settle(plain).names
    constants = tuple(
        ir.NamedBatching(name=names[batching], batching=batching)
        for batching in sorted(names, key=lambda b: names[b])
    )
    return (
        tuple(_with_constants(resource, names) for resource in resources),
        _module(constants),
    )


def _batches(resource: ir.Resource) -> list[ir.Batch]:
    return [o.batch for o in resource.operations if o.batch is not None]


def _with_constants(
    resource: ir.Resource, names: dict[ir.Batching, str]
) -> ir.Resource:
    operations = tuple(
        replace(o, batch=o.batch and replace(o.batch, constant=names[o.batch.batching]))
        for o in resource.operations
    )
    used = {o.batch.constant for o in operations if o.batch is not None}
    return replace(resource, operations=operations, batchings=tuple(sorted(used)))


def _module(constants: Sequence[ir.NamedBatching]) -> ir.Batchings:
    ways = [constant.batching for constant in constants]
    types = [way.input for way in ways] + [w.result for w in ways if w.result]
    runtime = {"Batching"} if ways else set()
    runtime |= {"Identity"} if any(way.identity for way in ways) else set()
    runtime |= {"Correlation"} if any(way.correlation for way in ways) else set()
    runtime |= {"SmallerLimit"} if any(way.smaller_limit for way in ways) else set()
    return ir.Batchings(
        constants=tuple(constants),
        imports=imports_for(types),
        runtime=tuple(sorted(runtime)),
        models=references(types),
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
