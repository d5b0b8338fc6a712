"""Outcomes one by one, over a transport that is only imagined."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from _runtime import (
    Failed,
    InvalidInputError,
    Succeeded,
)

from support.clock import Clock
from support.drivers import Driver
from support.records import (
    RecordsServer,
    all_ids,
    refusal,
    updates,
)


def test_outcomes_come_in_the_order_of_the_inputs(driver: Driver) -> None:
    outcomes = driver.call(
        lambda crm: crm.records.iter_update(updates(750), concurrency=3),
        transport=RecordsServer().transport,
    )
    assert [outcome.input.id for outcome in outcomes] == all_ids(750)


def test_outcomes_may_come_as_soon_as_they_are_known(driver: Driver) -> None:
    clock = Clock()
    server = RecordsServer(lambda number, _: refusal(423) if number == 0 else None)
    outcomes = driver.call(
        lambda crm: crm.records.iter_update(updates(300), in_order=False),
        transport=server.transport,
        timing=clock.timing,
    )
    assert sorted(int(outcome.input.id) for outcome in outcomes) == list(range(300))


def test_what_cannot_be_sent_fails_among_the_others(driver: Driver) -> None:
    inputs: list[Any] = [*updates(3), 5, {"id": "x"}, *updates(2)]
    outcomes = driver.call(
        lambda crm: crm.records.iter_update(inputs),
        transport=RecordsServer().transport,
    )
    assert [type(outcome) for outcome in outcomes] == [
        *[Succeeded] * 3,
        *[Failed] * 2,
        *[Succeeded] * 2,
    ]
    assert outcomes[3].input == 5
    assert outcomes[4].input == {"id": "x"}
    assert isinstance(outcomes[4].error, InvalidInputError)
    assert "inputs[4].properties" in str(outcomes[4].error)


@pytest.mark.parametrize("concurrency", [1, 3])
def test_what_the_source_has_given_comes_before_its_error(
    driver: Driver, concurrency: int
) -> None:
    found: list[str] = []
    server = RecordsServer()

    def source() -> Iterator[Any]:
        yield from updates(250)
        raise LookupError("no more rows")

    async def asource() -> AsyncIterator[Any]:
        for item in source():
            yield item

    def use(crm: Any) -> Any:
        if not driver.is_async:
            for outcome in crm.records.iter_update(source(), concurrency=concurrency):
                found.append(outcome.input.id)
            return None

        async def gather() -> None:
            stream = crm.records.iter_update(asource(), concurrency=concurrency)
            async for outcome in stream:
                found.append(outcome.input.id)

        return gather()

    with pytest.raises(LookupError, match="no more rows"):
        driver.call(use, transport=server.transport)
    assert found == all_ids(250)
