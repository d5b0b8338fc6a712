"""Each input is checked for itself, and all that is wrong is found at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from _runtime import UNSET, BatchOperation, Finding, InvalidInputError
from _runtime.batch.calls import call_of
from _runtime.batch.preflight import Checked, Preflight
from hypothesis import given, settings
from hypothesis import strategies as st

from support.batches import (
    CREATE,
    READ,
    UPDATE,
    UPSERT,
    RecordId,
    UpdateInput,
)


def check(
    operation: BatchOperation[Any, Any, Any],
    *inputs: object,
    id_property: str | None = None,
) -> Checked:
    return Preflight(operation.batching, id_property=id_property).check(inputs)


def fields_of(checked: Checked) -> list[str]:
    """What is wrong, in the order of the inputs."""
    return [
        finding.field
        for at in sorted(checked.refused)
        for finding in checked.refused[at]
    ]


def finding_of(checked: Checked) -> Finding:
    [[finding]] = checked.refused.values()
    return finding


def test_rows_say_what_is_sent_and_which_record_it_is_about() -> None:
    checked = check(
        UPDATE,
        {"id": "AbC", "properties": {"n": "1"}, "traceId": "X"},
        UpdateInput(id="é", properties={"line": "a\nb"}),
    )

    rows = checked.rows
    assert json.loads(rows.content or b"") == [
        {"id": "AbC", "properties": {"n": "1"}, "traceId": "X"},
        {"id": "é", "properties": {"line": "a\nb"}, "traceId": "1"},
    ]
    assert rows.keys == ["abc", "é"]
    assert rows.labels == ["X", None]


def test_all_that_is_wrong_is_found_at_once() -> None:
    checked = check(
        UPSERT,
        {"id": "0", "idProperty": "mail", "properties": {}, "traceId": "a"},
        {"id": 1, "idProperty": "mail", "properties": {"n": 5}},
        {"id": "2", "properties": {}},
        {"id": "3", "idProperty": "record_id", "properties": {}, "traceId": "a"},
        {"idProperty": "mail", "properties": {}},
        {"id": "5", "idProperty": "mail", "properties": {}, "trace": "?"},
        {"id": "6", "idProperty": "mail", "properties": {}},
        17,
    )

    fields = fields_of(checked)
    assert {field.split("]")[0] + "]" for field in fields} == {
        f"inputs[{n}]" for n in (1, 2, 3, 4, 5, 7)
    }
    assert {"inputs[2].idProperty", "inputs[3].idProperty", "inputs[3].traceId"} < set(
        fields
    )
    for at, findings in checked.refused.items():
        assert {finding.index for finding in findings} == {at}
    assert list(checked.positions) == [0, 6]
    assert [each.id for each in checked.rows.inputs] == ["0", "6"]
    assert len(checked.given) == 8


def test_models_are_checked_as_well() -> None:
    wrong = UpdateInput(id=7, properties={})  # type: ignore[arg-type]
    incomplete = UpdateInput(id="8", properties=UNSET)  # type: ignore[arg-type]

    checked = check(UPDATE, UpdateInput(id="1", properties={}), wrong, incomplete)

    assert sorted(checked.refused) == [1, 2]
    assert len(checked.rows) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        UpdateInput(id="1", properties={"n": 5}),  # type: ignore[dict-item]
        UpdateInput(id="1", properties={5: "n"}),  # type: ignore[dict-item]
        UpdateInput(id="1", properties={"n": datetime.now(UTC)}),  # type: ignore[dict-item]
        UpdateInput(id="1", properties={"n": UNSET}),  # type: ignore[dict-item]
        UpdateInput(id="1", properties="n"),  # type: ignore[arg-type]
        UpdateInput(id=None, properties={}),  # type: ignore[arg-type]
        UpdateInput(id="1", properties={}, trace_id=1),  # type: ignore[arg-type]
        UpdateInput(id="1", properties={"n": "\ud800"}),
    ],
)
@pytest.mark.parametrize("others", [0, 2])
def test_a_model_that_holds_something_wrong_is_refused_alone(
    wrong: UpdateInput, others: int
) -> None:
    sound = [UpdateInput(id=str(n), properties={"n": "x"}) for n in range(others)]

    checked = check(UPDATE, *sound, wrong)

    assert list(checked.refused) == [others]
    assert json.loads(checked.rows.content or b"") == [
        {"id": each.id, "properties": {"n": "x"}, "traceId": str(n)}
        for n, each in enumerate(sound, start=1)
    ]


@pytest.mark.parametrize("unsound", [float("nan"), float("inf"), object(), b"x"])
def test_what_json_cannot_say_is_found(unsound: object) -> None:
    checked = check(CREATE, {"properties": {"n": "1"}}, {"properties": {"n": unsound}})

    assert sorted(checked.refused) == [1]


# Labels


def test_a_label_is_not_given_twice_in_different_parts() -> None:
    preflight = Preflight(CREATE.batching)
    one = {"properties": {}, "traceId": "a"}

    assert not preflight.check([one, {"properties": {}}]).refused
    finding = finding_of(preflight.check([{"properties": {}}, one]))

    assert (finding.index, finding.field) == (3, "inputs[3].traceId")


def test_a_stream_does_not_remember_labels() -> None:
    preflight = Preflight(CREATE.batching, is_stream=True)
    one = {"properties": {}, "traceId": "a"}

    assert not preflight.check([one]).refused
    assert not preflight.check([one]).refused
    assert finding_of(preflight.check([one, one])).index == 3


# Properties that ids are values of


@pytest.mark.parametrize("operation", [UPDATE, UPSERT])
def test_some_properties_are_refused(operation: BatchOperation[Any, Any, Any]) -> None:
    one = {"id": "1", "properties": {}, "idProperty": "record_id"}

    finding = finding_of(check(operation, one))

    assert finding.field == "inputs[0].idProperty"
    assert "'record_id'" in finding.message


@pytest.mark.parametrize(
    "fields",
    [{"id_property": 7}, {"properties": "name"}, {"properties": [1]}, {"history": {}}],
)
def test_options_of_the_body_are_checked(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        call_of(READ, arguments={}, fields=fields, headers=None)


SOUND: Sequence[object] = [
    UpdateInput(id="1", properties={}),
    UpdateInput(id="2", properties={"a": "b"}, trace_id=UNSET),
    {"id": "3", "properties": {}},
    {"id": "4", "properties": {}, "idProperty": "mail"},
]
UNSOUND: Sequence[object] = [
    {"id": "5"},
    {"id": 6, "properties": {}},
    {"id": "7", "properties": {}, "more": 1},
    {"id": "8", "properties": {}, "idProperty": "record_id"},
    None,
    {},
    [],
    RecordId(id="9"),
    UpdateInput(id=10, properties={}),  # type: ignore[arg-type]
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just(True), st.sampled_from(SOUND)),
            st.tuples(st.just(False), st.sampled_from(UNSOUND)),
        ),
        max_size=8,
    ),
    st.integers(0, 8),
)
def test_each_input_is_judged_for_itself(
    mixed: list[tuple[bool, object]], cut: int
) -> None:
    preflight = Preflight(UPDATE.batching)
    start = 0
    for part in (mixed[:cut], mixed[cut:]):
        checked = preflight.check([each for _, each in part])
        sound = [at for at, (is_sound, _) in enumerate(part) if is_sound]
        assert list(checked.positions) == sound
        assert sorted([*checked.positions, *checked.refused]) == list(range(len(part)))
        assert len(json.loads(checked.rows.content or b"")) == len(sound)
        assert len(checked.rows.inputs) == len(sound)
        for at, findings in checked.refused.items():
            assert findings
            for finding in findings:
                assert finding.index == start + at
                assert finding.field.startswith(f"inputs[{start + at}]")
                assert finding.message
        start += len(part)
