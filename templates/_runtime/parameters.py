"""Parameter values as text, by OpenAPI's styles, and where the text may stand."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias
from urllib.parse import quote

from msgspec import Struct

from .codec import encode, plain
from .models import UNSET

__all__ = ["Parameter", "ParameterError", "header_text"]

Location: TypeAlias = Literal["path", "query", "querystring", "header", "cookie"]
Style: TypeAlias = Literal[
    "simple",
    "label",
    "matrix",
    "form",
    "cookie",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
]
Pairs: TypeAlias = list[tuple[str, str]]
# What a value comes down to: one text, several, or several with names.
Flat: TypeAlias = str | list[str] | Pairs

_DEFAULT_STYLE: dict[Location, Style] = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
    "querystring": "form",
}
# Reserved characters that stay as they are where the spec says allowReserved. The
# others would end the value: `&` and `#`, and `+`, which servers read as a space.
_RESERVED = ":/?[]@!$'()*,;="
_ESCAPED = re.compile(r"%25([0-9A-Fa-f]{2})")
_NOT_IN_HEADERS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NOT_IN_COOKIES = re.compile(r"[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]")
# What may stand in a cookie as it is; servers often leave cookies undecoded.
_COOKIE_SAFE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_AS_THEY_ARE = (str, bytes, bytearray, Mapping, list, tuple, set, frozenset)
_DELIMITERS: dict[Style, str] = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}


class ParameterError(ValueError):
    """A value that cannot stand where the parameter does."""


class Parameter(Struct, frozen=True):
    """One parameter of an operation.

    Attributes:
        name: what the generated method calls it.
        location: where it goes.
        wire: what the API calls it, if something else.
        style, explode: how lists and objects are written; OpenAPI's defaults for
            the location.
        allow_reserved: whether reserved characters stay as they are.
        as_json: whether the value is sent as JSON (OpenAPI's `content`).
        required: whether a call with nothing to send is refused; in a path it is.
    """

    name: str
    location: Location
    wire: str = ""
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    as_json: bool = False
    required: bool = False

    @property
    def wire_name(self) -> str:
        return self.wire or self.name

    def in_path(self, value: object) -> str:
        """The text that replaces `{name}` in the path."""
        flat = self._flat(value)
        if flat in ([], [""]) or (flat == "" and self._style != "matrix"):
            raise ParameterError("must not be empty: it is part of the path")
        name = quote(self.wire_name, safe="")
        if self._style == "label":
            return "." + self._joined(flat, "." if self._explode else ",")
        if self._style != "matrix":
            return self._joined(flat, ",")
        pairs = [(name, self._joined(flat, ","))]
        if self._explode and not isinstance(flat, str):
            pairs = self._exploded(name, flat)
        return "".join(f";{key}={text}" if text else f";{key}" for key, text in pairs)

    def in_query(self, value: object) -> list[str]:
        """The parts of the query, each `name=value`; none for an empty list."""
        name = quote(self.wire_name, safe="")
        if self._style == "deepObject" and not self.as_json:
            return self._deep(value)
        flat = self._flat(value)
        if isinstance(flat, str):
            return [f"{name}={self._quoted(flat)}"]
        if self._explode:
            return [f"{key}={text}" for key, text in self._exploded(name, flat)]
        delimiter = _DELIMITERS.get(self._style, ",")
        return [f"{name}={self._joined(flat, delimiter)}"] if flat else []

    def as_query(self, value: object) -> list[str]:
        """The whole query: JSON, or a form with a field for each property."""
        if self.as_json:
            return [quote(encode(value), safe="")]
        plain_value = _builtin(value)
        if not isinstance(plain_value, dict):
            raise ParameterError("must be an object: it is the whole query")
        return [
            part
            for key, item in plain_value.items()
            if item is not None
            for part in Parameter(key, "query").in_query(item)
        ]

    def in_header(self, value: object) -> str:
        flat = self._flat(value)
        if isinstance(flat, str):
            return header_text(flat)
        return header_text(self._joined(flat, ",", quoted=False))

    def in_cookie(self, value: object) -> list[str]:
        """The parts of the Cookie header, each `name=value`; none for an empty list."""
        flat = self._flat(value)
        name = quote(self.wire_name, safe="")
        if isinstance(flat, str):
            return [f"{name}={self._quoted(flat)}"]
        if self._explode:
            return [f"{key}={text}" for key, text in self._exploded(name, flat)]
        return [f"{name}={self._joined(flat, ',')}"] if flat else []

    @property
    def _style(self) -> Style:
        return self.style or _DEFAULT_STYLE[self.location]

    @property
    def _explode(self) -> bool:
        if self.explode is None:
            return self._style in ("form", "cookie")
        return self.explode

    def _flat(self, value: object) -> Flat:
        if self.as_json:
            return encode(value).decode("utf-8")
        return _flat(_builtin(value))

    def _quoted(self, text: str) -> str:
        if self._style == "cookie":
            if _NOT_IN_COOKIES.search(text):
                raise ParameterError("must hold nothing that ends a cookie")
            return text
        if self.location == "cookie":
            return quote(text, safe=_COOKIE_SAFE)
        if not self.allow_reserved:
            return quote(text, safe="")
        # In a path, a question mark would end it.
        safe = _RESERVED.replace("?", "") if self.location == "path" else _RESERVED
        return _ESCAPED.sub(r"%\1", quote(text, safe=safe))

    def _joined(self, flat: Flat, delimiter: str, *, quoted: bool = True) -> str:
        text: Callable[[str], str] = self._quoted if quoted else str
        if isinstance(flat, str):
            return text(flat)
        parts: list[str] = []
        for item in flat:
            if isinstance(item, str):
                parts.append(text(item))
            elif self._explode:
                parts.append(f"{text(item[0])}={text(item[1])}")
            else:
                parts += [text(item[0]), text(item[1])]
        return delimiter.join(parts)

    def _exploded(self, name: str, flat: list[str] | Pairs) -> Pairs:
        return [
            (
                (name, self._quoted(item))
                if isinstance(item, str)
                else (quote(item[0], safe=""), self._quoted(item[1]))
            )
            for item in flat
        ]

    def _deep(self, value: object) -> list[str]:
        return [
            f"{quote(key, safe='')}={self._quoted(text)}"
            for key, text in _bracketed(self.wire_name, _builtin(value))
        ]


def header_text(value: str) -> str:
    """A header's value, without the spaces around it that HTTP does not carry."""
    text = value.strip(" \t")
    if _NOT_IN_HEADERS.search(text):
        raise ParameterError("must not hold line breaks or other control characters")
    return text


def _builtin(value: object) -> object:
    """Dates, enums, UUIDs, shapes and the like as JSON would have them."""
    if isinstance(value, str) and type(value) is str:
        return value
    if isinstance(value, Iterable) and not isinstance(value, _AS_THEY_ARE):
        value = list(value)
    return plain(value)


def _flat(value: object) -> Flat:
    """A list's or an object's items; nulls within are left out."""
    if isinstance(value, dict):
        return [
            (str(key), _text(item)) for key, item in value.items() if item is not None
        ]
    if isinstance(value, (list, tuple)):
        return [_text(item) for item in value if item is not None]
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        raise ParameterError(f"must be a finite number, got {value}")
    if isinstance(value, (int, float)):
        return str(value)
    # Nothing is said about lists within lists; JSON is what servers try.
    return encode(value).decode("utf-8")


def _bracketed(name: str, value: object) -> Iterable[tuple[str, str]]:
    """OpenAPI says nothing of lists here; this is what most servers read as one."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _bracketed(f"{name}[{key}]", item)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            is_plain = not isinstance(item, (dict, list, tuple))
            yield from _bracketed(f"{name}[{'' if is_plain else index}]", item)
    elif value is not None and value is not UNSET:
        yield name, _text(value)
