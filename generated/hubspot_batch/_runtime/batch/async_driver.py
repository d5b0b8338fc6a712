"""Runs the engine with the async client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping, Sized
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import SDKError
from .batching import BatchOperation
from .feeding import AsyncPulled
from .opening import Opened, check_iterable, open_batch, open_stream
from .options import BatchOptions, StreamOptions
from .outcomes import BatchResult, Outcome
from .reporting import Reporter, keep_partial, result_of
from .sending import Came, as_failure, lost, unsent
from .streams import AnyIterable, AsyncOutcomeStream
from .supply import Listed, Pulled, Supply
from .traffic import Shipment

if TYPE_CHECKING:
    from .clients import AsyncBatchApi

__all__ = ["arun_batch", "arun_stream"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result


async def arun_batch(
    client: AsyncBatchApi,
    operation: BatchOperation[I, R, Any],
    inputs: AnyIterable[object],
    options: BatchOptions,
    *,
    arguments: Mapping[str, object],
    fields: Mapping[str, object],
) -> BatchResult[I, R]:
    """Bring all inputs to an outcome; see `run_batch`."""
    check_iterable(inputs, operation.batching.inputs, (Iterable, AsyncIterable))
    if isinstance(inputs, AsyncIterable):
        given = [item async for item in inputs]
    else:
        given = list(inputs)
    opened = open_batch(
        operation,
        given,
        options,
        arguments=arguments,
        fields=fields,
        policy=client._policy,
        timing=client._timing,
    )
    supply = Listed(opened.checked)
    run = _AsyncRun(client, operation, opened, supply, len(opened.inputs))
    try:
        async with aclosing(run.rounds()) as rounds:
            async for _ in rounds:
                pass
    except BaseException as error:
        keep_partial(error, opened)
        raise
    return result_of(opened.engine)


def arun_stream(
    client: AsyncBatchApi,
    operation: BatchOperation[I, R, Any],
    inputs: AnyIterable[object],
    options: StreamOptions,
    *,
    arguments: Mapping[str, object],
    fields: Mapping[str, object],
) -> AsyncOutcomeStream[I, R]:
    """Bring inputs to an outcome as the outcomes are asked for; see `run_stream`."""
    check_iterable(inputs, operation.batching.inputs, (Iterable, AsyncIterable))
    opened = open_stream(
        operation,
        options,
        arguments=arguments,
        fields=fields,
        policy=client._policy,
        timing=client._timing,
    )
    supply: Supply | AsyncPulled
    if isinstance(inputs, AsyncIterable):
        supply = AsyncPulled(inputs, opened.preflight)
    else:
        supply = Pulled(iter(inputs), opened.preflight)
    total = len(inputs) if isinstance(inputs, Sized) else None
    run = _AsyncRun(client, operation, opened, supply, total)
    return AsyncOutcomeStream(opened.engine, run.rounds())


class _AsyncRun(Generic[I, R]):
    """One call, from the first request to the last."""

    def __init__(
        self,
        client: AsyncBatchApi,
        operation: BatchOperation[I, R, Any],
        opened: Opened[I, R],
        supply: Supply | AsyncPulled,
        total: int | None,
    ) -> None:
        settings = opened.settings
        self._client = client
        self._operation = operation
        self._engine = opened.engine
        self._supply = supply
        self._source = supply if isinstance(supply, AsyncPulled) else None
        self._clock = client._timing.clock
        self._timeout = client._timeout_for(settings.timeout)
        self._reporter = Reporter(opened.engine, settings.on_progress, total)
        # One request at a time needs no task, unless inputs are pulled in the meantime.
        self._has_tasks = settings.concurrency > 1 or self._source is not None
        self._alone: Shipment | None = None
        self._tasks: dict[asyncio.Task[Came], Shipment] = {}

    async def rounds(self) -> AsyncGenerator[list[Outcome[I, R]]]:
        """The outcomes, some at a time. To be closed where it is not exhausted."""
        engine = self._engine
        try:
            while not engine.is_done:
                self._send_what_can_be_sent()
                self._reporter.report()
                if outcomes := engine.take():
                    yield outcomes
                elif not engine.is_done:
                    await self._collect()
            self._reporter.report()
            yield engine.take()
            self._supply.check()
        finally:
            await self._leave()

    def _send_what_can_be_sent(self) -> None:
        engine = self._engine
        while True:
            shipment = engine.next(self._clock())
            if shipment is not None:
                self._submit(shipment)
            elif (wanted := engine.wanted) and not self._is_pulling:
                self._supply.feed(engine, wanted)
            else:
                return

    def _submit(self, shipment: Shipment) -> None:
        if self._has_tasks:
            task = asyncio.create_task(self._exchange(shipment))
            self._tasks[task] = shipment
        else:
            self._alone = shipment

    @property
    def _is_pulling(self) -> bool:
        return self._source is not None and self._source.is_pulling

    async def _collect(self) -> None:
        """Wait until something happens that the engine wants to know."""
        if self._alone is not None:
            shipment, self._alone = self._alone, None
            self._receive(shipment, await self._exchange(shipment))
            return
        wake_at = self._engine.wake_at
        seconds = None if wake_at is None else max(0.0, wake_at - self._clock())
        awaited: list[asyncio.Future[Any]] = [*self._tasks]
        if self._source is not None and self._source.arrival is not None:
            awaited.append(self._source.arrival)
        if not awaited:
            await self._client._timing.asleep(seconds or 0.0)
            return
        await asyncio.wait(
            awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if self._source is not None and self._source.has_arrived:
            self._source.deliver(self._engine)
        for task in [task for task in self._tasks if task.done()]:
            self._receive(self._tasks.pop(task), _came_of(task))

    def _receive(self, shipment: Shipment, came: Came) -> None:
        self._engine.receive(shipment, as_failure(came), self._clock())
        if isinstance(came, BaseException) and not isinstance(came, SDKError):
            raise came

    async def _leave(self) -> None:
        """Whatever happened: nothing is left running, and no input without outcome."""
        engine = self._engine
        engine.finish()
        engine.halt(unsent())
        for task in self._tasks:
            task.cancel()
        try:
            if self._source is not None:
                await self._source.close()
                self._source.deliver(engine)
            if self._tasks:
                await asyncio.wait(self._tasks)
        finally:
            came = {each: _came_of(task) for task, each in self._tasks.items()}
            if self._alone is not None:
                came[self._alone] = unsent()
            for shipment in engine.in_flight:
                answer = as_failure(came.get(shipment, lost()))
                engine.receive(shipment, answer, self._clock())
            self._tasks.clear()

    async def _exchange(self, shipment: Shipment) -> Came:
        try:
            return await self._client._exchange(
                self._operation,
                shipment.prepared,
                timeout=shipment.timeout(self._timeout),
                most=shipment.seconds_left,
            )
        except SDKError as error:
            # It is handed on as a value; where it was raised is of no use to anyone.
            return error.with_traceback(None)
        except Exception as error:
            return error


def _came_of(task: asyncio.Task[Came]) -> Came:
    is_over = task.done() and not task.cancelled()
    return task.result() if is_over else lost()
