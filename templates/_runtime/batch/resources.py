"""The parents of generated resources that have batches.

What runs batches is imported when the first is run: it is much, and not everybody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ..resource import AsyncResource, SyncResource
from .batching import BatchOperation
from .clients import AsyncBatchApi, SyncBatchApi
from .options import BatchOptions, StreamOptions
from .outcomes import BatchResult
from .streams import AnyIterable, AsyncOutcomeStream, OutcomeStream

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
        from .sync_driver import run_batch

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
        from .sync_driver import run_stream

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
        from .async_driver import arun_batch

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
        from .async_driver import arun_stream

        return arun_stream(
            self._client,
            operation,
            inputs,
            options,
            arguments={**self._bound, **(arguments or {})},
            fields=fields or {},
        )
