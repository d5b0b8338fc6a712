"""Time that passes at once where somebody waits for it."""

from __future__ import annotations

import asyncio
import time

from ..batch.opening import Timing

__all__ = ["Clock"]


class Clock:
    """The machine's clock, put forward by those who sleep by it."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self.timing = Timing(
            clock=self.now,
            wall=lambda: time.time() + self._ahead,
            sleep=self._sleep,
            asleep=self._asleep,
        )

    def now(self) -> float:
        return time.monotonic() + self._ahead

    def _sleep(self, seconds: float) -> None:
        self._ahead += seconds

    async def _asleep(self, seconds: float) -> None:
        self._ahead += seconds
        await asyncio.sleep(0)
