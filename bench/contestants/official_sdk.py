"""hubspot-sdk, as its documentation uses it: one request per call."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from contestants.records import id_of, properties_of, slices
from contestants.task import Task

_METHODS = {"create": "create", "read": "get", "update": "update"}


class Entry:
    def __init__(self, url: str) -> None:
        client = importlib.import_module("hubspot_sdk").HubSpot
        self._batches = client(
            access_token="token", base_url=url
        ).crm.objects.deals.batch

    def prepare(self, task: Task) -> Callable[[], list[Any]]:
        inputs = inputs_of(task)
        more = more_of(task)
        call = getattr(self._batches, _METHODS[task.operation])

        def work() -> list[Any]:
            found: list[Any] = []
            for cut in slices(len(inputs)):
                found += call(inputs=inputs[cut], **more).results
            return found

        return work

    def count(self, found: list[Any]) -> int:
        return len(found)


def inputs_of(task: Task) -> Sequence[Any]:
    numbers = range(task.records)
    if task.operation == "create":
        return [
            {
                "properties": properties_of(n),
                "associations": [],
                "object_write_trace_id": str(n % 100),
            }
            for n in numbers
        ]
    if task.operation == "update":
        return [{"id": id_of(n), "properties": properties_of(n)} for n in numbers]
    return [{"id": id_of(n)} for n in numbers]


def more_of(task: Task) -> dict[str, Any]:
    if task.operation == "read":
        return {"properties": [], "properties_with_history": []}
    return {}
