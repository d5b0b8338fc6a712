"""Inputs: models, mappings and bare values; what is refused, and how it is said."""

from __future__ import annotations

import types
from collections import ChainMap
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from _runtime import UNSET, InvalidInputError, Model, UnsetType
from _runtime.inputs import accept, accept_fields
from sample_api import (
    Batch,
    Cat,
    Dog,
    PetPatch,
    ReadBody,
    RecordId,
    Status,
    UpdateBody,
    UpdateInput,
)


def update(inputs: object) -> Any:
    return msgspec.json.decode(accept_fields({"inputs": inputs}, UpdateBody).content)


def findings(inputs: object) -> list[tuple[int | None, str, str]]:
    with pytest.raises(InvalidInputError) as caught:
        accept_fields({"inputs": inputs}, UpdateBody)
    return [(each.index, each.field, each.message) for each in caught.value.findings]


ONE = {"id": "1", "properties": {"amount": "5", "closed": None}}


@pytest.mark.parametrize(
    "given",
    [
        [UpdateInput(id="1", properties={"amount": "5", "closed": None})],
        [ONE],
        (ONE,),
        iter([ONE]),
        {"only": ONE}.values(),
        [types.MappingProxyType(ONE)],
        [ChainMap(ONE)],
        [UpdateInput(id="1", properties=types.MappingProxyType(ONE["properties"]))],  # type: ignore[arg-type]
    ],
    ids=lambda given: type(given).__name__,
)
def test_models_and_mappings_say_the_same(given: object) -> None:
    assert update(given) == {"inputs": [ONE]}


def test_models_and_mappings_may_be_mixed() -> None:
    model = UpdateInput(id="2", properties={})
    accepted = accept_fields({"inputs": [ONE, model, ONE]}, UpdateBody)

    assert [each.id for each in accepted.value.inputs] == ["1", "2", "1"]
    assert all(isinstance(each, UpdateInput) for each in accepted.value.inputs)
    assert accepted.value.inputs[1] is model


def test_a_generator_is_taken_once() -> None:
    def rows() -> Iterator[UpdateInput]:
        for number in range(3):
            yield UpdateInput(id=str(number), properties={})

    assert [each["id"] for each in update(rows())["inputs"]] == ["0", "1", "2"]


def test_an_error_in_the_callers_iterator_is_the_callers() -> None:
    def rows() -> Iterator[UpdateInput]:
        yield UpdateInput(id="1", properties={})
        raise KeyError("my own")

    with pytest.raises(KeyError, match="my own"):
        update(rows())


def test_no_inputs_are_no_error() -> None:
    assert update([]) == {"inputs": []}


def test_values_keep_their_meaning() -> None:
    when = datetime(2024, 5, 1, 12, tzinfo=UTC)
    given = {"id": "1", "properties": {}, "weight": 2, "due": when}

    assert update([given]) == {
        "inputs": [
            {
                "id": "1",
                "properties": {},
                "weight": 2.0,
                "due": "2024-05-01T12:00:00Z",
            }
        ]
    }
    other_form = {"id": "1", "properties": {}, "due": "2024-05-01T14:00:00+02:00"}
    assert update([other_form])["inputs"][0]["due"] == "2024-05-01T14:00:00+02:00"


@pytest.mark.parametrize(
    ("given", "place", "message"),
    [
        ({}, "inputs[0].id", "is required"),
        ({"id": "1"}, "inputs[0].properties", "is required"),
        ({"id": None, "properties": {}}, "inputs[0].id", "expected str, got null"),
        ({"id": 1, "properties": {}}, "inputs[0].id", "expected str, got int"),
        (
            {"id": "1", "properties": "x"},
            "inputs[0].properties",
            "expected object, got str",
        ),
        (
            {"id": "1", "properties": {"a": 1}},
            "inputs[0].properties.a",
            "expected str, got int",
        ),
        (
            {"id": "1", "properties": {"a b": 1.5}},
            "inputs[0].properties['a b']",
            "expected str, got float",
        ),
        (
            {"id": "1", "properties": {7: "x"}},
            "inputs[0].properties[7]",
            "expected str, got int",
        ),
        (
            {**ONE, "propertys": {}},
            "inputs[0].propertys",
            'unknown field; did you mean "properties"?',
        ),
        (
            {**ONE, "trace_id": "t"},
            "inputs[0].trace_id",
            'unknown field; the API calls it "objectWriteTraceId"',
        ),
        ({**ONE, "zzz": 1}, "inputs[0].zzz", "unknown field"),
        ({**ONE, "due": "soon"}, "inputs[0].due", "invalid RFC3339 encoded datetime"),
        (
            {**ONE, "pet": {"kind": "dog", "friend": {"kind": "cat", "livs": 1}}},
            "inputs[0].pet.friend.livs",
            'unknown field; did you mean "lives"?',
        ),
        (
            {**ONE, "pet": {"kind": "cat", "friend": None}},
            "inputs[0].pet.friend",
            'unknown field; did you mean "kind"?',
        ),
        ({**ONE, "pet": 5}, "inputs[0].pet", "expected Cat or a mapping, got int"),
        (
            {**ONE, "weight": float("nan")},
            "inputs[0].weight",
            "JSON has no number nan",
        ),
        (5, "inputs[0]", "expected UpdateInput or a mapping, got int"),
        (None, "inputs[0]", "expected UpdateInput or a mapping, got null"),
        ("1", "inputs[0]", "expected UpdateInput or a mapping, got str"),
        (
            RecordId(id="1"),
            "inputs[0]",
            "expected UpdateInput or a mapping, got RecordId",
        ),
    ],
)
def test_a_mapping_that_cannot_be_an_input(
    given: object, place: str, message: str
) -> None:
    assert (0, place, message) in findings([given])
    assert (1, place.replace("[0]", "[1]"), message) in findings([ONE, given])


@pytest.mark.parametrize(
    ("given", "place", "message"),
    [
        ({"id": 5}, "id", "expected str, got int"),
        ({"id": UNSET}, "id", "is required"),
        ({"id": None}, "id", "expected str, got null"),
        ({"properties": {"a": 1}}, "properties.a", "expected str, got int"),
        ({"properties": {"a": b"x"}}, "properties.a", "expected str, got bytes"),
        (
            {"properties": {"a": float("nan")}},
            "properties.a",
            "JSON has no number nan",
        ),
        (
            {"properties": {"a": datetime(2024, 1, 1)}},
            "properties.a",
            "expected str, got datetime",
        ),
        (
            {"properties": {"a": Decimal("1.5")}},
            "properties.a",
            "expected str, got decimal",
        ),
        ({"properties": ["a"]}, "properties", "expected object, got array"),
        ({"weight": float("inf")}, "weight", "JSON has no number inf"),
        ({"weight": "5"}, "weight", "expected float, got str"),
        ({"due": "2024-13-01"}, "due", "invalid RFC3339 encoded datetime"),
        ({"trace_id": object()}, "objectWriteTraceId", "expected str, got object"),
        (
            {"pet": Dog(kind="dog", friend=Cat(kind="cat", lives="9"))},  # type: ignore[arg-type]
            "pet.friend.lives",
            "expected int, got str",
        ),
        ({"pet": {"kind": "cat", "x": 1}}, "pet.x", "unknown field"),
        (
            {"pet": PetPatch()},
            "pet",
            "expected Cat or a mapping, got PetPatch",
        ),
    ],
)
def test_a_model_that_is_made_of_wrong_types(
    given: dict[str, Any], place: str, message: str
) -> None:
    good = UpdateInput(id="1", properties={})
    bad = UpdateInput(**{"id": "1", "properties": {}, **given})

    assert findings([good, bad]) == [(1, f"inputs[1].{place}", message)]


def test_all_findings_come_at_once() -> None:
    found = findings(
        [{"id": 1, "propertes": {}}, ONE, UpdateInput(id=2, properties={"a": 3})]  # type: ignore[arg-type,dict-item]
    )

    assert found == [
        (0, "inputs[0].id", "expected str, got int"),
        (0, "inputs[0].propertes", 'unknown field; did you mean "properties"?'),
        (0, "inputs[0].properties", "is required"),
        (2, "inputs[2].id", "expected str, got int"),
        (2, "inputs[2].properties.a", "expected str, got int"),
    ]


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ("123", "str"),
        (b"123", "bytes"),
        ({"id": "1"}, "dict"),
        (RecordId(id="1"), "RecordId"),
    ],
)
def test_one_thing_is_not_taken_for_many(given: object, got: str) -> None:
    for body in (ReadBody, UpdateBody):
        with pytest.raises(InvalidInputError) as caught:
            accept_fields({"inputs": given}, body)
        (finding,) = caught.value.findings
        assert finding.index is None
        assert str(finding) == f"inputs: expected a list, got a single {got}"


def test_what_is_no_iterable_at_all_is_refused() -> None:
    assert findings(5) == [(None, "inputs", "expected array, got int")]
    assert findings(None) == [(None, "inputs", "expected array, got null")]


def test_a_shape_of_one_field_may_be_given_bare() -> None:
    accepted = accept_fields(
        {"inputs": (text for text in ("1", RecordId(id="2"), {"id": "3"}))}, ReadBody
    )

    assert accepted.value == ReadBody(inputs=[RecordId(id=each) for each in "123"])
    with pytest.raises(InvalidInputError) as caught:
        accept_fields({"inputs": ["1", 2, None]}, ReadBody)
    assert [str(each) for each in caught.value.findings] == [
        "inputs[1].id: expected str, got int",
        "inputs[2].id: expected str, got null",
    ]


def test_other_fields_are_checked_under_their_python_names() -> None:
    accepted = accept_fields(
        {
            "inputs": [],
            "properties": (name for name in ("a", "b")),
            "id_property": "email",
        },
        ReadBody,
    )
    assert msgspec.json.decode(accepted.content) == {
        "inputs": [],
        "properties": ["a", "b"],
        "idProperty": "email",
    }

    with pytest.raises(InvalidInputError) as caught:
        accept_fields({"inputs": [], "properties": "a", "id_property": 5}, ReadBody)
    assert [str(each) for each in caught.value.findings] == [
        "properties: expected a list, got a single str",
        "id_property: expected str, got int",
    ]


def test_a_field_that_is_required_has_to_be_given() -> None:
    with pytest.raises(InvalidInputError, match=r"inputs: is required"):
        accept_fields({"properties": ["a"]}, ReadBody)
    with pytest.raises(InvalidInputError, match=r"inputs: is required"):
        accept_fields({"inputs": UNSET}, ReadBody)


def test_a_body_may_be_given_whole() -> None:
    assert accept({"name": None}, PetPatch, label="body").content == b'{"name":null}'
    assert accept(PetPatch(), PetPatch, label="body").content == b"{}"
    assert accept([1, 2], list[int], label="body").content == b"[1,2]"
    assert accept({"a": 1}, dict[str, int], label="body").content == b'{"a":1}'
    assert accept("PENDING", Status, label="body").content == b'"PENDING"'
    assert accept("NEW", Status, label="body").content == b'"NEW"'
    assert accept({1, 2}, list[int], label="body").content == b"[1,2]"
    mapping = {"status": "X", "results": [{"id": "1"}]}
    assert accept(mapping, Batch, label="body").value == Batch(
        status=Status("X"), results=[RecordId(id="1")]
    )

    with pytest.raises(InvalidInputError, match=r"body\[1\]: expected int, got str"):
        accept([1, "2"], list[int], label="body")
    with pytest.raises(InvalidInputError, match=r"body\.name: expected str, got int"):
        accept({"name": 5}, PetPatch, label="body")


class Loose(Model, kw_only=True):
    anything: Any
    child: Loose | UnsetType = UNSET


def test_free_form_fields_take_whatever_json_can_say() -> None:
    when = datetime(2024, 5, 1, tzinfo=UTC)
    accepted = accept(Loose(anything={"when": when, "n": (1,)}), Loose, label="body")

    assert accepted.content == b'{"anything":{"when":"2024-05-01T00:00:00Z","n":[1]}}'
    with pytest.raises(InvalidInputError, match="JSON has no form for objects of"):
        accept(Loose(anything=object()), Loose, label="body")
    with pytest.raises(InvalidInputError, match="anything: JSON has no number -inf"):
        accept(Loose(anything=float("-inf")), Loose, label="body")
    with pytest.raises(InvalidInputError, match=r"body\.anything: "):
        accept({"anything": "\ud800"}, Loose, label="body")


def test_what_holds_itself_is_refused() -> None:
    loop = Loose(anything=1)
    loop.child = loop
    with pytest.raises(InvalidInputError, match="nested too deeply, or holds itself"):
        accept(loop, Loose, label="body")

    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(InvalidInputError, match="nested too deeply, or holds itself"):
        accept({"anything": endless}, Loose, label="body")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ("inputs[0].pet.kind", "is required")),
        ({"kind": 5}, ("inputs[0].pet.kind", "expected str, got int")),
        ({"lives": 9}, ("inputs[0].pet.kind", "is required")),
    ],
)
def test_an_object_that_is_no_member_of_a_union_is_refused(
    given: dict[str, object], wrong: tuple[str, str]
) -> None:
    assert findings([{**ONE, "pet": given}]) == [(0, *wrong)]
