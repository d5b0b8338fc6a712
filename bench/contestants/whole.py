"""The whole call of the SDK: checked, cut, sent, matched, an outcome each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from contestants.records import id_of, properties_of
from contestants.task import Task
from hubspot_batch import BatchResult, CreateInput, HubSpot, RecordId, UpdateInput

MAKERS: Final[dict[str, Callable[[int], Any]]] = {
    "create": lambda n: CreateInput(properties=properties_of(n)),
    "read": lambda n: RecordId(id=id_of(n)),
    "update": lambda n: UpdateInput(id=id_of(n), properties=properties_of(n)),
}


class Entry:
    def __init__(self, url: str) -> None:
        self._hubspot = HubSpot("token", base_url=url)

    def prepare(self, task: Task) -> Callable[[], Any]:
        inputs: Sequence[Any] = [*map(MAKERS[task.operation], range(task.records))]
        call: Any = getattr(self._hubspot.deals, f"batch_{task.operation}")

        return lambda: call(inputs, concurrency=task.concurrency)

    def count(self, found: BatchResult[Any, Any]) -> int:
        return sum(outcome.result is not None for outcome in found.succeeded)
