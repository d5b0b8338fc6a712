"""The server of the records API, as a transport: it does what it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

import httpx2
from _runtime import BatchResult

from support.batches import UpdateInput

Json = dict[str, Any]
Script = Callable[[int, Sequence[Json]], httpx2.Response | None]


class RecordsServer:
    """Answers batches of the records API, results in reverse order.

    Attributes:
        script: called with the number of the request, from 0, and its inputs; it may
            answer in the server's place, or raise what the transport is to raise.
        requests: the inputs of each request so far.
        received: the same, as they came.
    """

    def __init__(self, script: Script | None = None) -> None:
        self.script = script
        self.requests: list[list[Json]] = []
        self.received: list[httpx2.Request] = []
        self._lock = threading.Lock()

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        inputs = json.loads(request.content)["inputs"]
        with self._lock:
            number = len(self.requests)
            self.requests.append(inputs)
            self.received.append(request)
        said = self.script(number, inputs) if self.script is not None else None
        return done(request, inputs) if said is None else said


def done(request: httpx2.Request, inputs: Sequence[Json]) -> httpx2.Response:
    if request.url.path.endswith("/archive"):
        return httpx2.Response(204)
    results = [{"id": "new", "properties": {}, **each} for each in reversed(inputs)]
    return httpx2.Response(200, json={"status": "COMPLETE", "results": results})


def refusal(status: int, **body: object) -> httpx2.Response:
    return httpx2.Response(status, json={"message": f"no: {status}", **body})


def updates(count: int) -> list[UpdateInput]:
    return [UpdateInput(id=str(number), properties={}) for number in range(count)]


def ids_of(inputs: Sequence[Any]) -> list[str]:
    return [each["id"] for each in inputs]


def all_ids(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def check_all_succeeded(result: BatchResult[Any, Any], count: int) -> None:
    assert [outcome.input.id for outcome in result] == all_ids(count)
    results: list[Any] = [each.result for each in result.succeeded]
    assert [each.id for each in results] == all_ids(count)
