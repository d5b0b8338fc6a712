"""Operations and the resources that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from batchwright.ir.batches import Batch
from batchwright.ir.imports import Import
from batchwright.ir.models import Constant, Limit
from batchwright.ir.types import NONE, Payload, Type, UnionOf

ParameterLocation: TypeAlias = Literal[
    "path", "query", "querystring", "header", "cookie"
]


class Parameter(Struct, frozen=True, kw_only=True):
    """A value that travels in the path, the query, a header or a cookie.

    `querystring` is the query as a whole.

    `style` and `explode` are None where they are what OpenAPI has for the location.
    `constant` is what is sent where nobody gives another value.
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
    constant: Constant | None = None
    docs: str | None = None
    deprecated: bool = False
    limits: tuple[Limit, ...] = ()

    @property
    def renamed(self) -> bool:
        """Whether Python calls the parameter something else than the API."""
        return self.name != self.wire_name

    @property
    def has_to_be_given(self) -> bool:
        """Whether nothing is sent for it unless somebody gives a value."""
        return self.required and self.constant is None

    @property
    def insisted_on(self) -> bool:
        """Whether a call is refused if there is nothing to send for it.

        In a path there always is something; and null, where it may be said, is nothing.
        """
        options = self.type.options if isinstance(self.type, UnionOf) else (self.type,)
        return self.required and self.location != "path" and NONE not in options


class Encoding(Struct, frozen=True, kw_only=True):
    """How one property of a form is written, where the spec says so.

    `headers` are those of its part, where it is one.
    """

    wire_name: str
    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: tuple[tuple[str, str], ...] = ()


class Body(Struct, frozen=True, kw_only=True):
    """What a request carries.

    A method has one argument `body` for it, or, where there is `x-batch`, an argument
    for each of its fields. `takes_mapping`: it is an object, so that a mapping with the
    API's own field names can stand for the model. `format` is the runtime's class for
    the media type. `others` are what else can be given, in other media types: each has
    a type that none before it has.
    """

    type: Type
    media_type: str
    format: Literal["JsonBody", "FormBody", "MultipartBody", "RawBody"]
    required: bool
    takes_mapping: bool
    encodings: tuple[Encoding, ...] = ()
    others: tuple[Body, ...] = ()
    docs: str | None = None

    @property
    def formats(self) -> tuple[Body, ...]:
        """All ways in which the body can be given, the usual one first."""
        return (self, *self.others)

    @property
    def is_plain(self) -> bool:
        """Whether it is JSON and nothing else."""
        return self.format == "JsonBody" and not self.others


class Response(Struct, frozen=True, kw_only=True):
    """A documented answer: `status` is a number, a range (`2XX`), or `default`.

    `media_types` are those that its type is read from.
    """

    status: int | str
    type: Type | None
    media_types: tuple[str, ...] = ()
    docs: str | None = None


class Header(Struct, frozen=True, kw_only=True):
    """A header that an answer of success may have."""

    wire_name: str
    docs: str | None


class Stream(Struct, frozen=True, kw_only=True):
    """A method that hands on the answer's body as it comes.

    `accept` are the media types it asks for. `alone`: the operation has no method that
    waits for the whole, since its answer need not end.
    """

    name: str
    accept: str
    alone: bool


class Operation(Struct, frozen=True, kw_only=True):
    """One method of one path.

    `arguments` are the parameters a caller gives, those first that have to be given;
    `bound` ones are given once, with the resource. `responses` are the successes,
    `headers` theirs; `returns` unites their types. `errors` are the failures whose
    bodies have a type.
    `server`: its address, if it is not where all others are.
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
    errors: tuple[Response, ...]
    headers: tuple[Header, ...]
    returns: Type
    server: str | None
    security: tuple[tuple[str, ...], ...] | None
    scopes: tuple[tuple[str, ...], ...]
    deprecated: bool
    batch: Batch | None
    stream: Stream | None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters of the request, bound ones first."""
        return self.bound + self.arguments

    @property
    def has_options(self) -> bool:
        """Whether there are arguments that are given by name."""
        if not all(argument.has_to_be_given for argument in self.arguments):
            return True
        if self.batch is not None:
            return bool(self.batch.options)
        return self.body is not None and not self.body.required

    @property
    def accept(self) -> str | None:
        """The media types to ask for, where that is not JSON alone.

        Bytes and text are taken from any: their media types are often wrong.
        """
        if self.stream is not None and self.stream.alone:
            return None
        kinds = dict.fromkeys(kind for r in self.responses for kind in r.media_types)
        if any(isinstance(r.type, Payload) for r in self.responses):
            return "*/*" if "*/*" in kinds else ", ".join((*kinds, "*/*;q=0.1"))
        return ", ".join(kinds) if kinds and [*kinds] != ["application/json"] else None

    @property
    def error_bodies(self) -> Mapping[Type, tuple[int | str, ...]]:
        """The types of the bodies of failures, each with the statuses it is for."""
        types = [error.type for error in self.errors if error.type is not None]
        return {
            type_: tuple(error.status for error in self.errors if error.type == type_)
            for type_ in types
        }

    @property
    def deprecation(self) -> str:
        """What somebody is told who calls it although it is deprecated."""
        return f"{self.method} {self.path} is deprecated"

    @property
    def request_name(self) -> str:
        """The method that sends a single request."""
        return self.batch.single_name if self.batch else self.name

    @property
    def has_result(self) -> bool:
        """Whether a call can return anything but None."""
        return self.returns != NONE


class Resource(Struct, frozen=True, kw_only=True):
    """The operations of one tag: a module with a class for each of the two clients.

    `wire_name` is the tag, or where the paths begin if that makes it: `is_path`. `tags`
    are the first ones of its operations, be they what groups these or not.
    `factory` says that the resource is had by calling it with its bound parameters.
    `shadowed` is as in Struct, by method names.
    """

    name: str
    wire_name: str
    is_path: bool
    tags: tuple[str, ...]
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
