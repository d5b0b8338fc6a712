"""The same call with the sync and with the async client of the records API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import isawaitable
from typing import Any, Protocol

from support.batches import AsyncCrm, Crm

Use = Callable[[Any], Any]


class Driver(Protocol):
    """Makes calls with one of the two clients."""

    is_async: bool

    def call(self, use: Use, **options: Any) -> Any:
        """What a call on a new client comes to; the client is closed after it."""


class SyncDriver:
    is_async = False

    def call(self, use: Use, **options: Any) -> Any:
        timing = options.pop("timing", None)
        with Crm(**options) as crm:
            if timing is not None:
                crm._timing = timing
            found = use(crm)
            return list(found) if hasattr(found, "__next__") else found


class AsyncDriver:
    is_async = True

    def call(self, use: Use, **options: Any) -> Any:
        timing = options.pop("timing", None)

        async def main() -> Any:
            async with AsyncCrm(**options) as crm:
                if timing is not None:
                    crm._timing = timing
                found = use(crm)
                if hasattr(found, "__anext__"):
                    return [each async for each in found]
                return await found if isawaitable(found) else found

        return asyncio.run(main())
