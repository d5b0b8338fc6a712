"""Bodies that the API takes in several media types: what is given says which."""

from __future__ import annotations

from .bodies import BodyFormat, Content
from .forms import is_one_of
from .inputs import accept

__all__ = ["BodyChoice", "JsonBody"]


class JsonBody(BodyFormat):
    """JSON, where that is one of several media types."""

    def takes(self, body: object) -> bool:
        return is_one_of(body, self._type)

    def content(self, body: object) -> Content:
        content = accept(body, self._type, label="body").content
        return Content((("Content-Type", self._media_type),), content)


class BodyChoice(BodyFormat):
    """Formats, told apart by the type of what is given; a mapping is for the first."""

    def __init__(self, *formats: BodyFormat) -> None:
        self._formats = formats

    def takes(self, body: object) -> bool:
        return any(each.takes(body) for each in self._formats)

    def content(self, body: object) -> Content:
        first = self._formats[0]
        chosen = next((each for each in self._formats if each.takes(body)), first)
        return chosen.content(body)
