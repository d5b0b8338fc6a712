"""Who may do what: the credential of a request, and the scopes that it has."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import parse_qs

from .described import Credential, Described, Scopes
from .traffic import Request

__all__ = ["Access"]


class Access:
    """
    Args:
        tokens: those that are accepted, each with its scopes (None for all of them);
            None to accept any.
    """

    def __init__(
        self,
        described: Described,
        tokens: Mapping[str, Collection[str] | None] | None,
    ) -> None:
        self._credentials = described.credentials
        self._tokens = tokens

    def complaint(
        self,
        request: Request,
        security: Iterable[Collection[str]] | None,
        scopes: Scopes,
    ) -> tuple[int, str] | None:
        """The status that a request is refused with, and why."""
        ways = list(security) if security is not None else [[*self._credentials]]
        for way in ways:
            known = [self._credentials[name] for name in way]
            sent = [_sent(request, credential) for credential in known]
            if all(sent) and all(map(self._is_known, sent)):
                return self._missing(sent, scopes)
        return 401, "Authentication credentials not found or not valid"

    def _is_known(self, token: str | None) -> bool:
        return self._tokens is None or token in self._tokens

    def _missing(
        self, tokens: Iterable[str | None], scopes: Scopes
    ) -> tuple[int, str] | None:
        if self._tokens is None or not scopes:
            return None
        granted: set[str] = set()
        for token in tokens:
            own = self._tokens[token or ""]
            if own is None:
                return None
            granted |= {*own}
        if any(granted.issuperset(way) for way in scopes):
            return None
        wanted = " or ".join(" and ".join(way) for way in scopes)
        return 403, f"The token lacks a scope: {wanted}"


def _sent(request: Request, credential: Credential) -> str | None:
    if credential.location == "query":
        return parse_qs(request.query).get(credential.name, [None])[0]
    if credential.location == "cookie":
        pairs = request.headers.get("cookie", "").split("; ")
        named = [pair.partition("=")[::2] for pair in pairs]
        return next((v for name, v in named if name == credential.name), None)
    text = request.headers.get(credential.name.lower(), "")
    if credential.kind == "ApiKey":
        return text or None
    scheme, _, token = text.partition(" ")
    if scheme.lower() != credential.kind.lower():
        return None
    if credential.kind == "Basic":
        try:
            return base64.b64decode(token).decode()
        except ValueError:
            return None
    return token.strip() or None
