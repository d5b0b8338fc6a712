"""Sends requests one at a time in the caller's thread, or several in threads.

An interrupt may come between any two steps in the caller's thread. So an answer is
kept until the next is asked for: it never is only in the hands of the one interrupted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol, TypeAlias

from ..errors import SDKError
from ..operation import Answer
from .errors import CallStoppedError
from .traffic import Shipment

__all__ = [
    "Came",
    "Exchange",
    "InCaller",
    "InThreads",
    "Sender",
    "as_failure",
    "lost",
    "unsent",
]

# What one request comes to: an answer, an SDKError, or something that nobody foresaw,
# such as an interrupt. It is returned, never raised.
Came: TypeAlias = Answer | BaseException
Exchange: TypeAlias = Callable[[Shipment], Came]


class Sender(Protocol):
    """Sends requests."""

    def submit(self, shipment: Shipment) -> None:
        """Send it, at the latest when something is collected."""

    def collect(self, seconds: float | None) -> tuple[Shipment, Came] | None:
        """What came of a request. None if nothing does for so many seconds."""

    def close(self) -> None:
        """Send nothing any more, wait for what is on its way, and leave no thread."""

    @property
    def uncollected(self) -> Mapping[Shipment, Came]:
        """What has come and not been collected, or has just been."""
        ...


def lost() -> CallStoppedError:
    """For a request of which nobody has the answer."""
    return CallStoppedError("the call was left before the answer came", delivered=None)


def unsent() -> CallStoppedError:
    """For what there was no time to send."""
    return CallStoppedError("the call was left before it was sent", delivered=False)


def as_failure(came: Came) -> Answer | SDKError:
    """What came, in the terms of the engine."""
    return came if isinstance(came, (Answer, SDKError)) else lost()


class InCaller:
    """Sends a request when its answer is asked for."""

    def __init__(self, exchange: Exchange, sleep: Callable[[float], None]) -> None:
        self._exchange = exchange
        self._sleep = sleep
        self._submitted: deque[Shipment] = deque()
        self._came: dict[Shipment, Came] = {}

    def submit(self, shipment: Shipment) -> None:
        self._submitted.append(shipment)

    def collect(self, seconds: float | None) -> tuple[Shipment, Came] | None:
        self._came.clear()
        if not self._submitted:
            self._sleep(seconds or 0.0)
            return None
        shipment = self._submitted[0]
        self._came[shipment] = lost()
        self._submitted.popleft()
        self._came[shipment] = came = self._exchange(shipment)
        return shipment, came

    def close(self) -> None:
        for shipment in self._submitted:
            self._came[shipment] = unsent()

    @property
    def uncollected(self) -> Mapping[Shipment, Came]:
        return self._came


class InThreads:
    """Sends each request at once, in a thread that waits for the answer.

    Threads are made as they are needed, and hold nothing but what they send.

    Args:
        most: how many requests are on their way at a time, at most.
    """

    def __init__(
        self, exchange: Exchange, sleep: Callable[[float], None], most: int
    ) -> None:
        self._exchange = exchange
        self._sleep = sleep
        self._most = most
        self._submitted: SimpleQueue[Shipment | None] = SimpleQueue()
        self._arrived: SimpleQueue[Shipment] = SimpleQueue()
        self._came: dict[Shipment, Came] = {}
        self._collected: Shipment | None = None
        self._threads: list[Thread] = []
        self._on_their_way = 0

    def submit(self, shipment: Shipment) -> None:
        if self._on_their_way == len(self._threads) < self._most:
            # Known before it runs: an interrupt may come in between.
            self._threads.append(self._made())
            self._threads[-1].start()
        self._on_their_way += 1
        self._submitted.put(shipment)

    def collect(self, seconds: float | None) -> tuple[Shipment, Came] | None:
        if self._collected is not None:
            del self._came[self._collected]
            self._collected = None
        if not self._on_their_way:
            self._sleep(seconds or 0.0)
            return None
        try:
            shipment = self._arrived.get(timeout=seconds)
        except Empty:
            return None
        self._on_their_way -= 1
        self._collected = shipment
        return shipment, self._came[shipment]

    def close(self) -> None:
        self._submitted.put(None)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    @property
    def uncollected(self) -> Mapping[Shipment, Came]:
        return dict(self._came)

    def _made(self) -> Thread:
        return Thread(
            # What the caller has set in its context holds for its requests.
            target=copy_context().run,
            args=(_work, self._exchange, self._submitted, self._came, self._arrived),
            # Who interrupts a second time does not wait for the answers.
            daemon=True,
        )


def _work(
    exchange: Exchange,
    submitted: SimpleQueue[Shipment | None],
    came: dict[Shipment, Came],
    arrived: SimpleQueue[Shipment],
) -> None:
    while (shipment := submitted.get()) is not None:
        came[shipment] = exchange(shipment)
        arrived.put(shipment)
    # The next one is to end as well.
    submitted.put(None)
