"""Calls to a fake: by either client, without a socket or over one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Final

from hubspot_batch import AsyncHubSpot, HubSpot
from hubspot_batch._runtime.testing.clock import Clock
from hubspot_batch.testing import FakeServer

ANSWER_TIMEOUT: Final = 2.0


@dataclass(frozen=True)
class Calls:
    """Calls are written for the sync client, and made with either.

    Where a client has to wait before another attempt, time passes at once.
    """

    is_async: bool
    over_socket: bool

    def __call__(
        self, fake: FakeServer, use: Callable[[HubSpot], Any], **options: Any
    ) -> Any:
        options = {"timeout": ANSWER_TIMEOUT, **options}
        if not self.over_socket:
            return self._run(fake.client, fake.async_client, use, options)
        with fake.serve() as url:
            own = {"token": "token", "base_url": url, **options}
            return self._run(HubSpot, AsyncHubSpot, use, own)

    def _run(
        self,
        sync: Callable[..., HubSpot],
        other: Callable[..., AsyncHubSpot],
        use: Callable[[Any], Any],
        options: dict[str, Any],
    ) -> Any:
        if not self.is_async:
            with sync(**options) as client:
                client._timing = Clock().timing
                return use(client)

        async def awaited() -> Any:
            async with other(**options) as client:
                client._timing = Clock().timing
                outcome = use(client)
                return await outcome if isawaitable(outcome) else outcome

        return asyncio.run(awaited())
