"""The engine's behaviour on the fake: the same without a socket and over one."""

from __future__ import annotations

from typing import Any

import pytest

from hubspot_batch import Failed, HubSpot, Succeeded, Unknown
from hubspot_batch.testing import FakeServer, Rate
from support.calls import Calls


def words(result: Any) -> str:
    """A letter for each outcome, in order."""
    letters: dict[object, str] = {Succeeded: "s", Failed: "f", Unknown: "u"}
    return "".join(letters[type(outcome)] for outcome in result.outcomes)


def changes(*ids: str) -> list[dict[str, Any]]:
    return [{"id": id, "properties": {"amount": "2"}} for id in ids]


@pytest.fixture
def stocked() -> FakeServer:
    """Deals 1 to 250; what is refused is the amount 13."""
    fake = FakeServer(
        seed=5,
        records={"deals": [{"id": str(n), "amount": "1"} for n in range(1, 251)]},
        refuse=lambda _, properties: (
            "13 is refused" if properties.get("amount") == "13" else None
        ),
    )
    fake.add("contacts", {"email": "a@example.com"})
    return fake


def test_a_bad_input_fails_alone(stocked: FakeServer, calls: Calls) -> None:
    inputs = changes(*map(str, range(1, 251)))
    inputs[77]["properties"] = {"amount": "13"}
    result = calls(stocked, lambda hubspot: hubspot.deals.batch_update(inputs))
    assert words(result) == "s" * 77 + "f" + "s" * 172
    assert len(stocked.ledger) == 249
    assert stocked.record("deals", "78").properties["amount"] == "1"
    # 3 chunks, and at most 2n - 1 for the one that was searched.
    assert 3 < len(stocked.requests) < 20


def test_what_does_not_exist_fails_alone(stocked: FakeServer, calls: Calls) -> None:
    ids = ["1", "nobody", "3"]
    for use in (
        lambda hubspot: hubspot.deals.batch_read(ids),
        lambda hubspot: hubspot.deals.batch_update(changes(*ids)),
    ):
        result = calls(stocked, use)
        assert words(result) == "sfs"
        assert [s.result.id for s in result.succeeded] == ["1", "3"]
    assert words(calls(stocked, lambda h: h.deals.batch_read(["x", "y"]))) == "ff"
    assert words(calls(stocked, lambda h: h.deals.batch_archive(ids))) == "sss"


def test_history_makes_batches_smaller(stocked: FakeServer, calls: Calls) -> None:
    ids = [str(n) for n in range(1, 121)]
    result = calls(
        stocked,
        lambda hubspot: hubspot.deals.batch_read(
            ids, properties_with_history=["amount"]
        ),
    )
    assert words(result) == "s" * 120
    assert [len(request.inputs) for request in stocked.requests] == [50, 50, 20]


@pytest.mark.parametrize(
    ("fault", "create", "update"),
    [
        ({"status": 423}, "ss", "ss"),
        ({"status": 429}, "ss", "ss"),
        ({"status": 503}, "uu", "ss"),
        ({"status": 503, "after_commit": True}, "uu", "ss"),
        ({"fault": "reset_after_commit"}, "uu", "ss"),
        ({"fault": "truncated"}, "uu", "ss"),
        ({"status": 403}, "ff", "ff"),
        ({"fault": "unlabelled"}, "ss", "ss"),
    ],
)
def test_what_becomes_of_inputs_when_a_request_fails(
    fault: dict[str, Any], create: str, update: str, stocked: FakeServer, calls: Calls
) -> None:
    new = [{"properties": {"dealname": str(n)}} for n in range(2)]
    stocked.fail(**fault)
    assert words(calls(stocked, lambda h: h.deals.batch_create(new))) == create
    stocked.fail(**fault)
    change = changes("1", "2")
    assert words(calls(stocked, lambda h: h.deals.batch_update(change))) == update
    created = [commit for commit in stocked.ledger if commit.effect == "create"]
    assert len(created) == len(
        {commit.input["properties"]["dealname"] for commit in created}
    )


def test_a_day_s_limit_is_not_waited_for(calls: Calls) -> None:
    fake = FakeServer(rate=Rate(100, daily=1))
    new: list[dict[str, Any]] = [{"properties": {}}] * 250
    result = calls(fake, lambda hubspot: hubspot.deals.batch_create(new))
    assert words(result) == "s" * 100 + "f" * 150
    assert [request.status for request in fake.requests] == [201, 429]


def test_a_rate_limit_is_kept() -> None:
    fake = FakeServer(rate=Rate(5, 10.0))
    new: list[dict[str, Any]] = [{"properties": {}}] * 1200
    with fake.client() as hubspot:
        result = hubspot.deals.batch_create(new)
    assert words(result) == "s" * 1200
    # Those that were too many at first are few: the client learns from the headers.
    assert sum(request.status == 429 for request in fake.requests) <= 1


def test_unique_values_in_another_case(stocked: FakeServer, calls: Calls) -> None:
    def read(hubspot: HubSpot) -> Any:
        return hubspot.contacts.batch_read(
            ["A@Example.COM"], id_property="email", properties=["email"]
        )

    result = calls(stocked, read)
    assert result.succeeded[0].result.properties["email"] == "a@example.com"


def test_a_stream(stocked: FakeServer, over_socket: bool) -> None:
    new = ({"properties": {"row": str(n)}} for n in range(250))

    def rows(hubspot: HubSpot) -> list[str]:
        stream = hubspot.deals.iter_batch_create(new, concurrency=2)
        return [outcome.input.properties["row"] for outcome in stream]

    sync = Calls(is_async=False, over_socket=over_socket)
    assert sync(stocked, rows) == [str(n) for n in range(250)]
