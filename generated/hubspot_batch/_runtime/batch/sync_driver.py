"""Runs the engine with the sync client."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sized
from contextlib import closing
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import SDKError
from .batching import BatchOperation
from .opening import Opened, check_iterable, open_batch, open_stream
from .options import BatchOptions, StreamOptions
from .outcomes import BatchResult, Outcome
from .reporting import Reporter, keep_partial, result_of
from .sending import (
    Came,
    InCaller,
    InThreads,
    Sender,
    as_failure,
    lost,
    unsent,
)
from .streams import OutcomeStream
from .supply import Listed, Pulled, Supply
from .traffic import Shipment

if TYPE_CHECKING:
    from .clients import SyncBatchApi

__all__ = ["run_batch", "run_stream"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result


def run_batch(
    client: SyncBatchApi,
    operation: BatchOperation[I, R, Any],
    inputs: Iterable[object],
    options: BatchOptions,
    *,
    arguments: Mapping[str, object],
    fields: Mapping[str, object],
) -> BatchResult[I, R]:
    """Bring all inputs to an outcome.

    Raises:
        InvalidInputError: something cannot be sent; nothing was.
    """
    check_iterable(inputs, operation.batching.inputs, (Iterable,))
    opened = open_batch(
        operation,
        list(inputs),
        options,
        arguments=arguments,
        fields=fields,
        policy=client._policy,
        timing=client._timing,
    )
    run = _Run(client, operation, opened, Listed(opened.checked), len(opened.inputs))
    try:
        with closing(run.rounds()) as rounds:
            for _ in rounds:
                pass
    except BaseException as error:
        keep_partial(error, opened)
        raise
    return result_of(opened.engine)


def run_stream(
    client: SyncBatchApi,
    operation: BatchOperation[I, R, Any],
    inputs: Iterable[object],
    options: StreamOptions,
    *,
    arguments: Mapping[str, object],
    fields: Mapping[str, object],
) -> OutcomeStream[I, R]:
    """Bring inputs to an outcome as the outcomes are asked for.

    Raises:
        InvalidInputError: the options cannot be sent.
    """
    check_iterable(inputs, operation.batching.inputs, (Iterable,))
    opened = open_stream(
        operation,
        options,
        arguments=arguments,
        fields=fields,
        policy=client._policy,
        timing=client._timing,
    )
    supply = Pulled(iter(inputs), opened.preflight)
    total = len(inputs) if isinstance(inputs, Sized) else None
    run = _Run(client, operation, opened, supply, total)
    return OutcomeStream(opened.engine, run.rounds())


class _Run(Generic[I, R]):
    """One call, from the first request to the last."""

    def __init__(
        self,
        client: SyncBatchApi,
        operation: BatchOperation[I, R, Any],
        opened: Opened[I, R],
        supply: Supply,
        total: int | None,
    ) -> None:
        settings = opened.settings
        self._client = client
        self._operation = operation
        self._engine = opened.engine
        self._supply = supply
        self._clock = client._timing.clock
        self._timeout = client._timeout_for(settings.timeout)
        self._reporter = Reporter(opened.engine, settings.on_progress, total)
        sleep, most = client._timing.sleep, settings.concurrency
        self._sender: Sender
        if most == 1:
            self._sender = InCaller(self._exchange, sleep)
        else:
            self._sender = InThreads(self._exchange, sleep, most)

    def rounds(self) -> Generator[list[Outcome[I, R]]]:
        """The outcomes, some at a time. To be closed where it is not exhausted."""
        engine = self._engine
        try:
            while not engine.is_done:
                self._send_what_can_be_sent()
                self._reporter.report()
                if outcomes := engine.take():
                    yield outcomes
                elif not engine.is_done:
                    self._collect()
            self._reporter.report()
            yield engine.take()
            self._supply.check()
        finally:
            self._leave()

    def _send_what_can_be_sent(self) -> None:
        engine = self._engine
        while True:
            shipment = engine.next(self._clock())
            if shipment is not None:
                self._sender.submit(shipment)
            elif wanted := engine.wanted:
                self._supply.feed(engine, wanted)
            else:
                return

    def _collect(self) -> None:
        """Wait until something happens that the engine wants to know."""
        wake_at = self._engine.wake_at
        seconds = None if wake_at is None else max(0.0, wake_at - self._clock())
        arrival = self._sender.collect(seconds)
        if arrival is None:
            return
        shipment, came = arrival
        self._engine.receive(shipment, as_failure(came), self._clock())
        if isinstance(came, BaseException) and not isinstance(came, SDKError):
            raise came

    def _leave(self) -> None:
        """Whatever happened: nothing is left running, and no input without outcome."""
        engine = self._engine
        engine.finish()
        engine.halt(unsent())
        try:
            self._sender.close()
        finally:
            came = self._sender.uncollected
            for shipment in engine.in_flight:
                answer = as_failure(came.get(shipment, lost()))
                engine.receive(shipment, answer, self._clock())

    def _exchange(self, shipment: Shipment) -> Came:
        try:
            return self._client._exchange(
                self._operation,
                shipment.prepared,
                timeout=shipment.timeout(self._timeout),
                most=shipment.seconds_left,
            )
        except SDKError as error:
            # It is handed on as a value; where it was raised is of no use to anyone.
            return error.with_traceback(None)
        except BaseException as error:
            return error
