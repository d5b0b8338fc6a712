"""Answers whose bodies are read as they come: downloads, and streams of events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from time import perf_counter
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import httpx2

from .auth import PlacedCredentials
from .client import AsyncApi, SyncApi
from .core import Outcome
from .errors import DecodingError, SDKError
from .exchange import DEFAULT_TIMEOUT, Timeout, hide_library_frames
from .models import UNSET
from .operation import Answer, OnAnswer, Operation
from .resource import AsyncResource, SyncResource

__all__ = ["AsyncByteStream", "ByteStream"]

C = TypeVar("C", SyncApi, AsyncApi)


class _Stream(Generic[C]):
    """A call, from what is checked before it is sent to what went wrong with it."""

    def __init__(
        self,
        resource: Any,
        operation: Operation[Any],
        *,
        accept: str,
        arguments: Mapping[str, object] | None = None,
        body: object = UNSET,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        self._client: C = resource._client
        self._operation = operation
        self._prepared = operation.prepare(
            arguments={**resource._bound, **(arguments or {})},
            body=body,
            headers={"Accept": accept, **(headers or {})},
        )
        self._seconds = self._client._timeout_for(timeout)
        self._on_answer = on_answer
        self._started = 0.0
        self._response: httpx2.Response | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._prepared}>"

    @property
    def status(self) -> int:
        return self._entered.status_code

    @property
    def headers(self) -> httpx2.Headers:
        return self._entered.headers

    @property
    def _entered(self) -> httpx2.Response:
        if self._response is None:
            raise RuntimeError("the request is sent by a `with` statement around this")
        return self._response

    def _request(self) -> httpx2.Request:
        client = self._client
        client._check_usable(client._http)
        self._started = perf_counter()
        return client._requests.build(client._http, self._prepared, self._seconds)

    def _accept(self, outcome: Outcome | httpx2.Response) -> None:
        """Take the head of an answer, or raise what came in its place."""
        client, prepared = self._client, self._prepared
        head = _head(outcome) if isinstance(outcome, httpx2.Response) else outcome
        answer = client._report(prepared, self._started, head)
        if self._on_answer is not None:
            self._on_answer(answer.head)
        if isinstance(outcome, httpx2.Response):
            self._response = outcome
            return
        fields = client._error_fields
        self._operation.read(answer, error_fields=fields, request=str(prepared))

    def _outcome(
        self, error: httpx2.HTTPError | httpx2.InvalidURL, response: Any
    ) -> Outcome:
        return self._client._outcome(error, response, [], self._prepared)

    def _broken(self, error: httpx2.HTTPError) -> SDKError:
        outcome = self._outcome(error, self._entered)
        if not isinstance(outcome, Answer):
            return outcome
        return DecodingError(
            f"the answer broke off: {outcome.broken}",
            status=outcome.status,
            headers=outcome.headers,
            request=str(self._prepared),
            truncated=True,
        )


class ByteStream(_Stream[SyncApi]):
    """The body of an answer in pieces, as they come.

    Used as `with api.files.stream_get_file(7) as stream: for piece in stream: …`. The
    request is sent on entering, which raises what the plain call would; a body that
    breaks off raises while it is read.

    Attributes:
        status, headers: those of the answer.
    """

    def __init__(self, resource: SyncResource, *arguments: Any, **named: Any) -> None:
        super().__init__(resource, *arguments, **named)

    def __enter__(self) -> Self:
        client, request = self._client, self._request()
        credentials = client._credentials_for(self._operation)
        placed = [(each, each.resolve()) for each in credentials]
        try:
            outcome = self._opened(request, placed)
        except BaseException as error:
            hide_library_frames(error)
            raise
        self._accept(outcome)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._entered.close()

    def __iter__(self) -> Iterator[bytes]:
        failure: SDKError | None = None
        try:
            yield from self._entered.iter_bytes()
        except httpx2.HTTPError as error:
            failure = self._broken(error)
        if failure is not None:
            raise failure

    def read(self) -> bytes:
        """All that is left of it."""
        return b"".join(self)

    def _opened(
        self, request: httpx2.Request, placed: Any
    ) -> Outcome | httpx2.Response:
        response: httpx2.Response | None = None
        try:
            response = self._client._http.send(
                request,
                auth=PlacedCredentials(placed) if placed else httpx2.USE_CLIENT_DEFAULT,
                follow_redirects=False,
                stream=True,
            )
            if response.is_success:
                return response
            response.read()
            return _head(response, response.content)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return self._outcome(error, response)
        finally:
            if response is not None and not response.is_success:
                response.close()


class AsyncByteStream(_Stream[AsyncApi]):
    """The same for asyncio, with `async with` and `async for`; see `ByteStream`."""

    def __init__(self, resource: AsyncResource, *arguments: Any, **named: Any) -> None:
        super().__init__(resource, *arguments, **named)

    async def __aenter__(self) -> Self:
        client, request = self._client, self._request()
        credentials = client._credentials_for(self._operation)
        placed = [(each, await each.aresolve()) for each in credentials]
        try:
            outcome = await self._opened(request, placed)
        except BaseException as error:
            hide_library_frames(error)
            raise
        self._accept(outcome)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._entered.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        failure: SDKError | None = None
        try:
            async for piece in self._entered.aiter_bytes():
                yield piece
        except httpx2.HTTPError as error:
            failure = self._broken(error)
        if failure is not None:
            raise failure

    async def read(self) -> bytes:
        """All that is left of it."""
        return b"".join([piece async for piece in self])

    async def _opened(
        self, request: httpx2.Request, placed: Any
    ) -> Outcome | httpx2.Response:
        response: httpx2.Response | None = None
        try:
            response = await self._client._http.send(
                request,
                auth=PlacedCredentials(placed) if placed else httpx2.USE_CLIENT_DEFAULT,
                follow_redirects=False,
                stream=True,
            )
            if response.is_success:
                return response
            await response.aread()
            return _head(response, response.content)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return self._outcome(error, response)
        finally:
            if response is not None and not response.is_success:
                await response.aclose()


def _head(response: httpx2.Response, content: bytes = b"") -> Answer:
    return Answer(
        status=response.status_code, headers=response.headers, content=content
    )
