"""What is said of an API for the sake of its fake. All names are the API's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import msgspec

__all__ = [
    "Behaviour",
    "Credential",
    "Described",
    "RecordType",
    "Scopes",
    "behaviour_of",
]

# What a token needs: one of these combinations.
Scopes = tuple[tuple[str, ...], ...]


class _Said(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of the extension `x-behaviour`."""


class Version(_Said, frozen=True, kw_only=True):
    """An entry of a history: its fields for value and time, and fixed ones."""

    value: str = "value"
    timestamp: str = "timestamp"
    constants: dict[str, Any] = {}


class Record(_Said, frozen=True, kw_only=True):
    """The fields of a record, and those of a body that say what to tell of it.

    Attributes:
        properties: the field of inputs and results with values by name; None if they
            are fields of theirs.
        chosen: the field of a body that names the properties to answer with.
        history: the field of a body, and of a result, for earlier values.
        archived_parameter: the query parameter that asks for archived records.
        computed: properties that the server sets: "id", "createdAt" or "updatedAt".
        always: properties that every answer has.
    """

    id: str | None = None
    properties: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    archived: str | None = None
    archived_at: str | None = None
    is_new: str | None = None
    chosen: str | None = None
    history: str | None = None
    version: Version = Version()
    archived_parameter: str | None = None
    computed: dict[str, str] = {}
    always: tuple[str, ...] = ()


class Envelope(_Said, frozen=True, kw_only=True):
    """The fields of an answer beside its results and errors."""

    started_at: str | None = None
    completed_at: str | None = None
    error_count: str | None = None
    constants: dict[str, Any] = {}


class Errors(_Said, frozen=True, kw_only=True):
    """Refusals by status, and where one names what is in the way."""

    bodies: dict[str, dict[str, Any]] = {}
    headers: dict[str, dict[str, str]] = {}
    existing: str | None = None


class Daily(_Said, frozen=True, kw_only=True):
    """The limit of a day: its headers, and what its refusal says in particular."""

    limit: str | None = None
    remaining: str | None = None
    body: dict[str, Any] = {}


class Path(_Said, frozen=True, kw_only=True):
    """What paths begin with here, and what they begin with elsewhere."""

    here: str
    there: str


class Generation(_Said, frozen=True, kw_only=True):
    """A release of the API that answers in another way, or at another path.

    Attributes:
        statuses: what it answers instead of a status.
    """

    name: str
    path: Path | None = None
    statuses: dict[str, int] = {}


class Behaviour(_Said, frozen=True, kw_only=True):
    """The extension `x-behaviour`."""

    record: Record = Record()
    envelope: Envelope = Envelope()
    errors: Errors = Errors()
    daily: Daily = Daily()
    generations: tuple[Generation, ...] = ()


def behaviour_of(said: Mapping[str, Any]) -> Behaviour:
    """The extension as a value."""
    return msgspec.convert(said, Behaviour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """How a credential travels; `argument` is what clients take it as."""

    kind: str
    argument: str
    location: str = "header"
    name: str = "Authorization"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
    """A kind of records, and the module with the operations on them.

    Attributes:
        names: its other names.
        parameter: the path parameter that names the type, if one does.
        unique: properties of which no two records have the same value.
        lower_case: properties whose values are kept in small letters.
        default: properties that a read answers with if it names none.
        scopes: what operations need, by the names of their constants.
    """

    name: str
    module: ModuleType
    names: tuple[str, ...] = ()
    parameter: str | None = None
    unique: tuple[str, ...] = ()
    lower_case: tuple[str, ...] = ()
    default: tuple[str, ...] = ()
    scopes: tuple[tuple[tuple[str, ...], Scopes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """All that a fake knows of its API.

    Attributes:
        message: the path in an error's body to what is said to people.
        correlation_id: the path there to the id of the request; `correlation_header`
            is the header that repeats it.
        limit_header: headers that tell the rate limit.
    """

    title: str
    behaviour: Behaviour
    credentials: Mapping[str, Credential]
    record_types: tuple[RecordType, ...]
    message: str | None = None
    correlation_id: str | None = None
    correlation_header: str | None = None
    limit_header: str | None = None
    remaining_header: str | None = None
    interval_header: str | None = None
    requests: int = 100
    per_seconds: float = 10.0
