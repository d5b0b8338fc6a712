"""Reads and writes one field of many values at a time, by the API's name for it.

Values are models, or plain dicts where the API's shapes are not known or not met. This
is done for every record, so the common case, models of one type, is left to C code.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any

from msgspec import UNSET, UnsetType, structs

from ..structure import is_struct, members_of

__all__ = [
    "all_unset",
    "has_field",
    "keys_of",
    "put_values",
    "values_of",
    "with_values",
]


def values_of(items: Sequence[Any], name: str | None) -> list[Any]:
    """The value of a field in each item; None where it has none."""
    read = _reader(items, name)
    if read is None:
        return [_value_of(item, name) for item in items]
    values = list(map(read, items))
    kinds = set(map(type, values))
    if UnsetType not in kinds:
        return values
    if len(kinds) == 1:
        return [None] * len(values)
    return [None if value is UNSET else value for value in values]


def all_unset(items: Sequence[Any], name: str) -> bool:
    """Whether the items are models of one type in none of which the field is set."""
    read = _reader(items, name)
    return read is not None and set(map(type, map(read, items))) == {UnsetType}


def keys_of(values: list[Any], *, fold_case: bool) -> list[str | None]:
    """The values as keys: equal for what the API takes as the same."""
    kinds = set(map(type, values))
    if kinds == {str}:
        if not fold_case:
            return values
        # Often there is nothing to fold, and together that is seen at once.
        together = "".join(values)
        if together == together.casefold():
            return values
        return list(map(str.casefold, values))
    keys = [None if value is None else str(value) for value in values]
    if fold_case:
        return [None if key is None else key.casefold() for key in keys]
    return keys


def with_values(items: Iterable[Any], name: str, values: Iterable[Any]) -> list[Any]:
    """Copies of the items in which the field has these values, one for each item.

    An item that has no such field stays as it is.
    """
    copies: list[Any] = []
    for item, value in zip(items, values, strict=True):
        if isinstance(item, dict):
            item = {**item, name: value}
        else:
            attribute = attribute_of(type(item), name)
            if attribute is not None:
                item = structs.replace(item, **{attribute: value})
        copies.append(item)
    return copies


def put_values(items: Sequence[Any], name: str, values: Iterable[Any]) -> None:
    """Set the field in each of the items themselves; None takes it away."""
    kinds = set(map(type, items))
    attribute = attribute_of(kinds.pop(), name) if len(kinds) == 1 else None
    if attribute is not None:
        stored = (UNSET if value is None else value for value in values)
        # Exhausts the map.
        deque(map(structs.force_setattr, items, repeat(attribute), stored), maxlen=0)
        return
    for item, value in zip(items, values, strict=True):
        if not isinstance(item, dict):
            if attribute_of(type(item), name) is not None:
                put_values([item], name, [value])
        elif value is None:
            item.pop(name, None)
        else:
            item[name] = value


def has_field(type_: Any, name: str) -> bool:
    """Whether values of the type have the field, as far as the type says."""
    return any(attribute_of(member, name) is not None for member in members_of(type_))


@cache
def attribute_of(kind: Any, name: str) -> str | None:
    """What a model calls the field that the API gives this name."""
    if not is_struct(kind):
        return None
    names: dict[str, str] = dict(
        zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    )
    return names.get(name)


@cache
def _getter(attribute: str) -> attrgetter[Any]:
    return attrgetter(attribute)


def _reader(items: Sequence[Any], name: str | None) -> attrgetter[Any] | None:
    """Reads the field of each of the items, if they are models of one type."""
    kinds = set(map(type, items))
    if name is None or len(kinds) != 1:
        return None
    attribute = attribute_of(kinds.pop(), name)
    return None if attribute is None else _getter(attribute)


def _value_of(item: Any, name: str | None) -> Any:
    if name is None:
        return None
    if isinstance(item, dict):
        return item.get(name)
    attribute = attribute_of(type(item), name)
    value = getattr(item, attribute) if attribute is not None else None
    return None if value is UNSET else value
