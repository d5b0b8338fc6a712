"""hubspot-api-client, as its documentation uses it: one request per call."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from contestants.records import id_of, properties_of, slices
from contestants.task import Task


class Entry:
    def __init__(self, url: str) -> None:
        client = importlib.import_module("hubspot").HubSpot
        self._models: Any = importlib.import_module("hubspot.crm.deals")
        self._batches = client(access_token="token", host=url).crm.deals.batch_api

    def prepare(self, task: Task) -> Callable[[], list[Any]]:
        models = self._models
        numbers = range(task.records)
        inputs: Sequence[Any]
        if task.operation == "create":
            made = models.SimplePublicObjectBatchInputForCreate
            inputs = [
                made(
                    properties=properties_of(n),
                    associations=[],
                    object_write_trace_id=str(n % 100),
                )
                for n in numbers
            ]
            body_type = models.BatchInputSimplePublicObjectBatchInputForCreate
        elif task.operation == "update":
            made = models.SimplePublicObjectBatchInput
            inputs = [made(id=id_of(n), properties=properties_of(n)) for n in numbers]
            body_type = models.BatchInputSimplePublicObjectBatchInput
        else:
            inputs = [models.SimplePublicObjectId(id=id_of(n)) for n in numbers]
            body_type = self._read_body
        call = getattr(self._batches, task.operation)

        def work() -> list[Any]:
            found: list[Any] = []
            for cut in slices(len(inputs)):
                found += call(body_type(inputs=inputs[cut])).results
            return found

        return work

    def count(self, found: list[Any]) -> int:
        return len(found)

    def _read_body(self, inputs: Sequence[Any]) -> Any:
        return self._models.BatchReadInputSimplePublicObjectId(
            inputs=inputs, properties=[], properties_with_history=[]
        )
