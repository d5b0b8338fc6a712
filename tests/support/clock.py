"""Time that does as a test says."""

from __future__ import annotations

from _runtime.batch.opening import Timing


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)

    @property
    def timing(self) -> Timing:
        return Timing(
            clock=lambda: self.now,
            random=lambda: 0.0,
            sleep=self.sleep,
            asleep=self.asleep,
        )
