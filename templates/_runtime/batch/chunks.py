"""Cuts a sequence of inputs into the chunks that go into one request each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..errors import SDKError
from .rows import Key, Rows

if TYPE_CHECKING:
    from .isolation import Trial

__all__ = ["Chunk", "Pending"]

_NOTHING = Rows((), (), None)


class Chunk:
    """Inputs that are in one request, or were, or will be.

    Attributes:
        indices: which inputs of the call they are, in rising order.
        rows: the inputs themselves.
        attempts: how many times they have been sent as this chunk.
        ambiguous: the first failure after which they may have had their effect.
        failure: how the last attempt failed.
        resume_at: when to send them again.
        trial: what is tried out with them, if something is.
    """

    __slots__ = (
        "ambiguous",
        "attempts",
        "failure",
        "indices",
        "resume_at",
        "rows",
        "trial",
    )

    def __init__(self, indices: Sequence[int], rows: Rows) -> None:
        self.indices = indices
        self.rows = rows
        self.attempts = 0
        self.ambiguous: SDKError | None = None
        self.failure: SDKError | None = None
        self.resume_at = 0.0
        self.trial: Trial | None = None

    def __len__(self) -> int:
        return len(self.indices)

    def part(self, positions: Sequence[int]) -> Chunk:
        """A chunk of some of the inputs, to be sent for the first time as such."""
        part = Chunk([self.indices[at] for at in positions], self.rows.part(positions))
        part.ambiguous = self.ambiguous
        return part


class Pending:
    """The inputs that wait for their first request, in their order.

    Inputs with the same key never are on their way at the same time: a later one waits
    until the outcome of the earlier one is there.

    Args:
        limit: how many inputs a chunk holds at most.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # Replaced as a whole: an interrupt must not find it half done.
        self._waiting = Chunk((), _NOTHING)
        self._after_cut = self._waiting
        self._busy: set[Key] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, indices: Sequence[int], rows: Rows) -> None:
        """More inputs, behind those that wait."""
        before = self._waiting
        if len(before):
            indices = [*before.indices, *indices]
            rows = before.rows.followed_by(rows)
        self._waiting = Chunk(indices, rows)

    def cut(self, *, final: bool) -> Chunk | None:
        """The next chunk. It stays here until it is taken.

        Args:
            final: whether a chunk that is not full is wanted as well.
        """
        if not len(self._waiting):
            return None
        chunk, after = self._first()
        if chunk.rows.keys is not None and self._is_blocked(chunk.rows.keys):
            chunk, after = self._first_distinct()
        if not len(chunk) or (len(chunk) < self._limit and not final):
            return None
        self._after_cut = after
        return chunk

    def take(self, chunk: Chunk) -> None:
        """Take out what has just been cut. Its keys are busy until released."""
        if chunk.rows.keys is not None:
            self._busy.update(chunk.rows.keys)
            self._busy.discard(None)
        self._waiting = self._after_cut

    def release(self, keys: Iterable[Key] | None) -> None:
        """The inputs with these keys have come to an outcome."""
        if keys is not None:
            self._busy.difference_update(keys)

    def all(self) -> Chunk:
        """All that wait, as if it were one chunk."""
        return self._waiting

    def clear(self) -> None:
        self._waiting = Chunk((), _NOTHING)

    def _is_blocked(self, keys: Sequence[Key]) -> bool:
        """Whether a record is among them twice, or is on its way already."""
        distinct = set(keys)
        count = len(keys)
        if None in distinct:
            distinct.discard(None)
            count -= sum(key is None for key in keys)
        return len(distinct) < count or not distinct.isdisjoint(self._busy)

    def _first(self) -> tuple[Chunk, Chunk]:
        """As many as go into one chunk, and the others."""
        waiting, limit = self._waiting, self._limit
        if len(waiting) <= limit:
            return Chunk(waiting.indices, waiting.rows), Chunk((), _NOTHING)
        return (
            Chunk(waiting.indices[:limit], waiting.rows.between(0, limit)),
            Chunk(waiting.indices[limit:], waiting.rows.between(limit, None)),
        )

    def _first_distinct(self) -> tuple[Chunk, Chunk]:
        """The first that can be in one chunk, and the others."""
        chosen: list[int] = []
        kept: list[int] = []
        # What is about the same record as an input that has to wait has to wait, too.
        taken = set(self._busy)
        for at, key in enumerate(self._waiting.rows.keys or ()):
            if len(chosen) < self._limit and key not in taken:
                chosen.append(at)
            else:
                kept.append(at)
            if key is not None:
                taken.add(key)
        return self._waiting.part(chosen), self._waiting.part(kept)
