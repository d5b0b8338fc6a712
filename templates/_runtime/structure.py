"""What a type is made of: members, fields, and what tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain
from types import UnionType
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from msgspec import UnsetType
from msgspec.structs import FieldInfo

from .models import OpenModel, unquoted

__all__ = [
    "Discriminator",
    "Later",
    "discriminator_of",
    "fields_of",
    "is_native",
    "is_struct",
    "members_of",
    "rest_of",
]


class Discriminator:
    """Says which member of a union a mapping is, by the value of one property.

    Used as `Annotated[Cat | Dog, Discriminator("kind", {"cat": Cat, "dog": Dog})]`.
    A value that the mapping does not hold is decoded as `otherwise`, if that is given;
    else as the member that fits best, and in an answer it stays a plain dict if none
    does.
    """

    __slots__ = ("mapping", "otherwise", "property")

    def __init__(
        self, property: str, mapping: Mapping[str, Any], *, otherwise: Any = None
    ) -> None:
        self.property = property
        self.mapping = dict(mapping)
        self.otherwise = otherwise

    def chosen_by(self, value: Mapping[str, Any]) -> Any:
        """The member that the data says it is; None if it names none."""
        said = value.get(self.property)
        known = self.mapping.get(said) if isinstance(said, str) else None
        return self.otherwise if known is None else known

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Discriminator)
            and self.property == other.property
            and self.mapping == other.mapping
            and self.otherwise == other.otherwise
        )

    def __hash__(self) -> int:
        return hash((self.property, *self.mapping))

    def __repr__(self) -> str:
        return f"Discriminator({self.property!r}, {self.mapping!r})"


class Later:
    """Finds a type that is declared further down, or is being declared.

    Used as `Tree: TypeAlias = list[Annotated["Tree", Later(lambda: Tree)]]`.
    """

    __slots__ = ("find",)

    def __init__(self, find: Callable[[], Any]) -> None:
        self.find = find


def is_struct(type_: object) -> bool:
    return isinstance(type_, type) and issubclass(type_, msgspec.Struct)


def members_of(type_: Any) -> tuple[Any, ...]:
    """The members of a union, or the type alone; without UNSET, unannotated."""
    if get_origin(type_) is Annotated:
        return members_of(_annotated(type_))
    if get_origin(type_) in (Union, UnionType):
        return tuple(
            inner
            for member in get_args(type_)
            if member is not UnsetType
            for inner in members_of(member)
        )
    return (type_,)


def _annotated(type_: Any) -> Any:
    """What an annotation is about."""
    for item in type_.__metadata__:
        if isinstance(item, Later):
            return item.find()
    return get_args(type_)[0]


@cache
def fields_of(struct: Any) -> tuple[FieldInfo, ...]:
    """The fields of a struct, their types resolved and with annotations kept."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple(
        FieldInfo(
            name=found.name,
            encode_name=unquoted(found.encode_name),
            type=hints[found.name],
            default=found.default,
            default_factory=found.default_factory,
        )
        for found in msgspec.structs.fields(struct)
    )


@cache
def is_native(type_: Any) -> bool:
    """Whether msgspec itself can decode the type, with all that is in it."""
    if discriminator_of(type_) is not None or _holds_open(type_):
        return False
    try:
        msgspec.json.Decoder(type_)
    except TypeError:
        return False
    return True


# Structs of which nothing is an OpenModel, whichever way one goes from them.
_closed: set[Any] = set()


def _holds_open(type_: Any) -> bool:
    """Whether an OpenModel is in the type, of whose fields msgspec knows too little."""
    if not OpenModel.__subclasses__():
        return False
    seen: set[int] = set()
    structs: set[Any] = set()
    waiting = [type_]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, (str, ForwardRef)):
            continue
        seen.add(id(part))
        if not is_struct(part):
            inner = members_of(part) if part not in members_of(part) else ()
            waiting += (*inner, *get_args(part))
        elif issubclass(part, OpenModel):
            return True
        elif part not in _closed:
            structs.add(part)
            waiting += (found.type for found in fields_of(part))
    _closed.update(structs)
    return False


def rest_of(value: Mapping[str, Any], struct: Any) -> dict[str, Any]:
    """The properties in the data that are no fields of the struct."""
    names = {found.encode_name for found in fields_of(struct)}
    return {key: each for key, each in value.items() if key not in names}


def discriminator_of(type_: Any) -> Discriminator | None:
    """What tells the members of a union apart, if it says so.

    Where it says so of some members only, what is none of these is found otherwise.
    """
    if get_origin(type_) is Annotated:
        for item in type_.__metadata__:
            if isinstance(item, Discriminator):
                return item
        return discriminator_of(_annotated(type_))
    if get_origin(type_) in (Union, UnionType):
        members = [m for m in get_args(type_) if m not in (UnsetType, type(None))]
        found = [d for m in members if (d := discriminator_of(m)) is not None]
        if not found or len(members) == 1:
            return found[0] if found else None
        first = found[0]
        if all(each.property == first.property for each in found):
            pairs = (each.mapping.items() for each in reversed(found))
            return Discriminator(first.property, dict(chain(*pairs)))
    return None
