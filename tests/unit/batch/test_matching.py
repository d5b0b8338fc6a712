"""What each kind of answer makes of the inputs of its request."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from _runtime import (
    UNSET,
    AmbiguousAnswerError,
    DecodingError,
    Failed,
    InputRejectedError,
    StatusError,
    Succeeded,
    Unknown,
)
from _runtime.batch.answers import Blame, Reading
from _runtime.batch.assessing import accused
from _runtime.batch.matching import Matched, match
from hypothesis import given
from hypothesis import strategies as st

from support.answered import Request
from support.batches import (
    ARCHIVE,
    CREATE,
    ERROR_FIELDS,
    MOVE,
    READ,
    UPDATE,
    Parcel,
)
from support.records import Json

NOTHING: Json = {"results": []}


def creation(count: int) -> Request:
    return Request(CREATE, [{"properties": {"row": str(row)}} for row in range(count)])


def reading(*ids: str, **fields: object) -> Request:
    return Request(READ, ids, fields=fields)


def created(row: object, label: object = None) -> Json:
    result: Json = {"id": f"new {row}", "properties": {"row": str(row)}}
    return result if label is None else {**result, "traceId": str(label)}


def record(id: str, **properties: str) -> Json:
    return {"id": id, "properties": properties}


def error(*ids: str, message: str = "no") -> Json:
    return {"message": message, "category": "BAD", "context": {"ids": list(ids)}}


def label_error(*labels: str, message: str = "no") -> Json:
    return {"message": message, "context": {"traceId": list(labels)}}


def kinds(matched: Matched) -> str:
    """The outcomes, a letter for each; small where one has succeeded without result."""
    letters = []
    for outcome in matched.outcomes:
        letter = type(outcome).__name__[0]
        has_none = isinstance(outcome, Succeeded) and outcome.result is None
        letters.append(letter.lower() if has_none else letter)
    return "".join(letters)


def ids(matched: Matched) -> list[str | None]:
    """Of the results, in the order of the outcomes."""
    return [
        outcome.result.id if isinstance(outcome, Succeeded) and outcome.result else None
        for outcome in matched.outcomes
    ]


# By label


@given(st.integers(0, 30), st.integers(0, 1000))
def test_results_may_come_in_any_order(count: int, seed: int) -> None:
    request = creation(count)
    results = [created(n, each["traceId"]) for n, each in enumerate(request.sent)]
    Random(seed).shuffle(results)
    matched = request.match({"results": results})
    assert ids(matched) == [f"new {row}" for row in range(count)]
    assert matched.unattributed == []


def test_invented_labels_are_not_seen_and_given_ones_are() -> None:
    request = Request(
        CREATE, [{"properties": {}, "traceId": "own"}, {"properties": {}}]
    )
    labels = [each["traceId"] for each in request.sent]
    assert labels == ["own", "1"]
    results = [created(row, label) for row, label in enumerate(labels)]
    matched = request.match({"results": results})
    found: list[Any] = [
        each.result for each in matched.outcomes if isinstance(each, Succeeded)
    ]
    assert [result.trace_id for result in found] == ["own", UNSET]


def test_an_error_takes_the_inputs_whose_labels_it_has() -> None:
    request = creation(4)
    body = {
        "results": [created(0, 1)],
        "errors": [label_error("2", "4", message="twice"), label_error("3")],
    }
    matched = request.match(body, 207)
    assert kinds(matched) == "SFFF"
    failed = [each.error for each in matched.outcomes if isinstance(each, Failed)]
    assert all(isinstance(each, InputRejectedError) for each in failed)
    assert [each.message for each in failed] == ["twice", "no", "twice"]
    assert failed[0].status == 207
    assert failed[0].correlation_id == "c-1"


def test_errors_do_not_show_invented_labels() -> None:
    request = creation(2)
    body = {"results": [created(0, 1)], "errors": [label_error("2")]}
    failed = request.match(body).outcomes[1]
    assert isinstance(failed, Failed)
    assert failed.error.body == {"message": "no"}


def test_a_single_text_names_an_input_as_well_as_a_list_does() -> None:
    request = creation(2)
    said = {"message": "no", "context": {"traceId": "2"}}
    assert kinds(request.match({"results": [created(0, 1)], "errors": [said]})) == "SF"


# By identity


def test_results_belong_to_the_inputs_whose_ids_they_have() -> None:
    matched = reading("7", "8").match({"results": [record("8"), record("7")]})
    assert ids(matched) == ["7", "8"]


def test_ids_may_be_values_of_a_property_that_the_body_names() -> None:
    request = reading("ada@x.org", "Bob@x.org", id_property="email")
    results = [record("1", email="bob@x.org"), record("2", email="ada@x.org")]
    assert ids(request.match({"results": results})) == ["2", "1"]


def test_each_input_may_name_a_property_of_its_own() -> None:
    inputs = [
        {"id": "A", "idProperty": "code", "properties": {}},
        {"id": "5", "properties": {}},
        {"id": "x", "idProperty": "email", "properties": {}},
    ]
    request = Request(UPDATE, inputs)
    # Without labels: not every server repeats them.
    results = [record("1", email="X"), record("2", code="a"), record("5", code="9")]
    assert ids(request.match({"results": results})) == ["2", "5", "1"]


def test_a_label_counts_before_an_identity() -> None:
    request = Request(
        UPDATE, [{"id": "5", "properties": {}}, {"id": "6", "properties": {}}]
    )
    results = [{**record("6"), "traceId": "1"}, {**record("5"), "traceId": "2"}]
    assert ids(request.match({"results": results})) == ["6", "5"]


def test_errors_name_ids_in_whatever_case() -> None:
    request = reading("Ada", "Bob")
    body = {"results": [record("bob")], "errors": [error("ADA")]}
    assert kinds(request.match(body, 207)) == "FS"


def test_numbers_are_ids_too() -> None:
    moves = [{"number": 1, "target": "x"}, {"number": 2, "target": "x"}]
    request = Request(MOVE, moves, arguments={"depot_id": "north"})
    body = {
        "moved": [{"parcelNumber": 2, "place": "x"}],
        "refusals": [{"detail": "is sealed", "parcel": 1}],
    }
    refused, moved = request.match(body).outcomes
    assert isinstance(refused, Failed)
    assert refused.error.message == "is sealed"
    assert isinstance(moved, Succeeded)
    assert moved.result == Parcel(parcel_number=2, place="x")


# What names nobody


def test_success_of_an_operation_without_results_is_everybodys() -> None:
    request = Request(ARCHIVE, ["1", "2"])
    assert kinds(request.match(b"", 204)) == "ss"
    assert kinds(request.match(b"whatever", 200)) == "ss"


def test_a_contradiction_is_not_resolved_by_guessing() -> None:
    body = {"results": [record("7"), record("8")], "errors": [error("7")]}
    matched = reading("7", "8").match(body)
    assert kinds(matched) == "US"
    assert [each.id for each in matched.unattributed] == ["7"]


def test_as_many_results_as_inputs_but_nobody_knows_whose() -> None:
    matched = creation(2).match({"results": [created(0), created(1)]})
    assert kinds(matched) == "ss"
    assert [each.id for each in matched.unattributed] == ["new 0", "new 1"]


def test_the_only_result_of_the_only_input() -> None:
    assert ids(creation(1).match({"results": [created(0)]})) == ["new 0"]
    foreign = creation(1).match({"results": [created(0, "other")]})
    assert kinds(foreign) == "s"
    assert len(foreign.unattributed) == 1
    # An input with an identity has a result that repeats it.
    assert kinds(reading("7").match({"results": [record("8")]})) == "s"


def test_fewer_results_than_inputs() -> None:
    matched = creation(3).match({"results": [created(0), created(1)]})
    assert kinds(matched) == "UUU"
    assert len(matched.unattributed) == 2
    named = creation(3).match({"results": [created(0, 1), created(1)]})
    assert kinds(named) == "SUU"
    assert kinds(creation(1).match(NOTHING)) == "U"


def test_errors_that_name_nobody() -> None:
    bare = {"message": "no"}
    one_left = creation(2).match({"results": [created(0, 1)], "errors": [bare]})
    assert kinds(one_left) == "SF"
    several = {"results": [], "errors": [bare, {"message": "nor that"}]}
    as_many = creation(2).match(several)
    assert kinds(as_many) == "FF"
    [first, second] = as_many.outcomes
    assert isinstance(first, Failed)
    assert isinstance(second, Failed)
    assert first.error is second.error
    assert first.error.message == "no; nor that"
    assert kinds(creation(1).match(several)) == "F"
    too_few = creation(3).match(several)
    assert kinds(too_few) == "UUU"
    assert len(too_few.unattributed_errors) == 2
    with_result = {"results": [created(0)], "errors": [bare]}
    assert kinds(creation(2).match(with_result)) == "UU"


def test_an_error_that_can_have_meant_nobody_is_kept() -> None:
    body = {"results": [created(0, 1)], "errors": [{"message": "odd"}]}
    matched = creation(1).match(body)
    assert kinds(matched) == "S"
    assert [each.message for each in matched.unattributed_errors] == ["odd"]


def test_several_errors_for_one_input_are_one() -> None:
    body = {"results": [], "errors": [error("7", message="a"), error("7", message="b")]}
    [outcome] = reading("7").match(body).outcomes
    assert isinstance(outcome, Failed)
    assert outcome.error.message == "a; b"
    assert outcome.error.category == "BAD"


def test_results_that_nobody_asked_for_are_kept() -> None:
    matched = reading("7").match({"results": [record("9"), record("7")]})
    assert ids(matched) == ["7"]
    assert [each.id for each in matched.unattributed] == ["9"]


def test_two_results_for_one_input() -> None:
    matched = reading("7").match({"results": [record("7"), record("7", a="b")]})
    assert kinds(matched) == "s"
    assert len(matched.unattributed) == 2


def test_unknown_says_what_there_was() -> None:
    [outcome] = creation(1).match(NOTHING, 200).outcomes
    assert isinstance(outcome, Unknown)
    assert isinstance(outcome.cause, AmbiguousAnswerError)
    assert "0 results" in str(outcome.cause)
    assert outcome.cause.delivered is True


# Answers that are not what they should be


def test_unknown_fields_do_not_matter() -> None:
    body = {"results": [{**record("7"), "new": [1]}], "status": 5, "more": {}}
    assert ids(reading("7").match(body)) == ["7"]


def test_missing_fields_do_not_matter() -> None:
    matched = reading("7", "8").match({"results": [{"id": "8"}, record("7")]})
    assert ids(matched) == ["7", "8"]
    second = matched.outcomes[1]
    assert isinstance(second, Succeeded)
    assert second.result is not None
    assert second.result.properties is UNSET


def test_results_of_another_form_are_matched_as_they_are() -> None:
    request = Request(MOVE, [{"number": 1, "target": "x"}], arguments={"depot_id": "n"})
    matched = request.match({"moved": ["done"]})
    assert kinds(matched) == "s"
    assert matched.unattributed == ["done"]


def test_what_names_an_input_but_is_no_record_is_not_handed_out() -> None:
    request = reading("7")
    odd = {"id": "7"}
    read = Reading([odd], [], misfits=frozenset({0}))
    matched = match(
        request.naming.inputs, read, request.naming, no_blame, has_results=True
    )
    assert kinds(matched) == "s"
    assert matched.unattributed == [odd]


def no_blame() -> Blame:
    return Blame(
        fields=ERROR_FIELDS,
        visible=lambda said: said,
        status=200,
        headers=None,
        correlation_id=None,
        request=None,
    )


@pytest.mark.parametrize("body", [[], 5, {"results": {"a": 1}}, {"results": None}, {}])
def test_answers_without_results(body: object) -> None:
    assert kinds(creation(2).match(body)) == "UU"


def test_empty_answers_where_the_spec_has_one() -> None:
    assert isinstance(creation(2).assess(b"", 201), DecodingError)
    assert kinds(Request(ARCHIVE, ["1"]).match(b"", 200)) == "s"


@pytest.mark.parametrize("body", [b"<html>", b'{"results": [', b"", b"\xff"])
def test_answers_that_are_no_json(body: bytes) -> None:
    error = creation(2).assess(body)
    assert isinstance(error, DecodingError)
    assert error.content == body
    assert not error.truncated


def test_answers_that_broke_off() -> None:
    error = creation(2).assess(NOTHING, broken="reset")
    assert isinstance(error, DecodingError)
    assert error.truncated


# Refusals of a whole request


def test_a_refusal_blames_the_inputs_that_its_errors_name() -> None:
    request = reading("7", "8", "9")
    body = {"message": "bad", "errors": [error("8", message="is bad")], **error("7")}
    refusal = request.assess(body, 400)
    assert isinstance(refusal, StatusError)
    blamed = accused(refusal, request.call, request.naming, ERROR_FIELDS)
    assert list(blamed) == [1]
    assert isinstance(blamed[1], InputRejectedError)
    assert blamed[1].message == "is bad"
    assert blamed[1].status == 400


def test_a_refusal_blames_the_inputs_that_it_names_itself() -> None:
    request = reading("7", "8", "9")
    refusal = request.assess(error("9", "7"), 409)
    assert isinstance(refusal, StatusError)
    blamed = accused(refusal, request.call, request.naming, ERROR_FIELDS)
    assert blamed == {0: refusal, 2: refusal}


@pytest.mark.parametrize("body", [b"no", {"errors": "no"}, {"errors": [5]}, [], {}])
def test_a_refusal_may_blame_nobody(body: object) -> None:
    request = reading("7")
    refusal = request.assess(body, 400)
    assert isinstance(refusal, StatusError)
    assert accused(refusal, request.call, request.naming, ERROR_FIELDS) == {}
