"""Builds values that msgspec cannot: above all, unions of several shapes.

Plain data goes in, as JSON's decoder yields it, and is built part by part; parts that
msgspec can build are left to it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from .models import FURTHER
from .structure import (
    Discriminator,
    discriminator_of,
    fields_of,
    is_native,
    is_struct,
    members_of,
    rest_of,
)

__all__ = ["builder_of", "fit_of"]

Memo = dict[tuple[int, int], Any]
Build = Callable[[Any, Memo], Any]

_ARRAYS: tuple[Any, ...] = (list, tuple, set, frozenset)


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
        least = (True, sys.maxsize)
        for member in sorted(members, key=lambda each: fit_of(each, value)):
            if best and isinstance(value, Mapping) and not is_struct(member):
                if not least[0]:
                    break  # A plain map loses nothing, but a shape says more.
            try:
                built = builder_of(member)(value, memo)
            except msgspec.ValidationError:
                continue
            loss = (_is_invented(member, value, built), _lost(value, built))
            if loss < least:
                best, least = [built], loss
            elif loss == least and loss[0] and is_struct(member):
                best.append(built)  # Nothing tells which constant is meant.
            if loss == (False, 0):
                break
        if len(best) == 1:
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
    wrong = _filled_in(fields, value)
    for found in fields:
        listed = _listed(found.type)
        if listed and found.encode_name in value:
            wrong += value[found.encode_name] not in listed
    return wrong


def _filled_in(fields: Iterable[FieldInfo], value: Mapping[str, Any]) -> int:
    """How many values are not in the data, but will be in what is built of it."""
    return sum(
        isinstance(found.default, (str, int, float)) and found.encode_name not in value
        for found in fields
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


def _is_invented(member: Any, value: object, built: object) -> bool:
    """Whether it is no member of an enum, or says more than the data does."""
    if is_struct(member):
        data = value if isinstance(value, Mapping) else {}
        return _filled_in(fields_of(member), data) > 0
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
