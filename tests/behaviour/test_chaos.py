"""However the server answers: every input has one outcome, and that is the truth.

The fake does to 5 % of the requests each of what can go wrong. What it did it knows,
and what it wrote it has in its ledger; every outcome is compared with both. By default
there are a few thousand records, so that every fault comes several times; the variable
CHAOS_RECORDS sets another number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import httpx2
import pytest

from hubspot_batch import (
    UNSET,
    CreateInput,
    Failed,
    HubSpot,
    InputRejectedError,
    RecordId,
    Succeeded,
    Unknown,
    UpdateInput,
    UpsertInput,
)
from hubspot_batch.testing import FakeServer, Fault
from support.accounts import accounts, is_timeout, kind_of, untruths
from support.faults import ALL, WITHOUT_ANSWER, FaultPlan, names
from support.hubspot import Driver
from support.hurry import hurried
from support.served import Served, served

RECORDS = int(os.environ.get("CHAOS_RECORDS", "3000"))
FEW = min(RECORDS, 4000)
SEED = 7
# Long enough for an answer in time on a busy machine.
OPTIONS: dict[str, Any] = {"concurrency": 8, "timeout": httpx2.Timeout(10, read=1.5)}


def make_server(
    over_socket: bool, faults: Sequence[Fault] = ALL
) -> AbstractContextManager[Served]:
    plan = FaultPlan(SEED, faults)
    return served(over_socket, plan, seed=SEED, refuse=complaint)


@pytest.fixture
def server(over_socket: bool) -> Iterator[Served]:
    with make_server(over_socket) as server:
        yield server


def call(server: Served, driver: Driver, use: Callable[[HubSpot], Any]) -> Any:
    with driver.open(**server.options) as hubspot:
        return driver.run(hurried(hubspot), use)


def is_bad(number: int) -> bool:
    """Whether an input is one that the server refuses: one in every other request."""
    return number % 200 == 37


def values(number: int) -> dict[str, str]:
    return {"row": str(number), "amount": "much" if is_bad(number) else "1200"}


def complaint(record_type: str, properties: Mapping[str, Any]) -> str | None:
    """What is wrong with an input; each that is has an error of its own."""
    if properties.get("amount") != "much":
        return None
    return f"the amount of row {properties['row']} is no number"


def check_all_faults_came(fake: FakeServer, faults: Sequence[Fault]) -> None:
    assert {seen.fault for seen in fake.requests} >= names(faults)


def test_creates(server: Served, driver: Driver) -> None:
    inputs = [CreateInput(properties=values(n)) for n in range(RECORDS)]
    result = call(
        server, driver, lambda hubspot: hubspot.deals.batch_create(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    check_creates(server.fake, result.outcomes)
    check_all_faults_came(server.fake, ALL)
    unlabelled = [each for each in result.succeeded if each.result is None]
    assert len(result.unattributed) == len(unlabelled) > 0


@pytest.mark.parametrize("in_order", [True, False])
def test_a_stream_of_creates(in_order: bool, server: Served, driver: Driver) -> None:
    inputs = [CreateInput(properties=values(n)) for n in range(RECORDS)]
    outcomes = call(
        server,
        driver,
        lambda hubspot: gathered(
            hubspot.deals.iter_batch_create(iter(inputs), in_order=in_order, **OPTIONS)
        ),
    )
    came = [row(outcome.input) for outcome in outcomes]
    if in_order:
        assert came == list(range(RECORDS))
    else:
        assert sorted(came) == list(range(RECORDS))
        assert came != list(range(RECORDS))
    check_creates(server.fake, outcomes)


def check_creates(fake: FakeServer, outcomes: Sequence[Any]) -> None:
    known = accounts(fake, "create", lambda item: int(item["properties"]["row"]))
    assert all(len(account.commits) <= 1 for account in known.values())
    rows = [row(outcome.input) for outcome in outcomes]
    assert known.keys() == set(rows)
    assert untruths(known, rows, outcomes) == []
    for number, outcome in zip(rows, outcomes, strict=True):
        commits = known[number].commits
        match outcome:
            case Succeeded(_, result):
                assert commits
                assert result is None or result.id == commits[0]
                assert result is None or row(result) == number
                assert result is None or result.object_write_trace_id is UNSET
            case Failed():
                assert not commits
            case Unknown():
                assert not is_bad(number) or not commits
    unknown = [known[row(each.input)] for each in outcomes if type(each) is Unknown]
    assert {len(account.commits) for account in unknown} == {0, 1}
    attached = [each for each in outcomes if getattr(each, "result", None) is not None]
    assert len(attached) > len(outcomes) / 4


def row(item: Any) -> int:
    return int(item.properties["row"])


def email(number: int) -> str:
    return f"Person{number}@Example.com"


def test_upserts(server: Served, driver: Driver) -> None:
    old = range(0, RECORDS, 3)
    ids = {n: server.fake.add("contacts", {"email": email(n)}).id for n in old}
    inputs = [
        UpsertInput(id=email(n), id_property="email", properties=values(n))
        for n in range(RECORDS)
    ]
    result = call(
        server, driver, lambda hubspot: hubspot.contacts.batch_upsert(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    known = accounts(server.fake, "upsert", lambda item: int(item["properties"]["row"]))
    assert untruths(known, range(RECORDS), result.outcomes) == []
    for number, outcome in enumerate(result.outcomes):
        account = known[number]
        # However often it was sent, there is one record.
        assert len(set(account.commits)) <= 1
        assert set(account.commits) <= {ids.get(number, *account.commits[:1])}
        match outcome:
            case Succeeded(_, found):
                assert account.commits
                if found is not None:
                    assert found.id == account.commits[0]
                    assert row(found) == number
                    assert found.properties["email"] == email(number).lower()
                    assert found.object_write_trace_id is UNSET
            case Failed():
                assert not account.commits
    check_all_faults_came(server.fake, ALL)
    assert max(len(account.commits) for account in known.values()) > 1
    # Only what does not fit its description is not attached.
    misfits = sum(each.result is None for each in result.succeeded)
    assert misfits < len(result.succeeded) / 50
    assert len(result.unattributed) == misfits
    assert len(result.succeeded) > RECORDS * 0.8


def test_updates(server: Served, driver: Driver) -> None:
    ids = [server.fake.add("0-3", {"row": str(n)}).id for n in range(FEW)]
    inputs = [
        # Some don't exist.
        UpdateInput(id=id if n % 150 else f"9{id}", properties={"city": f"City {n}"})
        for n, id in enumerate(ids)
    ]
    result = call(
        server, driver, lambda hubspot: hubspot.deals.batch_update(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    known = accounts(server.fake, "update", lambda item: item["id"])
    names = [item.id for item in inputs]
    assert untruths(known, names, result.outcomes) == []
    for number, outcome in enumerate(result.outcomes):
        account = known[outcome.input.id]
        match outcome:
            case Succeeded(_, found):
                assert set(account.commits) == {ids[number]}
                assert found is None or found.id == ids[number]
                assert found is None or found.properties["city"] == f"City {number}"
            case Failed():
                assert not account.commits
    check_all_faults_came(server.fake, ALL)
    assert len(result.succeeded) > FEW * 0.8


def test_updates_that_are_refused_together(server: Served, driver: Driver) -> None:
    numbers = range(FEW // 4)
    ids = [server.fake.add("0-3", {}).id for _ in numbers]
    inputs = [UpdateInput(id=ids[n], properties=values(n)) for n in numbers]
    result = call(
        server, driver, lambda hubspot: hubspot.deals.batch_update(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    known = accounts(server.fake, "update", lambda item: item["id"])
    assert untruths(known, ids, result.outcomes) == []
    for number, outcome in enumerate(result.outcomes):
        if is_bad(number):
            assert not isinstance(outcome, Succeeded)
            assert not known[ids[number]].commits
        elif isinstance(outcome, Failed):
            assert not known[ids[number]].commits
    assert len(result.succeeded) > len(inputs) * 0.8


def test_reads(server: Served, driver: Driver) -> None:
    ids = [server.fake.add("0-3", {"row": str(n)}).id for n in range(FEW)]
    inputs = [id if n % 150 else f"9{id}" for n, id in enumerate(ids)]
    result = call(
        server,
        driver,
        lambda hubspot: hubspot.deals.batch_read(inputs, properties=["row"], **OPTIONS),
    )
    assert [outcome.input.id for outcome in result.outcomes] == inputs
    known = accounts(server.fake, "read", lambda item: item["id"])
    assert untruths(known, inputs, result.outcomes, is_safe=True) == []
    for number, outcome in enumerate(result.outcomes):
        match outcome:
            case Succeeded(_, found):
                assert found is None or found.id == ids[number]
                assert found is None or row(found) == number
    check_all_faults_came(server.fake, ALL)
    missing = [each for each in result.failed if each.input.id.startswith("9")]
    assert len(missing) == -(-FEW // 150)
    rejected = [each for each in missing if isinstance(each.error, InputRejectedError)]
    assert len(rejected) > len(missing) / 2
    assert len(result.succeeded) > FEW * 0.8


def test_archives(over_socket: bool, driver: Driver) -> None:
    with make_server(over_socket, WITHOUT_ANSWER) as server:
        ids = [server.fake.add("0-3", {}).id for _ in range(FEW)]
        inputs = [RecordId(id=id) for id in ids]
        result = call(
            server,
            driver,
            lambda hubspot: hubspot.deals.batch_archive(inputs, **OPTIONS),
        )
        assert [outcome.input for outcome in result.outcomes] == inputs
        known = accounts(server.fake, "archive", lambda item: item["id"])
        assert untruths(known, ids, result.outcomes) == []
        for outcome in result.outcomes:
            account = known[outcome.input.id]
            match outcome:
                case Succeeded(_, found):
                    assert found is None
                    # The second time it is archived already.
                    assert len(account.commits) == 1
                case Failed():
                    assert not account.commits
        check_all_faults_came(server.fake, WITHOUT_ANSWER)


def test_the_outcome_does_not_depend_on_chance(
    over_socket: bool, driver: Driver
) -> None:
    inputs = [CreateInput(properties=values(n)) for n in range(FEW // 3)]

    def creation(concurrency: int) -> Callable[[HubSpot], Any]:
        options = {**OPTIONS, "concurrency": concurrency}
        return lambda hubspot: hubspot.deals.batch_create(inputs, **options)

    outcomes: list[Sequence[Any]] = []
    done: list[set[str]] = []
    for concurrency in (1, 8):
        with make_server(over_socket) as server:
            outcomes.append(call(server, driver, creation(concurrency)).outcomes)
            done.append(
                {each.input["properties"]["row"] for each in server.fake.ledger}
            )
    assert done[0] == done[1]
    for one, other in zip(*outcomes, strict=True):
        if not is_timeout(one) and not is_timeout(other):
            assert kind_of(one) == kind_of(other)


def gathered(stream: Any) -> Any:
    """All outcomes of a stream; to be awaited if the stream is."""
    if hasattr(stream, "__aiter__"):

        async def awaited() -> list[Any]:
            return [outcome async for outcome in stream]

        return awaited()
    return list(stream)
