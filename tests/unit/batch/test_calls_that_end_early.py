"""Exceptions that are the outcome of no input, and what they leave behind."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import pytest
from _runtime import (
    Failed,
    Progress,
    Unknown,
    partial_result,
)
from _runtime.batch.sending import InThreads, lost

from support.batches import CreateInput
from support.drivers import Driver
from support.records import (
    Json,
    RecordsServer,
    all_ids,
    updates,
)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_error_in_a_callback_ends_the_call(driver: Driver, concurrency: int) -> None:
    def complain(progress: Progress) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough") as caught:
        driver.call(
            lambda crm: crm.records.update(
                updates(1000), on_progress=complain, concurrency=concurrency
            ),
            transport=RecordsServer().transport,
        )
    result = partial_result(caught.value)
    assert result is not None
    assert [outcome.input.id for outcome in result] == all_ids(1000)
    assert len(result.succeeded) >= 100
    assert isinstance(result.outcomes[-1], Failed)
    assert result.outcomes[-1].error.delivered is False


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_error_in_a_transport_ends_the_call(
    driver: Driver, concurrency: int
) -> None:
    def fail(number: int, inputs: Sequence[Json]) -> None:
        if number == 2:
            raise LookupError("broken hook")

    with pytest.raises(LookupError, match="broken hook") as caught:
        driver.call(
            lambda crm: crm.records.update(updates(1000), concurrency=concurrency),
            transport=RecordsServer(fail).transport,
        )
    result = partial_result(caught.value)
    assert result is not None
    assert len(result) == 1000
    assert result.unknown
    assert result.succeeded


def test_an_error_in_the_source_comes_before_anything_is_sent(driver: Driver) -> None:
    server = RecordsServer()

    def source() -> Iterator[Any]:
        yield from updates(150)
        raise LookupError("no more rows")

    with pytest.raises(LookupError) as caught:
        driver.call(
            lambda crm: crm.records.update(source()), transport=server.transport
        )
    assert partial_result(caught.value) is None
    assert server.requests == []


def test_errors_keep_no_frames_alive(driver: Driver) -> None:
    def fail(number: int, inputs: Sequence[Json]) -> None:
        raise httpx2.ConnectError("refused")

    result = driver.call(
        lambda crm: crm.records.update(updates(1), attempts=1),
        transport=RecordsServer(fail).transport,
    )
    error = result.failed[0].error
    assert error.__traceback__ is None
    assert error.__context__ is None


def test_creates_that_may_have_happened_are_not_sent_again(driver: Driver) -> None:
    def fail(number: int, inputs: Sequence[Json]) -> None:
        raise httpx2.ReadError("reset")

    server = RecordsServer(fail)
    result = driver.call(
        lambda crm: crm.records.create([CreateInput(properties={})]),
        transport=server.transport,
    )
    assert len(server.requests) == 1
    [outcome] = result
    assert isinstance(outcome, Unknown)
    assert outcome.cause.delivered is None


def test_a_thread_that_an_interrupt_kept_from_beginning_ends_when_it_begins() -> None:
    # An interrupt may come when a thread has been asked for and is not there yet, so
    # that nobody can wait for it.
    sender = InThreads(lambda shipment: lost(), time.sleep, 2)
    sender.close()
    late = sender._made()
    late.start()
    late.join(10)
    assert not late.is_alive()
