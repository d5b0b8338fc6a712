"""However the server answers: every input has one outcome, and that is the truth.

The server does to 5 % of the requests each of what can go wrong. What it did it knows,
and what it wrote it has in its ledger; every outcome is compared with both. By default
there are a few thousand records, so that every fault comes several times; the variable
CHAOS_RECORDS sets another number.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
from support.accounts import accounts, is_timeout, kind_of, untruths
from support.crm import Crm
from support.crm_server import CrmServer
from support.faults import Fault, FaultPlan
from support.hubspot import Driver
from support.hurry import hurried

RECORDS = int(os.environ.get("CHAOS_RECORDS", "3000"))
FEW = min(RECORDS, 4000)
SEED = 7
OPTIONS: dict[str, Any] = {"concurrency": 8, "timeout": httpx2.Timeout(10, read=0.5)}
# What can happen to a request that has no answer to be spoilt.
WITHOUT_ANSWER = (
    Fault.RATE_LIMITED,
    Fault.RATE_LIMITED_FOR,
    Fault.LOCKED,
    Fault.UNAVAILABLE,
    Fault.UNAVAILABLE_AFTER,
    Fault.RESET_BEFORE,
    Fault.RESET_AFTER,
    Fault.SLOW,
)


def make_server(*faults: Fault) -> CrmServer:
    plan = FaultPlan(SEED, faults or tuple(Fault))
    return CrmServer(Crm(seed=SEED), faults=plan, retry_after="0.02")


@pytest.fixture
def server() -> Iterator[CrmServer]:
    with make_server() as server:
        yield server


def call(server: CrmServer, driver: Driver, use: Callable[[HubSpot], Any]) -> Any:
    with driver.open(base_url=server.url) as hubspot:
        return driver.run(hurried(hubspot), use)


def is_bad(number: int) -> bool:
    """Whether an input is one that the server refuses: one in a hundred."""
    return number % 100 == 37


def values(number: int) -> dict[str, str]:
    return {"row": str(number), "amount": "much" if is_bad(number) else "1200"}


def check_all_faults_came(server: CrmServer, faults: Sequence[Fault]) -> None:
    assert Counter(handled.fault for handled in server.handled).keys() >= set(faults)


def test_creates(server: CrmServer, driver: Driver) -> None:
    inputs = [CreateInput(properties=values(n)) for n in range(RECORDS)]
    result = call(
        server, driver, lambda hubspot: hubspot.deals.batch_create(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    check_creates(server, result.outcomes)
    check_all_faults_came(server, tuple(Fault))
    unlabelled = [each for each in result.succeeded if each.result is None]
    assert len(result.unattributed) == len(unlabelled) > 0


@pytest.mark.parametrize("in_order", [True, False])
def test_a_stream_of_creates(in_order: bool, server: CrmServer, driver: Driver) -> None:
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
    check_creates(server, outcomes)


def check_creates(server: CrmServer, outcomes: Sequence[Any]) -> None:
    known = accounts(server, "create", lambda item: int(item["properties"]["row"]))
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


def test_upserts(server: CrmServer, driver: Driver) -> None:
    old = range(0, RECORDS, 3)
    ids = {n: server.crm.add("contacts", {"email": email(n)}).id for n in old}
    inputs = [
        UpsertInput(id=email(n), id_property="email", properties=values(n))
        for n in range(RECORDS)
    ]
    result = call(
        server, driver, lambda hubspot: hubspot.contacts.batch_upsert(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    known = accounts(server, "upsert", lambda item: int(item["properties"]["row"]))
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
    check_all_faults_came(server, tuple(Fault))
    assert max(len(account.commits) for account in known.values()) > 1
    # Only what does not fit its description is not attached.
    misfits = sum(each.result is None for each in result.succeeded)
    assert misfits < len(result.succeeded) / 50
    assert len(result.unattributed) == misfits
    assert len(result.succeeded) > RECORDS * 0.8


def test_updates(server: CrmServer, driver: Driver) -> None:
    ids = [server.crm.add("0-3", {"row": str(n)}).id for n in range(FEW)]
    inputs = [
        # Some don't exist.
        UpdateInput(id=id if n % 50 else f"9{id}", properties={"city": f"City {n}"})
        for n, id in enumerate(ids)
    ]
    result = call(
        server, driver, lambda hubspot: hubspot.deals.batch_update(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    known = accounts(server, "update", lambda item: item["id"])
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
    check_all_faults_came(server, tuple(Fault))
    assert len(result.succeeded) > FEW * 0.8


def test_updates_that_are_refused_together(server: CrmServer, driver: Driver) -> None:
    numbers = range(FEW // 4)
    ids = [server.crm.add("0-3", {}).id for _ in numbers]
    inputs = [UpdateInput(id=ids[n], properties=values(n)) for n in numbers]
    result = call(
        server, driver, lambda hubspot: hubspot.deals.batch_update(inputs, **OPTIONS)
    )
    assert [outcome.input for outcome in result.outcomes] == inputs
    known = accounts(server, "update", lambda item: item["id"])
    assert untruths(known, ids, result.outcomes) == []
    for number, outcome in enumerate(result.outcomes):
        if is_bad(number):
            assert not isinstance(outcome, Succeeded)
            assert not known[ids[number]].commits
        elif isinstance(outcome, Failed):
            assert not known[ids[number]].commits
    assert len(result.succeeded) > len(inputs) * 0.8


def test_reads(server: CrmServer, driver: Driver) -> None:
    ids = [server.crm.add("0-3", {"row": str(n)}).id for n in range(FEW)]
    inputs = [id if n % 50 else f"9{id}" for n, id in enumerate(ids)]
    result = call(
        server, driver, lambda hubspot: hubspot.deals.batch_read(inputs, **OPTIONS)
    )
    assert [outcome.input.id for outcome in result.outcomes] == inputs
    known = accounts(server, "read", lambda item: item["id"])
    assert untruths(known, inputs, result.outcomes, is_safe=True) == []
    for number, outcome in enumerate(result.outcomes):
        match outcome:
            case Succeeded(_, found):
                assert found is None or found.id == ids[number]
                assert found is None or row(found) == number
    check_all_faults_came(server, tuple(Fault))
    missing = [each for each in result.failed if each.input.id.startswith("9")]
    assert len(missing) == FEW / 50
    rejected = [each for each in missing if isinstance(each.error, InputRejectedError)]
    assert len(rejected) > len(missing) / 2
    assert len(result.succeeded) > FEW * 0.8


def test_archives(driver: Driver) -> None:
    with make_server(*WITHOUT_ANSWER) as server:
        ids = [server.crm.add("0-3", {}).id for _ in range(FEW)]
        inputs = [RecordId(id=id) for id in ids]
        result = call(
            server,
            driver,
            lambda hubspot: hubspot.deals.batch_archive(inputs, **OPTIONS),
        )
        assert [outcome.input for outcome in result.outcomes] == inputs
        known = accounts(server, "archive", lambda item: item["id"])
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
        check_all_faults_came(server, WITHOUT_ANSWER)


def test_the_outcome_does_not_depend_on_chance(driver: Driver) -> None:
    inputs = [CreateInput(properties=values(n)) for n in range(FEW // 3)]

    def creation(concurrency: int) -> Callable[[HubSpot], Any]:
        options = {**OPTIONS, "concurrency": concurrency}
        return lambda hubspot: hubspot.deals.batch_create(inputs, **options)

    outcomes: list[Sequence[Any]] = []
    done: list[set[str]] = []
    for concurrency in (1, 8):
        with make_server() as server:
            outcomes.append(call(server, driver, creation(concurrency)).outcomes)
            done.append(
                {each.input["properties"]["row"] for each in server.crm.commits}
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
