"""Collects outcomes as they come to be known, and hands them out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from .outcomes import Failed, Outcome, Succeeded, Unknown
from .progress import Progress

__all__ = ["Delivery"]


class Delivery:
    """Outcomes by the index of their input.

    Args:
        in_order: whether an outcome is handed out after those of all earlier inputs
            only.
    """

    def __init__(self, *, in_order: bool) -> None:
        self._in_order = in_order
        self._known: dict[int, Outcome[Any, Any]] = {}
        # Put, but not yet in what is known: mostly that is never needed.
        self._put: list[tuple[Sequence[int], Sequence[Outcome[Any, Any]]]] = []
        self._next = 0
        self._counts: dict[type, int] = {Succeeded: 0, Failed: 0, Unknown: 0}
        self.taken = 0

    def put(
        self, indices: Sequence[int], outcomes: Sequence[Outcome[Any, Any]]
    ) -> None:
        self._put.append((indices, outcomes))
        kinds = set(map(type, outcomes))
        if len(kinds) == 1:
            self._counts[kinds.pop()] += len(outcomes)
            return
        for outcome in outcomes:
            self._counts[type(outcome)] += 1

    def put_missing(
        self, indices: Sequence[int], outcomes: Sequence[Outcome[Any, Any]]
    ) -> None:
        """Outcomes for those of the inputs that have none yet."""
        self._enter()
        pairs = zip(indices, outcomes, strict=True)
        fresh = [pair for pair in pairs if pair[0] not in self._known]
        self.put([index for index, _ in fresh], [outcome for _, outcome in fresh])

    def take(self) -> list[Outcome[Any, Any]]:
        """What can be handed out, in the order in which it is to be handed out."""
        self._enter()
        if self._in_order:
            last = self._next
            while last in self._known:
                last += 1
            indices: Sequence[int] = range(self._next, last)
            self._next = last
        else:
            indices = list(self._known)
        return self._hand_out(indices)

    def all(self) -> tuple[Outcome[Any, Any], ...]:
        """Where there is an outcome for every input: all of them."""
        if not self._known:
            found: list[Outcome[Any, Any]] = []
            for indices, outcomes in sorted(self._put, key=_first):
                if indices == range(len(found), len(found) + len(outcomes)):
                    found += outcomes
            if len(found) == sum(len(outcomes) for _, outcomes in self._put):
                return tuple(found)
        self._enter()
        return tuple(map(self._known.__getitem__, range(len(self._known))))

    def take_all(self) -> dict[int, Outcome[Any, Any]]:
        """All that is known, by index, in the order of the inputs."""
        self._enter()
        indices = sorted(self._known)
        return dict(zip(indices, self._hand_out(indices), strict=True))

    def progress(self, total: int | None) -> Progress:
        counts = self._counts
        return Progress(
            done=sum(counts.values()),
            succeeded=counts[Succeeded],
            failed=counts[Failed],
            unknown=counts[Unknown],
            total=total,
        )

    def _enter(self) -> None:
        for indices, outcomes in self._put:
            self._known.update(zip(indices, outcomes, strict=True))
        # Not earlier: an interrupt must not find them nowhere.
        self._put.clear()

    def _hand_out(self, indices: Sequence[int]) -> list[Outcome[Any, Any]]:
        outcomes = list(map(self._known.pop, indices))
        self.taken += len(outcomes)
        return outcomes


def _first(put: tuple[Sequence[int], object]) -> int:
    return put[0][0] if put[0] else 0


def same(kind: Any, inputs: Sequence[Any], error: Any) -> list[Outcome[Any, Any]]:
    """The same outcome for all inputs."""
    return list(map(kind, inputs, repeat(error)))
