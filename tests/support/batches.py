"""Two APIs with batch operations, as generated code would describe them.

`Records` is shaped like a CRM's. `Parcels` has other names, other limits, ids that are
numbers, errors that name inputs in another way, and no label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

import httpx2
from _runtime import (
    DEFAULT_TIMEOUT,
    UNSET,
    AnyIterable,
    AsyncBatchApi,
    AsyncBatchResource,
    AsyncOutcomeStream,
    Batching,
    BatchOperation,
    BatchOptions,
    BatchResult,
    Correlation,
    ErrorFields,
    Identity,
    Model,
    OutcomeStream,
    Parameter,
    RateLimit,
    RateLimiter,
    RetryRule,
    SmallerLimit,
    StreamOptions,
    SyncBatchApi,
    SyncBatchResource,
    Timeout,
    UnsetType,
    field,
)

ERROR_FIELDS = ErrorFields(
    message="message",
    category="category",
    correlation_id="correlationId",
    correlation_id_header="X-Correlation-Id",
)
RETRY_RULES = (
    RetryRule(statuses=(423,), retry="always", wait_seconds=2),
    RetryRule(statuses=(429,), retry="never", field="policyName", equals="DAILY"),
    RetryRule(
        statuses=(429,),
        retry="always",
        field="policyName",
        equals="TEN_SECONDLY_ROLLING",
        wait_seconds=10,
    ),
    RetryRule(statuses=(429,), retry="always", wait_seconds=1),
    RetryRule(statuses=(477,), retry="always"),
    RetryRule(statuses=(502, 503, 504), retry="repeatable", wait_seconds=3),
)
RATE_LIMIT = RateLimit(
    requests=100,
    per_seconds=10,
    limit_header="X-RateLimit-Max",
    remaining_header="X-RateLimit-Remaining",
    interval_header="X-RateLimit-Interval-Milliseconds",
)


class RecordId(Model, kw_only=True):
    id: str


class CreateInput(Model, kw_only=True):
    properties: dict[str, str]
    trace_id: str | UnsetType = field(name="traceId", default=UNSET)


class UpdateInput(Model, kw_only=True):
    id: str
    properties: dict[str, str]
    id_property: str | UnsetType = field(name="idProperty", default=UNSET)
    trace_id: str | UnsetType = field(name="traceId", default=UNSET)


class Record(Model, kw_only=True):
    id: str
    properties: dict[str, str | None]
    trace_id: str | UnsetType = field(name="traceId", default=UNSET)


class ReadBody(Model, kw_only=True):
    inputs: list[RecordId]
    id_property: str | UnsetType = field(name="idProperty", default=UNSET)
    properties: list[str] | UnsetType = UNSET
    history: list[str] | UnsetType = field(name="propertiesWithHistory", default=UNSET)


class CreateBody(Model, kw_only=True):
    inputs: list[CreateInput]


class UpdateBody(Model, kw_only=True):
    inputs: list[UpdateInput]


class ArchiveBody(Model, kw_only=True):
    inputs: list[RecordId]


class Envelope(Model, kw_only=True):
    status: str
    results: list[Record]


CORRELATION = Correlation(input="traceId", result="traceId", error="context.traceId")
CREATE: BatchOperation[CreateInput, Record, Envelope] = BatchOperation(
    method="POST",
    path="/records/create",
    body=CreateBody,
    responses={201: Envelope, 207: Envelope},
    batching=Batching(
        inputs="inputs",
        input=CreateInput,
        max_items=100,
        results="results",
        result=Record,
        errors="errors",
        correlation=CORRELATION,
    ),
)


def identity(**more: Any) -> Identity:
    return Identity(
        input="id",
        result="id",
        error="context.ids",
        property="idProperty",
        properties="properties",
        fold_case=True,
        refused_properties=("record_id",),
        **more,
    )


READ: BatchOperation[RecordId, Record, Envelope] = BatchOperation(
    method="POST",
    path="/records/read",
    parameters=(Parameter("archived", "query"),),
    body=ReadBody,
    responses={200: Envelope, 207: Envelope},
    batching=Batching(
        inputs="inputs",
        input=RecordId,
        max_items=100,
        results="results",
        result=Record,
        errors="errors",
        identity=identity(),
        repeatable=True,
        safe=True,
        smaller_limit=SmallerLimit(when="propertiesWithHistory", max_items=50),
    ),
)
UPDATE: BatchOperation[UpdateInput, Record, Envelope] = BatchOperation(
    method="POST",
    path="/records/update",
    body=UpdateBody,
    responses={200: Envelope, 207: Envelope},
    batching=Batching(
        inputs="inputs",
        input=UpdateInput,
        max_items=100,
        results="results",
        result=Record,
        errors="errors",
        identity=identity(),
        correlation=CORRELATION,
        repeatable=True,
    ),
)
UPSERT: BatchOperation[UpdateInput, Record, Envelope] = BatchOperation(
    method="POST",
    path="/records/upsert",
    body=UpdateBody,
    responses={200: Envelope, 207: Envelope},
    batching=Batching(
        inputs="inputs",
        input=UpdateInput,
        max_items=100,
        results="results",
        result=Record,
        errors="errors",
        identity=identity(property_required=True),
        correlation=CORRELATION,
        repeatable=True,
    ),
)
ARCHIVE: BatchOperation[RecordId, None, None] = BatchOperation(
    method="POST",
    path="/records/archive",
    body=ArchiveBody,
    responses={204: None},
    batching=Batching(
        inputs="inputs",
        input=RecordId,
        max_items=100,
        identity=Identity(input="id"),
        repeatable=True,
    ),
)


class ParcelMove(Model, kw_only=True):
    number: int
    target: str


class Parcel(Model, kw_only=True):
    parcel_number: int = field(name="parcelNumber")
    place: str


class MoveBody(Model, kw_only=True):
    moves: list[ParcelMove] = field(name="parcelMoves")
    dry_run: bool | UnsetType = field(name="dryRun", default=UNSET)


class Moved(Model, kw_only=True):
    moved: list[Parcel]


MOVE: BatchOperation[ParcelMove, Parcel, Moved] = BatchOperation(
    method="PUT",
    path="/depots/{depotId}/moves",
    parameters=(Parameter("depot_id", "path", wire="depotId"),),
    body=MoveBody,
    responses={200: Moved},
    batching=Batching(
        inputs="parcelMoves",
        input=ParcelMove,
        max_items=7,
        results="moved",
        result=Parcel,
        errors="refusals",
        identity=Identity(input="number", result="parcelNumber", error="parcel"),
    ),
)


class Records(SyncBatchResource):
    __slots__ = ()

    def create(
        self,
        inputs: Iterable[CreateInput | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[CreateInput, Record]:
        return self._batch(CREATE, inputs, options)

    def iter_create(
        self,
        inputs: Iterable[CreateInput | Mapping[str, object]],
        **options: Unpack[StreamOptions],
    ) -> OutcomeStream[CreateInput, Record]:
        return self._stream(CREATE, inputs, options)

    def read(
        self,
        inputs: Iterable[RecordId | str | Mapping[str, object]],
        *,
        archived: bool | UnsetType = UNSET,
        id_property: str | UnsetType = UNSET,
        properties: Iterable[str] | UnsetType = UNSET,
        history: Iterable[str] | UnsetType = UNSET,
        **options: Unpack[BatchOptions],
    ) -> BatchResult[RecordId, Record]:
        return self._batch(
            READ,
            inputs,
            options,
            arguments={"archived": archived},
            fields={
                "id_property": id_property,
                "properties": properties,
                "history": history,
            },
        )

    def update(
        self,
        inputs: Iterable[UpdateInput | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[UpdateInput, Record]:
        return self._batch(UPDATE, inputs, options)

    def iter_update(
        self,
        inputs: Iterable[UpdateInput | Mapping[str, object]],
        **options: Unpack[StreamOptions],
    ) -> OutcomeStream[UpdateInput, Record]:
        return self._stream(UPDATE, inputs, options)

    def post_update(
        self,
        inputs: Iterable[UpdateInput | Mapping[str, object]],
        *,
        timeout: Timeout = DEFAULT_TIMEOUT,
    ) -> Envelope:
        return self._send(UPDATE, fields={"inputs": inputs}, timeout=timeout)

    def upsert(
        self,
        inputs: Iterable[UpdateInput | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[UpdateInput, Record]:
        return self._batch(UPSERT, inputs, options)

    def archive(
        self,
        inputs: Iterable[RecordId | str | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[RecordId, None]:
        return self._batch(ARCHIVE, inputs, options)


class AsyncRecords(AsyncBatchResource):
    __slots__ = ()

    async def create(
        self,
        inputs: AnyIterable[CreateInput | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[CreateInput, Record]:
        return await self._batch(CREATE, inputs, options)

    def iter_create(
        self,
        inputs: AnyIterable[CreateInput | Mapping[str, object]],
        **options: Unpack[StreamOptions],
    ) -> AsyncOutcomeStream[CreateInput, Record]:
        return self._stream(CREATE, inputs, options)

    async def read(
        self,
        inputs: AnyIterable[RecordId | str | Mapping[str, object]],
        *,
        archived: bool | UnsetType = UNSET,
        id_property: str | UnsetType = UNSET,
        properties: Iterable[str] | UnsetType = UNSET,
        history: Iterable[str] | UnsetType = UNSET,
        **options: Unpack[BatchOptions],
    ) -> BatchResult[RecordId, Record]:
        return await self._batch(
            READ,
            inputs,
            options,
            arguments={"archived": archived},
            fields={
                "id_property": id_property,
                "properties": properties,
                "history": history,
            },
        )

    async def update(
        self,
        inputs: AnyIterable[UpdateInput | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[UpdateInput, Record]:
        return await self._batch(UPDATE, inputs, options)

    def iter_update(
        self,
        inputs: AnyIterable[UpdateInput | Mapping[str, object]],
        **options: Unpack[StreamOptions],
    ) -> AsyncOutcomeStream[UpdateInput, Record]:
        return self._stream(UPDATE, inputs, options)

    async def upsert(
        self,
        inputs: AnyIterable[UpdateInput | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[UpdateInput, Record]:
        return await self._batch(UPSERT, inputs, options)

    async def archive(
        self,
        inputs: AnyIterable[RecordId | str | Mapping[str, object]],
        **options: Unpack[BatchOptions],
    ) -> BatchResult[RecordId, None]:
        return await self._batch(ARCHIVE, inputs, options)


class Parcels(SyncBatchResource):
    __slots__ = ()

    def move(
        self,
        moves: Iterable[ParcelMove | Mapping[str, object]],
        *,
        dry_run: bool | UnsetType = UNSET,
        **options: Unpack[BatchOptions],
    ) -> BatchResult[ParcelMove, Parcel]:
        return self._batch(MOVE, moves, options, fields={"dry_run": dry_run})


class AsyncParcels(AsyncBatchResource):
    __slots__ = ()

    async def move(
        self,
        moves: AnyIterable[ParcelMove | Mapping[str, object]],
        *,
        dry_run: bool | UnsetType = UNSET,
        **options: Unpack[BatchOptions],
    ) -> BatchResult[ParcelMove, Parcel]:
        return await self._batch(MOVE, moves, options, fields={"dry_run": dry_run})


class Crm(SyncBatchApi):
    """The sync client of both APIs."""

    def __init__(
        self,
        *,
        base_url: str = "https://crm.test",
        timeout: Timeout = DEFAULT_TIMEOUT,
        http_client: httpx2.Client | None = None,
        transport: httpx2.BaseTransport | None = None,
        limiter: RateLimiter | None = None,
        retry_rules: tuple[RetryRule, ...] = RETRY_RULES,
    ) -> None:
        super().__init__(
            product="crm/1",
            base_url=base_url,
            timeout=timeout,
            http_client=http_client,
            transport=transport,
            error_fields=ERROR_FIELDS,
        )
        self._set_up_batches(
            retry_rules=retry_rules, rate_limit=RATE_LIMIT, limiter=limiter
        )

    @property
    def records(self) -> Records:
        return Records(self)

    @property
    def parcels(self) -> Parcels:
        return Parcels(self, {"depot_id": "north"})


class AsyncCrm(AsyncBatchApi):
    """The async client of both APIs."""

    def __init__(
        self,
        *,
        base_url: str = "https://crm.test",
        timeout: Timeout = DEFAULT_TIMEOUT,
        http_client: httpx2.AsyncClient | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        limiter: RateLimiter | None = None,
        retry_rules: tuple[RetryRule, ...] = RETRY_RULES,
    ) -> None:
        super().__init__(
            product="crm/1",
            base_url=base_url,
            timeout=timeout,
            http_client=http_client,
            transport=transport,
            error_fields=ERROR_FIELDS,
        )
        self._set_up_batches(
            retry_rules=retry_rules, rate_limit=RATE_LIMIT, limiter=limiter
        )

    @property
    def records(self) -> AsyncRecords:
        return AsyncRecords(self)

    @property
    def parcels(self) -> AsyncParcels:
        return AsyncParcels(self, {"depot_id": "north"})
