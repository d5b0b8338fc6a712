"""What a caller does with what a call hands back."""

from __future__ import annotations

import copy
import pickle
from typing import assert_type

import pytest
from _runtime import (
    BatchFailedError,
    BatchResult,
    CallStoppedError,
    ConnectionFailedError,
    DeadlineError,
    Failed,
    Finding,
    InputRejectedError,
    InvalidInputError,
    Outcome,
    SDKError,
    Succeeded,
    Unknown,
    partial_result,
)
from _runtime.batch.outcomes import keep_partial_result
from hypothesis import given
from hypothesis import strategies as st

from support.batches import CREATE, Record, RecordId
from support.script import answer, play

GOOD = Succeeded(RecordId(id="1"), Record(id="1", properties={}))
DONE: Succeeded[RecordId, Record] = Succeeded(RecordId(id="2"), None)
BAD = Failed(RecordId(id="3"), InputRejectedError("no", status=207, category="BAD"))
OPEN = Unknown(RecordId(id="4"), ConnectionFailedError("broken off"))

any_outcome: st.SearchStrategy[Outcome[RecordId, Record]] = st.sampled_from(
    [GOOD, DONE, BAD, OPEN]
)


def said(outcome: Outcome[RecordId, Record]) -> str:
    match outcome:
        case Succeeded(input, Record() as record):
            return f"{input.id} is {record.id}"
        case Succeeded(input, _):
            return f"{input.id} done"
        case Failed(input, error):
            assert_type(error, SDKError)
            return f"{input.id} failed: {error.message}"
        case Unknown(input, cause):
            assert_type(input, RecordId)
            return f"{input.id} perhaps: {cause.message}"


def test_outcomes_can_be_told_apart_by_match() -> None:
    assert [said(GOOD), said(DONE), said(BAD), said(OPEN)] == [
        "1 is 1",
        "2 done",
        "3 failed: no",
        "4 perhaps: broken off",
    ]


def test_outcomes_can_be_matched_by_name() -> None:
    match BAD:
        case Failed(error=InputRejectedError(category="BAD")):
            pass
        case _:
            pytest.fail("it was an InputRejectedError")


@given(st.lists(any_outcome, max_size=8))
def test_results_are_counted_by_kind(outcomes: list[Outcome[RecordId, Record]]) -> None:
    result = BatchResult(tuple(outcomes))

    assert len(result) == len(outcomes)
    assert list(result) == list(result.outcomes) == outcomes
    by_kind = [result.succeeded, result.failed, result.unknown]
    assert sum(map(len, by_kind)) == len(outcomes)
    for kind, each in zip((Succeeded, Failed, Unknown), by_kind, strict=True):
        # In the order of the inputs.
        assert list(each) == [one for one in outcomes if isinstance(one, kind)]
    if result.failed or result.unknown:
        with pytest.raises(BatchFailedError) as caught:
            result.raise_for_failures()
        assert caught.value.result is result
    else:
        assert result.raise_for_failures() is result


@pytest.mark.parametrize(
    ("outcomes", "text"),
    [
        ((), "<BatchResult: 0 succeeded, 0 failed>"),
        ((GOOD, DONE, BAD), "<BatchResult: 2 succeeded, 1 failed>"),
        ((OPEN, GOOD), "<BatchResult: 1 succeeded, 0 failed, 1 unknown>"),
    ],
)
def test_a_result_shows_its_counts(
    outcomes: tuple[Outcome[RecordId, Record], ...], text: str
) -> None:
    assert repr(BatchResult(outcomes)) == text


@pytest.mark.parametrize(
    ("outcomes", "text"),
    [
        ((GOOD, BAD, BAD), "of 3 inputs 2 failed; the first: 207 BAD: no"),
        ((OPEN,), "of 1 inputs 1 came to an unknown end; the first: broken off"),
        (
            (OPEN, BAD),
            "of 2 inputs 1 failed and 1 came to an unknown end; the first: 207 BAD: no",
        ),
    ],
)
def test_the_error_says_how_many_and_why(
    outcomes: tuple[Outcome[RecordId, Record], ...], text: str
) -> None:
    with pytest.raises(BatchFailedError) as caught:
        BatchResult(outcomes).raise_for_failures()

    assert str(caught.value) == text


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_results_can_be_pickled(protocol: int) -> None:
    result = BatchResult((GOOD, DONE, BAD, OPEN), unattributed=({"id": "9"},))
    assert len(result.failed) == 1

    loaded = pickle.loads(pickle.dumps(result, protocol))

    assert repr(loaded) == repr(result)
    assert list(map(said, loaded)) == list(map(said, result))
    assert loaded.succeeded == result.succeeded
    assert loaded.unattributed == ({"id": "9"},)
    [failed] = loaded.failed
    assert type(failed.error) is InputRejectedError
    assert str(failed.error) == "207 BAD: no"


def test_what_comes_out_of_a_call_can_be_pickled() -> None:
    inputs = [{"properties": {"n": str(n)}} for n in range(3)]
    body = {
        "results": [{"id": "1", "properties": {}, "traceId": "1"}],
        "errors": [{"message": "no", "context": {"traceId": ["2"]}}],
    }
    result = play(CREATE, inputs, [answer(207, body, {"X-Correlation-Id": "c"})]).result
    assert repr(result) == "<BatchResult: 1 succeeded, 1 failed, 1 unknown>"

    for loaded in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
        assert repr(loaded) == repr(result)
        assert [each.input for each in loaded] == [each.input for each in result]
        assert str(loaded.failed[0].error) == str(result.failed[0].error)
        headers = loaded.failed[0].error.headers
        assert headers is not None
        assert headers["X-Correlation-Id"] == "c"
        assert loaded.unknown[0].cause.body == result.unknown[0].cause.body


@pytest.mark.parametrize(
    "error",
    [
        BatchFailedError(BatchResult((BAD, OPEN))),
        CallStoppedError("left", delivered=None),
        CallStoppedError("left", delivered=False),
        DeadlineError("too late"),
        InvalidInputError(
            findings=[Finding(index=1, field="inputs[1]", message="is wrong")]
        ),
    ],
)
def test_errors_can_be_pickled(error: SDKError) -> None:
    loaded = pickle.loads(pickle.dumps(error))

    assert type(loaded) is type(error)
    assert str(loaded) == str(error)
    assert loaded.delivered is error.delivered


def test_outcomes_cannot_be_changed() -> None:
    result = BatchResult((GOOD,))
    with pytest.raises(AttributeError):
        GOOD.input = RecordId(id="9")  # type: ignore[misc]
    with pytest.raises(AttributeError):
        result.outcomes = ()  # type: ignore[misc]


def test_a_partial_result_is_found_in_what_an_error_led_to() -> None:
    cause = KeyboardInterrupt()
    result = BatchResult((GOOD, OPEN))
    keep_partial_result(cause, result)
    assert partial_result(cause) is result
    led_to, followed = TimeoutError(), ValueError()
    led_to.__cause__ = cause
    followed.__context__ = cause
    assert partial_result(led_to) is result
    assert partial_result(followed) is result
    assert partial_result(ValueError()) is None
    circle = ValueError()
    circle.__context__ = KeyError()
    circle.__context__.__context__ = circle
    assert partial_result(circle) is None


def test_errors_say_whether_anything_can_have_happened() -> None:
    assert DeadlineError("late").delivered is False
    assert InputRejectedError("no").delivered is True
    assert CallStoppedError("x", delivered=False).delivered is False
    assert isinstance(BatchFailedError(BatchResult((BAD,))), SDKError)
