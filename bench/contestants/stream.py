"""A stream of outcomes, of inputs that are made as they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contestants.task import Task
from contestants.whole import MAKERS
from hubspot_batch import HubSpot, Succeeded


class Entry:
    def __init__(self, url: str) -> None:
        self._hubspot = HubSpot("token", base_url=url)

    def prepare(self, task: Task) -> Callable[[], int]:
        call: Any = getattr(self._hubspot.deals, f"iter_batch_{task.operation}")

        def work() -> int:
            inputs = map(MAKERS[task.operation], range(task.records))
            outcomes = call(inputs, concurrency=task.concurrency)
            return sum(isinstance(outcome, Succeeded) for outcome in outcomes)

        return work

    def count(self, found: int) -> int:
        return found
