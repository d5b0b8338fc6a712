"""What failures mean: whether anything happened, and whether to try again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Literal

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
    StatusError,
)
from _runtime.batch.retrying import Verdict, judge, wait_before
from _runtime.errors import status_error
from hypothesis import given
from hypothesis import strategies as st

from support.batches import ERROR_FIELDS, RETRY_RULES
from support.script import answer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def refusal(status: int, body: object = None, **headers: str) -> StatusError:
    said = answer(status, body, {k.replace("_", "-"): v for k, v in headers.items()})
    return status_error(status, said.headers, said.content, fields=ERROR_FIELDS)


def verdict_on(error: SDKError, *rules: RetryRule) -> Verdict:
    return judge(error, rules, wall=NOON.timestamp())


def date(seconds: float) -> str:
    return format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)


def judged(
    status: int,
    body: bytes = b"{}",
    headers: dict[str, str] | None = None,
    rules: tuple[RetryRule, ...] = RETRY_RULES,
) -> Verdict:
    error = status_error(
        status, httpx2.Headers(headers, encoding="utf-8"), body, fields=ERROR_FIELDS
    )
    return judge(error, rules, wall=NOON.timestamp())


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


@pytest.mark.parametrize(
    ("retry", "harmless"), [("always", True), ("repeatable", False)]
)
@pytest.mark.parametrize("status", [400, 403, 404, 423, 477, 500, 503])
def test_a_rule_is_stronger_than_what_a_status_usually_means(
    status: int, retry: Literal["always", "repeatable"], harmless: bool
) -> None:
    rule = RetryRule(statuses=(status,), retry=retry, wait_seconds=2)

    assert verdict_on(refusal(status), rule) == Verdict(
        harmless=harmless, retry=True, shortest_wait=2
    )


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"error": {"code": "BUSY"}}, True),
        ({"error": {"code": "busy"}}, False),
        ({"error": {"code": ["BUSY"]}}, False),
        ({"error": "BUSY"}, False),
        ({"error.code": "BUSY"}, False),
        (["BUSY"], False),
        (None, False),
    ],
)
def test_a_rule_may_be_about_certain_bodies_only(body: object, fits: bool) -> None:
    rule = RetryRule(statuses=(400,), retry="always", field="error.code", equals="BUSY")

    assert rule.fits(refusal(400, body)) is fits
    assert not rule.fits(refusal(409, body))


def test_never_is_no_promise_of_a_failing_server() -> None:
    rules = (RetryRule(statuses=(501, 404), retry="never"),)
    assert judged(501, rules=rules) == Verdict(harmless=False, fatal=True)
    assert judged(404, rules=rules) == Verdict(harmless=True, fatal=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("86400", 86400.0),
        (date(30), 30.0),
        (date(-30), 0.0),
        (date(30).replace("GMT", "-0000"), 30.0),
        (date(3600).replace("GMT", "+0100"), 0.0),
        # What nobody understands asks for nothing.
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("1e9", 0.0),
        ("nan", 0.0),
        ("inf", 0.0),
        ("٣", 0.0),
        ("Sun, 99 Foo 2026 12:00:00 GMT", 0.0),
        ("1.2.3", 0.0),
    ],
)
def test_retry_after_in_seconds_and_as_a_date(text: str, seconds: float) -> None:
    headers = httpx2.Headers([(b"Retry-After", text.encode())])
    error = status_error(429, headers, b"", fields=ERROR_FIELDS)

    assert verdict_on(error).shortest_wait == pytest.approx(seconds)


def test_a_date_is_read_against_the_servers_clock() -> None:
    # It goes an hour ahead of ours.
    error = refusal(503, Retry_After=date(3612), Date=date(3600))

    assert verdict_on(error).shortest_wait == pytest.approx(12)


def test_against_ours_where_the_servers_cannot_be_read() -> None:
    error = refusal(503, Retry_After=date(12), Date="today")

    assert verdict_on(error).shortest_wait == pytest.approx(12)


@pytest.mark.parametrize(
    ("asked", "rule", "wait"),
    [("5", 10.0, 10.0), ("20", 10.0, 20.0), ("20", None, 20.0), (None, 10.0, 10.0)],
)
def test_the_longer_wait_counts(
    asked: str | None, rule: float | None, wait: float
) -> None:
    headers = {} if asked is None else {"Retry_After": asked}
    error = refusal(503, **headers)
    by = RetryRule(statuses=(503,), retry="repeatable", wait_seconds=rule)

    verdict = verdict_on(error, by)

    assert verdict.shortest_wait == wait
    # Who asks for a certain time asks everybody.
    assert verdict.for_all is (asked is not None)


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
    assert judge(error, RETRY_RULES, wall=NOON.timestamp()) == verdict


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


def test_waits_are_doubled_until_they_are_long() -> None:
    waits = [
        wait_before(attempt, shortest=0, longest=1000, random=1.0)
        for attempt in range(2, 12)
    ]

    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_full_jitter_begins_at_nothing() -> None:
    assert wait_before(9, shortest=0, longest=60, random=0.0) == 0
    assert wait_before(9, shortest=4, longest=60, random=0.0) == 4
    assert wait_before(9, shortest=4, longest=60, random=0.5) == 19
