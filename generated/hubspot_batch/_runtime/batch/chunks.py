"""Cuts a sequence of inputs into the chunks that go into one request each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import SDKError

if TYPE_CHECKING:
    from .isolation import Trial

__all__ = ["Chunk", "Pending"]

# A record's key: equal for inputs that are about the same record, None for an input
# that is about none that exists yet.
Key: TypeAlias = str | None


class Chunk:
    """Inputs that are in one request, or were, or will be.

    Attributes:
        indices: which inputs of the call they are, in rising order.
        inputs: the inputs themselves.
        keys: their keys.
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
        "inputs",
        "keys",
        "resume_at",
        "trial",
    )

    def __init__(
        self, indices: Sequence[int], inputs: Sequence[Any], keys: Sequence[Key]
    ) -> None:
        self.indices = indices
        self.inputs = inputs
        self.keys = keys
        self.attempts = 0
        self.ambiguous: SDKError | None = None
        self.failure: SDKError | None = None
        self.resume_at = 0.0
        self.trial: Trial | None = None

    def __len__(self) -> int:
        return len(self.indices)

    def part(self, positions: Iterable[int]) -> Chunk:
        """A chunk of some of the inputs, to be sent for the first time as such."""
        chosen = list(positions)
        part = Chunk(
            [self.indices[position] for position in chosen],
            [self.inputs[position] for position in chosen],
            [self.keys[position] for position in chosen],
        )
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
        # Both are replaced as a whole: an interrupt must not find them half done.
        self._waiting = Chunk([], [], [])
        self._after_cut = self._waiting
        self._busy: set[Key] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(
        self, indices: Iterable[int], inputs: Iterable[Any], keys: Iterable[Key]
    ) -> None:
        before = self._waiting
        self._waiting = Chunk(
            [*before.indices, *indices],
            [*before.inputs, *inputs],
            [*before.keys, *keys],
        )

    def cut(self, *, final: bool) -> Chunk | None:
        """The next chunk. It stays here until it is taken.

        Args:
            final: whether a chunk that is not full is wanted as well.
        """
        chunk, after = self._first(self._limit)
        keys = set(chunk.keys)
        keys.discard(None)
        has_twins = len(keys) < len(chunk) - chunk.keys.count(None)
        if has_twins or not keys.isdisjoint(self._busy):
            chunk, after = self._first_distinct()
        if not len(chunk) or (len(chunk) < self._limit and not final):
            return None
        self._after_cut = after
        return chunk

    def take(self, chunk: Chunk) -> None:
        """Take out what has just been cut. Its keys are busy until they are released."""
        self._busy.update(chunk.keys)
        self._busy.discard(None)
        self._waiting = self._after_cut

    def release(self, keys: Iterable[Key]) -> None:
        """The inputs with these keys have come to an outcome."""
        self._busy.difference_update(keys)

    def all(self) -> Chunk:
        """All that wait, as if it were one chunk."""
        return self._waiting

    def clear(self) -> None:
        self._waiting = Chunk([], [], [])

    def _first(self, count: int) -> tuple[Chunk, Chunk]:
        """The first so many, and the others."""
        indices, inputs, keys = (
            self._waiting.indices,
            self._waiting.inputs,
            self._waiting.keys,
        )
        return (
            Chunk(indices[:count], inputs[:count], keys[:count]),
            Chunk(indices[count:], inputs[count:], keys[count:]),
        )

    def _first_distinct(self) -> tuple[Chunk, Chunk]:
        """The first that can be in one chunk, and the others."""
        chosen: list[int] = []
        kept: list[int] = []
        # What is about the same record as an input that has to wait has to wait, too.
        taken = set(self._busy)
        for at, key in enumerate(self._waiting.keys):
            if len(chosen) < self._limit and key not in taken:
                chosen.append(at)
            else:
                kept.append(at)
            if key is not None:
                taken.add(key)
        return self._waiting.part(chosen), self._waiting.part(kept)
