"""What is done when a request fails: the table in docs/batches.md, row by row."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from _runtime import (
    AuthenticationError,
    BatchOperation,
    ConnectionFailedError,
    Failed,
    RequestTimeoutError,
    SDKError,
    Unknown,
)
from _runtime.batch.options import Settings
from _runtime.operation import Answer
from hypothesis import given, settings
from hypothesis import strategies as st

from support.batches import (
    ARCHIVE,
    CREATE,
    READ,
    UPDATE,
)
from support.script import Json, Played, answer, play

REFUSED = ConnectionFailedError("refused", delivered=False)
BROKEN = ConnectionFailedError("broken off", delivered=None)
TIMED_OUT = RequestTimeoutError("timed out", delivered=None)
HALF = Answer(status=201, headers=httpx2.Headers(), content=b"{", broken="cut off")
NO_JSON = Answer(status=201, headers=httpx2.Headers(), content=b"<html>")


def inputs_of(operation: BatchOperation[Any, Any, Any], count: int = 2) -> list[Json]:
    if operation is CREATE:
        return [{"properties": {"n": str(n)}} for n in range(count)]
    if operation is UPDATE:
        return [{"id": str(n), "properties": {}} for n in range(count)]
    return [{"id": str(n)} for n in range(count)]


def done(sent: list[Json]) -> Answer:
    results = [
        {"id": each.get("id", "new"), "properties": {}}
        | ({"traceId": each["traceId"]} if "traceId" in each else {})
        for each in sent
    ]
    return answer(200, {"results": results})


def after(
    operation: BatchOperation[Any, Any, Any],
    *failures: Answer | SDKError,
    options: Settings | None = None,
    random: float = 0.0,
    count: int = 2,
) -> Played:
    """A call whose first requests fail, and all others do not."""
    left = list(failures)
    return play(
        operation,
        inputs_of(operation, count),
        lambda sent: left.pop(0) if left else done(sent),
        options=options,
        random=random,
    )


@pytest.mark.parametrize("operation", [CREATE, UPDATE, READ, ARCHIVE])
@pytest.mark.parametrize(
    "failure",
    [REFUSED, answer(423), answer(429), answer(429, {"policyName": "?"}), answer(477)],
)
def test_what_certainly_did_not_happen_is_sent_again(
    operation: BatchOperation[Any, Any, Any], failure: Answer | SDKError
) -> None:
    played = after(operation, failure, failure)

    assert played.kinds == ["Succeeded"] * 2
    assert len(played.requests) == 3
    assert played.requests[0] == played.requests[1] == played.requests[2]

    played = after(operation, *[failure] * 9)

    assert played.kinds == ["Failed"] * 2
    assert len(played.requests) == 5


@pytest.mark.parametrize(
    "failure", [BROKEN, TIMED_OUT, answer(500), answer(503), HALF, NO_JSON]
)
def test_what_is_doubtful_is_sent_again_only_if_it_may_be_repeated(
    failure: Answer | SDKError,
) -> None:
    played = after(CREATE, failure)
    assert played.kinds == ["Unknown"] * 2
    assert len(played.requests) == 1

    for operation in (UPDATE, READ):
        played = after(operation, failure)
        assert played.kinds == ["Succeeded"] * 2
        assert len(played.requests) == 2

    assert after(UPDATE, *[failure] * 5).kinds == ["Unknown"] * 2
    # It would have changed nothing.
    assert after(READ, *[failure] * 5).kinds == ["Failed"] * 2


def test_after_a_doubtful_attempt_a_failure_is_unknown() -> None:
    for last in (answer(404), answer(401), answer(400), REFUSED):
        played = after(UPDATE, answer(500), *[last] * 9)
        assert played.kinds == ["Unknown"] * 2
        first = played.outcomes[0]
        assert isinstance(first, Unknown)
        # What has made it doubtful.
        assert first.cause.status == 500

        assert after(READ, answer(500), *[last] * 9).kinds == ["Failed"] * 2


def test_after_a_doubtful_attempt_a_success_is_one() -> None:
    assert after(UPDATE, TIMED_OUT, answer(429)).kinds == ["Succeeded"] * 2


def test_an_error_of_an_input_that_was_sent_before_is_unknown() -> None:
    said = answer(
        207,
        {
            "results": [{"id": "0", "properties": {}}],
            "errors": [{"message": "no", "context": {"ids": ["1"]}}],
        },
    )

    assert after(UPDATE, said).kinds == ["Succeeded", "Failed"]
    assert after(UPDATE, TIMED_OUT, said).kinds == ["Succeeded", "Unknown"]


@pytest.mark.parametrize(
    "refused",
    [answer(401), answer(403), answer(429, {"policyName": "DAILY"})],
)
def test_nothing_more_is_sent_after_a_fatal_refusal(refused: Answer) -> None:
    played = after(UPDATE, done(inputs_of(UPDATE, 100)), refused, count=350)

    assert len(played.requests) == 2
    assert played.kinds == ["Succeeded"] * 100 + ["Failed"] * 250
    errors = {id(each.error) for each in played.result.failed}
    assert len(errors) == 1
    assert played.result.failed[0].error.status == refused.status


def test_other_refusals_are_those_of_their_request() -> None:
    played = after(UPDATE, answer(404), count=150)

    assert played.kinds == ["Failed"] * 100 + ["Succeeded"] * 50
    assert len(played.requests) == 2


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_attempts_are_counted(attempts: int) -> None:
    played = after(UPDATE, *[answer(500)] * 9, options=Settings(attempts=attempts))

    assert len(played.requests) == attempts
    assert played.kinds == ["Unknown"] * 2


def test_waits_are_kept() -> None:
    played = after(
        UPDATE,
        answer(429),
        answer(503, headers={"Retry-After": "7"}),
        answer(429, {"policyName": "TEN_SECONDLY_ROLLING"}),
        random=0.5,
    )

    # The shortest wait, and half of what is added to it at most.
    assert played.times == pytest.approx([0, 1.25, 1.25 + 7.5, 8.75 + 11])


def test_a_wait_that_is_too_long_is_not_begun() -> None:
    too_long = answer(429, headers={"Retry-After": "61"})
    played = after(UPDATE, too_long, count=250)

    assert len(played.requests) == 1
    assert played.time == 0
    assert played.kinds == ["Failed"] * 250

    played = after(UPDATE, too_long, options=Settings(max_wait=100))

    assert played.kinds == ["Succeeded"] * 2
    assert played.times == [0, 61]


def test_a_wait_past_the_deadline_is_not_begun() -> None:
    later = answer(429, headers={"Retry-After": "10"})

    played = after(UPDATE, later, options=Settings(deadline=9))
    assert played.kinds == ["Failed"] * 2
    assert played.time == 0
    assert [each.error.status for each in played.result.failed] == [429] * 2

    played = after(UPDATE, later, options=Settings(deadline=11))
    assert played.kinds == ["Succeeded"] * 2


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([CREATE, UPDATE, READ]),
    st.lists(
        st.sampled_from(
            [
                REFUSED,
                BROKEN,
                TIMED_OUT,
                HALF,
                answer(400),
                answer(401),
                answer(404),
                answer(429),
                answer(423),
                answer(500),
                answer(503),
            ]
        ),
        max_size=8,
    ),
    st.floats(0, 0.99),
)
def test_whatever_fails_nothing_is_said_that_may_be_wrong(
    operation: BatchOperation[Any, Any, Any],
    failures: list[Answer | SDKError],
    random: float,
) -> None:
    seen: list[bool] = []

    def respond(sent: list[Json]) -> Answer | SDKError:
        said = failures[len(seen)] if len(seen) < len(failures) else done(sent)
        is_refusal = isinstance(said, Answer) and 400 <= said.status < 500
        is_sure = said is REFUSED or is_refusal or len(seen) >= len(failures)
        seen.append(is_sure)
        return said

    played = play(operation, inputs_of(operation, 1), respond, random=random)

    [outcome] = played.outcomes
    doubts = seen.count(False)
    assert len(played.requests) <= 5
    match outcome:
        case Failed():
            assert doubts == 0 or operation is READ
        case Unknown():
            assert doubts > 0
            assert operation is not READ
        case _:
            assert len(seen) > len(failures)
    if operation is CREATE and doubts:
        # Not once more, since it may have happened.
        assert seen.index(False) == len(seen) - 1
    assert played.times == sorted(played.times)


def test_the_error_says_what_the_server_said() -> None:
    played = after(UPDATE, answer(401, {"message": "expired"}))

    [first, _] = played.result.failed
    assert isinstance(first.error, AuthenticationError)
    assert first.error.message == "expired"
