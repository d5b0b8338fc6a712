"""What `x-batch` says, decided: how a batch is taken apart and put together."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from batchwright.ir.imports import Import
from batchwright.ir.models import Field
from batchwright.ir.types import Type


class Identity(Struct, frozen=True, kw_only=True):
    """How an input says which record it means, and where the answer says it again.

    Names are wire names; `error` is a dotted path to a list of such ids in an item of
    the errors. Where the field `property` is set (in the input or else in the body),
    the id is the value of that property, to be found in the result's map `properties`.
    """

    input: str
    result: str | None
    error: str | None
    property: str | None
    properties: str | None
    fold_case: bool
    property_required: bool
    refused_properties: tuple[str, ...]


class Correlation(Struct, frozen=True, kw_only=True):
    """A label that the client invents, unique in a request, and the answer repeats."""

    input: str
    result: str | None
    error: str | None


class SmallerLimit(Struct, frozen=True, kw_only=True):
    """Fewer inputs fit in a request where the body's field `when` is not empty."""

    when: str
    max_items: int


class BodyArgument(Struct, frozen=True, kw_only=True):
    """A field of the body as an argument of the method."""

    name: str
    field: Field


class Batching(Struct, frozen=True, kw_only=True):
    """What `x-batch` says of an operation that does one thing to many inputs.

    `inputs`, `results` and `errors` are wire names of fields of the body and of the
    answer; `input` and `result` are the types of one input and of one result. `effect`,
    `partial` and `none_found` tell how the server goes about it.
    """

    inputs: str
    input: Type
    max_items: int | None
    results: str | None
    result: Type | None
    errors: str | None
    identity: Identity | None
    correlation: Correlation | None
    smaller_limit: SmallerLimit | None
    repeatable: bool
    safe: bool
    effect: Literal["create", "read", "update", "upsert", "archive"] | None
    partial: Literal["always", "labelled", "never"] | None
    none_found: int | None


class NamedBatching(Struct, frozen=True, kw_only=True):
    """A batching as a constant that the operations share which are alike in it."""

    name: str
    batching: Batching


class Batch(Struct, frozen=True, kw_only=True):
    """The batch side of an operation: its arguments, and how it is taken apart.

    `bare` is the type of the only field of an input that has one field: then the bare
    value is accepted in its place. `iter_name` and `single_name` are the methods that
    stream the outcomes, and that send a single request.
    """

    inputs: BodyArgument
    options: tuple[BodyArgument, ...]
    bare: Type | None
    batching: Batching
    constant: str
    iter_name: str
    single_name: str


class Batchings(Struct, frozen=True, kw_only=True):
    """The batching module: each way of taking batches apart, once."""

    constants: tuple[NamedBatching, ...]
    imports: tuple[Import, ...]
    runtime: tuple[str, ...]
    models: tuple[str, ...]
