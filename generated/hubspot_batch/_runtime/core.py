"""What the sync and the async client have in common: everything but I/O."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from time import perf_counter
from typing import Any, TypeAlias

import httpx2

from .arguments import checked_headers
from .auth import Credential
from .errors import (
    CredentialError,
    ErrorFields,
    Finding,
    InvalidInputError,
    TransportError,
)
from .exchange import (
    AnyClient,
    DefaultTimeout,
    RequestBuilder,
    Timeout,
    agent_header,
    checked_base_url,
    checked_timeout,
    client_timeout,
    outcome_of,
)
from .operation import Answer, Operation, PreparedRequest

__all__ = ["ClientCore", "Outcome"]

Outcome: TypeAlias = Answer | TransportError | InvalidInputError

# Named after the generated package, wherever it has been copied to.
_logger = logging.getLogger((__package__ or __name__).removesuffix("._runtime"))
_logger.addHandler(logging.NullHandler())


class ClientCore:
    """The settings of a client, and what it does before and after a request."""

    # So that a client that could not be made has a repr all the same.
    _base_url = ""

    def __init__(
        self,
        *,
        product: str,
        base_url: str,
        credentials: Mapping[str, Credential] | None,
        timeout: Timeout,
        headers: Mapping[str, str] | None,
        own: AnyClient | None,
        error_fields: ErrorFields | None,
        servers: tuple[str, ...],
        server_urls: Mapping[str, str] | None,
    ) -> None:
        self._credentials = dict(credentials or {})
        for credential in self._credentials.values():
            credential.check()
        self._base_url = checked_base_url(base_url)
        self._error_fields = error_fields or ErrorFields()
        self._timeout = client_timeout(timeout, own)
        findings: list[Finding] = []
        given = checked_headers(headers or {}, findings)
        if findings:
            raise InvalidInputError(findings=findings)
        self._requests = RequestBuilder(
            self._base_url,
            (*agent_header(product, own), *given),
            _checked_servers(servers, server_urls or {}),
        )
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._base_url}>"

    def _check_usable(self, http: AnyClient) -> None:
        if self._closed or http.is_closed:
            raise RuntimeError(f"this {type(self).__name__} is closed; make a new one")

    def _timeout_for(self, timeout: Timeout) -> httpx2.Timeout:
        if isinstance(timeout, DefaultTimeout):
            return self._timeout
        return checked_timeout(timeout)

    def _outcome(
        self,
        error: httpx2.HTTPError | httpx2.InvalidURL,
        response: httpx2.Response | None,
        chunks: list[bytes],
        prepared: PreparedRequest,
    ) -> Outcome:
        return outcome_of(
            error,
            response,
            b"".join(chunks),
            prepared=prepared,
            base_url=self._requests.address(prepared),
            fields=self._error_fields,
        )

    def _credentials_for(self, operation: Operation[Any]) -> list[Credential]:
        given = {n: c for n, c in self._credentials.items() if c.is_given}
        if operation.security is None:
            return list(given.values())
        possible = [
            names
            for names in operation.security
            if all(name in given for name in names)
        ]
        if possible:
            # Where a call may be anonymous, it is so only if there is nothing to say.
            chosen = next((names for names in possible if names), ())
            return [given[name] for name in chosen]
        if not operation.security:
            return []
        wanted = [
            " and ".join(self._credentials[name].remedy for name in names)
            for names in operation.security
        ]
        raise CredentialError(
            f"{operation.method} {operation.path} needs a credential:"
            f" {'; or '.join(wanted)}"
        )

    def _report(
        self, prepared: PreparedRequest, started: float, outcome: Outcome
    ) -> Answer:
        """Log what came of a request, and raise it if it is an error."""
        milliseconds = (perf_counter() - started) * 1000
        if isinstance(outcome, Answer):
            # To look the id up costs more than the rest of it.
            if _logger.isEnabledFor(logging.INFO):
                _logger.info(
                    "%s %s: %d in %.0f ms, correlation id %s",
                    prepared.method,
                    prepared.path,
                    outcome.status,
                    milliseconds,
                    self._error_fields.correlation_of(outcome.headers) or "-",
                )
            return outcome
        _logger.info(
            "%s %s: %s after %.0f ms, correlation id %s",
            prepared.method,
            prepared.path,
            type(outcome).__name__,
            milliseconds,
            outcome.correlation_id or "-",
        )
        raise outcome


def _checked_servers(
    known: tuple[str, ...], given: Mapping[str, str]
) -> dict[str, str]:
    """
    Raises:
        ValueError: no operation has such a server, or it is no address.
    """
    for server in given:
        if server not in known:
            raise ValueError(
                f"server_urls: no operation has the server {server!r}; there are"
                f" {', '.join(map(repr, known))}"
            )
    return {
        server: (
            url
            if url.startswith("/")
            else checked_base_url(url, f"server_urls[{server!r}]")
        )
        for server, url in given.items()
    }
