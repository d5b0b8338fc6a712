"""The parents of every generated shape, and the value that means "not given"."""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import Any, Final, Self

from msgspec import UNSET, Struct, UnsetType, field

__all__ = [
    "FURTHER",
    "UNSET",
    "Model",
    "OpenIntEnum",
    "OpenModel",
    "OpenStrEnum",
    "UnsetType",
    "field",
    "further",
    "quoted",
    "read_only",
    "unquoted",
]

# Unicode's promise is that this is no character: no property is called so.
FURTHER: Final = "\ufdd0"
"""What the field of an `OpenModel` is called whose items are properties themselves.

With four hexadecimal digits behind it, it stands in a name for a character that msgspec
has none with.
"""
_BARRED = re.compile(r'["\\\x00-\x1f]')
_QUOTED = re.compile(f"{FURTHER}([0-9a-f]{{4}})")


class Model(Struct, kw_only=True, repr_omit_defaults=True):
    """A shape of the API.

    A field that is `UNSET` was not in the answer and is not sent; a field that is
    `None` is JSON's null. Answers may hold fields that the shape does not know;
    they are ignored.
    """


class OpenModel(Model):
    """A shape that has properties beyond those that are named, or `quoted` names.

    The former are the items of its field `additional_properties`, whose name in JSON is
    `FURTHER`; there, they stand beside the others.
    """


def further() -> Any:
    """The field for properties that are not named."""
    return field(name=FURTHER, default_factory=dict)


def quoted(name: str) -> str:
    """The name of a property with quotes, backslashes or control characters in it."""
    return _BARRED.sub(lambda found: f"{FURTHER}{ord(found[0]):04x}", name)


def unquoted(name: str) -> str:
    """The name that was given to `quoted`; any other name as it is."""
    if FURTHER not in name:
        return name
    return _QUOTED.sub(lambda found: chr(int(found[1], 16)), name)


def read_only(*, name: str | None = None) -> Any:
    """A field that the API always sets, and that is not given to a new object."""
    return field(name=name, default=UNSET)


class OpenStrEnum(StrEnum):
    """A set of strings that the API may extend.

    A value outside the set becomes a value of the enum all the same, equal to its
    plain string; it is no member, so iterating the class does not show it.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        # Built anew each time: a cache would grow with whatever a server sends.
        unknown = str.__new__(cls, value)
        unknown._name_ = str(value)
        unknown._value_ = str(value)
        return unknown

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class OpenIntEnum(IntEnum):
    """A set of integers that the API may extend; see `OpenStrEnum`."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = str(int(value))
        unknown._value_ = int(value)
        return unknown

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
