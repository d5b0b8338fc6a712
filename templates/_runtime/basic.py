"""User name and password as a credential."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx2

from .auth import Credential, Secret

__all__ = ["AsyncBasicSource", "Basic", "BasicSource"]

BasicSource: TypeAlias = tuple[str, str] | Callable[[], tuple[str, str]]
AsyncBasicSource: TypeAlias = BasicSource | Callable[[], Awaitable[tuple[str, str]]]


class Basic(Credential):
    """User name and password; the environment variable holds `user:password`."""

    expected = "a pair of strings (user name, password)"

    def place(self, request: httpx2.Request, secret: Secret[Any]) -> None:
        request.headers["Authorization"] = "Basic " + b64encode(
            ":".join(secret.reveal()).encode("utf-8")
        ).decode("ascii")

    def _from_environment(self, text: str) -> object:
        return tuple(text.rstrip("\r\n").split(":", 1)) if text else None

    def _held(self, value: object) -> Secret[Any]:
        return Secret(value)

    def _problem(self, secret: Secret[Any]) -> str | None:
        pair = secret.reveal()
        if not (
            isinstance(pair, tuple)
            and len(pair) == 2
            and all(isinstance(part, str) for part in pair)
        ):
            return f"must be {self.expected}"
        if ":" in pair[0]:
            return "has a user name with a colon, which cannot be sent"
        if not all(part.isprintable() for part in pair):
            return "holds control characters"
        return None
