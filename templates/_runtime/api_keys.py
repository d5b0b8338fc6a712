"""Keys as credentials: in a header, the query or a cookie."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import quote

import httpx2

from .auth import Credential, Secret

__all__ = ["ApiKey"]

_HEADER = re.compile(r"[ -~]+")
_COOKIE = re.compile(r"[!-:<-~]+")


class ApiKey(Credential):
    """A key in a header, the query or a cookie.

    In the query it is part of the URL, and so in whatever logs URLs.
    """

    def __init__(
        self,
        value: object,
        *,
        name: str,
        location: Literal["header", "query", "cookie"],
        argument: str,
        environment: str | None = None,
        required: bool = True,
    ) -> None:
        super().__init__(
            value, argument=argument, environment=environment, required=required
        )
        self._name = name
        self._location = location

    def place(self, request: httpx2.Request, secret: Secret[Any]) -> None:
        if self._location == "header":
            request.headers[self._name] = secret.reveal()
        elif self._location == "cookie":
            others = request.headers.get("Cookie")
            cookie = f"{self._name}={secret.reveal()}"
            request.headers["Cookie"] = f"{others}; {cookie}" if others else cookie
        else:
            query = request.url.query
            added = f"{quote(self._name, safe='')}={quote(secret.reveal(), safe='')}"
            query += (b"&" if query else b"") + added.encode("ascii")
            request.url = request.url.copy_with(query=query)

    def _problem(self, secret: Secret[Any]) -> str | None:
        problem = super()._problem(secret)
        if problem is not None:
            return problem
        value: str = secret.reveal()
        if self._location == "header" and not _HEADER.fullmatch(value):
            return "holds control characters or characters beyond ASCII"
        if self._location == "cookie" and not _COOKIE.fullmatch(value):
            return "holds characters that a cookie cannot carry"
        if not value.isprintable():
            return "holds control characters"
        return None
