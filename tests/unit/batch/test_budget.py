"""The rate limit: kept by whoever asks, whatever is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import httpx2
import pytest
from _runtime import RateLimit, RateLimiter, SlidingWindow
from hypothesis import given
from hypothesis import strategies as st

from support.batches import RATE_LIMIT

TEN_A_SECOND = RateLimit(requests=10, per_seconds=1)
NOTHING: Mapping[str, str] = {}


def told(**numbers: int) -> Mapping[str, str]:
    names = {
        "limit": "Max",
        "remaining": "Remaining",
        "interval": "Interval-Milliseconds",
    }
    headers = {f"X-RateLimit-{names[name]}": str(n) for name, n in numbers.items()}
    return httpx2.Headers(headers)


def taken_at(limiter: RateLimiter, now: float) -> int:
    """How many requests can be sent at a moment."""
    count = 0
    while limiter.reserve(now) <= now:
        count += 1
        assert count < 1000
    return count


def test_no_more_than_granted_at_once() -> None:
    limiter = SlidingWindow(TEN_A_SECOND)
    assert taken_at(limiter, 0) == 10
    assert limiter.reserve(0) == 1
    # What has not been answered may have been counted just now.
    assert taken_at(limiter, 5) == 0


def test_a_place_is_free_a_period_after_the_answer() -> None:
    limiter = SlidingWindow(TEN_A_SECOND)
    assert taken_at(limiter, 0) == 10
    limiter.answered(0.25, 200, NOTHING)
    limiter.answered(0.5, None, NOTHING)
    assert limiter.reserve(0.75) == 1.25
    assert taken_at(limiter, 1.25) == 1
    assert taken_at(limiter, 1.5) == 1


def test_a_pause_is_for_all() -> None:
    limiter = SlidingWindow(TEN_A_SECOND)
    limiter.pause(3)
    limiter.pause(2)
    assert limiter.reserve(1) == 3
    assert limiter.reserve(3) == 3


def test_without_a_budget_there_are_only_pauses() -> None:
    limiter = SlidingWindow()
    for _ in range(500):
        assert limiter.reserve(0) == 0
        limiter.answered(0, 200, told(limit=1, remaining=0))
    limiter.pause(1)
    assert limiter.reserve(0) == 1


def test_answers_tell_the_limit() -> None:
    limiter = SlidingWindow(RATE_LIMIT)
    limiter.reserve(0)
    limiter.answered(0, 200, told(limit=3, interval=2000))
    assert taken_at(limiter, 1) == 2
    assert limiter.reserve(1) == 2


def test_answers_tell_what_others_have_used() -> None:
    limiter = SlidingWindow(RATE_LIMIT)
    limiter.reserve(0)
    limiter.answered(0, 200, told(limit=100, remaining=40))
    assert taken_at(limiter, 0) == 40
    # It is not counted twice.
    limiter.answered(1, 200, told(limit=100, remaining=0))
    assert taken_at(limiter, 9.5) == 0
    assert taken_at(limiter, 10) == 60


def test_what_is_on_its_way_is_not_counted_twice() -> None:
    limiter = SlidingWindow(RATE_LIMIT)
    for _ in range(5):
        limiter.reserve(0)
    # The server has seen all five; four of them have not been answered.
    limiter.answered(0, 200, told(limit=100, remaining=95))
    assert taken_at(limiter, 0) == 95


@pytest.mark.parametrize("text", ["", "many", "-1", "1.5", "²", "9" * 30, "0"])
def test_nonsense_in_headers_is_ignored(text: str) -> None:
    limiter = SlidingWindow(RATE_LIMIT)
    limiter.reserve(0)
    headers = {"X-RateLimit-Max": text, "X-RateLimit-Interval-Milliseconds": text}
    limiter.answered(0, 200, httpx2.Headers(headers) if text.isascii() else headers)
    assert taken_at(limiter, 0) == 99


@given(
    st.integers(1, 8),
    st.floats(0.1, 5),
    st.integers(1, 6),
    st.integers(0, 1_000_000),
)
def test_the_server_never_counts_too_many(
    requests: int, period: float, concurrency: int, seed: int
) -> None:
    """Whatever time requests and answers take, and whenever the server counts."""
    random = Random(seed)
    limiter = SlidingWindow(RateLimit(requests=requests, per_seconds=period))
    counted: list[float] = []
    ends: list[float] = []
    now = 0.0
    for _ in range(60):
        at = limiter.reserve(now)
        if at <= now and len(ends) < concurrency:
            end = now + random.random() * 3 * period
            counted.append(random.uniform(now, end))
            ends.append(end)
            continue
        if at <= now:
            limiter.answered(now, None, NOTHING)
        ends.sort()
        if ends and (ends[0] <= at or at <= now):
            now = max(now, ends.pop(0))
            limiter.answered(now, 200, NOTHING)
        else:
            now = at
    counted.sort()
    for first, last in zip(counted, counted[requests:], strict=False):
        assert last - first >= period * (1 - 1e-9)
