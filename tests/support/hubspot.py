"""The same call with the sync and with the async client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from inspect import isawaitable
from typing import Any, Protocol, Self, TypeAlias, TypeVar, cast

import httpx2

from hubspot_batch import AsyncHubSpot, HubSpot

T = TypeVar("T")
Use: TypeAlias = Callable[[HubSpot], T]
OwnClient: TypeAlias = httpx2.Client | httpx2.AsyncClient

TOKEN = "pat-na1-5ecr3t-t0ken"
# Most of the time that it takes to make a client.
_TLS = httpx2.create_ssl_context()


class Driver(Protocol):
    """Makes calls with one of the two clients.

    Calls are written, and their types checked, for the sync client. The async client
    is called in the same way, and awaited. Options are those of the clients; without
    `token`, they are given `TOKEN`.
    """

    def open(self, **options: Any) -> AbstractContextManager[HubSpot]:
        """A client; closed at the end."""

    def run(self, client: HubSpot, use: Use[T]) -> T:
        """What a call with an open client comes to."""

    def call(self, use: Use[T], **options: Any) -> T:
        """What a call comes to, with a client made for it."""

    def own(self, **options: Any) -> AbstractContextManager[OwnClient]:
        """A client of httpx2 that suits; closed at the end."""


class SyncDriver:
    @contextmanager
    def open(self, **options: Any) -> Iterator[HubSpot]:
        with HubSpot(**_filled(options, httpx2.HTTPTransport)) as client:
            yield client

    def run(self, client: HubSpot, use: Use[T]) -> T:
        return use(client)

    def call(self, use: Use[T], **options: Any) -> T:
        with self.open(**options) as client:
            return use(client)

    @contextmanager
    def own(self, **options: Any) -> Iterator[OwnClient]:
        with httpx2.Client(verify=_TLS, **options) as client:
            yield client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass


class AsyncDriver:
    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    @contextmanager
    def open(self, **options: Any) -> Iterator[HubSpot]:
        client = AsyncHubSpot(**_filled(options, httpx2.AsyncHTTPTransport))
        try:
            yield cast("HubSpot", client)
        finally:
            self._runner.run(client.aclose())

    def run(self, client: HubSpot, use: Use[T]) -> T:
        async def awaited() -> T:
            outcome: Any = use(client)
            return cast("T", await outcome if isawaitable(outcome) else outcome)

        return self._runner.run(awaited())

    def call(self, use: Use[T], **options: Any) -> T:
        with self.open(**options) as client:
            return self.run(client, use)

    @contextmanager
    def own(self, **options: Any) -> Iterator[OwnClient]:
        client = httpx2.AsyncClient(verify=_TLS, **options)
        try:
            yield client
        finally:
            self._runner.run(client.aclose())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._runner.close()


def _filled(options: dict[str, Any], transport: Callable[..., Any]) -> dict[str, Any]:
    """The options, with those that every client has.

    Nobody keeps the outcome in a variable: tracebacks are searched for the token.
    """
    common: dict[str, Any] = {"token": TOKEN}
    if not {"http_client", "transport"} & options.keys():
        common["transport"] = transport(verify=_TLS)
    return {**common, **options}
