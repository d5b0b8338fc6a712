"""The fake does to its records what HubSpot is known to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hubspot_batch import (
    UNSET,
    ConflictError,
    HubSpot,
    NotFoundError,
    StatusError,
    ValidationError,
)
from hubspot_batch.testing import FakeServer


def refusal(call: Any) -> StatusError:
    with pytest.raises(StatusError) as caught:
        call()
    return caught.value


def deal(number: int, **more: str) -> dict[str, Any]:
    return {"properties": {"dealname": f"Deal {number}", **more}}


def labelled(number: int, **more: str) -> dict[str, Any]:
    return {**deal(number, **more), "objectWriteTraceId": f"t{number}"}


def test_what_is_created_can_be_read(fake: FakeServer, hubspot: HubSpot) -> None:
    made = hubspot.deals.post_batch_create([deal(n) for n in range(100)])
    names = [record.properties["dealname"] for record in made.results]
    assert sorted(names, key=str) != names
    assert set(names) == {f"Deal {n}" for n in range(100)}
    assert made.status == "COMPLETE"
    ids = {record.id: record.properties["dealname"] for record in made.results}
    found = hubspot.deals.post_batch_read([*ids], properties=["dealname", "amount"])
    assert {r.id: r.properties["dealname"] for r in found.results} == ids
    assert {r.properties["amount"] for r in found.results} == {None}
    assert [record.id for record in found.results] != [*ids]
    assert {r.id: r.properties["dealname"] for r in fake.records("deals")} == ids
    for record in found.results:
        assert record.properties["hs_object_id"] == record.id
        assert record.archived is False


def test_a_create_that_is_sent_twice_makes_two_records(
    fake: FakeServer, hubspot: HubSpot
) -> None:
    for _ in range(2):
        hubspot.deals.post_batch_create([labelled(1)])
    assert len(fake.records("deals")) == 2
    assert [commit.request for commit in fake.ledger] == [0, 1]


def test_without_labels_one_bad_input_rejects_all() -> None:
    fake = FakeServer(properties={"deals": {"dealname": "string", "amount": "number"}})
    with fake.client() as hubspot:
        error = refusal(
            lambda: hubspot.deals.post_batch_create(
                [labelled(1), deal(2), labelled(3, amount="much")]
            )
        )
    assert isinstance(error, ValidationError)
    assert error.category == "VALIDATION_ERROR"
    assert error.correlation_id
    assert fake.records("deals") == []
    assert fake.ledger == ()


def test_with_labels_bad_inputs_fail_alone() -> None:
    fake = FakeServer(properties={"deals": {"dealname": "string", "amount": "number"}})
    with fake.client() as hubspot:
        bad = [labelled(3, amount="much"), labelled(4, colour="red")]
        made = hubspot.deals.post_batch_create([labelled(1), *bad, labelled(2)])
    assert {r.object_write_trace_id for r in made.results} == {"t1", "t2"}
    assert made.num_errors == 2
    assert made.errors is not UNSET
    named = [error.context for error in made.errors]
    assert named == [{"objectWriteTraceId": ["t3"]}, {"objectWriteTraceId": ["t4"]}]
    assert fake.requests[0].status == 207
    assert len(fake.ledger) == 2


def test_what_is_refused_can_be_said_by_a_function() -> None:
    def refuse(record_type: str, properties: Any) -> str | None:
        return "No deal is called that" if properties["dealname"] == "Deal 2" else None

    fake = FakeServer(refuse=refuse)
    with fake.client() as hubspot:
        result = hubspot.deals.batch_create(deal(n) for n in range(5))
    [failure] = result.failed
    assert failure.input.properties["dealname"] == "Deal 2"
    assert "No deal is called that" in str(failure.error)
    assert len(result.succeeded) == 4


def test_unique_values(fake: FakeServer, hubspot: HubSpot) -> None:
    taken = fake.add("contacts", {"email": "a@example.com"}).id
    twin = {"properties": {"email": "A@Example.com"}}
    error = refusal(lambda: hubspot.contacts.post_batch_create([twin]))
    assert isinstance(error, ConflictError)
    assert json.loads(error.content or b"")["context"] == {"existingId": [taken]}
    both = [{"properties": {"email": "b@example.com"}}] * 2
    assert refusal(lambda: hubspot.contacts.post_batch_create(both)).status == 409
    assert fake.ledger == ()


def test_an_upsert_creates_or_updates(fake: FakeServer, hubspot: HubSpot) -> None:
    known = fake.add("contacts", {"email": "a@example.com", "city": "Ulm"})
    inputs = [
        {"id": "A@example.com", "idProperty": "email", "properties": {"city": "Bonn"}},
        {"id": "New@example.com", "idProperty": "email", "properties": {}},
    ]
    for turn in range(2):
        answer = hubspot.contacts.post_batch_upsert(inputs)
        assert {r.properties["email"]: r.new for r in answer.results} == {
            "a@example.com": False,
            "new@example.com": turn == 0,
        }
    assert known.properties == {"email": "a@example.com", "city": "Bonn"}
    assert len(fake.records("contacts")) == 2
    assert [commit.is_new for commit in fake.ledger] == [False, True, False, False]


@pytest.mark.parametrize("property", [None, "hs_object_id", "city"])
def test_an_upsert_needs_a_unique_property(property: str | None) -> None:
    fake = FakeServer(unique={"contacts": ["customer_number"]})
    item: dict[str, Any] = {"id": "1", "properties": {}}
    if property:
        item["idProperty"] = property
    with fake.client() as hubspot:
        error = refusal(lambda: hubspot.contacts.post_batch_upsert([item]))
        assert error.status == 400
        good = {**item, "idProperty": "customer_number"}
        assert hubspot.contacts.post_batch_upsert([good]).results[0].new


def test_an_update_writes_what_there_is(fake: FakeServer, hubspot: HubSpot) -> None:
    record = fake.add("deals", {"dealname": "A", "amount": "1"})
    answer = hubspot.deals.post_batch_update(
        [
            {"id": "9", "properties": {}},
            {"id": record.id, "properties": {"amount": ""}},
        ]
    )
    [result] = answer.results
    assert result.properties["amount"] is None
    assert answer.errors is not UNSET
    [error] = answer.errors
    assert (error.category, error.context) == ("OBJECT_NOT_FOUND", {"ids": ["9"]})
    assert record.properties == {"dealname": "A", "amount": None}
    assert [commit.id for commit in fake.ledger] == [record.id]


def test_history_where_it_is_asked_for(fake: FakeServer, hubspot: HubSpot) -> None:
    id = fake.add("deals", {"amount": "1"}).id
    hubspot.deals.post_batch_update([{"id": id, "properties": {"amount": "2"}}])
    plain, told = (
        hubspot.deals.post_batch_read([id], properties_with_history=names).results[0]
        for names in ([], ["amount"])
    )
    assert plain.properties_with_history is UNSET
    assert told.properties_with_history is not UNSET
    versions = told.properties_with_history["amount"]
    assert [version.value for version in versions] == ["2", "1"]
    assert {version.source_type for version in versions} == {"API"}
    assert versions[0].timestamp >= versions[1].timestamp


def test_what_is_archived_is_read_only_as_such(
    fake: FakeServer, hubspot: HubSpot
) -> None:
    ids = [fake.add("contacts", {"email": f"{n}@example.com"}).id for n in range(2)]
    hubspot.contacts.post_batch_archive([ids[0], "9"])
    assert [r.id for r in fake.records("contacts", archived=True)] == [ids[0]]
    assert [commit.id for commit in fake.ledger] == [ids[0]]
    live = hubspot.contacts.post_batch_read(ids)
    assert [record.id for record in live.results] == [ids[1]]
    for key, property in ((ids[0], UNSET), ("0@example.com", "email")):
        gone = hubspot.contacts.post_batch_read(
            [key], archived=True, id_property=property
        )
        assert gone.results[0].archived is True
        assert gone.results[0].archived_at is not UNSET
    # The value is free again.
    again = {"properties": {"email": "0@example.com"}}
    assert len(hubspot.contacts.post_batch_create([again]).results) == 1


def test_a_read_of_nothing_that_exists(hubspot: HubSpot) -> None:
    error = refusal(lambda: hubspot.deals.post_batch_read(["8", "9"]))
    assert isinstance(error, NotFoundError)


def test_what_a_read_answers_if_it_names_no_properties(
    fake: FakeServer, hubspot: HubSpot
) -> None:
    id = fake.add("deals", {"dealname": "A", "colour": "red"}).id
    [found] = hubspot.deals.post_batch_read([id]).results
    assert found.properties["dealname"] == "A"
    assert "colour" not in found.properties


def test_limits(fake: FakeServer) -> None:
    ids = [fake.add("deals").id for _ in range(101)]

    def status(count: int, **more: Any) -> int:
        response = fake_post(fake, "read", [{"id": id} for id in ids[:count]], **more)
        return int(response.status_code)

    assert [status(100), status(101)] == [200, 400]
    history = {"propertiesWithHistory": ["amount"]}
    assert [status(50, **history), status(51, **history)] == [200, 400]
    twice = [{"id": ids[0]}, {"id": ids[0]}]
    assert fake_post(fake, "read", twice).status_code == 400
    odd = fake_post(fake, "read", [{"id": ids[0]}], idProperty="hs_object_id")
    assert odd.status_code == 400
    assert fake_post(fake, "read", [{"id": 7}]).status_code == 400
    assert fake_post(fake, "merge", []).status_code == 404


def fake_post(
    fake: FakeServer, operation: str, inputs: list[dict[str, Any]], **more: Any
) -> Any:
    import httpx2

    with httpx2.Client(transport=fake.transport, base_url="http://fake") as http:
        return http.post(
            f"/crm/v3/objects/deals/batch/{operation}",
            json={"inputs": inputs, **more},
            headers={"Authorization": "Bearer token"},
        )


@pytest.mark.parametrize("name", ["deals", "0-3"])
def test_names_and_type_ids_are_the_same(name: str, fake: FakeServer) -> None:
    fake.add("deals" if name == "0-3" else "0-3", {"dealname": "A"})
    with fake.client() as hubspot:
        made = hubspot.objects(name).post_batch_create([deal(1)]).results[0]
        assert hubspot.deals.post_batch_read([made.id]).results[0].id == made.id
    assert len(fake.records(name)) == 2
    assert {commit.record_type for commit in fake.ledger} == {"deals"}


def test_appointments_and_custom_objects(fake: FakeServer, hubspot: HubSpot) -> None:
    hubspot.appointments.post_batch_create([{"properties": {}}])
    hubspot.objects("2-3456").post_batch_create([{"properties": {"vin": "1"}}])
    assert len(fake.records("0-421")) == len(fake.records("appointments")) == 1
    [car] = fake.records("2-3456")
    assert car.properties == {"vin": "1"}


def test_records_to_begin_with(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("id,dealname\n7,A\n8,B\n", "utf-8")
    (tmp_path / "some.json").write_text('[{"name": "C"}]', "utf-8")
    both = {"contacts": [{"email": "X@example.com"}], "0-3": [{"dealname": "D"}]}
    (tmp_path / "all.json").write_text(json.dumps(both), "utf-8")
    fake = FakeServer(records={"deals": [{"id": "9", "properties": {"dealname": "E"}}]})
    fake.load(tmp_path / "deals.csv")
    fake.load(tmp_path / "some.json", "companies")
    fake.load(tmp_path / "all.json")
    names = {r.id: r.properties["dealname"] for r in fake.records("deals")}
    assert {names.pop(id) for id in ("7", "8", "9")} == {"A", "B", "E"}
    assert [*names.values()] == ["D"]
    assert fake.record("deals", "7").properties == {"dealname": "A"}
    assert [c.properties for c in fake.records("companies")] == [{"name": "C"}]
    assert fake.ledger == ()
    with pytest.raises(ValueError, match="neither"):
        fake.load(tmp_path / "deals.xlsx", "deals")
    with pytest.raises(ValueError, match="there is a record '7'"):
        fake.add("deals", id="7")
    with pytest.raises(KeyError):
        fake.record("deals", "nobody")
