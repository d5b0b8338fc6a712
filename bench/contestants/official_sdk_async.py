"""The same as `official_sdk`, awaited."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from typing import Any

from contestants.official_sdk import _METHODS, inputs_of, more_of
from contestants.records import slices
from contestants.task import Task


class Entry:
    def __init__(self, url: str) -> None:
        client = importlib.import_module("hubspot_sdk").AsyncHubSpot
        self._runner = asyncio.Runner()
        self._batches = client(
            access_token="token", base_url=url
        ).crm.objects.deals.batch

    def prepare(self, task: Task) -> Callable[[], list[Any]]:
        inputs = inputs_of(task)
        more = more_of(task)
        call = getattr(self._batches, _METHODS[task.operation])

        async def work() -> list[Any]:
            found: list[Any] = []
            for cut in slices(len(inputs)):
                found += (await call(inputs=inputs[cut], **more)).results
            return found

        return lambda: self._runner.run(work())

    def count(self, found: list[Any]) -> int:
        return len(found)
