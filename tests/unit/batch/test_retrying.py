"""What failures mean: whether anything happened, and whether to try again."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from _runtime import (
    CallStoppedError,
    ConnectionFailedError,
    CredentialError,
    DecodingError,
    RequestTimeoutError,
    RetryRule,
    SDKError,
)
from _runtime.batch.retrying import Verdict, judge, wait_before
from _runtime.errors import status_error
from hypothesis import given
from hypothesis import strategies as st

from support.batches import ERROR_FIELDS, RETRY_RULES

NOON = 1_754_049_600.0  # 2025-08-01T12:00:00Z


def judged(
    status: int,
    body: bytes = b"{}",
    headers: dict[str, str] | None = None,
    rules: tuple[RetryRule, ...] = RETRY_RULES,
) -> Verdict:
    error = status_error(
        status, httpx2.Headers(headers, encoding="utf-8"), body, fields=ERROR_FIELDS
    )
    return judge(error, rules, wall=NOON)


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_what_is_refused_for_its_content_may_be_taken_apart(status: int) -> None:
    assert judged(status) == Verdict(harmless=True, isolate=True)


@pytest.mark.parametrize("status", [401, 403])
def test_what_the_credential_does_not_allow_is_the_end(status: int) -> None:
    assert judged(status) == Verdict(harmless=True, fatal=True)


@pytest.mark.parametrize("status", [302, 404, 405, 410, 414, 418])
def test_other_refusals_are_what_they_are(status: int) -> None:
    assert judged(status) == Verdict(harmless=True)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 521, 599])
def test_failing_servers_may_have_done_it(status: int) -> None:
    verdict = judged(status, rules=())
    assert verdict == Verdict(harmless=False, retry=True)


def test_too_many_requests_are_everybodys_business() -> None:
    assert judged(429, rules=()) == Verdict(harmless=True, retry=True, for_all=True)


def test_the_first_rule_that_fits_counts() -> None:
    assert judged(429, b'{"policyName": "DAILY"}').fatal
    assert judged(429, b'{"policyName": "TEN_SECONDLY_ROLLING"}').shortest_wait == 10
    assert judged(429, b'{"policyName": "OTHER"}').shortest_wait == 1
    assert judged(429, b"no json").shortest_wait == 1
    assert judged(423) == Verdict(harmless=True, retry=True, shortest_wait=2)
    assert judged(503) == Verdict(harmless=False, retry=True, shortest_wait=3)


def test_never_is_no_promise_of_a_failing_server() -> None:
    rules = (RetryRule(statuses=(501, 404), retry="never"),)
    assert judged(501, rules=rules) == Verdict(harmless=False, fatal=True)
    assert judged(404, rules=rules) == Verdict(harmless=True, fatal=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 7.5 "}, 7.5),
        ({"Retry-After": "Fri, 01 Aug 2025 12:00:30 GMT"}, 30),
        ({"Retry-After": "Fri, 01 Aug 2025 12:00:30"}, 30),
        ({"Retry-After": "Fri, 01 Aug 2025 11:00:00 GMT"}, 1),
        # The server's clock is ten seconds ahead.
        (
            {
                "Retry-After": "Fri, 01 Aug 2025 12:00:30 GMT",
                "Date": "Fri, 01 Aug 2025 12:00:10 GMT",
            },
            20,
        ),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": "-5"}, 1),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": ""}, 1),
        ({"Retry-After": "²"}, 1),
        ({"Retry-After": "Fri, 99 Aug 2025 12:00:30 GMT"}, 1),
    ],
)
def test_retry_after_makes_waits_longer(
    headers: dict[str, str], seconds: float
) -> None:
    assert judged(429, headers=headers).shortest_wait == seconds


def test_retry_after_can_be_left_alone() -> None:
    rules = (RetryRule(statuses=(429,), retry="always", honour_retry_after=False),)
    verdict = judged(429, headers={"Retry-After": "9"}, rules=rules)
    assert verdict == Verdict(harmless=True, retry=True, for_all=True)


def test_who_asks_for_a_time_asks_everybody() -> None:
    assert judged(423, headers={"Retry-After": "9"}).for_all
    assert judged(500, headers={"Retry-After": "9"}).for_all
    assert not judged(423).for_all


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (
            ConnectionFailedError("refused", delivered=False),
            Verdict(harmless=True, retry=True),
        ),
        (ConnectionFailedError("reset"), Verdict(harmless=False, retry=True)),
        (
            RequestTimeoutError("slow", delivered=True, status=200),
            Verdict(harmless=False, retry=True),
        ),
        (DecodingError("broken"), Verdict(harmless=False, retry=True)),
        (CredentialError("none"), Verdict(harmless=True, fatal=True)),
        (CallStoppedError("lost", delivered=None), Verdict(harmless=False)),
    ],
)
def test_failures_without_an_answer(error: SDKError, verdict: Verdict) -> None:
    assert judge(error, RETRY_RULES, wall=NOON) == verdict


@given(
    st.integers(2, 10_000),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 1, exclude_max=True),
)
def test_waits_keep_to_their_bounds(
    attempt: int, shortest: float, longest: float, random: float
) -> None:
    wait = wait_before(attempt, shortest=shortest, longest=longest, random=random)
    assert min(shortest, longest) <= wait <= min(longest, shortest + 30)


def test_waits_grow_with_each_attempt() -> None:
    chosen: dict[str, Any] = {"shortest": 1, "longest": 60, "random": 0.5}
    waits = [wait_before(attempt, **chosen) for attempt in (2, 3, 4, 9, 30)]
    assert waits == [1.25, 1.5, 2, 16, 16]
