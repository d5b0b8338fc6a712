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
        self._waiting: list[tuple[int, Any, Key]] = []
        self._busy: set[Key] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(
        self, indices: Iterable[int], inputs: Iterable[Any], keys: Iterable[Key]
    ) -> None:
        self._waiting.extend(zip(indices, inputs, keys, strict=True))

    def cut(self, *, final: bool) -> Chunk | None:
        """The next chunk; its keys are busy until they are released.

        Args:
            final: whether a chunk that is not full is wanted as well.
        """
        chosen, kept = self._choose()
        if not chosen or (len(chosen) < self._limit and not final):
            return None
        indices, inputs, keys = zip(*chosen, strict=True)
        self._busy.update(keys)
        self._busy.discard(None)
        self._waiting = kept
        return Chunk(indices, inputs, keys)

    def release(self, keys: Iterable[Key]) -> None:
        """These inputs have come to an outcome."""
        self._busy.difference_update(keys)

    def all(self) -> Chunk:
        """All that wait, as if it were one chunk."""
        indices = [index for index, _, _ in self._waiting]
        inputs = [item for _, item, _ in self._waiting]
        return Chunk(indices, inputs, [key for _, _, key in self._waiting])

    def clear(self) -> None:
        self._waiting.clear()

    def _choose(self) -> tuple[list[tuple[int, Any, Key]], list[tuple[int, Any, Key]]]:
        """What can go into one chunk, and what stays."""
        first = self._waiting[: self._limit]
        keys = [key for _, _, key in first if key is not None]
        distinct = set(keys)
        if len(distinct) == len(keys) and self._busy.isdisjoint(distinct):
            return first, self._waiting[self._limit :]
        chosen: list[tuple[int, Any, Key]] = []
        kept: list[tuple[int, Any, Key]] = []
        # What comes after an input that has to wait, and is about the same record,
        # has to wait for it.
        taken = set(self._busy)
        for item in self._waiting:
            key = item[2]
            if len(chosen) < self._limit and key not in taken:
                chosen.append(item)
            else:
                kept.append(item)
            if key is not None:
                taken.add(key)
        return chosen, kept
