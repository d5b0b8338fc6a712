"""One budget for many: whatever they do and whenever, it is kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from heapq import heappop, heappush
from random import Random
from threading import Barrier, Lock, Thread

import pytest
from _runtime import RateLimit, SlidingWindow
from hypothesis import given, settings
from hypothesis import strategies as st

from support.batches import RATE_LIMIT

NOTHING: Mapping[str, str] = {}


def told(**numbers: int) -> dict[str, str]:
    names = {
        "limit": "X-RateLimit-Max",
        "remaining": "X-RateLimit-Remaining",
        "interval": "X-RateLimit-Interval-Milliseconds",
    }
    return {names[name]: str(number) for name, number in numbers.items()}


def taken_at(limiter: SlidingWindow, now: float) -> int:
    """How many places are free, by taking them all."""
    for count in range(1000):
        if limiter.reserve(now) > now:
            return count
    raise AssertionError("there is no end to it")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 7),
    st.sampled_from([0.5, 1.0, 10.0]),
    st.integers(1, 12),
    st.integers(0, 10_000),
)
def test_no_period_has_more_requests_than_the_budget(
    requests: int, period: float, users: int, seed: int
) -> None:
    """A user sends, waits for the answer, idles, and sends again."""
    random = Random(seed)
    limiter = SlidingWindow(RateLimit(requests=requests, per_seconds=period))
    sent: list[float] = []
    # What each user does next, and when: True for sending.
    agenda = [(random.random() * period, user, True) for user in range(users)]
    agenda.sort()
    while len(sent) < 60:
        now, user, is_sending = heappop(agenda)
        if not is_sending:
            limiter.answered(now, random.choice([200, 429, None]), NOTHING)
            pause = random.choice([0, 0, random.random() * period])
            heappush(agenda, (now + pause, user, True))
            continue
        at = limiter.reserve(now)
        if at > now:
            # Nobody is sent away for longer than it takes to be free.
            assert at <= now + period
            heappush(agenda, (at, user, True))
            continue
        sent.append(now)
        takes = random.choice([0, random.random(), 2 * random.random()]) * period
        heappush(agenda, (now + takes, user, False))

    for first, at in enumerate(sent):
        within = bisect_left(sent, at + period * (1 - 1e-9)) - first
        assert within <= requests


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 20), st.integers(0, 120)), max_size=30))
def test_no_headers_make_it_stop_for_ever(said: list[tuple[float, int]]) -> None:
    limiter = SlidingWindow(RATE_LIMIT)
    now = 0.0
    for seconds, remaining in said:
        now += seconds
        at = limiter.reserve(now)
        assert now <= at <= now + 10
        if at <= now:
            limiter.answered(now, 200, told(remaining=remaining))

    assert limiter.reserve(now + 10) == now + 10


@pytest.mark.parametrize("remaining", [0, 1, 40, 99])
def test_what_others_have_used_is_not_used_again(remaining: int) -> None:
    limiter = SlidingWindow(RATE_LIMIT)
    limiter.reserve(0)
    limiter.answered(0, 200, told(limit=100, interval=10_000, remaining=remaining))

    assert taken_at(limiter, 0) == remaining
    assert taken_at(limiter, 9.9) == 0
    # What was taken has not been answered; what was used by others is over.
    assert taken_at(limiter, 10) == 100 - remaining


def test_a_server_that_is_more_generous_is_believed() -> None:
    limiter = SlidingWindow(RateLimit(requests=1, per_seconds=60))
    assert taken_at(limiter, 0) == 1
    # It has no names for its headers.
    limiter.answered(0, 200, told(limit=100, interval=10))
    assert limiter.reserve(1) == 60

    limiter = SlidingWindow(RATE_LIMIT)
    limiter.reserve(0)
    limiter.answered(0, 200, told(limit=190, interval=1000))
    assert taken_at(limiter, 0) == 189


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    limiter = SlidingWindow(RATE_LIMIT)
    limiter.pause(8)
    limiter.pause(3)
    assert limiter.reserve(5) == 8
    assert limiter.reserve(8) == 8


def test_who_has_to_wait_takes_no_place() -> None:
    limiter = SlidingWindow(RateLimit(requests=2, per_seconds=1))
    limiter.pause(5)
    for _ in range(10):
        assert limiter.reserve(1) == 5
    assert taken_at(limiter, 5) == 2


def test_threads_do_not_take_the_same_place() -> None:
    limiter = SlidingWindow(RateLimit(requests=300, per_seconds=1000))
    barrier, lock = Barrier(8), Lock()
    taken = 0

    def take() -> None:
        nonlocal taken
        barrier.wait()
        mine = 0
        for _ in range(500):
            if limiter.reserve(1.0) <= 1.0:
                mine += 1
                limiter.answered(1.0, 200, NOTHING)
        with lock:
            taken += mine

    threads = [Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert taken == 300
