"""The parents of generated resources: operations that belong together.

What runs batches is imported when the first is run: it is much, and not everybody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from .batch.batching import BatchOperation
from .batch.options import BatchOptions, StreamOptions
from .batch.outcomes import BatchResult
from .batch.streams import AnyIterable, AsyncOutcomeStream, OutcomeStream
from .client import AsyncApi, SyncApi
from .exchange import DEFAULT_TIMEOUT, Timeout
from .models import UNSET
from .operation import Operation

__all__ = ["AsyncResource", "SyncResource"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result
T = TypeVar("T")


class SyncResource:
    """The parent of generated resources: a few operations of one client.

    Args:
        client: the client that sends.
        bound: parameters, by Python name, that are the same for every operation.
    """

    __slots__ = ("_bound", "_client")

    def __init__(
        self, client: SyncApi, bound: Mapping[str, object] | None = None
    ) -> None:
        self._client = client
        self._bound = bound or {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"

    def _send(
        self,
        operation: Operation[T],
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = UNSET,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        return self._client._send(
            operation,
            arguments={**self._bound, **(arguments or {})},
            fields=fields,
            body=body,
            timeout=timeout,
            headers=headers,
        )

    def _batch(
        self,
        operation: BatchOperation[I, R, Any],
        inputs: Iterable[object],
        options: BatchOptions,
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> BatchResult[I, R]:
        from .batch.sync_driver import run_batch

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
        from .batch.sync_driver import run_stream

        return run_stream(
            self._client,
            operation,
            inputs,
            options,
            arguments={**self._bound, **(arguments or {})},
            fields=fields or {},
        )


class AsyncResource:
    """The parent of generated async resources; see `SyncResource`."""

    __slots__ = ("_bound", "_client")

    def __init__(
        self, client: AsyncApi, bound: Mapping[str, object] | None = None
    ) -> None:
        self._client = client
        self._bound = bound or {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"

    async def _send(
        self,
        operation: Operation[T],
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = UNSET,
        timeout: Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        return await self._client._send(
            operation,
            arguments={**self._bound, **(arguments or {})},
            fields=fields,
            body=body,
            timeout=timeout,
            headers=headers,
        )

    async def _batch(
        self,
        operation: BatchOperation[I, R, Any],
        inputs: AnyIterable[object],
        options: BatchOptions,
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> BatchResult[I, R]:
        from .batch.async_driver import arun_batch

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
        from .batch.async_driver import arun_stream

        return arun_stream(
            self._client,
            operation,
            inputs,
            options,
            arguments={**self._bound, **(arguments or {})},
            fields=fields or {},
        )
