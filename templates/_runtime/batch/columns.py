"""The fields of many values, read one field at a time, by the API's names.

Values are models, or plain dicts where the API's shapes are not known or not met. What
is done for every record is left to C code, in the common case: models of one type.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import cache, reduce
from itertools import repeat
from operator import attrgetter, or_
from types import GenericAlias, NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from msgspec import UNSET, UnsetType, ValidationError, convert, structs

from ..structure import fields_of, is_struct, members_of
from .rows import Key

__all__ = ["Columns", "folded", "has_field", "with_value"]


class Columns:
    """Some values, and their fields.

    Attributes:
        items: the values.
        kind: their type, if all have the same; it is found out if it is not given.
    """

    def __init__(self, items: Sequence[Any], kind: Any = None) -> None:
        self.items = items
        if kind is None:
            kinds = set(map(type, items))
            kind = kinds.pop() if len(kinds) == 1 else None
        self.kind = kind
        self._read: dict[str, Sequence[Any]] = {}

    def raw(self, name: str) -> Sequence[Any]:
        """The value of a field in each item; UNSET where it has none."""
        found = self._read.get(name)
        if found is None:
            attribute = attribute_of(self.kind, name)
            if attribute is not None:
                found = list(map(_getter(attribute), self.items))
            elif is_struct(self.kind):
                found = [UNSET] * len(self.items)
            else:
                found = [_value_of(item, name) for item in self.items]
            self._read[name] = found
        return found

    def is_unset(self, name: str) -> bool:
        """Whether none of the items has the field."""
        return self.raw(name).count(UNSET) == len(self.items)

    def values(self, name: str) -> Sequence[Any]:
        """The value of a field in each item; None where it has none."""
        values = self.raw(name)
        if UNSET in values:
            return [None if value is UNSET else value for value in values]
        return values

    def keys(self, name: str, *, fold_case: bool) -> Sequence[Key]:
        """The values as texts: equal for what the API takes as the same."""
        values = self.raw(name)
        try:
            # Often all are texts and there is nothing to fold; that is seen at once.
            together = "".join(values)
        except TypeError:
            keys = [
                None if value is UNSET or value is None else str(value)
                for value in values
            ]
            return folded(keys) if fold_case else keys
        if fold_case and together != together.casefold():
            return list(map(str.casefold, values))
        return values

    def are_sound(self) -> bool:
        """Whether the models hold what their type declares.

        False where that cannot be told at once, so that they may be sound all the same.
        """
        if not is_struct(self.kind):
            return False
        # All fields are to be looked at, which takes less time together.
        rows = map(structs.astuple, self.items)
        columns = zip(*rows, strict=True)
        self._read = dict(zip(self.kind.__struct_encode_fields__, columns, strict=True))
        return all(
            self._holds(found.encode_name, found.type, found.required)
            for found in fields_of(self.kind)
        )

    def _holds(self, name: str, type_: Any, is_required: bool) -> bool:
        if not is_required and self.is_unset(name):
            return True
        array = _checked_array(type_)
        if array is None:
            return False
        try:
            convert(self.raw(name), array)
        except ValidationError:
            return False
        return True

    def put(self, name: str, values: Iterable[Any]) -> None:
        """Set a field in the items themselves, where they have it."""
        self._read.pop(name, None)
        attribute = attribute_of(self.kind, name)
        if attribute is not None:
            changes = map(structs.force_setattr, self.items, repeat(attribute), values)
            # Nothing but running through it.
            deque(changes, maxlen=0)
            return
        for item, value in zip(self.items, values, strict=False):
            _put(item, name, value)


def folded(keys: Iterable[Key]) -> list[Key]:
    """The keys without the difference between capital and small letters."""
    return [None if key is None else key.casefold() for key in keys]


def with_value(item: Any, name: str, value: object) -> Any:
    """A copy of the item in which the field has this value."""
    if isinstance(item, dict):
        return {**item, name: value}
    attribute = attribute_of(kind_of(item), name)
    return item if attribute is None else structs.replace(item, **{attribute: value})


@cache
def has_field(type_: Any, name: str) -> bool:
    """Whether values of the type have the field, as far as the type says."""
    return any(attribute_of(member, name) is not None for member in members_of(type_))


@cache
def attribute_of(kind: Any, name: str) -> str | None:
    """What models of a type call the field that the API gives this name."""
    if not is_struct(kind):
        return None
    names: dict[str, str] = dict(
        zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    )
    return names.get(name)


@cache
def _checked_array(type_: Any) -> Any:
    """Lists of the type, if converting to them checks all that is in such a value.

    None if not: models are taken as they are then, whatever they are made of, and so
    are numbers that JSON does not have.
    """
    is_union = get_origin(type_) in (Union, UnionType)
    members = set(get_args(type_) if is_union else (type_,)) - {UnsetType}
    for member in members:
        if get_origin(member) is dict:
            if _checked_array(get_args(member)[1]) is None:
                return None
        elif member not in (str, bool, NoneType):
            return None
    array: Any = GenericAlias(list, (reduce(or_, members),))
    return array


def kind_of(item: object) -> Any:
    return type(item)


@cache
def _getter(attribute: str) -> attrgetter[Any]:
    return attrgetter(attribute)


def _key(value: object) -> Key:
    return None if value is UNSET or value is None else str(value)


def _value_of(item: Any, name: str) -> Any:
    if isinstance(item, dict):
        return item.get(name, UNSET)
    attribute = attribute_of(kind_of(item), name)
    return UNSET if attribute is None else getattr(item, attribute)


def _put(item: Any, name: str, value: object) -> None:
    attribute = attribute_of(kind_of(item), name)
    if attribute is not None:
        structs.force_setattr(item, attribute, value)
    elif isinstance(item, dict) and value is UNSET:
        item.pop(name, None)
    elif isinstance(item, dict):
        item[name] = value
