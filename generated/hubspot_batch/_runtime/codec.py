"""Between JSON and values of a type."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from .structure import builder_of, is_native

__all__ = ["convert", "decode", "encode"]

_BOM = b"\xef\xbb\xbf"

encode: Callable[[object], bytes] = msgspec.json.Encoder().encode
"""A value as JSON. Fields that are UNSET are left out."""

_decode_plain: Callable[[bytes], Any] = msgspec.json.Decoder().decode


def decode(content: bytes, type_: Any) -> Any:
    """A value of the type from JSON; unknown fields are ignored.

    Raises:
        msgspec.DecodeError: the bytes are no JSON, or not of this type (the
            subclass msgspec.ValidationError, with the place).
        RecursionError: the JSON is nested too deeply.
    """
    return _decoder(type_)(content.removeprefix(_BOM))


def convert(value: object, type_: Any) -> Any:
    """A value of the type from plain data; models within it are taken as they are.

    Raises:
        msgspec.ValidationError: the data is not of this type, with the place.
        RecursionError: the data is nested too deeply.
    """
    return builder_of(type_)(value, {})


@cache
def _decoder(type_: Any) -> Callable[[bytes], Any]:
    if is_native(type_):
        return msgspec.json.Decoder(type_).decode
    build = builder_of(type_)
    return lambda content: build(_decode_plain(content), {})
