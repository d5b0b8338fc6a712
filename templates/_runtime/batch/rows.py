"""Inputs in the form in which the engine handles them: in columns, not one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

__all__ = ["Key", "Rows"]

# Equal for inputs that are about the same record; None for one about none as yet.
Key: TypeAlias = str | None


class Rows:
    """Inputs that have been checked, a row for each.

    Attributes:
        inputs: as the caller has them, models or what stands for them.
        keys: which records they are about; None if the API has no identity.
        labels: the labels that the caller gave; None if there is none.
        content: all of them in the form in which they are sent as one request: a JSON
            array. None if they have not been put into it yet.
    """

    __slots__ = ("content", "inputs", "keys", "labels")

    def __init__(
        self,
        inputs: Sequence[Any],
        keys: Sequence[Key] | None,
        labels: Sequence[str | None] | None,
    ) -> None:
        self.inputs = inputs
        self.keys = keys
        self.labels = labels
        self.content: bytes | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    def part(self, positions: Sequence[int]) -> Rows:
        """Some of the rows."""
        keys, labels = self.keys, self.labels
        return Rows(
            [self.inputs[at] for at in positions],
            None if keys is None else [keys[at] for at in positions],
            None if labels is None else [labels[at] for at in positions],
        )

    def between(self, start: int, stop: int | None) -> Rows:
        """The rows from one position up to another."""
        keys, labels = self.keys, self.labels
        return Rows(
            self.inputs[start:stop],
            None if keys is None else keys[start:stop],
            None if labels is None else labels[start:stop],
        )

    def followed_by(self, others: Rows) -> Rows:
        """These rows, and others behind them."""
        labels: Sequence[str | None] | None = None
        if self.labels is not None or others.labels is not None:
            labels = [*_filled(self), *_filled(others)]
        keys: Sequence[Key] | None = None
        if self.keys is not None and others.keys is not None:
            keys = [*self.keys, *others.keys]
        return Rows([*self.inputs, *others.inputs], keys, labels)


def _filled(rows: Rows) -> Sequence[str | None]:
    return rows.labels if rows.labels is not None else [None] * len(rows)
