"""Between JSON and values of a type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from .building import builder_of
from .models import FURTHER, OpenModel, unquoted
from .structure import is_native

__all__ = ["convert", "decode", "decode_lines", "encode", "encode_lines", "plain"]

_BOM = b"\xef\xbb\xbf"


def _as_dict(value: object) -> dict[Any, Any]:
    """Mappings of any kind, which msgspec takes in but does not put out."""
    if isinstance(value, Mapping):
        return dict(value)
    kind = type(value).__name__
    raise TypeError(f"JSON has no form for objects of type {kind}")


_encoder = msgspec.json.Encoder(enc_hook=_as_dict)
_FURTHER = FURTHER.encode()

_decode_plain: Callable[[bytes], Any] = msgspec.json.Decoder().decode


def encode(value: object) -> bytes:
    """A value as JSON. Fields that are UNSET are left out."""
    content = _encoder.encode(value)
    if _may_be_further(content):
        return _encoder.encode(_flat(_decode_plain(content)))
    return content


def encode_lines(values: Any) -> bytes:
    """Several values as JSON, each in a line that ends with a newline."""
    content = _encoder.encode_lines(values)
    if _may_be_further(content):
        return b"".join(encode(value) + b"\n" for value in values)
    return content


def _may_be_further(content: bytes) -> bool:
    # Most JSON is ASCII, and that is seen at a glance.
    return not content.isascii() and _FURTHER in content


def _flat(value: Any) -> Any:
    """Plain data, with properties that are not named among those that are."""
    if isinstance(value, dict):
        further = value.pop(FURTHER, None)
        if isinstance(further, dict):
            value = {**further, **value}
        return {unquoted(key): _flat(each) for key, each in value.items()}
    return [_flat(each) for each in value] if isinstance(value, list) else value


def decode(content: bytes, type_: Any) -> Any:
    """A value of the type from JSON; unknown fields are ignored.

    Raises:
        msgspec.DecodeError: the bytes are no JSON, or not of this type (the
            subclass msgspec.ValidationError, with the place).
        RecursionError: the JSON is nested too deeply.
    """
    return _decoder(type_)(content.removeprefix(_BOM))


def decode_lines(content: bytes, type_: Any) -> list[Any]:
    """Values of the type from JSON with a value in each line; see `decode`."""
    if is_native(type_):
        return _line_decoder(type_)(content)
    return [decode(line, type_) for line in content.split(b"\n")[:-1]]


def plain(value: object) -> Any:
    """The value as dicts, lists, strings, numbers and None: what its JSON says."""
    said = msgspec.to_builtins(value, str_keys=True, enc_hook=_as_dict)
    return _flat(said) if OpenModel.__subclasses__() else said


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


@cache
def _line_decoder(type_: Any) -> Callable[[bytes], list[Any]]:
    return msgspec.json.Decoder(type_).decode_lines
