"""Another API with batches gets its fake out of its own description.

It is the invented one of the golden case `batch`: other names, records whose ids the
client chooses and whose properties are fields of their own, and no credentials.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from support.packages import WAREHOUSE, imported

pytestmark = pytest.mark.xdist_group("the package for the other fake")

PACKAGE = "other_fake_warehouse"


@pytest.fixture(scope="module")
def testing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with imported(WAREHOUSE, PACKAGE, tmp_path_factory.mktemp("generated")):
        yield importlib.import_module(f"{PACKAGE}.testing")


def refuse(record_type: str, entry: Any) -> str | None:
    return "Less than none." if entry.get("count", 0) < 0 else None


def test_records_are_stored_under_their_own_ids(testing: Any) -> None:
    fake = testing.FakeServer()
    with fake.client() as client:
        entries = [{"sku": f"Sku-{n}", "count": n} for n in range(16)]
        result = client.items.bulk_store(entries)
        assert [o.result.sku for o in result.succeeded] == [e["sku"] for e in entries]
        client.items.bulk_store([{"sku": "SKU-3", "count": 30}])
    counts = {record.id: record.properties["count"] for record in fake.records("items")}
    assert counts == {f"Sku-{n}": 30 if n == 3 else n for n in range(16)}
    assert [len(request.inputs) for request in fake.requests] == [7, 7, 2, 1]
    assert fake.requests[0].effect == "upsert"
    assert len(fake.ledger) == 17


def test_bad_entries_fail_alone_if_they_are_labelled(testing: Any) -> None:
    fake = testing.FakeServer(refuse=refuse)
    with fake.client() as client:
        result = client.items.bulk_store(
            [{"sku": "a", "count": 1}, {"sku": "b", "count": -1}]
        )
        [failure] = result.failed
        assert "Less than none." in str(failure.error)
        assert [request.status for request in fake.requests] == [200]
        answer = client.items.post_bulk_store([{"sku": "b", "count": -1, "tag": "t"}])
        [refusal] = answer.refused
        assert (refusal.kind, refusal.tags) == ("bad", ["t"])
        with pytest.raises(Exception, match="bad: Less than none") as caught:
            client.items.post_bulk_store([{"sku": "b", "count": -1}])
    assert getattr(caught.value, "correlation_id", None)
    assert [record.id for record in fake.records("items")] == ["a"]


def test_limits_and_generations(testing: Any) -> None:
    fake = testing.FakeServer(generation="2")
    with fake.client() as client:
        entries = [{"sku": f"{n}"} for n in range(4)]
        client.items.post_bulk_store(entries)
        with pytest.raises(Exception, match="4 inputs in a request, where 3"):
            client.items.post_bulk_store(entries, with_photos=["front"])
    assert [request.status for request in fake.requests] == [202, 400]


def test_records_are_those_of_their_hall(testing: Any) -> None:
    fake = testing.FakeServer()
    for hall in ("north", "south"):
        fake.add(f"shelves/{hall}", id="1")
    with fake.client() as client:
        result = client.shelves("north").bulk_clear(["1", "2"])
    assert len(result.succeeded) == 2
    assert fake.records("shelves/north") == []
    assert len(fake.records("shelves/south")) == 1
    assert fake.requests[0].method == "DELETE"


def test_its_rate_limit(testing: Any) -> None:
    fake = testing.FakeServer(rate=True)
    with fake.client() as client:
        for _ in range(20):
            client.items.post_bulk_store([])
        with pytest.raises(Exception, match="hurry"):
            client.items.post_bulk_store([])
