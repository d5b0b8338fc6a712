"""What the fake server of the API is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Scoped(Struct, frozen=True, kw_only=True):
    """What a token needs for some operations, named by their constants."""

    constants: tuple[str, ...]
    scopes: tuple[tuple[str, ...], ...]


class RecordType(Struct, frozen=True, kw_only=True):
    """The records that a resource is about (`x-record-type`).

    `parameter` is the wire name of the path parameter that says which type they are;
    None if they are of one type. `names` are others that the type goes by.
    """

    name: str
    module: str
    names: tuple[str, ...]
    parameter: str | None
    unique: tuple[str, ...]
    lower_case: tuple[str, ...]
    default: tuple[str, ...]
    scoped: tuple[Scoped, ...]


class Fake(Struct, frozen=True, kw_only=True):
    """The fake: the records it keeps, and how the server behaves.

    `behaviour` is the value of `x-behaviour`, as it stands; the schema of the extension
    says what it can be.
    """

    record_types: tuple[RecordType, ...]
    behaviour: Mapping[str, Any]
