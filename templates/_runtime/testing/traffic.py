"""Requests and replies, whichever way they travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

__all__ = ["Ending", "Reply", "Request", "Seen"]


class Ending(Enum):
    """How much of a reply arrives."""

    WHOLE = auto()
    HALF = auto()
    """The head, and half of the body that it promises."""
    RESET = auto()
    """Nothing: the connection is reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent; headers go by their names in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to send back, after so many seconds."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    ending: Ending = Ending.WHOLE

    @property
    def sent(self) -> bytes:
        """As much of the body as arrives."""
        if self.ending is Ending.HALF:
            return self.body[: len(self.body) // 2]
        return self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it came, and what became of it.

    Attributes:
        effect: create, read, update, upsert or archive; None if it is no batch.
        inputs: its inputs, if it has any.
        refused: those of them that were not done, while others were.
        status: what was answered; 0 if no answer arrived.
        fault: what was done to it on purpose, in a word.
    """

    number: int
    request: Request
    effect: str | None
    record_type: str | None
    inputs: tuple[Any, ...]
    status: int
    fault: str | None
    refused: tuple[Any, ...] = ()

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def body(self) -> bytes:
        return self.request.body
