"""The same as `stream`, awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from contestants.task import Task
from contestants.whole import MAKERS
from hubspot_batch import AsyncHubSpot, Succeeded


class Entry:
    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._hubspot = AsyncHubSpot("token", base_url=url)

    def prepare(self, task: Task) -> Callable[[], int]:
        call: Any = getattr(self._hubspot.deals, f"iter_batch_{task.operation}")

        async def work() -> int:
            inputs = map(MAKERS[task.operation], range(task.records))
            outcomes = call(inputs, concurrency=task.concurrency)
            done = 0
            async for outcome in outcomes:
                done += isinstance(outcome, Succeeded)
            return done

        return lambda: self._runner.run(work())

    def count(self, found: int) -> int:
        return found
