"""The search for bad inputs: found, with few requests, and stopped where it is vain."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2
import pytest
from _runtime import BatchOperation, Failed, Outcome, Succeeded
from _runtime.batch.calls import call_of
from _runtime.batch.engine import Engine, Policy
from _runtime.batch.options import Settings
from _runtime.batch.preflight import Preflight
from _runtime.operation import Answer
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from support.batches import CREATE, READ, RETRY_RULES, UPDATE
from support.simulation import FIELDS, CountingLimiter, Json, inputs_of

Reply = Callable[[Sequence[Json]], tuple[int, Json]]


def play(
    operation: BatchOperation[Any, Any, Any],
    inputs: Sequence[object],
    reply: Reply,
    *,
    fields: Mapping[str, object] | None = None,
    limit: int = 100,
    **options: Any,
) -> tuple[list[Outcome[Any, Any]], list[int]]:
    """The outcomes, and how many inputs there were in each request."""
    batching = structs.replace(operation.batching, max_items=limit)
    call = call_of(
        structs.replace(operation, batching=batching),
        arguments={},
        fields=fields or {},
        headers=None,
    )
    engine: Engine[Any, Any] = Engine(
        call,
        Settings(**options),
        Policy(rules=RETRY_RULES, fields=FIELDS, limiter=CountingLimiter()),
        now=0,
        epoch=0,
        random=lambda: 0.0,
        is_stream=False,
    )
    sizes: list[int] = []
    preflight = Preflight(batching, id_property=call.id_property)
    for start in range(0, len(inputs), limit):
        engine.feed(preflight.check(list(inputs[start : start + limit])))
    engine.finish()
    while (shipment := engine.next(0)) is not None:
        sent = inputs_of(shipment)
        sizes.append(len(sent))
        status, body = reply(sent)
        content = json.dumps(body).encode()
        answer = Answer(status=status, headers=httpx2.Headers({}), content=content)
        engine.receive(shipment, answer, 0)
    assert engine.is_done
    return list(engine.all()), sizes


def done(sent: Sequence[Json]) -> tuple[int, Json]:
    results = [{"properties": {}, "id": "new", **each} for each in sent]
    return 200, {"results": results}


def refusing(bad: set[str], status: int = 400, message: str = "bad") -> Reply:
    """Refuses a request as a whole if one of its inputs is bad, and does not say which."""

    def reply(sent: Sequence[Json]) -> tuple[int, Json]:
        if any(each["id"] in bad for each in sent):
            return status, {"message": message, "category": "V"}
        return done(sent)

    return reply


def updates(count: int) -> list[Json]:
    return [{"id": str(number), "properties": {}} for number in range(count)]


def failed_ids(outcomes: Sequence[Outcome[Any, Any]]) -> set[str]:
    return {each.input.id for each in outcomes if isinstance(each, Failed)}


@given(st.integers(1, 60), st.sets(st.integers(0, 59)), st.booleans())
def test_bad_inputs_fail_alone(count: int, numbers: set[int], is_read: bool) -> None:
    bad = {str(number) for number in numbers if number < count}
    if is_read:
        ids = [str(number) for number in range(count)]
        fields = {"properties": ["a"]}
        # The message is about one input, and so never twice the same.
        outcomes, sizes = play(READ, ids, _telling_which(bad), fields=fields)
    else:
        outcomes, sizes = play(UPDATE, updates(count), refusing(bad))
    assert failed_ids(outcomes) == bad
    assert len(outcomes) == count
    assert len(sizes) <= 2 * count - 1


def _telling_which(bad: set[str]) -> Reply:
    def reply(sent: Sequence[Json]) -> tuple[int, Json]:
        for each in sent:
            if each["id"] in bad:
                return 400, {"message": f"{each['id']!r} of {len(sent)} is bad"}
        return done(sent)

    return reply


def test_one_of_a_hundred_takes_few_requests() -> None:
    outcomes, sizes = play(UPDATE, updates(100), refusing({"77"}))
    assert failed_ids(outcomes) == {"77"}
    # Seven times two halves.
    assert len(sizes) == 15


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_all_refusals_of_content_are_taken_apart(status: int) -> None:
    outcomes, _ = play(UPDATE, updates(5), refusing({"3"}, status))
    assert failed_ids(outcomes) == {"3"}


@pytest.mark.parametrize("status", [401, 403, 404, 405, 414])
def test_other_refusals_are_not(status: int) -> None:
    outcomes, sizes = play(UPDATE, updates(5), refusing({"3"}, status))
    assert len(failed_ids(outcomes)) == 5
    assert sizes == [5]


def test_it_can_be_turned_off() -> None:
    outcomes, sizes = play(UPDATE, updates(5), refusing({"3"}), isolate=False)
    assert len(failed_ids(outcomes)) == 5
    assert sizes == [5]


def test_inputs_that_the_refusal_names_are_left_out_at_once() -> None:
    def reply(sent: Sequence[Json]) -> tuple[int, Json]:
        bad = [each["id"] for each in sent if each["id"] in ("3", "7")]
        if bad:
            return 400, {"message": "bad", "context": {"ids": bad}}
        return done(sent)

    outcomes, sizes = play(UPDATE, updates(10), reply)
    assert failed_ids(outcomes) == {"3", "7"}
    assert sizes == [10, 8]


def test_a_create_is_sent_again_in_parts_since_nothing_happened() -> None:
    inputs = [{"properties": {"row": str(row)}} for row in range(8)]

    def reply(sent: Sequence[Json]) -> tuple[int, Json]:
        if any(each["properties"]["row"] == "5" for each in sent):
            return 400, {"message": "bad"}
        return done(sent)

    outcomes, _ = play(CREATE, inputs, reply)
    kinds = [type(each) for each in outcomes]
    assert kinds == [Failed if row == 5 else Succeeded for row in range(8)]


# Where requests carry more than their inputs


def everything(sent: Sequence[Json]) -> tuple[int, Json]:
    return 400, {"message": "no such property", "category": "V"}


def ids_to(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def test_a_refusal_of_the_options_is_not_searched_for_in_the_inputs() -> None:
    options = {"properties": ["nonsense"]}
    outcomes, sizes = play(READ, ids_to(250), everything, fields=options)
    assert len(failed_ids(outcomes)) == 250
    # Two inputs alone are refused in the same words; after that it is known.
    assert sizes == [100, 1, 1, 100, 50]
    assert {
        outcome.error.message for outcome in outcomes if isinstance(outcome, Failed)
    } == {"no such property"}


def test_two_bad_inputs_are_not_taken_for_bad_options() -> None:
    options = {"properties": ["name"]}
    outcomes, sizes = play(READ, ids_to(100), refusing({"10", "90"}), fields=options)
    assert failed_ids(outcomes) == {"10", "90"}
    assert sizes[:3] == [100, 1, 99]


def test_a_bad_first_input_is_not_taken_for_bad_options() -> None:
    options = {"properties": ["name"]}
    outcomes, sizes = play(READ, ids_to(50), refusing({"0"}), fields=options)
    assert failed_ids(outcomes) == {"0"}
    assert sizes == [50, 1, 1, 48]


def test_options_that_have_been_accepted_once_are_not_suspected_again() -> None:
    options = {"properties": ["name"]}
    bad = refusing({"100", "149"})
    outcomes, sizes = play(READ, ids_to(150), bad, fields=options)
    assert failed_ids(outcomes) == {"100", "149"}
    assert sizes[:4] == [100, 50, 25, 13]


def test_without_options_nothing_is_suspected() -> None:
    outcomes, sizes = play(READ, ids_to(4), everything)
    assert len(failed_ids(outcomes)) == 4
    assert sizes == [4, 2, 1, 1, 2, 1, 1]
