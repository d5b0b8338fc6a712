"""The SDK's own single requests in a loop: typed and checked, but nothing matched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contestants.records import slices
from contestants.task import Task
from contestants.whole import MAKERS
from hubspot_batch import HubSpot


class Entry:
    def __init__(self, url: str) -> None:
        self._hubspot = HubSpot("token", base_url=url)

    def prepare(self, task: Task) -> Callable[[], list[Any]]:
        inputs = [*map(MAKERS[task.operation], range(task.records))]
        call: Any = getattr(self._hubspot.deals, f"post_batch_{task.operation}")

        def work() -> list[Any]:
            found: list[Any] = []
            for cut in slices(len(inputs)):
                found += call(inputs[cut]).results
            return found

        return work

    def count(self, found: list[Any]) -> int:
        return len(found)
