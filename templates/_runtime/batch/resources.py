"""The parents of generated resources that have batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ..resource import AsyncResource, SyncResource
from .async_driver import (
    AnyIterable,
    AsyncOutcomeStream,
    arun_batch,
    arun_stream,
)
from .batching import BatchOperation
from .clients import AsyncBatchApi, SyncBatchApi
from .options import BatchOptions, StreamOptions
from .outcomes import BatchResult
from .sync_driver import OutcomeStream, run_batch, run_stream

__all__ = ["AsyncBatchResource", "SyncBatchResource"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result


class SyncBatchResource(SyncResource):
    """A resource with batches; see `SyncResource`."""

    __slots__ = ()

    _client: SyncBatchApi

    def _batch(
        self,
        operation: BatchOperation[I, R, Any],
        inputs: Iterable[object],
        options: BatchOptions,
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> BatchResult[I, R]:
        return run_batch(
            self._client,
            operation,
            inputs,
            options,
            arguments={**self._bound, **(arguments or {})},
            fields=fields or {},
        )

    def _stream(
        self,
        operation: BatchOperation[I, R, Any],
        inputs: Iterable[object],
        options: StreamOptions,
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> OutcomeStream[I, R]:
        return run_stream(
            self._client,
            operation,
            inputs,
            options,
            arguments={**self._bound, **(arguments or {})},
            fields=fields or {},
        )


class AsyncBatchResource(AsyncResource):
    """The same for asyncio."""

    __slots__ = ()

    _client: AsyncBatchApi

    async def _batch(
        self,
        operation: BatchOperation[I, R, Any],
        inputs: AnyIterable[object],
        options: BatchOptions,
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> BatchResult[I, R]:
        return await arun_batch(
            self._client,
            operation,
            inputs,
            options,
            arguments={**self._bound, **(arguments or {})},
            fields=fields or {},
        )

    def _stream(
        self,
        operation: BatchOperation[I, R, Any],
        inputs: AnyIterable[object],
        options: StreamOptions,
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> AsyncOutcomeStream[I, R]:
        return arun_stream(
            self._client,
            operation,
            inputs,
            options,
            arguments={**self._bound, **(arguments or {})},
            fields=fields or {},
        )
