"""What the fake server of the API is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoped:
    """What a token needs for some operations, named by their constants."""

    constants: tuple[str, ...]
    scopes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fake:
    """The fake: the records it keeps, and how the server behaves.

    `behaviour` is the value of `x-behaviour`, as it stands; the schema of the extension
    says what it can be.
    """

    record_types: tuple[RecordType, ...]
    behaviour: Mapping[str, Any] = field(hash=False)
