"""The least that can be done: requests written by hand, with httpx2 and msgspec alone.

Nothing is matched, checked or repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx2
import msgspec

from contestants.records import id_of, properties_of, slices
from contestants.task import Task


class Input(msgspec.Struct, omit_defaults=True):
    id: str | None = None
    properties: dict[str, str] | None = None
    trace: str | None = msgspec.field(name="objectWriteTraceId", default=None)


class Body(msgspec.Struct):
    inputs: list[Input]


class Result(msgspec.Struct):
    id: str
    properties: dict[str, str | None]
    created_at: datetime = msgspec.field(name="createdAt")
    updated_at: datetime = msgspec.field(name="updatedAt")
    archived: bool
    trace: str | None = msgspec.field(name="objectWriteTraceId", default=None)


class Envelope(msgspec.Struct):
    status: str
    started_at: datetime = msgspec.field(name="startedAt")
    completed_at: datetime = msgspec.field(name="completedAt")
    results: list[Result]


_MAKERS: dict[str, Callable[[int], Input]] = {
    "create": lambda n: Input(properties=properties_of(n), trace=str(n % 100)),
    "read": lambda n: Input(id=id_of(n)),
    "update": lambda n: Input(id=id_of(n), properties=properties_of(n)),
}
_HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer token"}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Envelope).decode


class Entry:
    def __init__(self, url: str) -> None:
        self._url = f"{url}/crm/v3/objects/0-3/batch"
        self._http = httpx2.Client(headers=_HEADERS, timeout=60)

    def prepare(self, task: Task) -> Callable[[], list[Result]]:
        url = f"{self._url}/{task.operation}"
        inputs = list(map(_MAKERS[task.operation], range(task.records)))

        def work() -> list[Result]:
            found: list[Result] = []
            for cut in slices(len(inputs)):
                response = self._http.post(url, content=_encode(Body(inputs[cut])))
                found += results_of(response)
            return found

        return work

    def count(self, found: list[Result]) -> int:
        return len(found)


def results_of(response: Any) -> list[Result]:
    response.raise_for_status()
    return _decode(response.content).results
