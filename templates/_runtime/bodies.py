"""What requests carry where that is not JSON alone; other modules have the formats."""

from __future__ import annotations

from typing import Any, TypeAlias

import httpx2
from msgspec import Struct

from .errors import Finding, InvalidInputError

__all__ = ["BodyFormat", "Content", "refusal"]

Headers: TypeAlias = tuple[tuple[str, str], ...]


class Content(Struct, frozen=True):
    """A body ready to be sent, with the headers that describe it.

    It is bytes or, where it is read while it is sent, a stream; that serves both
    clients, or the async one where its source is async.
    """

    headers: Headers
    content: bytes | None
    stream: httpx2.AsyncByteStream | None = None


class BodyFormat:
    """How bodies of one media type are written.

    Args:
        type_: what the caller gives.
        media_type: the Content-Type.
    """

    def __init__(self, type_: Any, media_type: str) -> None:
        self._type = type_
        self._media_type = media_type

    def takes(self, body: object) -> bool:
        """Whether a body can only be meant for this format, where there are several."""
        raise NotImplementedError

    def content(self, body: object) -> Content:
        """What to send for a body.

        Raises:
            InvalidInputError: it is not of the type.
        """
        raise NotImplementedError


def refusal(place: str, message: str) -> InvalidInputError:
    """The error that says what is wrong with one place of a body."""
    finding = Finding(index=None, field=place, message=message)
    return InvalidInputError(findings=[finding])
