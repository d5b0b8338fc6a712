"""A package as the generator would write it, small enough to test the runtime with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Protocol

import httpx2
from _runtime import (
    BINARY,
    DEFAULT_TIMEOUT,
    TEXT,
    UNSET,
    ApiKey,
    AsyncApi,
    AsyncResource,
    AsyncTokenSource,
    Bearer,
    Discriminator,
    ErrorFields,
    Model,
    OpenStrEnum,
    Operation,
    Parameter,
    RawBody,
    SyncApi,
    SyncResource,
    Timeout,
    TokenSource,
    UnsetType,
    field,
)

ERROR_FIELDS = ErrorFields(
    message="message",
    category="category",
    correlation_id="correlationId",
    correlation_id_header="X-Correlation-Id",
)


class Status(OpenStrEnum):
    PENDING = "PENDING"
    COMPLETE = "COMPLETE"


class Cat(Model, kw_only=True):
    kind: str
    lives: int | UnsetType = UNSET


class Dog(Model, kw_only=True):
    kind: str
    friend: Animal | None | UnsetType = UNSET


Animal = Annotated[Cat | Dog, Discriminator("kind", {"cat": Cat, "dog": Dog})]


class RecordId(Model, kw_only=True):
    id: str


class UpdateInput(Model, kw_only=True):
    id: str
    properties: dict[str, str | None]
    trace_id: str | UnsetType = field(name="objectWriteTraceId", default=UNSET)
    due: datetime | UnsetType = UNSET
    weight: float | None | UnsetType = UNSET
    pet: Animal | UnsetType = UNSET


class ReadBody(Model, kw_only=True):
    inputs: list[RecordId]
    properties: list[str] | UnsetType = UNSET
    id_property: str | UnsetType = field(name="idProperty", default=UNSET)


class UpdateBody(Model, kw_only=True):
    inputs: list[UpdateInput]


class Batch(Model, kw_only=True):
    status: Status
    results: list[RecordId] | UnsetType = UNSET


class PetPatch(Model, kw_only=True):
    name: str | None | UnsetType = UNSET
    animal: Animal | UnsetType = UNSET


READ: Operation[Batch] = Operation(
    method="POST",
    path="/objects/{objectType}/batch/read",
    parameters=(
        Parameter("object_type", "path", wire="objectType"),
        Parameter("archived", "query"),
    ),
    body=ReadBody,
    responses={200: Batch, 207: Batch},
)
UPDATE: Operation[Batch] = Operation(
    method="POST",
    path="/update",
    body=UpdateBody,
    responses={200: Batch, 207: Batch},
)
ARCHIVE: Operation[None] = Operation(
    method="POST", path="/archive", body=ReadBody, responses={204: None}
)
PATCH: Operation[Batch | None] = Operation(
    method="PATCH",
    path="/pets/{petId}",
    parameters=(
        Parameter("pet_id", "path", wire="petId"),
        Parameter("limit", "query"),
        Parameter("if_match", "header", wire="If-Match"),
        Parameter("session", "cookie"),
    ),
    body=PetPatch,
    body_required=False,
    media_type="application/merge-patch+json",
    responses={200: Batch, 204: None},
)
DOWNLOAD: Operation[bytes] = Operation(
    method="GET",
    path="/file",
    responses={200: Annotated[bytes, BINARY]},
    security=(("api_key",), ()),
)
NOTE: Operation[str] = Operation(
    method="PUT",
    path="/note",
    body=RawBody(str, "text/plain"),
    responses={200: Annotated[str, TEXT]},
    accept="text/plain",
    security=(),
)
SIGNED: Operation[None] = Operation(
    method="DELETE",
    path="/signed",
    responses={204: None},
    security=(("token", "api_key"),),
)

Inputs = Iterable[UpdateInput | Mapping[str, object]]
Ids = Iterable[RecordId | Mapping[str, object] | str]


class Pets(SyncResource):
    """What every call looks like; the options vary more than generated ones do."""

    __slots__ = ()

    def read(
        self,
        inputs: Ids,
        *,
        archived: bool | UnsetType = UNSET,
        properties: Iterable[str] | UnsetType = UNSET,
        id_property: str | UnsetType = UNSET,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
    ) -> Batch:
        return self._send(
            READ,
            arguments={"archived": archived},
            fields={
                "inputs": inputs,
                "properties": properties,
                "id_property": id_property,
            },
            timeout=timeout,
            headers=headers,
        )

    def update(
        self,
        inputs: Inputs,
        *,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
    ) -> Batch:
        return self._send(
            UPDATE, fields={"inputs": inputs}, timeout=timeout, headers=headers
        )

    def archive(self, inputs: Ids) -> None:
        return self._send(ARCHIVE, fields={"inputs": inputs})

    def patch(
        self,
        pet_id: int,
        body: PetPatch | Mapping[str, object] | UnsetType = UNSET,
        *,
        limit: int | UnsetType = UNSET,
        if_match: str | UnsetType = UNSET,
        session: str | UnsetType = UNSET,
    ) -> Batch | None:
        return self._send(
            PATCH,
            arguments={
                "pet_id": pet_id,
                "limit": limit,
                "if_match": if_match,
                "session": session,
            },
            body=body,
        )

    def download(self) -> bytes:
        return self._send(DOWNLOAD)

    def note(self, body: str) -> str:
        return self._send(NOTE, body=body)

    def signed(self) -> None:
        return self._send(SIGNED)


class AsyncPets(AsyncResource):
    __slots__ = ()

    async def read(
        self,
        inputs: Ids,
        *,
        archived: bool | UnsetType = UNSET,
        properties: Iterable[str] | UnsetType = UNSET,
        id_property: str | UnsetType = UNSET,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
    ) -> Batch:
        return await self._send(
            READ,
            arguments={"archived": archived},
            fields={
                "inputs": inputs,
                "properties": properties,
                "id_property": id_property,
            },
            timeout=timeout,
            headers=headers,
        )

    async def update(
        self,
        inputs: Inputs,
        *,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
    ) -> Batch:
        return await self._send(
            UPDATE, fields={"inputs": inputs}, timeout=timeout, headers=headers
        )

    async def archive(self, inputs: Ids) -> None:
        return await self._send(ARCHIVE, fields={"inputs": inputs})

    async def patch(
        self,
        pet_id: int,
        body: PetPatch | Mapping[str, object] | UnsetType = UNSET,
        *,
        limit: int | UnsetType = UNSET,
        if_match: str | UnsetType = UNSET,
        session: str | UnsetType = UNSET,
    ) -> Batch | None:
        return await self._send(
            PATCH,
            arguments={
                "pet_id": pet_id,
                "limit": limit,
                "if_match": if_match,
                "session": session,
            },
            body=body,
        )

    async def download(self) -> bytes:
        return await self._send(DOWNLOAD)

    async def note(self, body: str) -> str:
        return await self._send(NOTE, body=body)

    async def signed(self) -> None:
        return await self._send(SIGNED)


class Shop(SyncApi):
    def __init__(
        self,
        token: TokenSource | None = None,
        api_key: TokenSource | None = None,
        *,
        base_url: str = "https://api.example.com",
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
        servers: tuple[str, ...] = (),
        server_urls: Mapping[str, str] | None = None,
    ) -> None:
        credentials = {
            "token": Bearer(token, argument="token", environment="SHOP_TOKEN"),
            "api_key": ApiKey(
                api_key,
                name="key",
                location="query",
                argument="api_key",
                required=False,
            ),
        }
        del token, api_key
        super().__init__(
            product="shop/1.2",
            base_url=base_url,
            credentials=credentials,
            timeout=timeout,
            headers=headers,
            http_client=http_client,
            transport=transport,
            error_fields=ERROR_FIELDS,
            servers=servers,
            server_urls=server_urls,
        )

    @property
    def pets(self) -> Pets:
        return Pets(self, {"object_type": "pets"})


class AsyncShop(AsyncApi):
    def __init__(
        self,
        token: AsyncTokenSource | None = None,
        api_key: AsyncTokenSource | None = None,
        *,
        base_url: str = "https://api.example.com",
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        servers: tuple[str, ...] = (),
        server_urls: Mapping[str, str] | None = None,
    ) -> None:
        credentials = {
            "token": Bearer(token, argument="token", environment="SHOP_TOKEN"),
            "api_key": ApiKey(
                api_key,
                name="key",
                location="query",
                argument="api_key",
                required=False,
            ),
        }
        del token, api_key
        super().__init__(
            product="shop/1.2",
            base_url=base_url,
            credentials=credentials,
            timeout=timeout,
            headers=headers,
            http_client=http_client,
            transport=transport,
            error_fields=ERROR_FIELDS,
            servers=servers,
            server_urls=server_urls,
        )

    @property
    def pets(self) -> AsyncPets:
        return AsyncPets(self, {"object_type": "pets"})


TOKEN = "tok-5ecr3t"
Call = Callable[[Any], Any]
Handler = Callable[[httpx2.Request], httpx2.Response]


class Driver(Protocol):
    """Makes calls with one of the two clients."""

    def client(self, token: Any = TOKEN, **options: Any) -> Any:
        """A client; it is not closed."""

    def http(self, **options: Any) -> Any:
        """A client of httpx2."""

    def call(
        self,
        call: Call,
        *,
        token: Any = TOKEN,
        http: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        """What a call on a new client comes to; the client is closed after it.

        `http` are the options of an own client of httpx2, closed after it as well.
        """

    def run(self, client: Any, call: Call) -> Any:
        """What a call on a client comes to."""


class SyncDriver:
    def client(self, token: Any = TOKEN, **options: Any) -> Shop:
        return Shop(token, **options)

    def http(self, **options: Any) -> httpx2.Client:
        return httpx2.Client(**options)

    def call(
        self,
        call: Call,
        *,
        token: Any = TOKEN,
        http: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        if http is not None:
            with httpx2.Client(**http) as own:
                return self.call(call, token=token, http_client=own, **options)
        with Shop(token, **options) as shop:
            return call(shop)

    def run(self, client: Any, call: Call) -> Any:
        return call(client)


class AsyncDriver:
    def client(self, token: Any = TOKEN, **options: Any) -> AsyncShop:
        return AsyncShop(token, **options)

    def http(self, **options: Any) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(**options)

    def call(
        self,
        call: Call,
        *,
        token: Any = TOKEN,
        http: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        async def main() -> Any:
            if http is None:
                return await with_client()
            async with httpx2.AsyncClient(**http) as own:
                return await with_client(http_client=own)

        async def with_client(**own: Any) -> Any:
            async with AsyncShop(token, **own, **options) as shop:
                return await call(shop)

        return asyncio.run(main())

    def run(self, client: Any, call: Call) -> Any:
        async def main() -> Any:
            return await call(client)

        return asyncio.run(main())


class Recorder:
    """A transport's handler that keeps the requests and gives one answer."""

    def __init__(
        self,
        status: int = 200,
        *,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.requests: list[httpx2.Request] = []
        self._answer = (status, json, content, dict(headers or {}))

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        status, json, content, headers = self._answer
        if content is not None:
            return httpx2.Response(status, content=content, headers=headers)
        answer = {"status": "COMPLETE"} if json is None else json
        return httpx2.Response(status, json=answer, headers=headers)

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self)

    @property
    def request(self) -> httpx2.Request:
        assert len(self.requests) == 1
        return self.requests[0]
