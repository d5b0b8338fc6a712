"""The same as `floor`, awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx2

from contestants.floor import _HEADERS, _MAKERS, Body, Result, _encode, results_of
from contestants.records import slices
from contestants.task import Task


class Entry:
    def __init__(self, url: str) -> None:
        self._url = f"{url}/crm/v3/objects/0-3/batch"
        self._runner = asyncio.Runner()
        self._http = httpx2.AsyncClient(headers=_HEADERS, timeout=60)

    def prepare(self, task: Task) -> Callable[[], list[Result]]:
        url = f"{self._url}/{task.operation}"
        inputs = list(map(_MAKERS[task.operation], range(task.records)))

        async def work() -> list[Result]:
            found: list[Result] = []
            for cut in slices(len(inputs)):
                content = _encode(Body(inputs[cut]))
                found += results_of(await self._http.post(url, content=content))
            return found

        return lambda: self._runner.run(work())

    def count(self, found: list[Result]) -> int:
        return len(found)
