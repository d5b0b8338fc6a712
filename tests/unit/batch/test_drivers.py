"""Calls from end to end, over a transport that is only imagined."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import httpx2
import pytest
from _runtime import (
    BatchResult,
    DeadlineError,
    Failed,
    InvalidInputError,
    PermissionDeniedError,
    Progress,
    RateLimitError,
    RequestTimeoutError,
    Succeeded,
    Unknown,
    partial_result,
)
from _runtime.batch.opening import Timing
from _runtime.batch.sending import InThreads, lost

from support.batches import CreateInput, Parcel, UpdateInput
from support.drivers import Driver
from support.records import Json, RecordsServer, refusal

COLOUR: ContextVar[str] = ContextVar("colour", default="none")


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)

    @property
    def timing(self) -> Timing:
        return Timing(
            clock=lambda: self.now,
            random=lambda: 0.0,
            sleep=self.sleep,
            asleep=self.asleep,
        )


def updates(count: int) -> list[UpdateInput]:
    return [UpdateInput(id=str(number), properties={}) for number in range(count)]


def ids_of(inputs: Sequence[Any]) -> list[str]:
    return [each["id"] for each in inputs]


def all_ids(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def check_all_succeeded(result: BatchResult[Any, Any], count: int) -> None:
    assert [outcome.input.id for outcome in result] == all_ids(count)
    results: list[Any] = [each.result for each in result.succeeded]
    assert [each.id for each in results] == all_ids(count)


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 100, 101, 350])
def test_any_number_of_inputs(driver: Driver, count: int, concurrency: int) -> None:
    server = RecordsServer()
    result = driver.call(
        lambda crm: crm.records.update(updates(count), concurrency=concurrency),
        transport=server.transport,
    )
    check_all_succeeded(result, count)
    assert len(server.requests) == -(-count // 100)
    assert sum(map(len, server.requests)) == count


def test_inputs_of_all_kinds(driver: Driver) -> None:
    server = RecordsServer()

    def generated() -> Iterator[Any]:
        yield UpdateInput(id="0", properties={})
        yield {"id": "1", "properties": {}}

    async def awaited() -> AsyncIterator[Any]:
        for item in generated():
            yield item

    sources: list[Any] = [generated, lambda: tuple(generated())]
    if driver.is_async:
        sources.append(awaited)
    for source in sources:
        for use in (
            lambda crm, s=source: crm.records.update(s()),
            lambda crm, s=source: crm.records.iter_update(s()),
        ):
            result = driver.call(use, transport=server.transport)
            assert [outcome.input.id for outcome in result] == ["0", "1"]
    bare = dict.fromkeys(["0", "1"]).keys()
    read = driver.call(lambda crm: crm.records.read(bare), transport=server.transport)
    check_all_succeeded(read, 2)


def test_the_sync_client_cannot_await_its_inputs(driver: Driver) -> None:
    async def awaited() -> AsyncIterator[Any]:
        yield {}

    if not driver.is_async:
        with pytest.raises(InvalidInputError, match="only the async client"):
            driver.call(lambda crm: crm.records.update(awaited()))


def test_an_api_with_other_names(driver: Driver) -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        assert request.method == "PUT"
        assert request.url.path == "/depots/north/moves"
        assert body["dryRun"] is True
        moves = body["parcelMoves"]
        assert len(moves) <= 7
        refused = [each for each in moves if each["target"] == "nowhere"]
        moved = [each for each in moves if each["target"] != "nowhere"]
        return httpx2.Response(
            200,
            json={
                "moved": [
                    {"parcelNumber": each["number"], "place": each["target"]}
                    for each in reversed(moved)
                ],
                "refusals": [
                    {"parcel": each["number"], "title": "?"} for each in refused
                ],
            },
        )

    moves = [
        {"number": number, "target": "nowhere" if number == 9 else "quay"}
        for number in range(20)
    ]
    result = driver.call(
        lambda crm: crm.parcels.move(moves, dry_run=True),
        transport=httpx2.MockTransport(handle),
    )
    [failed] = result.failed
    assert (failed.input.number, failed.error.message) == (9, "?")
    assert result.outcomes[3].result == Parcel(parcel_number=3, place="quay")
    assert len(result.succeeded) == 19


def test_the_endpoint_itself_can_be_called(driver: Driver) -> None:
    if driver.is_async:
        return
    answer = driver.call(
        lambda crm: crm.records.post_update([{"id": "7", "properties": {}}]),
        transport=RecordsServer().transport,
    )
    assert [record.id for record in answer.results] == ["7"]


def test_so_many_requests_at_a_time() -> None:
    # That they meet here shows that they are on their way at the same time.
    meeting = threading.Barrier(4, timeout=30)

    def meet(number: int, inputs: Sequence[Json]) -> None:
        meeting.wait()

    from support.batches import Crm

    with Crm(transport=RecordsServer(meet).transport) as crm:
        result = crm.records.update(updates(800), concurrency=4)
    check_all_succeeded(result, 800)


def test_so_many_requests_at_a_time_in_tasks() -> None:
    from support.batches import AsyncCrm

    async def main() -> Any:
        meeting = asyncio.Barrier(4)
        server = RecordsServer()

        async def handle(request: httpx2.Request) -> httpx2.Response:
            async with asyncio.timeout(30):
                await meeting.wait()
            return server(request)

        async with AsyncCrm(transport=httpx2.MockTransport(handle)) as crm:
            return await crm.records.update(updates(800), concurrency=4)

    check_all_succeeded(asyncio.run(main()), 800)


def test_no_more_threads_than_there_is_to_do() -> None:
    from support.batches import Crm

    names: set[str] = set()

    def note(number: int, inputs: Sequence[Json]) -> None:
        names.add(threading.current_thread().name)

    with Crm(transport=RecordsServer(note).transport) as crm:
        crm.records.update(updates(10), concurrency=50)
        assert len(names) == 1
        names.clear()
        crm.records.update(updates(10))
        assert names == {threading.current_thread().name}


def test_what_is_set_in_the_callers_context_holds(driver: Driver) -> None:
    seen: set[str] = set()

    def note(number: int, inputs: Sequence[Json]) -> None:
        seen.add(COLOUR.get())

    token = COLOUR.set("green")
    try:
        driver.call(
            lambda crm: crm.records.update(updates(300), concurrency=3),
            transport=RecordsServer(note).transport,
        )
    finally:
        COLOUR.reset(token)
    assert seen == {"green"}


def test_findings_come_before_anything_is_sent(driver: Driver) -> None:
    server = RecordsServer()
    inputs: list[Any] = [*updates(150), {"id": "x"}]
    with pytest.raises(InvalidInputError) as caught:
        driver.call(lambda crm: crm.records.update(inputs), transport=server.transport)
    assert [finding.index for finding in caught.value.findings] == [150]
    with pytest.raises(InvalidInputError):
        driver.call(lambda crm: crm.records.update("7"), transport=server.transport)
    with pytest.raises(InvalidInputError):
        driver.call(
            lambda crm: crm.records.iter_update(updates(1), attempts=0),
            transport=server.transport,
        )
    with pytest.raises(TypeError, match="'concurency'"):
        driver.call(
            lambda crm: crm.records.update([], concurency=2), transport=server.transport
        )
    with pytest.raises(ValueError, match="timeout"):
        driver.call(
            lambda crm: crm.records.update([], timeout=-1), transport=server.transport
        )
    assert server.requests == []


def test_a_client_that_is_closed_is_no_failure_of_inputs(driver: Driver) -> None:
    def use(crm: Any) -> Any:
        crm._closed = True
        return crm.records.update(updates(1))

    with pytest.raises(RuntimeError, match="is closed"):
        driver.call(use, transport=RecordsServer().transport)


# Waiting


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


def test_headers_and_timeouts_are_those_of_the_call(driver: Driver) -> None:
    server = RecordsServer()
    driver.call(
        lambda crm: crm.records.update(
            updates(200), headers={"X-Own": "1"}, timeout=httpx2.Timeout(7, read=None)
        ),
        transport=server.transport,
    )
    for request in server.received:
        assert request.headers["X-Own"] == "1"
        assert request.extensions["timeout"]["read"] is None
        assert request.extensions["timeout"]["connect"] == 7


# Progress


def test_progress_is_told_after_each_answer(driver: Driver) -> None:
    told: list[Progress] = []
    server = RecordsServer(lambda number, _: refusal(404) if number == 1 else None)
    driver.call(
        lambda crm: crm.records.update(updates(250), on_progress=told.append),
        transport=server.transport,
    )
    assert told == [
        Progress(done=100, succeeded=100, failed=0, unknown=0, total=250),
        Progress(done=200, succeeded=100, failed=100, unknown=0, total=250),
        Progress(done=250, succeeded=150, failed=100, unknown=0, total=250),
    ]


def test_the_total_of_a_stream_is_told_where_it_is_known(driver: Driver) -> None:
    totals: list[int | None] = []

    def note(progress: Progress) -> None:
        totals.append(progress.total)

    for source in (list, iter):

        def use(crm: Any, source: Any = source) -> Any:
            return crm.records.iter_update(source(updates(1)), on_progress=note)

        driver.call(use, transport=RecordsServer().transport)
    assert totals == [1, None]


# Exceptions that are nobody's outcome


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


# Streams


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


def test_a_thread_that_an_interrupt_kept_from_beginning_ends_when_it_begins() -> None:
    # An interrupt may come when a thread has been asked for and is not there yet, so
    # that nobody can wait for it.
    sender = InThreads(lambda shipment: lost(), time.sleep, 2)
    sender.close()
    late = sender._made()
    late.start()
    late.join(10)
    assert not late.is_alive()
