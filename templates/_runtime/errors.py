"""Everything that a call can raise: one short tree, and how a body is read for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import httpx2
import msgspec
from msgspec import UNSET, Struct

__all__ = [
    "AuthenticationError",
    "ConflictError",
    "ConnectionFailedError",
    "CredentialError",
    "DecodingError",
    "ErrorFields",
    "Finding",
    "InvalidInputError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "RequestTimeoutError",
    "SDKError",
    "ServerError",
    "StatusError",
    "TransportError",
    "ValidationError",
]

# Where messages stand in bodies that nobody described: RFC 9457 first, then what
# APIs commonly use.
_COMMON_MESSAGES = ("detail", "message", "title", "error.message", "error")
_SHOWN_FINDINGS = 5
_SHOWN_TEXT = 300


class SDKError(Exception):
    """A call that did not succeed. Every error of this package is one of these.

    Attributes (each is None where it does not apply):
        message: what went wrong, in the server's words where it gave any.
        status: the HTTP status.
        category: the server's own name for the kind of error.
        correlation_id: what to quote to the API's support.
        body: the parsed JSON body; of the type that the API documents for the status,
            where it does so and the body is that.
        headers: the answer's headers.
        content: the answer's bytes, as far as they came.
        request: method and path of the call, without the query.
        delivered: False if the request certainly did not reach the server, True
            if the server answered, None if nobody can tell.
    """

    delivered: bool | None = None

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        category: str | None = None,
        correlation_id: str | None = None,
        body: object = None,
        headers: httpx2.Headers | None = None,
        content: bytes | None = None,
        request: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.category = category
        self.correlation_id = correlation_id
        self.body = body
        self.headers = headers
        self.content = content
        self.request = request

    def __str__(self) -> str:
        head = [] if self.status is None else [str(self.status)]
        if self.category:
            head.append(self.category)
        elif self.status is not None:
            head.append(httpx2.codes.get_reason_phrase(self.status))
        text = ": ".join(filter(None, [" ".join(filter(None, head)), self.message]))
        notes = []
        if self.request:
            notes.append(self.request)
        if self.correlation_id:
            notes.append(f"correlation id {self.correlation_id}")
        if notes:
            text = f"{text} ({', '.join(notes)})"
        return _one_line(text.strip())


class CredentialError(SDKError):
    """A credential is missing or unusable. Nothing was sent."""

    delivered = False


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with what the caller gave.

    Attributes:
        index: which input (from 0), None where it is not about one of a list.
        field: the way to the value, such as `inputs[3].properties.amount`.
        message: what is wrong with it.
    """

    index: int | None
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class InvalidInputError(SDKError, ValueError):
    """What the caller gave cannot be what the API wants. Nothing was sent.

    Attributes:
        findings: everything that is wrong, over all inputs.
    """

    delivered = False

    def __init__(
        self,
        message: str | None = None,
        *,
        findings: Iterable[Finding] = (),
        request: str | None = None,
    ) -> None:
        self.findings = tuple(findings)
        super().__init__(message or _summary(self.findings), request=request)


class TransportError(SDKError):
    """No complete answer came. `delivered` says whether the request may have."""

    def __init__(
        self,
        message: str | None = None,
        *,
        delivered: bool | None = None,
        status: int | None = None,
        correlation_id: str | None = None,
        headers: httpx2.Headers | None = None,
        content: bytes | None = None,
        request: str | None = None,
    ) -> None:
        super().__init__(
            message,
            status=status,
            correlation_id=correlation_id,
            headers=headers,
            content=content,
            request=request,
        )
        self.delivered = delivered


class ConnectionFailedError(TransportError):
    """The connection could not be made, or broke before an answer came."""


class RequestTimeoutError(TransportError):
    """Connecting, writing, reading, or waiting for a free connection took too long."""


class DecodingError(SDKError):
    """A success that cannot be read; what it did on the server is done.

    Attributes:
        truncated: whether the body broke off (`content` holds what came).
    """

    delivered = True

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        correlation_id: str | None = None,
        body: object = None,
        headers: httpx2.Headers | None = None,
        content: bytes | None = None,
        request: str | None = None,
        truncated: bool = False,
    ) -> None:
        super().__init__(
            message,
            status=status,
            correlation_id=correlation_id,
            body=body,
            headers=headers,
            content=content,
            request=request,
        )
        self.truncated = truncated


class StatusError(SDKError):
    """The server answered with a status that is no success.

    Statuses without a class of their own (1xx, 3xx, other 4xx) raise this one.
    """

    delivered = True


class AuthenticationError(StatusError):
    """401: the server does not accept the credential."""


class PermissionDeniedError(StatusError):
    """403: the credential is good, but not for this."""


class NotFoundError(StatusError):
    """404: what the request names does not exist."""


class ConflictError(StatusError):
    """409: the request does not go with what the server already holds."""


class RateLimitError(StatusError):
    """429: too many requests."""


class ValidationError(StatusError):
    """400 or 422: the server does not accept the values that were sent."""


class ServerError(StatusError):
    """5xx: the server failed; what the request was to do may have happened."""


_BY_STATUS: dict[int, type[StatusError]] = {
    400: ValidationError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    429: RateLimitError,
}


class ErrorFields(Struct, frozen=True, kw_only=True):
    """Where the API's error bodies say what, as dotted paths (`error.code`)."""

    message: str | None = None
    category: str | None = None
    correlation_id: str | None = None
    correlation_id_header: str | None = None

    def correlation_of(
        self, headers: httpx2.Headers, body: object = None
    ) -> str | None:
        """The correlation id of an answer, from its body or else its header."""
        found = _text_at(body, self.correlation_id)
        if found is None and self.correlation_id_header is not None:
            found = headers.get(self.correlation_id_header)
        return found

    def message_of(self, body: object) -> str | None:
        for path in (self.message, *_COMMON_MESSAGES):
            found = _text_at(body, path)
            if found:
                return found
        return None

    def category_of(self, body: object) -> str | None:
        return _text_at(body, self.category)


def status_error(
    status: int,
    headers: httpx2.Headers,
    content: bytes,
    *,
    fields: ErrorFields,
    request: str | None = None,
) -> StatusError:
    """The error for an answer that is no success."""
    body = _parsed(content)
    is_json = body is not UNSET
    body = body if is_json else None
    if 500 <= status < 600:
        kind: type[StatusError] = ServerError
    else:
        kind = _BY_STATUS.get(status, StatusError)
    message = fields.message_of(body)
    if not is_json:
        message = _plain_text(headers, content)
    if 300 <= status < 400 and "location" in headers:
        message = _redirect_message(headers["location"])
    return kind(
        message,
        status=status,
        category=fields.category_of(body),
        correlation_id=fields.correlation_of(headers, body),
        body=body,
        headers=headers,
        content=content,
        request=request,
    )


def _parsed(content: bytes) -> object:
    try:
        body: object = msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return UNSET
    return body


def _text_at(body: object, path: str | None) -> str | None:
    if path is None:
        return None
    for key in path.split("."):
        if not isinstance(body, Mapping):
            return None
        body = body.get(key)
    if isinstance(body, str):
        return body or None
    if isinstance(body, int) and not isinstance(body, bool):
        return str(body)
    return None


def _plain_text(headers: httpx2.Headers, content: bytes) -> str | None:
    """The beginning of a body that is neither JSON nor a page for a browser."""
    text = content[:_SHOWN_TEXT].decode("utf-8", errors="replace").strip()
    is_markup = text.startswith("<") or "html" in headers.get("content-type", "")
    return None if is_markup else text or None


def _redirect_message(location: str) -> str:
    # A redirect may echo the query, and with it an API key.
    target = location.partition("?")[0].partition("#")[0]
    return (
        f"the server redirects to {target}; redirects are not followed, since the"
        " credentials would go there too: if the API has moved, give its new"
        " address as base_url"
    )


def _summary(findings: tuple[Finding, ...]) -> str:
    shown = "; ".join(str(finding) for finding in findings[:_SHOWN_FINDINGS])
    hidden = len(findings) - _SHOWN_FINDINGS
    more = f"; and {hidden} more" if hidden > 0 else ""
    return f"nothing was sent: {shown}{more}"


def _one_line(text: str) -> str:
    """A server's words may hold newlines, or characters that drive a terminal."""
    if text.isprintable():
        return text
    spaced = " ".join(text.split())
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in spaced
    )
