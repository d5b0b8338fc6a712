"""Whoever leaves a call before its end learns what is known, and nothing goes on.

What is said then is compared with the fake's ledger: what succeeded is in it, what
failed is not, and nobody is left out.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, TypeAlias

import pytest

from hubspot_batch import (
    AsyncHubSpot,
    CallStoppedError,
    CreateInput,
    DeadlineError,
    Failed,
    HubSpot,
    Record,
    Succeeded,
    Unknown,
    partial_result,
)
from hubspot_batch.testing import Fault
from support.faults import ALL, LOCKED, SLOW, FaultPlan
from support.hubspot import TOKEN, Driver
from support.hurry import hurried
from support.served import Served, served

Outcomes: TypeAlias = Sequence[
    Succeeded[CreateInput, Record] | Failed[CreateInput] | Unknown[CreateInput]
]

COUNT = 6000
# Nothing that takes long: the end is to come in the middle of the work.
FAULTS = tuple(fault for fault in ALL if fault not in (SLOW, LOCKED))
CONCURRENCY = [1, 4]


@pytest.fixture
def server(over_socket: bool) -> Iterator[Served]:
    # At four requests at a time, all of them take a third of a second at least.
    with served(over_socket, FaultPlan(3, FAULTS), latency=0.02) as server:
        yield server


def inputs() -> Iterator[CreateInput]:
    return (CreateInput(properties={"row": str(number)}) for number in range(COUNT))


def row(item: CreateInput) -> int:
    return int(item.properties["row"])


def check(server: Served, outcomes: Outcomes) -> None:
    """Nobody is left out, and everything is true."""
    rows = [row(outcome.input) for outcome in outcomes]
    assert rows == list(range(len(rows)))
    done = [int(commit.input["properties"]["row"]) for commit in server.fake.ledger]
    assert len(set(done)) == len(done)
    assert set(done) <= set(rows)
    for outcome in outcomes:
        if isinstance(outcome, Succeeded):
            assert row(outcome.input) in done
        if isinstance(outcome, Failed):
            assert row(outcome.input) not in done


def threads_of_calls() -> list[threading.Thread]:
    """Those that send requests; the server has threads as well."""
    return [each for each in threading.enumerate() if each.name.endswith("(run)")]


@pytest.mark.parametrize("concurrency", CONCURRENCY)
def test_a_stream_that_is_left(concurrency: int, server: Served) -> None:
    outcomes: list[Any] = []
    with hurried(HubSpot(TOKEN, **server.options)) as hubspot:
        stream = hubspot.deals.iter_batch_create(inputs(), concurrency=concurrency)
        with stream:
            for outcome in stream:
                outcomes.append(outcome)
                if len(outcomes) == 1234:
                    assert stream.undelivered == ()
                    break
        seen = len(server.fake.requests)
        assert threads_of_calls() == []
        check(server, [*outcomes, *stream.undelivered])
        assert len(stream.undelivered) <= 100 * (concurrency + 2)
        assert list(stream) == []
    assert len(server.fake.requests) == seen


@pytest.mark.parametrize("concurrency", CONCURRENCY)
def test_an_async_stream_that_is_left(concurrency: int, server: Served) -> None:
    async def run() -> None:
        outcomes: list[Any] = []
        async with hurried(AsyncHubSpot(TOKEN, **server.options)) as hubspot:
            stream = hubspot.deals.iter_batch_create(
                asynchronous(inputs()), concurrency=concurrency
            )
            async with stream:
                async for outcome in stream:
                    outcomes.append(outcome)
                    if len(outcomes) == 1234:
                        break
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert [outcome async for outcome in stream] == []
        # What was on its way may still arrive at the server.
        server.close()
        check(server, [*outcomes, *stream.undelivered])
        assert len(stream.undelivered) <= 100 * (concurrency + 2)

    asyncio.run(run())


async def asynchronous(source: Iterator[CreateInput]) -> AsyncIterator[CreateInput]:
    for item in source:
        await asyncio.sleep(0)
        yield item


@pytest.mark.parametrize("concurrency", CONCURRENCY)
def test_a_deadline(concurrency: int, server: Served, driver: Driver) -> None:
    with driver.open(**server.options) as hubspot:
        result = driver.run(
            hurried(hubspot),
            lambda hubspot: hubspot.deals.batch_create(
                inputs(), concurrency=concurrency, deadline=0.1
            ),
        )
    server.close()
    assert len(result) == COUNT
    check(server, result.outcomes)
    unsent = [each for each in result.failed if isinstance(each.error, DeadlineError)]
    assert all(each.error.delivered is False for each in unsent)
    assert row(unsent[-1].input) == COUNT - 1
    assert result.outcomes[0].input


class Interrupting(FaultPlan):
    """Presses Ctrl-C while some request, and with it all others, wait for an answer."""

    def __init__(self, number: int) -> None:
        super().__init__(3, FAULTS)
        self._left = number

    def __call__(self, effect: str | None, inputs: Sequence[Any]) -> Fault | None:
        self._left -= 1
        if self._left == 0:
            # Until there is nothing left to do but to wait for this.
            time.sleep(0.05)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            time.sleep(0.05)
        return super().__call__(effect, inputs)


@pytest.mark.skipif(
    threading.current_thread() is not threading.main_thread(),
    reason="signals come to the main thread only",
)
@pytest.mark.parametrize("concurrency", CONCURRENCY)
@pytest.mark.parametrize("number", [1, 7, 30])
def test_an_interrupt(number: int, concurrency: int, over_socket: bool) -> None:
    source = list(inputs())
    with served(over_socket, Interrupting(number)) as server:
        with hurried(HubSpot(TOKEN, **server.options)) as hubspot:
            with pytest.raises(KeyboardInterrupt) as caught:
                hubspot.deals.batch_create(source, concurrency=concurrency)
            assert threads_of_calls() == []
        server.close()
        check_partial(server, caught.value)


def test_an_error_of_the_callback(server: Served, driver: Driver) -> None:
    def complain(progress: Any) -> None:
        if progress.done >= 1000:
            raise ZeroDivisionError

    with (
        driver.open(**server.options) as hubspot,
        pytest.raises(ZeroDivisionError) as caught,
    ):
        driver.run(
            hurried(hubspot),
            lambda hubspot: hubspot.deals.batch_create(
                inputs(), concurrency=4, on_progress=complain
            ),
        )
    server.close()
    check_partial(server, caught.value)


@pytest.mark.parametrize("concurrency", CONCURRENCY)
@pytest.mark.parametrize("seconds", [0.03, 0.06, 0.1])
def test_a_task_that_is_cancelled(
    seconds: float, concurrency: int, server: Served
) -> None:
    async def run() -> BaseException:
        async with hurried(AsyncHubSpot(TOKEN, **server.options)) as hubspot:
            call = hubspot.deals.batch_create(inputs(), concurrency=concurrency)
            task = asyncio.create_task(call)
            await asyncio.sleep(seconds)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}
            return caught.value

    error = asyncio.run(run())
    server.close()
    check_partial(server, error)


def check_partial(server: Served, error: BaseException) -> None:
    result = partial_result(error)
    assert result is not None
    assert len(result) == COUNT
    check(server, result.outcomes)
    last = result.outcomes[-1]
    assert isinstance(last, Failed)
    assert isinstance(last.error, CallStoppedError)
    assert last.error.delivered is False


def test_a_source_that_breaks_off(server: Served, driver: Driver) -> None:
    def source() -> Iterator[CreateInput]:
        for number, item in enumerate(inputs()):
            if number == 1234:
                raise ZeroDivisionError
            yield item

    outcomes: list[Any] = []
    with (
        driver.open(**server.options) as hubspot,
        pytest.raises(ZeroDivisionError),
    ):
        driver.run(
            hurried(hubspot),
            lambda hubspot: into(outcomes, hubspot.deals.iter_batch_create(source())),
        )
    assert len(outcomes) == 1234
    check(server, outcomes)


def into(outcomes: list[Any], stream: Any) -> Any:
    """Put the outcomes of a stream into a list; to be awaited if the stream is."""
    if hasattr(stream, "__aiter__"):

        async def awaited() -> None:
            async for outcome in stream:
                outcomes.append(outcome)

        return awaited()
    return outcomes.extend(stream)
