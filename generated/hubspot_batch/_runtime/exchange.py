"""Between a prepared request and httpx2: its form there, and what failures mean."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from types import TracebackType
from typing import Final, NamedTuple, TypeAlias

import httpx2

from .errors import (
    ConnectionFailedError,
    ErrorFields,
    InvalidInputError,
    RequestTimeoutError,
    TransportError,
)
from .operation import Answer, PreparedRequest

__all__ = ["DEFAULT_TIMEOUT", "DefaultTimeout", "Timeout"]


class DefaultTimeout(Enum):
    """Stands for a timeout that is not given."""

    DEFAULT = "default"

    def __repr__(self) -> str:
        return "DEFAULT_TIMEOUT"


DEFAULT_TIMEOUT: Final = DefaultTimeout.DEFAULT
# Seconds for each of connecting, writing, reading and waiting for a connection.
Timeout: TypeAlias = float | httpx2.Timeout | None | DefaultTimeout
AnyClient: TypeAlias = httpx2.Client | httpx2.AsyncClient

_DEFAULT_SECONDS = 60.0
# What httpx2 has where nobody chose anything.
_LIBRARY_TIMEOUT = httpx2.Timeout(5.0)
_LIBRARY_AGENT = "python-httpx2/"
_LIBRARIES = frozenset(
    {"anyio", "h11", "h2", "hpack", "httpcore2", "httpx2", "socksio", "trio"}
)
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
# Raised before a byte of the request is written.
_UNDELIVERED = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)


def checked_base_url(base_url: str, label: str = "base_url") -> str:
    """The address without a trailing slash.

    Raises:
        ValueError: it is no address that paths can be put behind.
    """
    try:
        url = httpx2.URL(base_url)
    except (httpx2.InvalidURL, TypeError) as error:
        raise ValueError(f"{label} is no URL: {error}") from None
    if url.userinfo:
        raise ValueError(f"{label} must not hold a user name or password")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(
            f"{label} must begin with https:// or http:// and a host: {base_url!r}"
        )
    if url.query or url.fragment:
        raise ValueError(f"{label} must not have a query or a fragment")
    return str(url).rstrip("/")


def checked_timeout(timeout: float | httpx2.Timeout | None) -> httpx2.Timeout:
    """
    Raises:
        ValueError: it is not above zero.
    """
    if isinstance(timeout, (int, float)) and not timeout > 0:
        raise ValueError(f"timeout must be above zero seconds, or None: {timeout!r}")
    return httpx2.Timeout(timeout)


def client_timeout(timeout: Timeout, own: AnyClient | None) -> httpx2.Timeout:
    """A client's timeout: what was said, else what the caller's own client says."""
    if not isinstance(timeout, DefaultTimeout):
        return checked_timeout(timeout)
    if own is not None and own.timeout != _LIBRARY_TIMEOUT:
        return own.timeout
    return httpx2.Timeout(_DEFAULT_SECONDS)


def agent_header(product: str, own: AnyClient | None) -> Iterator[tuple[str, str]]:
    """Who sends the request, unless the caller's own client says it already."""
    agent = _LIBRARY_AGENT if own is None else own.headers.get("User-Agent", "")
    if agent.startswith(_LIBRARY_AGENT):
        python = ".".join(map(str, sys.version_info[:3]))
        yield "User-Agent", f"{product} httpx2/{httpx2.__version__} python/{python}"


class RequestBuilder:
    """Makes the requests of a client, with what is set on the httpx2 client.

    The headers that requests have in common are put together once, and again only
    where they differ from those of the request before.

    Args:
        headers: those of the client, in the order they were given.
        servers: where operations with a server of their own go instead, by that.
    """

    def __init__(
        self,
        base_url: str,
        headers: tuple[tuple[str, str], ...],
        servers: Mapping[str, str] | None = None,
    ) -> None:
        self._base_url = base_url
        self._headers = headers
        self._servers = servers or {}
        # Replaced as a whole: other threads may be at it.
        self._last = _Common(((), (), None), httpx2.Headers(), False)

    def address(self, prepared: PreparedRequest) -> str:
        """Where a request goes: the client's base_url or the operation's own server."""
        server = prepared.server
        if server is None:
            return self._base_url
        known = self._servers.get(server, server)
        return _origin(self._base_url) + known if known.startswith("/") else known

    def build(
        self, http: AnyClient, prepared: PreparedRequest, timeout: httpx2.Timeout
    ) -> httpx2.Request:
        query = prepared.query
        if http.params:
            query = f"{query}&{http.params}" if query else str(http.params)
        path = f"{prepared.path}?{query}" if query else prepared.path
        url = _parsed_url(self.address(prepared) + path)
        common = self._common(http, prepared, url)
        content, extensions = prepared.content, {"timeout": timeout.as_dict()}
        if not content or common.is_framed or http.cookies:
            return httpx2.Request(
                prepared.method,
                url,
                headers=common.headers,
                content=content,
                stream=prepared.stream,
                cookies=http.cookies,
                extensions=extensions,
            )
        # The same in fewer steps.
        request = httpx2.Request(
            prepared.method,
            url,
            headers=common.headers,
            stream=httpx2.ByteStream(content),
            extensions=extensions,
        )
        request.headers["Content-Length"] = str(len(content))
        request.read()
        return request

    def _common(
        self, http: AnyClient, prepared: PreparedRequest, url: httpx2.URL
    ) -> _Common:
        given = (http.headers.raw, prepared.headers, prepared.server)
        if self._last.given == given:
            return self._last
        merged = {name.lower(): (name, value) for name, value in http.headers.raw}
        for name, value in (*self._headers, *prepared.headers):
            raw = name.encode("ascii")
            merged[raw.lower()] = (raw, value.encode("utf-8"))
        own = [] if b"host" in merged else [(b"Host", url.netloc)]
        self._last = _Common(
            given,
            httpx2.Headers([*own, *merged.values()]),
            not merged.keys().isdisjoint(_FRAMING),
        )
        return self._last


class _Common(NamedTuple):
    """What requests have in common.

    Attributes:
        given: what the headers were made of.
        is_framed: whether they say how long the body is.
    """

    given: tuple[Sequence[tuple[bytes, bytes]], Sequence[tuple[str, str]], str | None]
    headers: httpx2.Headers
    is_framed: bool


@lru_cache(maxsize=64)
def _parsed_url(url: str) -> httpx2.URL:
    """Batches go to few URLs, over and over."""
    return httpx2.URL(url)


def is_as_sent(response: httpx2.Response) -> bool:
    """Whether the body can be read as it came: not compressed, and not read yet."""
    return not response.is_stream_consumed and not any(
        name.lower() == b"content-encoding" for name, _ in response.headers.raw
    )


def outcome_of(
    error: httpx2.HTTPError | httpx2.InvalidURL,
    response: httpx2.Response | None,
    content: bytes,
    *,
    prepared: PreparedRequest,
    base_url: str,
    fields: ErrorFields,
) -> Answer | TransportError | InvalidInputError:
    """What a failure in httpx2 comes down to; the outcome does not refer to it.

    Args:
        response: the answer's head, if that came.
        content: what came of its body.
    """
    if isinstance(error, httpx2.InvalidURL):
        return InvalidInputError(f"the URL is unusable: {error}", request=str(prepared))
    reason = _reason(error)
    timed_out = isinstance(error, httpx2.TimeoutException)
    if response is None:
        kind = RequestTimeoutError if timed_out else ConnectionFailedError
        delivered = False if isinstance(error, _UNDELIVERED) else None
        return kind(
            f"no answer from {_origin(base_url)}: {reason}{_hint(delivered)}",
            delivered=delivered,
            request=str(prepared),
        )
    if timed_out and response.is_success:
        return RequestTimeoutError(
            f"the answer broke off: {reason}",
            delivered=True,
            status=response.status_code,
            correlation_id=fields.correlation_of(response.headers),
            headers=response.headers,
            content=content,
            request=str(prepared),
        )
    return Answer(
        status=response.status_code,
        headers=response.headers,
        content=content,
        broken=reason,
    )


def late(prepared: PreparedRequest) -> RequestTimeoutError:
    """The error for an answer that was not whole when its time was over."""
    return RequestTimeoutError(
        "no whole answer came before the deadline", request=str(prepared)
    )


def hide_library_frames(error: BaseException) -> None:
    """Take out of a traceback the frames whose variables hold headers or bytes.

    For what is passed on as it is: an interrupt, a cancellation, an error in a hook
    or transport of the caller's own.
    """
    current: BaseException | None = error
    while current is not None:
        current.__traceback__ = _without_library_frames(current.__traceback__)
        while current.__context__ is not None and _is_library(
            type(current.__context__).__module__
        ):
            if current.__cause__ is current.__context__:
                current.__cause__ = None
            current.__context__ = current.__context__.__context__
        current = current.__context__


def _reason(error: httpx2.HTTPError) -> str:
    name = type(error).__name__
    # These quote what was to be sent, headers included.
    if isinstance(error, httpx2.LocalProtocolError):
        return f"{name} (the request is malformed)"
    return f"{name}: {error}" if str(error) else name


def _hint(delivered: bool | None) -> str:
    if delivered is None:
        return "; whether the server got the request is not known"
    return ""


def _origin(base_url: str) -> str:
    return "/".join(base_url.split("/", 3)[:3])


def _is_library(module: str) -> bool:
    root = module.partition(".")[0]
    return root in _LIBRARIES or root in sys.stdlib_module_names


def _without_library_frames(traceback: TracebackType | None) -> TracebackType | None:
    kept = [
        entry
        for entry in _entries(traceback)
        if not _is_library(entry.tb_frame.f_globals.get("__name__", ""))
    ]
    rebuilt: TracebackType | None = None
    for entry in reversed(kept):
        rebuilt = TracebackType(
            rebuilt, entry.tb_frame, entry.tb_lasti, entry.tb_lineno
        )
    return rebuilt


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next
