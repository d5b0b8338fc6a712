"""Declarations of the models module: structs, enums, aliases."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

from batchwright.ir.imports import Import
from batchwright.ir.types import MapOf, Type

#: What msgspec cannot have in the name of a field.
_BARRED = re.compile(r'["\\\x00-\x1f]')


def needs_quotes(wire: str) -> bool:
    """Whether the API's name for a property cannot be that of a field as it is."""
    return _BARRED.search(wire) is not None


EnumParent: TypeAlias = Literal["OpenStrEnum", "OpenIntEnum"]


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword of the spec that narrows values, which the API alone checks.

    One for what is in a value has the way there in front (`items.pattern`).
    """

    keyword: str
    value: str | int | float


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A value of an enum, by the names of the class and of the value in it."""

    enum: str
    name: str


#: What something is that can only be one thing.
Constant: TypeAlias = str | int | float | Member


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A property of a JSON object.

    `type` already includes null where null is allowed. A field that may be left out
    has `required=False`; `default` is the constant a field has if nobody sets it.
    `read_only`: only the API sets it, so that nobody has to give it who makes the
    object, although the API always does. `write_only`: it is in no answer. `max_items`
    is the length of the longest array that the API takes, `limits` are the others.
    """

    name: str
    wire_name: str
    type: Type
    required: bool
    default: Constant | None = None
    docs: str | None = None
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    max_items: int | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def renamed(self) -> bool:
        """Whether Python calls the field something else than the API."""
        return self.name != self.wire_name

    @property
    def quoted(self) -> bool:
        """Whether the API's name cannot be that of a field as it is."""
        return needs_quotes(self.wire_name)

    @property
    def given_by_api(self) -> bool:
        """Whether it is always in an answer, and never given by a caller."""
        return self.required and self.read_only and self.default is None

    @property
    def given_by_caller(self) -> bool:
        """Whether a caller always gives it, and it is never in an answer."""
        return self.required and self.write_only and self.default is None


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON object with known properties.

    `component` is the schema's name in the spec; None for one that stands in place.
    `shadowed`: builtins that a field of this struct has the name of, so that an
    annotation in its body has to spell them `builtins.…`. `further`: the type of all
    properties that are not named, where the spec says that there are such.
    """

    name: str
    wire_name: str
    docs: str
    fields: tuple[Field, ...]
    further: MapOf | None = None
    shadowed: tuple[str, ...] = ()
    deprecated: bool = False
    component: str | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def parent(self) -> Literal["Model", "OpenModel"]:
        """The runtime's class for it."""
        is_open = self.further or any(field.quoted for field in self.fields)
        return "OpenModel" if is_open else "Model"

    @property
    def deprecation(self) -> str:
        """What somebody is told who uses it although it is deprecated."""
        return f"{self.wire_name} is deprecated"


class EnumMember(msgspec.Struct, frozen=True, kw_only=True):
    """A value the spec lists, and the constant's name."""

    name: str
    value: str | int
    docs: str | None = None


class Enum(msgspec.Struct, frozen=True, kw_only=True):
    """An open set of values: the spec lists what is known today.

    `parent` is the runtime's class for it; `component` is as in Struct.
    """

    name: str
    wire_name: str
    docs: str
    parent: EnumParent
    members: tuple[EnumMember, ...]
    deprecated: bool = False
    component: str | None = None

    @property
    def deprecation(self) -> str:
        """What somebody is told who uses it although it is deprecated."""
        return f"{self.wire_name} is deprecated"


class Alias(msgspec.Struct, frozen=True, kw_only=True):
    """A named schema that is no object and no enum of its own.

    `component` is as in Struct.
    """

    name: str
    wire_name: str
    docs: str
    type: Type
    component: str | None = None
    limits: tuple[Limit, ...] = ()


Declaration: TypeAlias = Struct | Enum | Alias


class Models(msgspec.Struct, frozen=True, kw_only=True):
    """The models module; an alias comes after those it is made of."""

    enums: tuple[Enum, ...]
    structs: tuple[Struct, ...]
    aliases: tuple[Alias, ...]
    imports: tuple[Import, ...]
    runtime: tuple[str, ...]
    names: tuple[str, ...]
