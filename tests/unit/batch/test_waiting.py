"""Calls that have to wait, and how long they do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence

import httpx2
import pytest
from _runtime import (
    DeadlineError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    Unknown,
)

from support.batches import CreateInput
from support.clock import Clock
from support.drivers import Driver
from support.records import (
    Json,
    RecordsServer,
    refusal,
    updates,
)


@pytest.mark.parametrize("concurrency", [1, 2])
def test_what_was_refused_for_now_is_sent_again(
    driver: Driver, concurrency: int
) -> None:
    clock = Clock()
    server = RecordsServer(lambda number, _: refusal(423) if number == 0 else None)
    result = driver.call(
        lambda crm: crm.records.create(
            [CreateInput(properties={})] * 3, concurrency=concurrency
        ),
        transport=server.transport,
        timing=clock.timing,
    )
    assert len(result.succeeded) == 3
    assert len(server.requests) == 2
    assert sum(clock.slept) == 2 or concurrency > 1


def test_a_wait_that_is_too_long_is_not_begun(driver: Driver) -> None:
    clock = Clock()
    server = RecordsServer(
        lambda *_: httpx2.Response(429, headers={"Retry-After": "61"}, json={})
    )
    result = driver.call(
        lambda crm: crm.records.update(updates(250)),
        transport=server.transport,
        timing=clock.timing,
    )
    assert clock.slept == []
    # Everybody would have to wait for so long.
    assert len(server.requests) == 1
    assert len(result.failed) == 250
    assert isinstance(result.failed[0].error, RateLimitError)
    patient = driver.call(
        lambda crm: crm.records.update(updates(1), max_wait=61, attempts=2),
        transport=server.transport,
        timing=clock.timing,
    )
    assert clock.slept == [61]
    assert len(patient.failed) == 1


def test_a_refused_credential_is_the_end_of_it(driver: Driver) -> None:
    server = RecordsServer(lambda number, _: refusal(403) if number == 1 else None)
    result = driver.call(
        lambda crm: crm.records.update(updates(500)), transport=server.transport
    )
    assert len(server.requests) == 2
    assert len(result.succeeded) == 100
    errors = {id(failed.error) for failed in result.failed}
    assert len(errors) == 1
    assert isinstance(result.failed[-1].error, PermissionDeniedError)


def test_nothing_is_sent_after_the_deadline(driver: Driver) -> None:
    clock = Clock()

    def pass_time(number: int, inputs: Sequence[Json]) -> None:
        clock.now += 4

    server = RecordsServer(pass_time)
    result = driver.call(
        lambda crm: crm.records.update(updates(500), deadline=10, timeout=5),
        transport=server.transport,
        timing=clock.timing,
    )
    assert len(result.succeeded) == 300
    assert len(result.failed) == 200
    assert isinstance(result.failed[0].error, DeadlineError)
    timeouts = [request.extensions["timeout"]["read"] for request in server.received]
    assert timeouts == [5, 5, 2]


class Endless(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body of which there soon is some more, and never an end."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"{"
        while True:
            time.sleep(0.001)
            yield b" "

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        while True:
            await asyncio.sleep(0.001)
            yield b" "


def test_an_answer_without_an_end_does_not_outlast_the_deadline(driver: Driver) -> None:
    result = driver.call(
        lambda crm: crm.records.update(updates(1), deadline=0.05),
        transport=httpx2.MockTransport(
            lambda request: httpx2.Response(200, stream=Endless())
        ),
    )
    [outcome] = result.outcomes
    assert isinstance(outcome, Unknown)
    assert isinstance(outcome.cause, RequestTimeoutError)


def test_a_wait_past_the_deadline_is_not_begun(driver: Driver) -> None:
    clock = Clock()
    server = RecordsServer(lambda *_: refusal(423))
    result = driver.call(
        lambda crm: crm.records.update(updates(1), deadline=1),
        transport=server.transport,
        timing=clock.timing,
    )
    assert clock.slept == []
    assert result.failed[0].error.status == 423
