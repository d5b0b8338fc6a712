"""A client that is told its budget is never turned away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hubspot_batch import CreateInput, HubSpot, RateLimitError
from hubspot_batch.testing import FakeServer, Rate
from support.hubspot import TOKEN, Driver
from support.served import served

# Of the first requests nobody knows the budget yet, so it is not smaller than them.
BUDGET = Rate(10, 0.4)
CONCURRENCY = 8


def creation(requests: int) -> Callable[[HubSpot], Any]:
    inputs = [
        CreateInput(properties={"row": str(number)}) for number in range(100 * requests)
    ]
    return lambda hubspot: hubspot.deals.batch_create(inputs, concurrency=CONCURRENCY)


def statuses(fake: FakeServer) -> Counter[int]:
    return Counter(seen.status for seen in fake.requests)


def test_nobody_is_turned_away(over_socket: bool, driver: Driver) -> None:
    with served(over_socket, rate=BUDGET) as server:
        result = driver.call(creation(32), **server.options)
    assert len(result.succeeded) == 3200
    assert statuses(server.fake) == {201: 32}


def test_calls_share_the_budget_of_their_client(over_socket: bool) -> None:
    with (
        served(over_socket, rate=BUDGET) as server,
        HubSpot(TOKEN, **server.options) as hubspot,
    ):
        hubspot.deals.batch_create([CreateInput(properties={})])
        with ThreadPoolExecutor() as threads:
            results = list(threads.map(lambda use: use(hubspot), [creation(8)] * 3))
    assert [len(result.succeeded) for result in results] == [800] * 3
    assert statuses(server.fake) == {201: 1 + 24}


def test_a_spent_day_is_not_waited_for(over_socket: bool, driver: Driver) -> None:
    inputs = [CreateInput(properties={"row": str(n)}) for n in range(1000)]
    with served(over_socket, rate=Rate(1000, daily=3)) as server:
        result = driver.call(
            lambda hubspot: hubspot.deals.batch_create(inputs), **server.options
        )
    assert [len(result.succeeded), len(result.failed)] == [300, 700]
    assert [outcome.input for outcome in result.outcomes] == inputs
    for failed in result.failed:
        assert isinstance(failed.error, RateLimitError)
    assert statuses(server.fake) == {201: 3, 429: 1}
    assert len(server.fake.ledger) == 300
