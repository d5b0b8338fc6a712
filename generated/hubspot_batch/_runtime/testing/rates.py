"""How many requests the fake takes, and the headers that tell it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .described import Described

__all__ = ["Meter", "Rate"]

# Told where there is no limit, so that clients do not slow down.
_PLENTY = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many requests in any period of so many seconds, and in all."""

    requests: int
    seconds: float = 10.0
    daily: int | None = None


class Meter:
    """Counts requests against a rate; None stands for no limit."""

    def __init__(
        self, rate: Rate | None, described: Described, now: Callable[[], float]
    ) -> None:
        self._now = now
        self._rate = rate or Rate(_PLENTY, described.per_seconds)
        self._described = described
        self._recent: deque[float] = deque()
        self._today = 0

    def count(self) -> str | None:
        """One request more; says which limit it exceeds: "interval" or "daily"."""
        now, rate = self._now(), self._rate
        while self._recent and self._recent[0] <= now - rate.seconds:
            self._recent.popleft()
        if rate.daily is not None and self._today >= rate.daily:
            return "daily"
        if len(self._recent) >= rate.requests:
            return "interval"
        self._recent.append(now)
        self._today += 1
        return None

    def headers(self) -> Iterator[tuple[str, str]]:
        rate, told, daily = self._rate, self._described, self._described.behaviour.daily
        named: list[tuple[str | None, int]] = [
            (told.limit_header, rate.requests),
            (told.remaining_header, rate.requests - len(self._recent)),
            (told.interval_header, round(rate.seconds * 1000)),
        ]
        if rate.daily is not None:
            named.append((daily.limit, rate.daily))
            named.append((daily.remaining, rate.daily - self._today))
        return ((name, str(number)) for name, number in named if name)
