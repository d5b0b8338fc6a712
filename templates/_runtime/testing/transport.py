"""The fake as a transport of httpx2: requests reach it without a socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx2

from .traffic import Ending, Reply, Request

__all__ = ["FakeTransport"]


class FakeTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Hands requests to the fake, for clients of both kinds.

    Nobody waits for an answer that comes after the timeout: that is raised at once.
    """

    def __init__(self, handle: Callable[[Request], Reply]) -> None:
        self._handle = handle

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        reply = self._handle(_received(request, request.read()))
        time.sleep(_wait(request, reply))
        return _response(request, reply)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        reply = self._handle(_received(request, await request.aread()))
        await asyncio.sleep(_wait(request, reply))
        return _response(request, reply)


class _BrokenOff(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that ends too early."""

    def __init__(self, content: bytes, request: httpx2.Request) -> None:
        self._content = content
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        raise self._error

    @property
    def _error(self) -> httpx2.RemoteProtocolError:
        message = "peer closed connection without sending complete message body"
        return httpx2.RemoteProtocolError(message, request=self._request)


def _received(request: httpx2.Request, body: bytes) -> Request:
    return Request(
        method=request.method,
        path=request.url.raw_path.decode("ascii").partition("?")[0],
        query=request.url.query.decode("ascii"),
        headers=dict(request.headers),
        body=body,
    )


def _wait(request: httpx2.Request, reply: Reply) -> float:
    allowed = request.extensions.get("timeout", {}).get("read")
    if allowed is not None and reply.delay >= allowed:
        raise httpx2.ReadTimeout("The read operation timed out", request=request)
    return reply.delay


def _response(request: httpx2.Request, reply: Reply) -> httpx2.Response:
    if reply.ending is Ending.RESET:
        raise httpx2.ReadError("Connection reset by peer", request=request)
    headers = dict(reply.headers)
    if reply.ending is Ending.HALF:
        stream = _BrokenOff(reply.sent, request)
        return httpx2.Response(
            reply.status, headers=headers, stream=stream, request=request
        )
    return httpx2.Response(
        reply.status, headers=headers, content=reply.body, request=request
    )
