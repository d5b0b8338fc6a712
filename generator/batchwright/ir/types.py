"""Types, as annotations will say them: a small closed union."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

_MOST_WITH_BARS = 200

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
    "FileContent",
]


class Primitive(Struct, frozen=True, kw_only=True):
    """A type without parts. `Any` only where the spec says nothing about a value.

    `FileContent` is the runtime's name for all that can be sent as a file.
    """

    name: PrimitiveName


class LiteralOf(Struct, frozen=True, kw_only=True):
    """A constant of the spec (`const`).

    `kind` tells 1 and True apart, which Python calls equal.
    """

    value: str | int
    kind: Literal["str", "int", "bool"]


class ListOf(Struct, frozen=True, kw_only=True):
    """A JSON array of any length."""

    item: Type


class TupleOf(Struct, frozen=True, kw_only=True):
    """A JSON array of fixed length with a type for each place."""

    items: tuple[Type, ...]


class MapOf(Struct, frozen=True, kw_only=True):
    """A JSON object with free keys."""

    value: Type


class Reference(Struct, frozen=True, kw_only=True):
    """A declaration in the models module, by its Python name.

    `later`: it stands above the declaration, in an alias, and cannot name it directly.
    """

    name: str
    later: bool = False


class Discriminator(Struct, frozen=True, kw_only=True):
    """The wire field whose value says which member of a union is meant.

    `otherwise` is the member for values that are not mapped, where there is one for
    them.
    """

    wire_name: str
    mapping: tuple[tuple[str, Reference], ...]
    otherwise: Type | None = None


class UnionOf(Struct, frozen=True, kw_only=True):
    """One of several types; null is the member `Primitive(name="None")`, last."""

    options: tuple[Type, ...]
    discriminator: Discriminator | None = None

    @property
    def is_long(self) -> bool:
        """Whether it has more options than every reader of `A | B` takes.

        That nests a level for each: pyright reads 256, Python itself some 3,000.
        """
        return len(self.options) > _MOST_WITH_BARS


class Payload(Struct, frozen=True, kw_only=True):
    """A body that is not JSON, handed on as it is."""

    kind: Literal["binary", "text"]


Type: TypeAlias = (
    Primitive | LiteralOf | ListOf | TupleOf | MapOf | Reference | UnionOf | Payload
)

ANY = Primitive(name="Any")
FILE = Primitive(name="FileContent")
NONE = Primitive(name="None")
