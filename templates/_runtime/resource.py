"""The parents of generated resources: operations that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from .client import AsyncApi, SyncApi
from .exchange import DEFAULT_TIMEOUT, Timeout
from .models import UNSET
from .operation import OnAnswer, Operation

__all__ = ["AsyncResource", "SyncResource"]

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
        on_answer: OnAnswer | None = None,
    ) -> T:
        return self._client._send(
            operation,
            arguments={**self._bound, **(arguments or {})},
            fields=fields,
            body=body,
            timeout=timeout,
            headers=headers,
            on_answer=on_answer,
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
        on_answer: OnAnswer | None = None,
    ) -> T:
        return await self._client._send(
            operation,
            arguments={**self._bound, **(arguments or {})},
            fields=fields,
            body=body,
            timeout=timeout,
            headers=headers,
            on_answer=on_answer,
        )
