"""What is found wrong before anything is sent, and what inputs are taken as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from _runtime import (
    Batching,
    BatchOperation,
    Finding,
    InvalidInputError,
    Model,
    UnsetType,
)
from _runtime.batch.calls import call_of
from _runtime.batch.opening import Timing, check_iterable, open_batch
from _runtime.batch.preflight import Checked, Preflight

from support.batches import (
    ARCHIVE,
    CREATE,
    MOVE,
    READ,
    UPDATE,
    UPSERT,
    CreateInput,
    ParcelMove,
    RecordId,
    UpdateInput,
)
from support.simulation import FIELDS, CountingLimiter


def check(
    operation: BatchOperation[Any, Any, Any], inputs: Sequence[object], **more: Any
) -> Checked:
    return Preflight(operation.batching, **more).check(inputs)


def findings(checked: Checked) -> list[str]:
    return [
        str(finding)
        for _, found in sorted(checked.refused.items())
        for finding in found
    ]


class Policy:
    rules = ()
    fields = FIELDS
    limiter = CountingLimiter()


def refused(
    operation: BatchOperation[Any, Any, Any],
    inputs: Sequence[object],
    *,
    arguments: Mapping[str, object] | None = None,
    fields: Mapping[str, object] | None = None,
) -> Sequence[Finding]:
    with pytest.raises(InvalidInputError) as caught:
        open_batch(
            operation,
            inputs,
            {},
            arguments=arguments or {},
            fields=fields or {},
            policy=Policy(),  # type: ignore[arg-type]
            timing=Timing(),
        )
    return caught.value.findings


def test_models_stay_the_callers_own() -> None:
    models = [CreateInput(properties={"a": "b"}), CreateInput(properties={})]
    checked = check(CREATE, models)
    assert all(
        kept is given for kept, given in zip(checked.rows.inputs, models, strict=True)
    )
    assert checked.rows.content == (
        b'[{"properties":{"a":"b"},"traceId":"1"},{"properties":{},"traceId":"2"}]'
    )
    assert models == [CreateInput(properties={"a": "b"}), CreateInput(properties={})]
    assert checked.rows.labels is None
    assert checked.rows.keys is None


def test_mappings_and_bare_values_become_models() -> None:
    assert check(READ, ["7", {"id": "8"}]).rows.inputs == [
        RecordId(id="7"),
        RecordId(id="8"),
    ]
    # One model among them changes nothing.
    mixed = check(
        MOVE, [{"number": 1, "target": "a"}, ParcelMove(number=2, target="b")]
    )
    assert mixed.rows.keys == ["1", "2"]


def test_what_is_about_no_certain_input_is_said_once() -> None:
    class Own(RecordId, kw_only=True):
        note: str = ""

    assert len(refused(READ, [Own(id="1"), Own(id="2")])) == 1


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        (CreateInput(properties={"a": 1}), ".properties.a"),  # type: ignore[dict-item]
        (CreateInput(properties={1: "a"}), ".properties"),  # type: ignore[dict-item]
        (CreateInput(properties=None), ".properties"),  # type: ignore[arg-type]
        (CreateInput(properties={"a": b"b"}), ".properties.a"),  # type: ignore[dict-item]
        (CreateInput(properties={}, trace_id=5), ".traceId"),  # type: ignore[arg-type]
        (CreateInput(properties={"a": "\ud800"}), ""),
        ({"properties": {}, "nonsense": 1}, ".nonsense"),
        ({}, ".properties"),
        ("text", ""),
        (None, ""),
    ],
)
def test_inputs_that_cannot_be_sent(bad: object, where: str) -> None:
    good = CreateInput(properties={})
    checked = check(CREATE, [good, bad, good])
    assert list(checked.refused) == [1]
    assert len(checked.rows) == 2
    assert list(checked.positions) == [0, 2]
    assert checked.given[1] is bad
    [finding] = checked.refused[1]
    assert finding.index == 1
    assert finding.field.startswith(f"inputs[1]{where}")


def test_positions_are_counted_from_the_first_of_all() -> None:
    preflight = Preflight(CREATE.batching)
    preflight.check([CreateInput(properties={})] * 3)
    assert findings(preflight.check([5, {"properties": {}}, {}])) == [
        "inputs[3]: expected CreateInput or a mapping, got int",
        "inputs[5].properties: is required",
    ]


def test_labels_that_are_given_twice() -> None:
    inputs = [CreateInput(properties={}, trace_id=label) for label in ("a", "b", "a")]
    checked = check(CREATE, inputs)
    assert findings(checked) == ["inputs[2].traceId: 'a' is the label of inputs[0] too"]
    assert checked.rows.labels == ["a", "b"]


def test_labels_that_are_given_twice_far_apart() -> None:
    one = [CreateInput(properties={}, trace_id="a")]
    whole = Preflight(CREATE.batching)
    assert not whole.check(one).refused
    assert whole.check(one).refused
    # A stream cannot remember all labels that there have been.
    stream = Preflight(CREATE.batching, is_stream=True)
    assert not stream.check(one).refused
    assert not stream.check(one).refused


def test_an_upsert_needs_its_property() -> None:
    inputs = [
        UpdateInput(id="1", properties={}, id_property="email"),
        UpdateInput(id="2", properties={}),
        UpdateInput(id="3", properties={}, id_property="record_id"),
    ]
    assert findings(check(UPSERT, inputs)) == [
        "inputs[1].idProperty: is required: the property that the id is a value of",
        "inputs[2].idProperty: must not be 'record_id'",
    ]
    assert findings(check(UPDATE, inputs)) == [
        "inputs[2].idProperty: must not be 'record_id'"
    ]


def test_the_bodys_own_property_is_checked_once() -> None:
    found = refused(READ, ["7"], fields={"id_property": "record_id"})
    assert [str(finding) for finding in found] == [
        "id_property: must not be 'record_id'"
    ]


def test_everything_is_found_at_once() -> None:
    many: list[object] = [UpdateInput(id=str(n), properties={}) for n in range(250)]
    many[5] = 5
    many[203] = {"id": "x"}
    found = refused(UPDATE, many)
    assert [finding.index for finding in found] == [5, 203]
    found = refused(
        READ, ["7", 8], arguments={"archived": object()}, fields={"properties": 5}
    )
    places = [finding.field for finding in found]
    assert places[:2] == ["archived", "properties"]
    assert places[2].startswith("inputs[1]")


@pytest.mark.parametrize("single", ["7", b"7", {"id": "7"}, RecordId(id="7"), 7, None])
def test_a_single_input_is_not_several(single: object) -> None:
    with pytest.raises(InvalidInputError, match="any number of inputs"):
        check_iterable(single, "inputs", (Iterable,))


def test_keys_are_texts_and_folded_where_the_api_folds() -> None:
    assert check(UPDATE, [UpdateInput(id="Ä", properties={})]).rows.keys == ["ä"]
    assert check(ARCHIVE, ["Ä"]).rows.keys == ["Ä"]
    assert check(MOVE, [ParcelMove(number=7, target="x")]).rows.keys == ["7"]


def test_inputs_may_be_of_several_types() -> None:
    class Box(Model, kw_only=True):
        size: int

    class Bag(Model, kw_only=True):
        weight: int
        code: str | UnsetType

    batching: Batching[Any, None] = Batching(
        inputs="items", input=Box | Bag, max_items=10
    )
    checked = Preflight(batching).check([{"size": 1}, {"weight": 2, "code": "x"}])
    assert checked.rows.inputs == [Box(size=1), Bag(weight=2, code="x")]
    assert checked.rows.content == b'[{"size":1},{"weight":2,"code":"x"}]'


# The rest of the body


def test_a_request_is_put_together() -> None:
    call = call_of(
        READ,
        arguments={"archived": True},
        fields={"properties": ["a", "b"], "id_property": "email"},
        headers={"X-Own": "1"},
    )
    prepared = call.prepare(b'[{"id":"1"},{"id":"2"}]')
    assert prepared.content == (
        b'{"inputs":[{"id":"1"},{"id":"2"}],"idProperty":"email","properties":["a","b"]}'
    )
    assert prepared.query == "archived=true"
    assert ("X-Own", "1") in prepared.headers
    assert call.has_options
    assert call.id_property == "email"


def test_a_request_may_hold_nothing_but_inputs() -> None:
    call = call_of(UPDATE, arguments={}, fields={}, headers=None)
    assert call.prepare(b"[{}]").content == b'{"inputs":[{}]}'
    assert not call.has_options


@pytest.mark.parametrize(
    ("history", "limit"), [(["name"], 50), ([], 100), ((each for each in "ab"), 50)]
)
def test_the_smaller_limit_holds_where_the_field_is_not_empty(
    history: object, limit: int
) -> None:
    call = call_of(READ, arguments={}, fields={"history": history}, headers=None)
    assert call.limit == limit


def test_without_a_stated_limit_there_is_one() -> None:
    batching: Batching[RecordId, None] = Batching(
        inputs="inputs", input=RecordId, max_items=None
    )
    operation: BatchOperation[RecordId, None, None] = BatchOperation(
        method="POST", path="/x", body=ARCHIVE.body, batching=batching
    )
    assert call_of(operation, arguments={}, fields={}, headers=None).limit == 100
