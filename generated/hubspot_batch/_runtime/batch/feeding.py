"""Pulls inputs out of an async source, while requests are on their way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Any

from .engine import Engine
from .preflight import Preflight

__all__ = ["AsyncPulled"]


class AsyncPulled:
    """Inputs that are checked as they come out of an async iterator.

    One task does all the pulling: a source may hold something, such as a timeout or a
    task group, that is bound to the task it was entered in.
    """

    def __init__(self, source: AsyncIterable[Any], preflight: Preflight) -> None:
        self._source = source
        self._preflight = preflight
        self._pulled: list[Any] = []
        self._wanted = 0
        self._demand = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_over = False
        self._error: BaseException | None = None
        self.arrival: asyncio.Future[None] | None = None

    @property
    def is_pulling(self) -> bool:
        """Whether inputs have been asked for and not been delivered."""
        return self.arrival is not None

    @property
    def has_arrived(self) -> bool:
        """Whether what has been asked for is here, as far as there is any more."""
        return self.arrival is not None and self.arrival.done()

    def feed(self, engine: Engine[Any, Any], wanted: int) -> None:
        """Have at most so many pulled. `arrival` is done when they are here."""
        loop = asyncio.get_running_loop()
        self._wanted = wanted
        self.arrival = loop.create_future()
        self._demand.set()
        if self._task is None:
            self._task = loop.create_task(self._pull())

    def deliver(self, engine: Engine[Any, Any]) -> None:
        """Feed the engine what is here; tell it when there will be no more."""
        pulled, self._pulled = self._pulled, []
        self.arrival = None
        engine.feed(self._preflight.check(pulled))
        if self._is_over:
            engine.finish()

    def check(self) -> None:
        """Raise what the source itself has raised, if it has."""
        if self._error is not None:
            raise self._error

    async def close(self) -> None:
        """Pull no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _pull(self) -> None:
        try:
            async for item in self._source:
                self._pulled.append(item)
                if len(self._pulled) == self._wanted:
                    self._demand.clear()
                    self._arrive()
                    await self._demand.wait()
        except (Exception, asyncio.CancelledError) as error:
            self._error = error
        finally:
            self._is_over = True
            self._arrive()

    def _arrive(self) -> None:
        if self.arrival is not None and not self.arrival.done():
            self.arrival.set_result(None)
