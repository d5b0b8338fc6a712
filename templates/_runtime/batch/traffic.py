"""Where the chunks of a call are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpx2

from ..operation import PreparedRequest
from .chunks import Chunk, Pending
from .naming import Naming

__all__ = ["Shipment", "Traffic"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shipment:
    """A request that is to be sent now.

    Attributes:
        seconds_left: how long the call may still take; None for any time.
        naming: what the answer has to be read with.
    """

    prepared: PreparedRequest
    seconds_left: float | None
    naming: Naming

    def timeout(self, usual: httpx2.Timeout) -> httpx2.Timeout:
        """The timeout for it: the usual one, if there is so much time left."""
        left = self.seconds_left
        if left is None:
            return usual
        parts = usual.as_dict().items()
        return httpx2.Timeout(
            **{name: left if each is None else min(each, left) for name, each in parts}
        )


class Traffic:
    """At any time a chunk is in one of these places: due to be sent, on its way,
    waiting to be sent again, or held back until a trial is over.

    An interrupt may come between any two steps. So that it never finds a chunk
    nowhere, a chunk is put into its new place before it is taken out of the old one.

    Args:
        pending: the inputs that are in no chunk yet.
        slots: how many chunks may be on their way or waiting at a time. Who waits
            keeps its slot: a server in trouble is not to be sent all the others in
            the meantime.
    """

    def __init__(self, pending: Pending, slots: int) -> None:
        self.pending = pending
        self._slots = slots
        self._due: deque[Chunk] = deque()
        self._sent: dict[Shipment, Chunk] = {}
        self._waiting: list[Chunk] = []
        self._held: list[Chunk] = []

    @property
    def is_empty(self) -> bool:
        return not (
            self._sent or self._waiting or self._due or self._held or self.pending
        )

    @property
    def is_open(self) -> bool:
        """Whether a chunk could be sent for the first time, if there were one."""
        return not self._due and self._has_free_slot

    @property
    def resume_at(self) -> float | None:
        """When the first of those that wait is to be sent again."""
        return min((chunk.resume_at for chunk in self._waiting), default=None)

    @property
    def in_flight(self) -> Sequence[Shipment]:
        """What is on its way."""
        return tuple(self._sent)

    def choose(self, now: float, *, final: bool) -> Chunk | None:
        """The chunk whose turn it is. It stays where it is until it departs.

        Args:
            final: whether a chunk may be cut that is not full.
        """
        if self._waiting:
            for chunk in self._waiting:
                if chunk.resume_at <= now:
                    return chunk
        if not self._has_free_slot:
            return None
        if not self._due:
            cut = self.pending.cut(final=final)
            if cut is not None:
                self._due.append(cut)
                self.pending.take(cut)
        return self._due[0] if self._due else None

    def depart(self, chunk: Chunk, shipment: Shipment) -> None:
        """The chunk that was chosen is on its way."""
        self._sent[shipment] = chunk
        if chunk in self._waiting:
            self._waiting.remove(chunk)
        else:
            self._due.remove(chunk)

    def on_its_way(self, shipment: Shipment) -> Chunk:
        return self._sent[shipment]

    def arrive(self, shipment: Shipment) -> None:
        """What was on its way has been dealt with."""
        del self._sent[shipment]

    def wait(self, chunk: Chunk) -> None:
        """The chunk is to be sent again at its time."""
        self._waiting.append(chunk)

    def put_first(self, chunks: Iterable[Chunk]) -> None:
        """The chunks are to be sent next, in this order."""
        for chunk in reversed(list(chunks)):
            if chunk.trial is not None:
                self._held.append(chunk.trial.rest)
            self._due.appendleft(chunk)

    def let_go(self, chunk: Chunk) -> None:
        """The chunk is not held back any more."""
        self._held.remove(chunk)

    def stopped(self) -> list[Chunk]:
        """All that is not on its way."""
        stopped = [*self._waiting, *self._due, *self._held, self.pending.all()]
        return [chunk for chunk in stopped if len(chunk)]

    def clear(self) -> None:
        """Forget all that is not on its way."""
        self._waiting.clear()
        self._due.clear()
        self._held.clear()
        self.pending.clear()

    @property
    def _has_free_slot(self) -> bool:
        return len(self._sent) + len(self._waiting) < self._slots
