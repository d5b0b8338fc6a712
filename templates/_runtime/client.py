"""The parents of generated clients: the only code that does I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import aclosing
from time import perf_counter
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import httpx2

from .auth import Credential, PlacedCredentials, Secret
from .core import ClientCore, Outcome
from .errors import ErrorFields
from .exchange import DEFAULT_TIMEOUT, Timeout, hide_library_frames, is_as_sent, late
from .models import UNSET
from .operation import Answer, OnAnswer, Operation, PreparedRequest

__all__ = ["AsyncApi", "SyncApi"]

T = TypeVar("T")
Placed: TypeAlias = list[tuple[Credential, Secret[Any]]]


class SyncApi(ClientCore):
    """The parent of the generated client.

    Args:
        product: name and version of the generated package, for the User-Agent.
        base_url: where the API is; a path in it is kept.
        credentials: by the name that operations' security uses.
        timeout: seconds, or an httpx2.Timeout, or None for no limit; 60 seconds if
            not given, or what `http_client` was told.
        headers: sent with every request.
        http_client: an httpx2.Client of the caller's own, which stays open when
            this client is closed.
        transport: the transport to use instead of httpx2's own.
        error_fields: where the API's error bodies say what.
        servers: those that operations have of their own, as the API documents them.
        server_urls: where these operations go instead, by the documented server.

    Raises:
        CredentialError: a credential is missing or unusable.
        ValueError: another argument is.
    """

    def __init__(
        self,
        *,
        product: str,
        base_url: str,
        credentials: Mapping[str, Credential] | None = None,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
        error_fields: ErrorFields | None = None,
        servers: tuple[str, ...] = (),
        server_urls: Mapping[str, str] | None = None,
    ) -> None:
        _check_exclusive(http_client, transport)
        self._is_own = http_client is not None
        super().__init__(
            product=product,
            base_url=base_url,
            credentials=credentials,
            timeout=timeout,
            headers=headers,
            own=http_client,
            error_fields=error_fields,
            servers=servers,
            server_urls=server_urls,
        )
        self._http = http_client or httpx2.Client(transport=transport)

    def close(self) -> None:
        """Close the connections. An `http_client` that was given stays open."""
        self._closed = True
        if not self._is_own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _send(
        self,
        operation: Operation[T],
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = UNSET,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        on_answer: OnAnswer | None = None,
    ) -> T:
        """Call an operation once.

        Raises:
            SDKError: whatever kept the call from succeeding.
        """
        prepared = operation.prepare(
            arguments=arguments, fields=fields, body=body, headers=headers
        )
        answer = self._exchange(operation, prepared, timeout=timeout)
        if on_answer is not None:
            on_answer(answer.head)
        return operation.read(
            answer, error_fields=self._error_fields, request=str(prepared)
        )

    def _exchange(
        self,
        operation: Operation[Any],
        prepared: PreparedRequest,
        *,
        timeout: Timeout = DEFAULT_TIMEOUT,
        most: float | None = None,
    ) -> Answer:
        """Send one request and read the whole answer, whatever its status.

        Args:
            most: seconds after which the answer is given up, though there be a bit more
                of it every now and then; None for no end.

        Raises:
            TransportError: no whole answer came.
        """
        self._check_usable(self._http)
        seconds = self._timeout_for(timeout)
        placed = [(each, each.resolve()) for each in self._credentials_for(operation)]
        started = perf_counter()
        try:
            outcome = self._perform(prepared, placed, seconds, most)
        except BaseException as error:
            hide_library_frames(error)
            raise
        return self._report(prepared, started, outcome)

    def _perform(
        self,
        prepared: PreparedRequest,
        placed: Placed,
        timeout: httpx2.Timeout,
        most: float | None,
    ) -> Outcome:
        end = None if most is None else perf_counter() + most
        # Errors are returned, not raised: raised here they would drag along the
        # request with its headers.
        response: httpx2.Response | None = None
        chunks: list[bytes] = []
        try:
            response = self._http.send(
                self._requests.build(self._http, prepared, timeout),
                auth=PlacedCredentials(placed) if placed else httpx2.USE_CLIENT_DEFAULT,
                follow_redirects=False,
                stream=True,
            )
            body = (
                response.iter_raw() if is_as_sent(response) else response.iter_bytes()
            )
            chunks.extend(body if end is None else _until(end, body))
            return _answer(response, chunks)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return self._outcome(error, response, chunks, prepared)
        finally:
            if response is not None:
                response.close()


class AsyncApi(ClientCore):
    """The parent of the generated async client; arguments as for `SyncApi`.

    Callables that credentials come from may be async.
    """

    def __init__(
        self,
        *,
        product: str,
        base_url: str,
        credentials: Mapping[str, Credential] | None = None,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        error_fields: ErrorFields | None = None,
        servers: tuple[str, ...] = (),
        server_urls: Mapping[str, str] | None = None,
    ) -> None:
        _check_exclusive(http_client, transport)
        self._is_own = http_client is not None
        super().__init__(
            product=product,
            base_url=base_url,
            credentials=credentials,
            timeout=timeout,
            headers=headers,
            own=http_client,
            error_fields=error_fields,
            servers=servers,
            server_urls=server_urls,
        )
        self._http = http_client or httpx2.AsyncClient(transport=transport)

    async def aclose(self) -> None:
        """Close the connections. An `http_client` that was given stays open."""
        self._closed = True
        if not self._is_own:
            await self._http.aclose()

    async def close(self) -> None:
        """The same as `aclose`."""
        await self.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _send(
        self,
        operation: Operation[T],
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = UNSET,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        on_answer: OnAnswer | None = None,
    ) -> T:
        """Call an operation once; see `SyncApi._send`."""
        prepared = operation.prepare(
            arguments=arguments, fields=fields, body=body, headers=headers
        )
        answer = await self._exchange(operation, prepared, timeout=timeout)
        if on_answer is not None:
            on_answer(answer.head)
        return operation.read(
            answer, error_fields=self._error_fields, request=str(prepared)
        )

    async def _exchange(
        self,
        operation: Operation[Any],
        prepared: PreparedRequest,
        *,
        timeout: Timeout = DEFAULT_TIMEOUT,
        most: float | None = None,
    ) -> Answer:
        """Send one request and read the whole answer; see `SyncApi._exchange`."""
        self._check_usable(self._http)
        seconds = self._timeout_for(timeout)
        placed = [
            (each, await each.aresolve()) for each in self._credentials_for(operation)
        ]
        started = perf_counter()
        try:
            outcome = await self._perform_within(most, prepared, placed, seconds)
        except BaseException as error:
            hide_library_frames(error)
            raise
        return self._report(prepared, started, outcome)

    async def _perform_within(
        self,
        most: float | None,
        prepared: PreparedRequest,
        placed: Placed,
        timeout: httpx2.Timeout,
    ) -> Outcome:
        if most is None:
            return await self._perform(prepared, placed, timeout)
        # Here, since to have a client takes no event loop yet.
        from asyncio import timeout as time_limit

        limit = time_limit(most)
        try:
            async with limit:
                return await self._perform(prepared, placed, timeout)
        except TimeoutError:
            if not limit.expired():
                raise
            return late(prepared)

    async def _perform(
        self, prepared: PreparedRequest, placed: Placed, timeout: httpx2.Timeout
    ) -> Outcome:
        response: httpx2.Response | None = None
        chunks: list[bytes] = []
        try:
            response = await self._http.send(
                self._requests.build(self._http, prepared, timeout),
                auth=PlacedCredentials(placed) if placed else httpx2.USE_CLIENT_DEFAULT,
                follow_redirects=False,
                stream=True,
            )
            body = (
                response.aiter_raw() if is_as_sent(response) else response.aiter_bytes()
            )
            async with aclosing(body) as parts:
                async for chunk in parts:
                    chunks.append(chunk)
            return _answer(response, chunks)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return self._outcome(error, response, chunks, prepared)
        finally:
            if response is not None:
                await response.aclose()


def _check_exclusive(http_client: object, transport: object) -> None:
    if http_client is not None and transport is not None:
        raise ValueError("give http_client or transport, not both")


def _until(end: float, body: Iterator[bytes]) -> Iterator[bytes]:
    """A body that is given up if there still is more of it after this time."""
    is_late = False
    for chunk in body:
        if is_late:
            raise httpx2.ReadTimeout("it had not come to an end before the deadline")
        yield chunk
        is_late = perf_counter() > end


def _answer(response: httpx2.Response, chunks: list[bytes]) -> Answer:
    return Answer(
        status=response.status_code,
        headers=response.headers,
        content=b"".join(chunks),
    )
