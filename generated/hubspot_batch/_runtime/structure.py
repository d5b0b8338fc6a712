"""Builds values that msgspec cannot: above all, unions of several shapes.

Plain data goes in, as JSON's decoder yields it, and is built part by part; parts that
msgspec can build are left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache
from itertools import chain
from types import UnionType
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from msgspec import UnsetType
from msgspec.structs import FieldInfo

from .models import FURTHER, OpenModel, unquoted

__all__ = [
    "Discriminator",
    "Later",
    "builder_of",
    "discriminator_of",
    "fields_of",
    "fit_of",
    "is_native",
    "is_struct",
    "members_of",
    "rest_of",
]

Memo = dict[tuple[int, int], Any]
Build = Callable[[Any, Memo], Any]

_ARRAYS: tuple[Any, ...] = (list, tuple, set, frozenset)


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


@cache
def builder_of(type_: Any) -> Build:
    if is_native(type_):
        return lambda value, memo: msgspec.convert(value, type_, str_keys=True)
    discriminator = discriminator_of(type_)
    members = members_of(type_)
    if len(members) == 1 and discriminator is None:
        return _single(members[0])
    return _union(members, discriminator)


def _single(type_: Any) -> Build:
    if is_struct(type_):
        return _struct(type_)
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is tuple and arguments[-1:] != (...,):
        return _tuple(arguments)
    if origin in _ARRAYS:
        return _array(origin, arguments[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*arguments)
    # msgspec says best what it has against the type.
    return lambda value, memo: msgspec.convert(value, type_)


def _struct(struct: Any) -> Build:
    # The parts are looked up when first used, since a struct may hold itself.
    def build(value: Any, memo: Memo) -> Any:
        if isinstance(value, struct):
            return value
        _expect(value, Mapping, "object")
        given: dict[str, Any] = {}
        for found in fields_of(struct):
            name = found.encode_name
            if name == FURTHER:
                given[found.name] = _part("", found.type, rest_of(value, struct), memo)
            elif name in value:
                given[found.name] = _part(f".{name}", found.type, value[name], memo)
            elif found.required:
                raise msgspec.ValidationError(f"Object missing required field `{name}`")
        return struct(**given)

    return build


def rest_of(value: Mapping[str, Any], struct: Any) -> dict[str, Any]:
    """The properties in the data that are no fields of the struct."""
    names = {found.encode_name for found in fields_of(struct)}
    return {key: each for key, each in value.items() if key not in names}


def _tuple(types: tuple[Any, ...]) -> Build:
    def build(value: Any, memo: Memo) -> Any:
        _expect(value, (list, tuple), "array")
        if len(value) != len(types):
            raise msgspec.ValidationError(
                f"Expected `array` of length {len(types)}, got {len(value)}"
            )
        return tuple(
            _part(f"[{index}]", type_, item, memo)
            for index, (type_, item) in enumerate(zip(types, value, strict=True))
        )

    return build


def _array(kind: Any, item_type: Any) -> Build:
    def build(value: Any, memo: Memo) -> Any:
        _expect(value, _ARRAYS, "array")
        return kind(
            _part(f"[{index}]", item_type, item, memo)
            for index, item in enumerate(value)
        )

    return build


def _mapping(key_type: Any, value_type: Any) -> Build:
    def build(value: Any, memo: Memo) -> Any:
        _expect(value, Mapping, "object")
        # In JSON every key is a string, whatever it stands for.
        key_map: Any = dict[key_type, int]
        keys = msgspec.convert(dict.fromkeys(value, 0), key_map, str_keys=True)
        return {
            key: _part(f"[{name!r}]", value_type, value[name], memo)
            for key, name in zip(keys, value, strict=True)
        }

    return build


def _union(members: tuple[Any, ...], discriminator: Discriminator | None) -> Build:
    def choose(value: Any, memo: Memo) -> Any:
        if discriminator is not None and isinstance(value, Mapping):
            chosen = discriminator.chosen_by(value)
            if chosen is not None:
                return builder_of(chosen)(value, memo)
        best: list[Any] = []
        least: tuple[bool, int] | None = None
        for member in sorted(members, key=lambda each: fit_of(each, value)):
            if best and isinstance(value, Mapping) and not is_struct(member):
                break  # A plain map loses nothing, but a shape says more.
            try:
                built = builder_of(member)(value, memo)
            except msgspec.ValidationError:
                continue
            loss = (_is_invented(member, built), _lost(value, built))
            if least is None or loss < least:
                best, least = [built], loss
            if loss == (False, 0):
                break
        if best:
            return best[0]
        names = ", ".join(getattr(each, "__name__", str(each)) for each in members)
        raise msgspec.ValidationError(f"Expected one of: {names}")

    def build(value: Any, memo: Memo) -> Any:
        if any(is_struct(each) and isinstance(value, each) for each in members):
            return value
        # Without a memory, nested unions cost a power of their depth.
        key = (id(choose), id(value))
        if key not in memo:
            try:
                memo[key] = choose(value, memo)
            except msgspec.ValidationError as error:
                memo[key] = error
        outcome = memo[key]
        if isinstance(outcome, msgspec.ValidationError):
            raise msgspec.ValidationError(str(outcome))
        return outcome

    return build


def fit_of(member: Any, value: object) -> tuple[int, int]:
    """How well a member suits the data, best first; of equals the first declared."""
    if isinstance(value, str):
        # What has a form of its own comes before what takes any text.
        return (int(member is str), 0)
    if not isinstance(value, Mapping):
        return (0, 0)
    if not is_struct(member):
        return (1, 0)
    fields = fields_of(member)
    names = {found.encode_name for found in fields}
    known = sum(key in names for key in value)
    # A shape beats a plain map as long as they have anything in common.
    rank = 0 if known or not value else 2
    return (rank, len(value) - known + 100 * _mismatches(fields, value))


def _mismatches(fields: Iterable[FieldInfo], value: Mapping[str, Any]) -> int:
    """How many properties have none of the values that are listed for them."""
    return sum(
        found.encode_name in value and value[found.encode_name] not in listed
        for found in fields
        if (listed := _listed(found.type))
    )


@cache
def _listed(type_: Any) -> tuple[Any, ...]:
    """The values of constants and enums; none where others are possible, too."""
    values: list[Any] = []
    for member in members_of(type_):
        if get_origin(member) is Literal:
            values += get_args(member)
        elif isinstance(member, type) and issubclass(member, Enum):
            values += [each.value for each in member]
        elif member is type(None):
            values.append(None)
        else:
            return ()
    return tuple(values)


def _is_invented(member: Any, built: object) -> bool:
    """Whether the value is none of the members of an enum that may be extended."""
    known = getattr(member, "__members__", None)
    return known is not None and built not in known.values()


def _lost(value: object, built: object) -> int:
    """How much of the data is not in what was built of it."""
    if isinstance(built, msgspec.Struct):
        fields = fields_of(type(built))
        names = {f.encode_name: f.name for f in fields if f.encode_name != FURTHER}
        data = dict(value) if isinstance(value, Mapping) else {}
        is_closed = len(names) == len(fields)
        lost = 0
        for key, each in data.items():
            if key in names:
                lost += _lost(each, getattr(built, names[key]))
            else:
                lost += is_closed
        return lost
    if isinstance(built, dict) and isinstance(value, Mapping):
        return sum(map(_lost, value.values(), built.values()))
    if isinstance(built, (list, tuple)) and isinstance(value, (list, tuple)):
        return sum(map(_lost, value, built))
    if isinstance(value, str) and not isinstance(built, str):
        return int(msgspec.to_builtins(built) != value)
    return 0


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


def _expect(value: object, kind: Any, name: str) -> None:
    if not isinstance(value, kind):
        got = "null" if value is None else type(value).__name__
        raise msgspec.ValidationError(f"Expected `{name}`, got `{got}`")


def _part(step: str, type_: Any, value: Any, memo: Memo) -> Any:
    """Build a part, and say where it stands if it cannot be built."""
    try:
        return builder_of(type_)(value, memo)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
    raise msgspec.ValidationError(f"{message} - at `${step}{place or '`'}")
