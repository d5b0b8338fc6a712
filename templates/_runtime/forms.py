"""Bodies that are forms: `application/x-www-form-urlencoded`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .bodies import BodyFormat, Content, refusal
from .codec import plain
from .inputs import accept
from .parameters import Parameter, ParameterError, Style
from .structure import is_struct, members_of

__all__ = ["Encoding", "FormBody"]


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form is written, where the API says so.

    Attributes:
        name: what the API calls the property.
        content_type: the media type of the value.
        style, explode, allow_reserved: as of a query parameter.
        headers: those of the part, where the form has parts.
    """

    name: str
    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_json(self) -> bool:
        first = (self.content_type or "").partition(",")[0]
        kind = first.partition(";")[0].strip()
        return kind == "application/json" or kind.endswith("+json")

    def parts(self, value: object) -> list[str]:
        """The value as `name=text`, percent-encoded.

        A style counts if the API names one; else objects are JSON, and so are the
        items of a list that are no plain values.
        """
        styled = self.style is not None or self.explode is not None
        as_json = self.is_json or (isinstance(value, Mapping) and not styled)
        return Parameter(
            self.name,
            "query",
            style=self.style,
            explode=self.explode,
            allow_reserved=self.allow_reserved,
            as_json=as_json,
        ).in_query(value)


class FormBody(BodyFormat):
    """An object whose properties are written as `name=value`, joined by `&`.

    Properties that are UNSET or None are left out.
    """

    def __init__(
        self, type_: Any, media_type: str, encodings: Iterable[Encoding] = ()
    ) -> None:
        super().__init__(type_, media_type)
        self._encodings = {encoding.name: encoding for encoding in encodings}

    def takes(self, body: object) -> bool:
        return is_one_of(body, self._type)

    def content(self, body: object) -> Content:
        text = "&".join(self._parts(body))
        return Content((("Content-Type", self._media_type),), text.encode("ascii"))

    def _parts(self, body: object) -> Iterator[str]:
        for name, value in plain_object(body, self._type).items():
            if value is None:
                continue
            encoding = self._encodings.get(name) or Encoding(name)
            try:
                yield from encoding.parts(value)
            except ParameterError as error:
                raise refusal(f"body.{name}", str(error)) from None


def is_one_of(body: object, type_: Any) -> bool:
    """Whether the body is one of the type's models."""
    return any(is_struct(m) and isinstance(body, m) for m in members_of(type_))


def plain_object(body: object, type_: Any) -> dict[str, Any]:
    """The body's properties by the API's own names, as JSON would have them.

    Raises:
        InvalidInputError: the body is not of the type, or no object.
    """
    value = plain(accept(body, type_, label="body").value)
    if not isinstance(value, dict):
        raise refusal("body", "expected a mapping")
    return value
