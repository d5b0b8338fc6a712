"""Reads and writes one field of many values at a time, by the API's name for it.

Values are models, or plain dicts where the API's shapes are not known or not met. This
is done for every record, so the common case, models of one type, is left to C code.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec import UNSET, structs

from ..structure import is_struct, members_of

__all__ = ["has_field", "keys_of", "put_values", "values_of", "with_values"]


def values_of(items: Sequence[Any], name: str | None) -> list[Any]:
    """The value of a field in each item; None where it has none."""
    kinds = set(map(type, items))
    if name is None or not kinds:
        return [None] * len(items)
    if len(kinds) > 1:
        return [_value_of(item, name) for item in items]
    kind: Any = kinds.pop()
    if kind is dict:
        return [item.get(name) for item in items]
    attribute = _attribute(kind, name)
    if attribute is None:
        return [None] * len(items)
    values = list(map(attrgetter(attribute), items))
    if UNSET in values:
        return [None if value is UNSET else value for value in values]
    return values


def keys_of(values: list[Any], fold_case: bool) -> list[str | None]:
    """The values as keys: equal for what the API takes as the same."""
    if set(map(type, values)) != {str}:
        values = [None if value is None else str(value) for value in values]
    if not fold_case:
        return values
    if None in values:
        return [None if value is None else value.casefold() for value in values]
    return list(map(str.casefold, values))


def with_values(items: Sequence[Any], name: str, values: Sequence[Any]) -> list[Any]:
    """Copies of the items in which the field has these values, one for each item.

    An item that has no such field is not copied.
    """
    kinds = set(map(type, items))
    if len(kinds) == 1 and not kinds & {dict}:
        kind: Any = kinds.pop()
        attribute = _attribute(kind, name)
        if attribute is None:
            return list(items)
        copies = list(map(copy, items))
        for item, value in zip(copies, values, strict=True):
            structs.force_setattr(item, attribute, value)
        return copies
    return [
        _with_value(item, name, value)
        for item, value in zip(items, values, strict=True)
    ]


def put_values(items: Sequence[Any], name: str, values: Sequence[Any]) -> None:
    """Set the field in each of the items themselves; None takes it away."""
    for item, value in zip(items, values, strict=True):
        if isinstance(item, dict):
            if value is None:
                item.pop(name, None)
            else:
                item[name] = value
            continue
        kind: Any = type(item)
        attribute = _attribute(kind, name)
        if attribute is not None:
            structs.force_setattr(item, attribute, UNSET if value is None else value)


def has_field(type_: Any, name: str) -> bool:
    """Whether values of the type have the field, as far as the type says."""
    return any(_attribute(member, name) is not None for member in members_of(type_))


def _value_of(item: Any, name: str) -> Any:
    if isinstance(item, dict):
        return item.get(name)
    kind: Any = type(item)
    attribute = _attribute(kind, name)
    value = getattr(item, attribute) if attribute is not None else None
    return None if value is UNSET else value


def _with_value(item: Any, name: str, value: object) -> Any:
    if isinstance(item, dict):
        return {**item, name: value}
    [changed] = with_values([item], name, [value])
    return changed


@cache
def _attribute(kind: Any, name: str) -> str | None:
    """What a model calls the field that the API gives this name."""
    if not is_struct(kind):
        return None
    names: dict[str, str] = dict(
        zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    )
    return names.get(name)
