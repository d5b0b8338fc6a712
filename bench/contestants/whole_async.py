"""The same as `whole`, awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from contestants.task import Task
from contestants.whole import MAKERS
from hubspot_batch import AsyncHubSpot, BatchResult


class Entry:
    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._hubspot = AsyncHubSpot("token", base_url=url)

    def prepare(self, task: Task) -> Callable[[], Any]:
        inputs: Sequence[Any] = [*map(MAKERS[task.operation], range(task.records))]
        call: Any = getattr(self._hubspot.deals, f"batch_{task.operation}")

        return lambda: self._runner.run(call(inputs, concurrency=task.concurrency))

    def count(self, found: BatchResult[Any, Any]) -> int:
        return sum(outcome.result is not None for outcome in found.succeeded)
