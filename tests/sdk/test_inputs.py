"""What callers may give, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from hubspot_batch import (
    UNSET,
    Association,
    AssociationCategory,
    AssociationTarget,
    AssociationType,
    CreateInput,
    Finding,
    HubSpot,
    InvalidInputError,
    RecordId,
    UpdateInput,
)
from sdk.samples import UPDATE, UPDATE_JSON, envelope
from support.hubspot import Driver
from support.server import Answer, RecordingServer


def sent(
    server: RecordingServer, driver: Driver, use: Callable[[HubSpot], object]
) -> Any:
    """The JSON that a call sends."""
    server.tell(Answer(body=envelope()))
    driver.call(use, base_url=server.url)
    return server.only.json


def findings(
    server: RecordingServer, driver: Driver, use: Callable[[HubSpot], object]
) -> list[tuple[int | None, str, str]]:
    """What is wrong with a call, of which nothing reaches the server."""
    with pytest.raises(InvalidInputError) as caught:
        driver.call(use, base_url=server.url)
    assert server.received == []
    error = caught.value
    assert isinstance(error, ValueError)
    assert error.delivered is False
    assert error.status is None
    assert str(error).startswith("nothing was sent: ")
    assert error.findings
    for found in error.findings[:5]:
        assert type(found) is Finding
        assert str(found) in str(error)
    return [(each.index, each.field, each.message) for each in error.findings]


def many(kind: str) -> Iterable[Any]:
    """The same input in each form that inputs may have."""
    forms: dict[str, Iterable[Any]] = {
        "list": [UPDATE],
        "tuple": (UPDATE,),
        "generator": (each for each in [UPDATE]),
        "iterator": iter([UPDATE]),
        "values": {"a": UPDATE}.values(),
        "mappings": map(dict, UPDATE_JSON["inputs"]),
    }
    return forms[kind]


@pytest.mark.parametrize(
    "kind", ["list", "tuple", "generator", "iterator", "values", "mappings"]
)
def test_inputs_may_be_any_iterable(
    kind: str, server: RecordingServer, driver: Driver
) -> None:
    body = sent(
        server, driver, lambda hubspot: hubspot.deals.post_batch_update(many(kind))
    )
    assert body == UPDATE_JSON


def test_no_inputs_are_sent_as_none(server: RecordingServer, driver: Driver) -> None:
    assert sent(server, driver, lambda hubspot: hubspot.deals.post_batch_read([])) == {
        "inputs": []
    }


def test_ids_may_be_bare(server: RecordingServer, driver: Driver) -> None:
    ids: list[RecordId | str | dict[str, object]] = ["1", RecordId(id="2"), {"id": "3"}]
    body = sent(server, driver, lambda hubspot: hubspot.deals.post_batch_read(ids))
    assert body == {"inputs": [{"id": "1"}, {"id": "2"}, {"id": "3"}]}


def test_ids_may_be_keys(server: RecordingServer, driver: Driver) -> None:
    ids = {"1": "x", "2": "y"}
    body = sent(
        server, driver, lambda hubspot: hubspot.deals.post_batch_read(ids.keys())
    )
    assert body == {"inputs": [{"id": "1"}, {"id": "2"}]}


def test_what_is_unset_is_not_sent(server: RecordingServer, driver: Driver) -> None:
    given = UpdateInput(
        id="1", properties={}, id_property=UNSET, object_write_trace_id=UNSET
    )
    body = sent(
        server, driver, lambda hubspot: hubspot.deals.post_batch_update([given])
    )
    assert body == {"inputs": [{"id": "1", "properties": {}}]}


def test_what_is_unset_in_a_mapping_is_not_sent(
    server: RecordingServer, driver: Driver
) -> None:
    given = {"id": "1", "properties": {}, "objectWriteTraceId": UNSET}
    body = sent(
        server, driver, lambda hubspot: hubspot.deals.post_batch_update([given])
    )
    assert body == {"inputs": [{"id": "1", "properties": {}}]}


def test_a_read_sends_what_is_asked_and_no_more(
    server: RecordingServer, driver: Driver
) -> None:
    def read(hubspot: HubSpot) -> object:
        return hubspot.deals.post_batch_read(["1"], id_property=UNSET, archived=UNSET)

    assert sent(server, driver, read) == {"inputs": [{"id": "1"}]}
    assert server.only.query == ""


@pytest.mark.parametrize(("archived", "query"), [(True, "true"), (False, "false")])
def test_archived_is_a_query_parameter(
    archived: bool, query: str, server: RecordingServer, driver: Driver
) -> None:
    sent(
        server,
        driver,
        lambda hubspot: hubspot.deals.post_batch_read(["1"], archived=archived),
    )
    assert server.only.query == f"archived={query}"


def test_an_empty_string_is_sent(server: RecordingServer, driver: Driver) -> None:
    given = UpdateInput(id="1", properties={"amount": ""})
    body = sent(
        server, driver, lambda hubspot: hubspot.deals.post_batch_update([given])
    )
    assert body["inputs"][0]["properties"] == {"amount": ""}


def test_a_value_of_an_enum_that_is_not_known_is_sent(
    server: RecordingServer, driver: Driver
) -> None:
    given = CreateInput(
        properties={},
        associations=[
            Association(
                to=AssociationTarget(id="9"),
                types=[
                    AssociationType(
                        association_category=AssociationCategory("FAMILY"),
                        association_type_id=1,
                    )
                ],
            )
        ],
    )
    body = sent(
        server, driver, lambda hubspot: hubspot.deals.post_batch_create([given])
    )
    assert body["inputs"][0]["associations"] == [
        {
            "to": {"id": "9"},
            "types": [{"associationCategory": "FAMILY", "associationTypeId": 1}],
        }
    ]


def test_inputs_are_left_as_they_are(server: RecordingServer, driver: Driver) -> None:
    given = {"id": "1", "properties": {"a": "b"}}
    sent(server, driver, lambda hubspot: hubspot.deals.post_batch_update([given]))
    assert given == {"id": "1", "properties": {"a": "b"}}


GOOD: dict[str, object] = {"id": "1", "properties": {}}
REFUSED: list[tuple[object, int, str, str]] = [
    ({**GOOD, "idproperty": "x"}, 1, ".idproperty", "idProperty"),
    ({**GOOD, "id_property": "x"}, 1, ".id_property", 'the API calls it "idProperty"'),
    ({**GOOD, "colour": "x"}, 1, ".colour", "unknown field"),
    ({"id": "1"}, 1, ".properties", "is required"),
    ({"properties": {}}, 1, ".id", "is required"),
    ({**GOOD, "id": UNSET}, 1, ".id", "is required"),
    ({**GOOD, "id": 1}, 1, ".id", "expected str, got int"),
    ({**GOOD, "id": None}, 1, ".id", "expected str, got null"),
    ({**GOOD, "idProperty": None}, 1, ".idProperty", "expected str, got null"),
    ({**GOOD, "properties": {"a": 7}}, 1, ".properties.a", "expected str, got int"),
    ({**GOOD, "properties": {"a": None}}, 1, ".properties.a", "expected str, got null"),
    ({**GOOD, "properties": ["a"]}, 1, ".properties", "expected object, got array"),
    (UpdateInput(id=1, properties={}), 1, ".id", "got int"),  # type: ignore[arg-type]
    (
        UpdateInput(id="1", properties={"a": None}),  # type: ignore[dict-item]
        1,
        ".properties.a",
        "got null",
    ),
    (RecordId(id="1"), 1, "", "expected UpdateInput or a mapping, got RecordId"),
    ("1", 1, "", "expected UpdateInput or a mapping, got str"),
    (None, 1, "", "expected UpdateInput or a mapping, got null"),
]


@pytest.mark.parametrize(
    ("given", "index", "field", "message"), REFUSED, ids=lambda value: repr(value)[:40]
)
def test_a_bad_input_is_named(
    given: Any,
    index: int,
    field: str,
    message: str,
    server: RecordingServer,
    driver: Driver,
) -> None:
    [found] = findings(
        server, driver, lambda hubspot: hubspot.deals.post_batch_update([UPDATE, given])
    )
    assert found[:2] == (index, f"inputs[{index}]{field}")
    assert message in found[2]


def test_all_bad_inputs_are_named_at_once(
    server: RecordingServer, driver: Driver
) -> None:
    given: list[Any] = [{"id": "1"}, UPDATE, {"id": "3", "propertys": {}}]
    found = findings(
        server, driver, lambda hubspot: hubspot.deals.post_batch_update(iter(given))
    )
    assert [each[:2] for each in found] == [
        (0, "inputs[0].properties"),
        (2, "inputs[2].propertys"),
        (2, "inputs[2].properties"),
    ]


def test_a_bad_part_of_an_input_is_named(
    server: RecordingServer, driver: Driver
) -> None:
    types = [{"associationCategory": "WORK", "associationTypeId": "5"}]
    given: dict[str, object] = {
        "properties": {},
        "associations": [{"to": {"id": "1"}, "types": types}, {"to": {}, "types": []}],
    }
    found = findings(
        server, driver, lambda hubspot: hubspot.deals.post_batch_create([given])
    )
    assert [each[:2] for each in found] == [
        (0, "inputs[0].associations[0].types[0].associationTypeId"),
        (0, "inputs[0].associations[1].to.id"),
    ]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("123", "expected a list, got a single str"),
        (b"123", "expected a list, got a single bytes"),
        (RecordId(id="1"), "expected a list, got a single RecordId"),
        ({"id": "1"}, "expected a list, got a single dict"),
        (None, "got null"),
        (7, "got int"),
        (UNSET, "is required"),
    ],
    ids=repr,
)
def test_inputs_that_are_no_list_are_refused(
    inputs: Any, message: str, server: RecordingServer, driver: Driver
) -> None:
    [(index, field, text)] = findings(
        server, driver, lambda hubspot: hubspot.deals.post_batch_read(inputs)
    )
    assert (index, field) == (None, "inputs")
    assert message in text


@pytest.mark.parametrize("bad", [7, None, ["1"], 1.5, b"1"], ids=repr)
def test_ids_that_are_no_strings_are_refused(
    bad: Any, server: RecordingServer, driver: Driver
) -> None:
    [(index, field, _)] = findings(
        server, driver, lambda hubspot: hubspot.deals.post_batch_read(["1", bad])
    )
    assert index == 1
    assert field.startswith("inputs[1]")


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"properties": "amount"}, "properties"),
        ({"properties": [1]}, "properties[0]"),
        ({"properties_with_history": "amount"}, "properties_with_history"),
        ({"id_property": 7}, "id_property"),
        ({"id_property": None}, "id_property"),
    ],
    ids=str,
)
def test_a_bad_option_is_named(
    options: dict[str, Any], place: str, server: RecordingServer, driver: Driver
) -> None:
    [(_, field, _)] = findings(
        server, driver, lambda hubspot: hubspot.deals.post_batch_read(["1"], **options)
    )
    assert field == place


@pytest.mark.parametrize(
    ("object_type", "path"),
    [
        ("2-3456", "2-3456"),
        ("p123_house", "p123_house"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("größe", "gr%C3%B6%C3%9Fe"),
    ],
)
def test_an_object_type_is_one_segment_of_the_path(
    object_type: str, path: str, server: RecordingServer, driver: Driver
) -> None:
    sent(
        server, driver, lambda hubspot: hubspot.objects(object_type).post_batch_read([])
    )
    assert server.only.path == f"/crm/v3/objects/{path}/batch/read"
    assert server.only.query == ""


@pytest.mark.parametrize("object_type", ["..", ".", "", None, UNSET], ids=repr)
def test_an_object_type_that_leads_elsewhere_is_refused(
    object_type: Any, server: RecordingServer, driver: Driver
) -> None:
    [(index, field, _)] = findings(
        server, driver, lambda hubspot: hubspot.objects(object_type).post_batch_read([])
    )
    assert (index, field) == (None, "object_type")
