"""The Api: everything the SDK will say, decided; the only thing a template sees.

Every name here is final Python and stands beside the name on the wire. Texts from the
spec (docs, wire names, values) are plain data: they become code only through the
renderer's filters. Nothing here knows how the spec was written, and nothing here
computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

# --- types ---------------------------------------------------------------------------

PrimitiveName: TypeAlias = Literal[
    "Any",
    "None",
    "bool",
    "int",
    "float",
    "str",
    "bytes",
    "datetime",
    "date",
    "time",
    "timedelta",
    "UUID",
    "Decimal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Primitive:
    """A type without parts. `Any` only where the spec says nothing about a value."""

    name: PrimitiveName


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralOf:
    """A constant of the spec (`const`)."""

    value: str | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """A JSON array of any length."""

    item: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class TupleOf:
    """A JSON array of fixed length with a type for each place."""

    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOf:
    """A JSON object with free keys."""

    value: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A declaration in the models module, by its Python name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discriminator:
    """The wire field whose value says which member of a union is meant."""

    wire_name: str
    mapping: tuple[tuple[str, Reference], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionOf:
    """One of several types; null is the member `Primitive(name="None")`, last."""

    options: tuple[Type, ...]
    discriminator: Discriminator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A body that is not JSON, handed on as it is."""

    kind: Literal["binary", "text"]


Type: TypeAlias = (
    Primitive | LiteralOf | ListOf | TupleOf | MapOf | Reference | UnionOf | Payload
)

ANY = Primitive(name="Any")
NONE = Primitive(name="None")


# --- models --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property of a JSON object.

    `type` already includes null where null is allowed. A field that may be left out
    has `required=False`; `default` is the constant a field has if nobody sets it.
    `max_items` is the length of the longest array that the API takes.
    """

    name: str
    wire_name: str
    type: Type
    required: bool
    default: str | int | None = None
    docs: str | None = None
    deprecated: bool = False
    max_items: int | None = None

    @property
    def renamed(self) -> bool:
        """Whether Python calls the field something else than the API."""
        return self.name != self.wire_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Struct:
    """A JSON object with known properties.

    `shadowed`: builtins that a field of this struct has the name of, so that an
    annotation in its body has to spell them `builtins.…`.
    """

    name: str
    wire_name: str
    docs: str
    fields: tuple[Field, ...]
    shadowed: tuple[str, ...] = ()
    deprecated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMember:
    """A value the spec lists, and the constant's name."""

    name: str
    value: str | int
    docs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """An open set of values: the spec lists what is known today.

    `parent` is the runtime's class for it.
    """

    name: str
    wire_name: str
    docs: str
    parent: Literal["OpenStrEnum", "OpenIntEnum"]
    members: tuple[EnumMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A named schema that is no object and no enum of its own."""

    name: str
    wire_name: str
    docs: str
    type: Type


Declaration: TypeAlias = Struct | Enum | Alias


# --- operations ----------------------------------------------------------------------

ParameterLocation: TypeAlias = Literal["path", "query", "header", "cookie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A value that travels in the path, the query, a header or a cookie.

    `style` and `explode` are None where they are what OpenAPI has for the location.
    """

    name: str
    wire_name: str
    location: ParameterLocation
    type: Type
    required: bool
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    as_json: bool = False
    default: str | None = None
    docs: str | None = None
    deprecated: bool = False

    @property
    def renamed(self) -> bool:
        """Whether Python calls the parameter something else than the API."""
        return self.name != self.wire_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a request carries.

    A method has one argument `body` for it, or, where there is `x-batch`, an argument
    for each of its fields. `takes_mapping`: it is an object, so that a mapping with the
    API's own field names can stand for the model.
    """

    type: Type
    media_type: str
    required: bool
    takes_mapping: bool
    docs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A documented answer of success: `status` is a number or a range such as `2XX`."""

    status: int | str
    type: Type | None
    docs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """A label that the client invents, unique in a request, and the answer repeats."""

    input: str
    result: str | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallerLimit:
    """Fewer inputs fit in a request where the body's field `when` is not empty."""

    when: str
    max_items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyArgument:
    """A field of the body as an argument of the method."""

    name: str
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Batching:
    """What `x-batch` says of an operation that does one thing to many inputs.

    `inputs`, `results` and `errors` are wire names of fields of the body and of the
    answer; `input` and `result` are the types of one input and of one result.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBatching:
    """A batching as a constant that the operations share which are alike in it."""

    name: str
    batching: Batching


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    `arguments` are the parameters a caller gives, required ones first; `bound` ones
    are given once, with the resource. `returns` unites the types of all successes.
    `security`: the credentials (by scheme) of which one combination is sent; None for
    all that the client has. `scopes`: what a token needs, one of these combinations.
    """

    name: str
    operation_id: str | None
    constant: str
    method: str
    path: str
    title: str
    docs: str | None
    result_docs: str | None
    arguments: tuple[Parameter, ...]
    bound: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    returns: Type
    security: tuple[tuple[str, ...], ...] | None
    scopes: tuple[tuple[str, ...], ...]
    deprecated: bool
    batch: Batch | None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters of the request, bound ones first."""
        return self.bound + self.arguments

    @property
    def has_options(self) -> bool:
        """Whether the batch's method has arguments that are given by name."""
        optional = any(not argument.required for argument in self.arguments)
        return optional or (self.batch is not None and bool(self.batch.options))

    @property
    def request_name(self) -> str:
        """The method that sends a single request."""
        return self.batch.single_name if self.batch else self.name

    @property
    def has_result(self) -> bool:
        """Whether a call can return anything but None."""
        return self.returns != NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`from module import names`, or `import module as alias` without names."""

    module: str
    names: tuple[str, ...] = ()
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The operations of one tag: a module with a class for each of the two clients.

    `factory` says that the resource is had by calling it with its bound parameters.
    `shadowed` is as in Struct, by method names.
    """

    name: str
    module: str
    class_name: str
    async_class_name: str
    docs: str
    bound: tuple[Parameter, ...]
    factory: bool
    operations: tuple[Operation, ...]
    imports: tuple[Import, ...]
    models: tuple[str, ...]
    batchings: tuple[str, ...]
    runtime: tuple[str, ...]
    shadowed: tuple[str, ...]


# --- the whole -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A security scheme as an argument of the client's constructor.

    `parent` is the runtime's class for it, `source` and `async_source` are its types of
    what a caller may give. `wire_name` and `location` are those of an API key.
    `required`: no operation can be called without it.
    """

    argument: str
    scheme: str
    parent: Literal["Bearer", "Basic", "ApiKey"]
    source: str
    async_source: str
    wire_name: str | None
    location: Literal["header", "query", "cookie"] | None
    environment_variable: str | None
    required: bool
    docs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFields:
    """Where an error body says what (`x-error`): dotted paths, and a header."""

    message: str | None
    category: str | None
    correlation_id: str | None
    correlation_id_header: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRule:
    """One entry of `x-retry`; the first that matches an answer counts."""

    statuses: tuple[int, ...]
    field: str | None
    equals: str | None
    wait_seconds: float | None
    retry: Literal["always", "repeatable", "never"]
    honour_retry_after: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """`x-rate-limit`: the budget to start from and the headers that tell it."""

    requests: int
    per_seconds: float
    limit_header: str | None
    remaining_header: str | None
    interval_header: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The two client classes."""

    class_name: str
    async_class_name: str
    base_url: str | None
    credentials: tuple[Credential, ...]
    runtime: tuple[str, ...]
    error_fields: ErrorFields | None
    retry_rules: tuple[RetryRule, ...]
    rate_limit: RateLimit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The models module; an alias comes after those it is made of."""

    enums: tuple[Enum, ...]
    structs: tuple[Struct, ...]
    aliases: tuple[Alias, ...]
    imports: tuple[Import, ...]
    runtime: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batchings:
    """The batching module: each way of taking batches apart, once."""

    constants: tuple[NamedBatching, ...]
    imports: tuple[Import, ...]
    runtime: tuple[str, ...]
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A whole SDK.

    `public_runtime` are the names of the runtime that the package offers,
    `public_names` all that it offers.
    """

    title: str
    version: str
    docs: str | None
    package: str
    distribution: str
    public_runtime: tuple[str, ...]
    public_names: tuple[str, ...]
    client: Client
    models: Models
    batchings: Batchings
    resources: tuple[Resource, ...]
