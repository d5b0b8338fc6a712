"""The whole Api: clients, models, batchings, resources."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from batchwright.ir.batches import Batchings
from batchwright.ir.fakes import Fake
from batchwright.ir.models import Models
from batchwright.ir.operations import Resource


class Credential(Struct, frozen=True, kw_only=True):
    """A security scheme as an argument of the client's constructor.

    `parent` is the runtime's class for it, `source` and `async_source` are its types of
    what a caller may give, `form` says that in words. `wire_name` and `location` are
    those of an API key. `required`: no operation can be called without it.
    """

    argument: str
    scheme: str
    parent: Literal["Bearer", "Basic", "ApiKey"]
    source: str
    async_source: str
    form: str
    wire_name: str | None
    location: Literal["header", "query", "cookie"] | None
    environment_variable: str | None
    required: bool
    docs: str


class ServerVariable(Struct, frozen=True, kw_only=True):
    """A part of servers' addresses that the client's user fills in: an argument."""

    name: str
    wire_name: str
    default: str
    values: tuple[str, ...]
    docs: str | None


class Server(Struct, frozen=True, kw_only=True):
    """An address of the API, with the variables that are arguments in braces."""

    url: str
    docs: str | None


class Servers(Struct, frozen=True, kw_only=True):
    """Where the API is.

    `base_url` is the client's default, None where the spec has no whole address;
    `documented` are what a caller can choose from. `others`: the servers that
    operations have for themselves. All of them may have `variables` in them.
    """

    base_url: str | None
    documented: tuple[Server, ...]
    others: tuple[str, ...]
    variables: tuple[ServerVariable, ...]

    @property
    def are_worth_telling(self) -> bool:
        """Whether a caller may want another address than the default."""
        return bool(self.variables) or any(
            server.url != self.base_url for server in self.documented
        )

    @property
    def choices(self) -> tuple[str, ...]:
        """The whole addresses that a caller can choose from, if there are several."""
        whole = tuple(s.url for s in self.documented if s.url.startswith("http"))
        return whole if len(whole) > 1 else ()


class ErrorFields(Struct, frozen=True, kw_only=True):
    """Where an error body says what (`x-error`): dotted paths, and a header."""

    message: str | None
    category: str | None
    correlation_id: str | None
    correlation_id_header: str | None


class RetryRule(Struct, frozen=True, kw_only=True):
    """One entry of `x-retry`; the first that matches an answer counts."""

    statuses: tuple[int, ...]
    field: str | None
    equals: str | None
    wait_seconds: float | None
    retry: Literal["always", "repeatable", "never"]
    honour_retry_after: bool


class RateLimit(Struct, frozen=True, kw_only=True):
    """`x-rate-limit`: the budget to start from and the headers that tell it."""

    requests: int
    per_seconds: float
    limit_header: str | None
    remaining_header: str | None
    interval_header: str | None


class Client(Struct, frozen=True, kw_only=True):
    """The two client classes."""

    class_name: str
    async_class_name: str
    servers: Servers
    credentials: tuple[Credential, ...]
    runtime: tuple[str, ...]
    error_fields: ErrorFields | None
    retry_rules: tuple[RetryRule, ...]
    rate_limit: RateLimit | None


class Api(Struct, frozen=True, kw_only=True):
    """A whole SDK.

    `public_runtime` are the names of the runtime that the package offers,
    `public_names` all that it offers. `fake` is None where no batch has an effect.
    `installed` says that the distribution is, so that its version can be asked for.
    """

    title: str
    version: str
    docs: str | None
    package: str
    distribution: str
    installed: bool
    public_runtime: tuple[str, ...]
    public_names: tuple[str, ...]
    client: Client
    models: Models
    batchings: Batchings
    resources: tuple[Resource, ...]
    fake: Fake | None
