"""Calls from end to end, over a transport that is only imagined."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import httpx2
import pytest
from _runtime import (
    InvalidInputError,
    Progress,
)

from support.batches import Parcel, UpdateInput
from support.drivers import Driver
from support.records import (
    Json,
    RecordsServer,
    check_all_succeeded,
    refusal,
    updates,
)

COLOUR: ContextVar[str] = ContextVar("colour", default="none")


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
