"""What a caller does with outcomes."""

from __future__ import annotations

import copy
import pickle
from typing import assert_type

import pytest
from _runtime import (
    BatchFailedError,
    BatchResult,
    CallStoppedError,
    DeadlineError,
    Failed,
    InputRejectedError,
    Outcome,
    SDKError,
    Succeeded,
    Unknown,
    partial_result,
)
from _runtime.batch.outcomes import keep_partial_result

REJECTED = InputRejectedError("is bad", status=400, category="V", body={"a": [1]})
LOST = CallStoppedError("left", delivered=None)
OUTCOMES: tuple[Outcome[str, int], ...] = (
    Succeeded("a", 1),
    Failed("b", REJECTED),
    Succeeded("c", None),
    Unknown("d", LOST),
)
RESULT: BatchResult[str, int] = BatchResult(OUTCOMES, (5,))


def described(outcome: Outcome[str, int]) -> str:
    match outcome:
        case Succeeded(input, result):
            assert_type(result, int | None)
            return f"{input}: {result}"
        case Failed(input, error):
            assert_type(error, SDKError)
            return f"{input}: {error.message}"
        case Unknown(input=input, cause=cause):
            assert_type(input, str)
            return f"{input}: {cause.message}?"


def test_outcomes_can_be_matched() -> None:
    assert [described(outcome) for outcome in RESULT] == [
        "a: 1",
        "b: is bad",
        "c: None",
        "d: left?",
    ]


def test_outcomes_by_kind() -> None:
    assert RESULT.succeeded == (OUTCOMES[0], OUTCOMES[2])
    assert RESULT.failed == (OUTCOMES[1],)
    assert RESULT.unknown == (OUTCOMES[3],)
    assert len(RESULT) == 4
    assert list(RESULT) == list(OUTCOMES)
    assert repr(RESULT) == "<BatchResult: 2 succeeded, 1 failed, 1 unknown>"
    assert repr(BatchResult(())) == "<BatchResult: 0 succeeded, 0 failed>"


def test_outcomes_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        OUTCOMES[0].input = "z"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        RESULT.outcomes = ()  # type: ignore[misc]


def test_outcomes_can_be_copied_and_pickled() -> None:
    for again in (pickle.loads(pickle.dumps(RESULT)), copy.deepcopy(RESULT)):
        assert again.succeeded == RESULT.succeeded
        assert again.unattributed == (5,)
        [failed] = again.failed
        assert type(failed.error) is InputRejectedError
        assert vars(failed.error) == vars(REJECTED)
        [unknown] = again.unknown
        assert unknown.cause.delivered is None


def test_failures_are_raised_with_the_whole_result() -> None:
    with pytest.raises(BatchFailedError) as caught:
        RESULT.raise_for_failures()
    assert caught.value.result is RESULT
    assert str(caught.value) == (
        "of 4 inputs 1 failed and 1 came to an unknown end; the first: 400 V: is bad"
    )
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert len(again.result) == 4
    only_unknown: BatchResult[str, int] = BatchResult(OUTCOMES[3:])
    with pytest.raises(BatchFailedError, match=r"1 came to an unknown end; .*left"):
        only_unknown.raise_for_failures()


def test_without_failures_there_is_nothing_to_raise() -> None:
    good: BatchResult[str, int] = BatchResult(OUTCOMES[:1])
    assert good.raise_for_failures() is good


def test_a_partial_result_is_found_in_what_an_error_led_to() -> None:
    cause = KeyboardInterrupt()
    keep_partial_result(cause, RESULT)
    assert partial_result(cause) is RESULT
    led_to, followed = TimeoutError(), ValueError()
    led_to.__cause__ = cause
    followed.__context__ = cause
    assert partial_result(led_to) is RESULT
    assert partial_result(followed) is RESULT
    assert partial_result(ValueError()) is None
    circle = ValueError()
    circle.__context__ = KeyError()
    circle.__context__.__context__ = circle
    assert partial_result(circle) is None


def test_errors_say_whether_anything_can_have_happened() -> None:
    assert DeadlineError("late").delivered is False
    assert InputRejectedError("no").delivered is True
    assert CallStoppedError("x", delivered=False).delivered is False
    assert isinstance(BatchFailedError(RESULT), SDKError)
