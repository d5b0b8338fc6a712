"""How fast requests may follow each other: one budget for all users of a client.

Times are seconds of a clock that never goes back, passed in by the caller.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from threading import Lock
from typing import Protocol

import httpx2
from msgspec import Struct

__all__ = ["RateLimit", "RateLimiter", "SlidingWindow"]


class RateLimit(Struct, frozen=True, kw_only=True):
    """The budget that an API grants, and the headers of answers that tell more.

    Attributes:
        requests: how many requests are granted …
        per_seconds: … in any period of this length.
        limit_header: tells the number of requests.
        remaining_header: tells how many of them are left.
        interval_header: tells the length of the period in milliseconds.
    """

    requests: int
    per_seconds: float
    limit_header: str | None = None
    remaining_header: str | None = None
    interval_header: str | None = None


class RateLimiter(Protocol):
    """Decides when requests may be sent.

    One is shared by all threads and tasks that use a client, or several clients.
    Its methods return at once, and may be called by several threads at a time.
    """

    def reserve(self, now: float) -> float:
        """The time from which on a request may be sent.

        If that is not later than `now`, a place is taken: the request is sent, and
        `answered` is called exactly once when it is over. If it is later, no place is
        taken, and the caller asks again at that time.
        """
        ...

    def answered(
        self, now: float, status: int | None, headers: Mapping[str, str]
    ) -> None:
        """A request is over: with this answer, or with none (None, no headers)."""

    def pause(self, until: float) -> None:
        """The server wants to be left alone until then."""


class SlidingWindow:
    """At most so many requests in any period of a certain length.

    A request counts from the moment it is sent until the period after its answer has
    passed: when exactly the server counted it is not known, only that it was between
    the two.

    Args:
        rate: the budget, as long as answers do not say otherwise; None for none, so
            that there are only pauses.
    """

    def __init__(self, rate: RateLimit | None = None) -> None:
        self._rate = rate
        self._requests = rate.requests if rate else 0
        self._period = rate.per_seconds if rate else 0.0
        self._unanswered = 0
        self._answered: deque[float] = deque()
        self._paused_until = float("-inf")
        self._lock = Lock()

    def reserve(self, now: float) -> float:
        with self._lock:
            at = max(now, self._paused_until)
            if self._rate is not None:
                at = max(at, self._free_from(now))
            if at <= now:
                self._unanswered += 1
            return at

    def answered(
        self, now: float, status: int | None, headers: Mapping[str, str]
    ) -> None:
        with self._lock:
            self._unanswered = max(0, self._unanswered - 1)
            if self._rate is None:
                return
            self._answered.append(now)
            self._learn(now, self._rate, headers)

    def pause(self, until: float) -> None:
        with self._lock:
            self._paused_until = max(self._paused_until, until)

    def _free_from(self, now: float) -> float:
        while self._answered and self._answered[0] + self._period <= now:
            self._answered.popleft()
        excess = self._unanswered + len(self._answered) - self._requests
        if excess < 0:
            return now
        if excess < len(self._answered):
            return self._answered[excess] + self._period
        # All places are taken by requests on their way. None of them can be free
        # earlier than a period from now.
        return now + self._period

    def _learn(self, now: float, rate: RateLimit, headers: Mapping[str, str]) -> None:
        told = _as_told(headers)
        granted = _number(told, rate.limit_header)
        if granted is not None and granted >= 1:
            self._requests = int(granted)
        milliseconds = _number(told, rate.interval_header)
        if milliseconds is not None and milliseconds > 0:
            self._period = milliseconds / 1000
        remaining = _number(told, rate.remaining_header)
        if remaining is None:
            return
        # What others have used, as far as the server has seen more than we have sent.
        used = self._requests - int(max(0.0, remaining))
        self._answered.extend([now] * (used - self._unanswered - len(self._answered)))


def _as_told(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    """The headers by their names in small letters."""
    pairs = (
        headers.raw
        if isinstance(headers, httpx2.Headers)
        else [(name.encode(), text.encode()) for name, text in headers.items()]
    )
    return {name.lower(): text for name, text in pairs}


def _number(told: Mapping[bytes, bytes], name: str | None) -> float | None:
    """The number that a header tells; None if it tells none."""
    text = b"" if name is None else told.get(name.lower().encode(), b"").strip()
    # Longer ones are no count of requests or milliseconds.
    return float(text) if text.isdigit() and len(text) <= 6 else None
