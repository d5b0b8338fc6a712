"""Bodies that the API takes in several media types: what is given says which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_origin

from .bodies import BodyFormat, Content
from .forms import is_one_of
from .inputs import accept
from .structure import is_struct, members_of

__all__ = ["BodyChoice", "JsonBody"]


class JsonBody(BodyFormat):
    """JSON, where that is one of several media types."""

    def takes(self, body: object) -> bool:
        is_list = isinstance(body, list) and _has(self._type, list)
        return is_list or is_one_of(body, self._type)

    def content(self, body: object) -> Content:
        content = accept(body, self._type, label="body").content
        return Content((("Content-Type", self._media_type),), content)


class BodyChoice(BodyFormat):
    """Formats, told apart by the type of what is given.

    A mapping is for the first that has an object.
    """

    def __init__(self, *formats: BodyFormat) -> None:
        self._formats = formats

    def takes(self, body: object) -> bool:
        return any(each.takes(body) for each in self._formats)

    def content(self, body: object) -> Content:
        possible = [each for each in self._formats if each.takes(body)]
        if not possible and isinstance(body, Mapping):
            possible = [each for each in self._formats if _has(each._type, dict)]
        return (*possible, self._formats[0])[0].content(body)


def _has(type_: Any, kind: type) -> bool:
    """Whether lists are of the type; or mappings, which models are made from, too."""
    return any(
        get_origin(member) is kind or (kind is dict and is_struct(member))
        for member in members_of(type_)
    )
