"""What holds of every answer, whatever is in it: nothing is matched by position."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
import pytest
from _runtime import (
    AmbiguousAnswerError,
    BatchOperation,
    Failed,
    Outcome,
    Succeeded,
    Unknown,
)
from _runtime.codec import plain
from _runtime.operation import Answer
from hypothesis import given, settings
from hypothesis import strategies as st

from support.answered import Request
from support.batches import CREATE, READ, UPDATE, Record
from support.script import Json, answer, play


def said(results: Sequence[Json], errors: Sequence[Json]) -> Json:
    return {"results": results, "errors": errors}


def record(id: str, label: str | None = None, **properties: str) -> Json:
    made: Json = {"id": id, "properties": properties}
    return made if label is None else {**made, "traceId": label}


def error_about(
    *ids: str, labels: Sequence[str] = (), message: str = "no", **more: object
) -> Json:
    context: Json = {"ids": list(ids)} if ids else {}
    if labels:
        context["traceId"] = list(labels)
    return {"message": message, "context": context, **more}


@pytest.mark.parametrize(
    ("results", "errors"),
    [
        ([], []),
        ([record("1")], []),
        ([record("1"), record("8")], []),
        # More errors or fewer than inputs.
        ([record("1")], [error_about()]),
        ([record("1")], [error_about(), error_about(), error_about()]),
        # One of the results may be that of an input that is left over.
        ([record("1"), record("8")], [error_about(), error_about()]),
        ([record("1"), record("8"), record("9")], [error_about()]),
        # It is not clear which of the inputs a stranger among the ids stands for.
        ([record("1")], [error_about("77")]),
    ],
)
def test_what_is_unclear_is_unknown(results: list[Json], errors: list[Json]) -> None:
    matched = Request(READ, ["1", "2", "3"]).match(said(results, errors))

    unclear = [each for each in matched.outcomes if isinstance(each, Unknown)]
    assert len(unclear) == (2 if results else 3)
    for outcome in unclear:
        assert isinstance(outcome.cause, AmbiguousAnswerError)
        assert f"its {len(results)} results" in str(outcome.cause)
        assert f"its {len(errors)} errors" in str(outcome.cause)
        assert outcome.cause.body == (errors or None)
    strangers = [each["id"] for each in results if each["id"] != "1"]
    assert [each.id for each in matched.unattributed] == strangers


IDS = ("1", "2", "a", "B", "ab", "9")
LABELS = ("1", "2", "mine", "x", "9")


@st.composite
def inputs_of_an_update(draw: st.DrawFn) -> list[Json]:
    inputs: list[Json] = []
    labels: list[str] = [*draw(st.permutations(LABELS))]
    for id in draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1)):
        one: Json = {"id": id, "properties": {}}
        if draw(st.booleans()) and labels:
            one["traceId"] = labels.pop()
        if draw(st.booleans()):
            one["idProperty"] = "number"
        inputs.append(one)
    return inputs


def _result(id: str, label: str | None, number: str | None) -> Json:
    return record(id, label, **({} if number is None else {"number": number}))


# They often have something to do with the inputs.
some_results = st.lists(
    st.builds(
        _result,
        st.sampled_from([*IDS, "b", "77"]),
        st.one_of(st.none(), st.sampled_from(LABELS)),
        st.one_of(st.none(), st.sampled_from(IDS)),
    ),
    max_size=7,
)
some_errors = st.lists(
    st.builds(
        lambda ids, labels, message: error_about(*ids, labels=labels, message=message),
        st.lists(st.sampled_from([*IDS, "77"]), max_size=2),
        st.lists(st.sampled_from(LABELS), max_size=2),
        st.sampled_from(["no", "never"]),
    ),
    max_size=3,
)
seeds = st.integers(0, 10_000)


def digest(outcome: Outcome[Any, Any]) -> tuple[str, str, str]:
    """What an outcome says, without the order in which things stood in the answer."""
    if isinstance(outcome, Succeeded):
        text = repr(outcome.result)
    else:
        error = outcome.error if isinstance(outcome, Failed) else outcome.cause
        body: Any = error.body
        parts = body if isinstance(body, list) else [body]
        text = f"{type(error).__name__} {sorted(map(repr, parts))}"
    return type(outcome).__name__, repr(outcome.input), text


def without_label(result: Json) -> str:
    kept = {name: value for name, value in result.items() if name != "traceId"}
    return json.dumps(kept, sort_keys=True)


def is_same_record(one: Json, result: Json) -> bool:
    name = one.get("idProperty")
    said = result["id"] if name is None else result["properties"].get(name)
    return said is not None and said.casefold() == one["id"].casefold()


@settings(max_examples=30, deadline=None)
@given(inputs_of_an_update(), some_results, some_errors, seeds)
def test_the_order_of_the_answer_does_not_matter(
    inputs: list[Json], results: list[Json], errors: list[Json], seed: int
) -> None:
    request, random = Request(UPDATE, inputs), Random(seed)
    straight = request.match(said(results, errors))

    random.shuffle(results)
    random.shuffle(errors)
    shuffled = request.match(said(results, errors))

    assert list(map(digest, shuffled.outcomes)) == list(map(digest, straight.outcomes))
    for name in ("unattributed", "unattributed_errors"):
        assert Counter(repr(each) for each in getattr(shuffled, name)) == Counter(
            repr(each) for each in getattr(straight, name)
        )


@settings(max_examples=30, deadline=None)
@given(inputs_of_an_update(), some_results, some_errors, seeds)
def test_the_order_of_the_inputs_does_not_matter(
    inputs: list[Json], results: list[Json], errors: list[Json], seed: int
) -> None:
    # Numbers are given to inputs by their place; here, all have names of their own.
    inputs = [{**each, "traceId": f"own {each['id']}"} for each in inputs]
    # See the next test.
    clear = [
        each for each in results if sum(is_same_record(one, each) for one in inputs) < 2
    ]
    straight = Request(UPDATE, inputs).match(said(clear, errors))

    Random(seed).shuffle(inputs)
    shuffled = Request(UPDATE, inputs).match(said(clear, errors))

    assert Counter(map(digest, shuffled.outcomes)) == Counter(
        map(digest, straight.outcomes)
    )


def test_nor_where_a_result_names_two_inputs() -> None:
    inputs: list[Json] = [
        {"id": "2", "idProperty": "number", "properties": {}},
        {"id": "1", "properties": {}},
    ]
    result = record("1", number="2")

    straight = Request(UPDATE, inputs).match(said([result], []))
    turned = Request(UPDATE, inputs[::-1]).match(said([result], []))

    assert list(map(digest, straight.outcomes)) == list(
        map(digest, turned.outcomes[::-1])
    )


@settings(max_examples=30, deadline=None)
@given(inputs_of_an_update(), some_results, some_errors)
def test_every_result_is_handed_out_once_and_only_to_whom_it_names(
    inputs: list[Json], results: list[Json], errors: list[Json]
) -> None:
    request = Request(UPDATE, inputs)
    matched = request.match(said(results, errors))
    labels = [each["traceId"] for each in request.sent]

    handed = list(matched.unattributed)
    for at, outcome in enumerate(matched.outcomes):
        if not isinstance(outcome, Succeeded) or outcome.result is None:
            continue
        handed.append(outcome.result)
        result = plain(outcome.result)
        # Of the labels of this request, nobody is shown one that is not his own.
        seen = result.get("traceId")
        assert seen in (None, inputs[at].get("traceId")) or seen not in labels
        # It has this input's label, or nobody's and this input's identity.
        assert any(
            each.get("traceId") == labels[at]
            or (each.get("traceId") not in labels and is_same_record(inputs[at], each))
            for each in results
            if without_label(each) == without_label(result)
        )
    assert Counter(without_label(plain(each)) for each in handed) == Counter(
        map(without_label, results)
    )


@settings(max_examples=30, deadline=None)
@given(inputs_of_an_update(), some_results, some_errors)
def test_who_is_named_by_an_error_has_not_succeeded(
    inputs: list[Json], results: list[Json], errors: list[Json]
) -> None:
    request = Request(UPDATE, inputs)
    matched = request.match(said(results, errors))
    labels = [each["traceId"] for each in request.sent]

    for at, outcome in enumerate(matched.outcomes):
        for error in errors:
            by_label = set(error["context"].get("traceId", ())) & set(labels)
            ids = {id.casefold() for id in error["context"].get("ids", ())}
            if labels[at] in by_label or (
                not by_label and inputs[at]["id"].casefold() in ids
            ):
                assert not isinstance(outcome, Succeeded)


def labels_in(body: Any) -> set[str]:
    """All labels that stand somewhere in plain JSON."""
    found: set[str] = set()
    if isinstance(body, list):
        for item in body:
            found |= labels_in(item)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name == "traceId":
                found |= set(value if isinstance(value, list) else [value])
            else:
                found |= labels_in(value)
    return found


@settings(max_examples=30, deadline=None)
@given(inputs_of_an_update(), st.data())
def test_no_invented_label_is_seen_anywhere(
    inputs: list[Json], data: st.DataObject
) -> None:
    request = Request(UPDATE, inputs)
    own = {each["traceId"] for each in inputs if "traceId" in each}
    sent = [each["traceId"] for each in request.sent]
    assert len(set(sent)) == len(inputs)
    for one, other in zip(inputs, request.sent, strict=True):
        assert other["traceId"] == one.get("traceId", other["traceId"])

    mentioned = st.lists(st.sampled_from(sent), max_size=6)
    results = [record("r", label) for label in data.draw(mentioned)]
    errors = [error_about(labels=[label]) for label in data.draw(mentioned)]
    matched = request.match(said(results, errors))

    seen: set[str] = set()
    for outcome in matched.outcomes:
        seen |= labels_in(plain(outcome.input))
        if isinstance(outcome, Succeeded):
            seen |= labels_in(plain(outcome.result))
        else:
            error = outcome.error if isinstance(outcome, Failed) else outcome.cause
            seen |= labels_in(error.body)
    for result in matched.unattributed:
        seen |= labels_in(plain(result))
    for rejected in matched.unattributed_errors:
        seen |= labels_in(rejected.body)
    assert seen <= own


@pytest.mark.parametrize(
    ("count", "body"),
    [
        (1, {"message": "bad", "errors": [error_about(labels=["1"])]}),
        # The refusal itself names the input.
        (2, error_about(labels=["1"], message="bad")),
    ],
)
def test_nor_where_the_whole_request_was_refused(count: int, body: Json) -> None:
    def respond(sent: list[Json]) -> Answer:
        if sent[0]["properties"]["n"] == "0":
            return answer(400, body)
        results = [record("r", each["traceId"]) for each in sent]
        return answer(201, {"results": results})

    inputs: list[Json] = [{"properties": {"n": str(n)}} for n in range(count)]
    [failed] = play(CREATE, inputs, respond).result.failed

    assert labels_in(failed.error.body) == set()


NAMES = st.sampled_from(["1", "2", "3", "4", "7", "x", None])
ANY_RESULTS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(),
    st.fixed_dictionaries({"id": NAMES, "properties": st.just({}), "traceId": NAMES}),
)
ANY_ERRORS: st.SearchStrategy[Any] = st.one_of(
    st.text(max_size=2),
    st.fixed_dictionaries(
        {
            "context": st.dictionaries(
                st.sampled_from(["ids", "traceId"]), st.lists(NAMES)
            )
        }
    ),
)


@given(
    st.sampled_from([CREATE, READ, UPDATE]),
    st.lists(st.sampled_from(["1", "2", "3", "4"]), unique=True, min_size=1),
    st.lists(ANY_RESULTS, max_size=6),
    st.lists(ANY_ERRORS, max_size=6),
)
def test_whatever_is_answered_each_input_has_one_outcome(
    operation: BatchOperation[Any, Any, Any],
    names: list[str],
    results: list[Any],
    errors: list[Any],
) -> None:
    inputs: list[Json] = [{"id": name, "properties": {}} for name in names]
    if operation is CREATE:
        inputs = [{"properties": {}} for _ in names]
    if operation is READ:
        inputs = [{"id": name} for name in names]
    request = Request(operation, inputs)
    matched = request.match({"results": results, "errors": errors})
    given_to = [
        each.result
        for each in matched.outcomes
        if isinstance(each, Succeeded) and each.result is not None
    ]
    assert all(isinstance(result, Record) for result in given_to)
    # No result is lost, and none is given to two.
    assert len(given_to) + len(matched.unattributed) == len(results)


@given(
    st.booleans(),
    st.lists(st.sampled_from(["1", "2", "3", "4", None]), min_size=2, max_size=4),
)
def test_the_quick_way_says_the_same_as_the_thorough_one(
    has_labels: bool, names: list[str | None]
) -> None:
    # In nearly all answers each result names another input; that is seen at once.
    request = (
        Request(CREATE, [{"properties": {}}] * 3)
        if has_labels
        else Request(READ, ["1", "2", "3"])
    )
    answer = [
        record(str(row), name) if has_labels else {"id": name or "", "properties": {}}
        for row, name in enumerate(names)
    ]
    ordered = request.naming.in_order(msgspec.convert(answer, list[Record]))

    results = msgspec.convert(answer, list[Record])
    owners = request.naming.owners(results)
    if sorted(owners, key=str) == [0, 1, 2]:
        assert ordered == [results[owners.index(at)] for at in range(3)]
    else:
        assert ordered is None
