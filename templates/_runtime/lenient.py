"""Reads answers that are not quite what they should be, so that none is lost.

An answer tells of something that has happened. A field that is missing or null, or has
another type than the API promised, is no reason to throw the rest away.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import UNSET

from .building import fit_of
from .codec import convert
from .models import FURTHER
from .structure import (
    discriminator_of,
    fields_of,
    is_struct,
    members_of,
    rest_of,
)

__all__ = ["convert_leniently"]


def convert_leniently(value: object, type_: Any) -> Any:
    """The plain data as the type, as far as it goes.

    What fits nowhere stays as it came. A field that is missing is UNSET, whether the
    API calls it required or not, and so is one that is null without leave.

    Raises:
        msgspec.ValidationError: the data has another form than the type, or is an
            object that has nothing in common with it.
        RecursionError: the data is nested too deeply.
    """
    if not any(_resembles(value, member) for member in members_of(type_)):
        return convert(value, type_)
    return _part(value, type_)


def _resembles(value: object, type_: Any) -> bool:
    if isinstance(value, Mapping) and is_struct(type_):
        return any(found.encode_name in value for found in fields_of(type_))
    return _is_form_of(value, type_)


def _part(value: object, type_: Any) -> Any:
    try:
        return convert(value, type_)
    except msgspec.ValidationError:
        pass
    if isinstance(value, float) and value.is_integer():
        # JSON has no integers of its own: 1.0 is one, too.
        with suppress(msgspec.ValidationError):
            return convert(int(value), type_)
    member = _meant(value, type_)
    return value if member is None else _formed(value, member)


def _meant(value: object, type_: Any) -> Any:
    """The member of a union that the data was probably meant as, or None."""
    possible = [each for each in members_of(type_) if _is_form_of(value, each)]
    if len(possible) < 2 or not isinstance(value, Mapping):
        return possible[0] if possible else None
    discriminator = discriminator_of(type_)
    if discriminator is not None:
        chosen = discriminator.chosen_by(value)
        if chosen is not None or discriminator.property in value:
            return chosen
    alike = [each for each in possible if _is_alike(value, each)]
    return min(alike, key=lambda each: fit_of(each, value), default=None)


def _is_alike(value: Mapping[str, Any], type_: Any) -> bool:
    """Whether the data has something of the shape, and no other constants than it."""
    if not is_struct(type_):
        return True
    shared = [each for each in fields_of(type_) if each.encode_name in value]
    return bool(shared) and all(
        value[each.encode_name] in get_args(member)
        for each in shared
        for member in members_of(each.type)
        if get_origin(member) is Literal
    )


def _formed(value: Any, type_: Any) -> Any:
    """The parts of an object or array, each as far as it goes."""
    if is_struct(type_):
        return type_(**dict(_fields(value, type_)))
    arguments = get_args(type_)
    if isinstance(value, Mapping):
        return {key: _part(each, arguments[1]) for key, each in value.items()}
    return [_part(each, arguments[0]) for each in value]


def _fields(value: Mapping[str, Any], struct: Any) -> Any:
    for found in fields_of(struct):
        if found.encode_name == FURTHER:
            yield found.name, _part(rest_of(value, struct), found.type)
            continue
        given = value.get(found.encode_name, UNSET)
        if given is not UNSET:
            given = _part(given, found.type)
        if given is None and type(None) not in members_of(found.type):
            given = UNSET
        if given is not UNSET or found.required:
            yield found.name, given


def _is_form_of(value: object, type_: Any) -> bool:
    """Whether the data is an object and the type one of objects, or both are arrays."""
    if isinstance(value, Mapping):
        return is_struct(type_) or get_origin(type_) is dict
    return isinstance(value, list) and get_origin(type_) is list
