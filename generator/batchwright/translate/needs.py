"""What the module of a resource imports: models, other types, and the runtime."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from batchwright import ir, naming
from batchwright.translate.types import has_discriminator, is_file

#: What a module takes from the runtime for batch operations.
_BATCH_RUNTIME = {
    "AnyInputs",
    "AsyncOutcomeStream",
    "BatchOperation",
    "BatchOptions",
    "BatchResult",
    "Inputs",
    "OutcomeStream",
    "StreamOptions",
}


def types_of(operation: ir.Operation) -> Iterator[ir.Type]:
    """Every type that the operation's method names."""
    yield operation.returns
    for parameter in operation.parameters:
        yield parameter.type
    for response in (*operation.responses, *operation.errors):
        if response.type is not None:
            yield response.type
    for body in operation.body.formats if operation.body else ():
        yield body.type
    if operation.batch is not None:
        yield operation.batch.batching.input
        if operation.batch.batching.result is not None:
            yield operation.batch.batching.result
        for option in operation.batch.options:
            yield option.field.type


def imports_of(
    operations: Collection[ir.Operation], shadowed: Collection[str]
) -> Iterator[ir.Import]:
    """What the module needs beside what its types do."""
    yield ir.Import(module="typing", names=("Unpack",))
    if any(
        operation.body and operation.body.takes_mapping and not operation.batch
        for operation in operations
    ):
        yield ir.Import(module="collections.abc", names=("Mapping",))
    if any(
        isinstance(type_, ir.Payload) or has_discriminator(type_)
        for o in operations
        for type_ in types_of(o)
    ):
        yield ir.Import(module="typing", names=("Annotated",))
    if shadowed:
        yield ir.Import(module="builtins")


def runtime_of(operations: Collection[ir.Operation]) -> tuple[str, ...]:
    """What the module takes from the runtime."""
    names = {"CallOptions"}
    if any(operation.batch for operation in operations):
        names |= {"AsyncBatchResource", "SyncBatchResource"}
    else:
        names |= {"AsyncResource", "SyncResource"}
    for operation in operations:
        names |= _BATCH_RUNTIME if operation.batch else {"Operation"}
        if operation.parameters:
            names.add("Parameter")
        if operation.stream:
            names |= {"AsyncByteStream", "ByteStream"}
        if operation.deprecated:
            names.add("deprecated")
        options = operation.batch.options if operation.batch else ()
        if (
            any(not option.field.required for option in options)
            or any(not argument.required for argument in operation.arguments)
            or (operation.body and not operation.body.required)
        ):
            names |= {"UNSET", "UnsetType"}
        names |= _body_runtime(operation.body)
        for type_ in types_of(operation):
            if isinstance(type_, ir.Payload):
                names.add(type_.kind.upper())
            if is_file(type_):
                names.add("FileContent")
            if has_discriminator(type_):
                names.add("Discriminator")
    return tuple(sorted(names, key=naming.listing_order))


def _body_runtime(body: ir.Body | None) -> set[str]:
    """What a body is written with, where it is not JSON alone."""
    if body is None or body.is_plain:
        return set()
    names: set[str] = {each.format for each in body.formats}
    if body.others:
        names.add("BodyChoice")
    if any(each.encodings for each in body.formats):
        names.add("Encoding")
    return names
