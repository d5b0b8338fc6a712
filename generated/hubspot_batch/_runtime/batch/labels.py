"""The labels by which the answer to a request tells its inputs apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from .batching import Correlation
from .values import keys_of, values_of, with_values

__all__ = ["Labels", "labelled", "labels_for"]


@dataclass(frozen=True, slots=True)
class Labels:
    """One label for each input of a request.

    Attributes:
        sent: the labels as they are sent, each of them once.
        given: the caller's own; None where the caller gave none.
        invented: those that only the server is to see.
    """

    sent: tuple[str, ...]
    given: tuple[str | None, ...]
    invented: frozenset[str]


def labels_for(inputs: Sequence[Any], correlation: Correlation) -> Labels:
    """The caller's labels where there are any, and numbers where not.

    A label that an earlier input has already is not sent a second time: its input gets
    a number instead. The same inputs always get the same labels.
    """
    given = keys_of(values_of(inputs, correlation.input), fold_case=False)
    own = set(given)
    if own == {None}:
        return _numbers(len(given))
    numbers = (text for text in map(str, count(1)) if text not in own)
    sent: list[str] = []
    invented: set[str] = set()
    seen: set[str | None] = {None}
    for label in given:
        if label is None or label in seen:
            number = next(numbers)
            invented.add(number)
            sent.append(number)
        else:
            seen.add(label)
            sent.append(label)
    return Labels(tuple(sent), tuple(given), frozenset(invented))


def labelled(
    inputs: Sequence[Any], labels: Labels, correlation: Correlation
) -> Sequence[Any]:
    """The inputs as they are sent: copies, where labels were invented."""
    if not labels.invented:
        return inputs
    return with_values(inputs, correlation.input, labels.sent)


@cache
def _numbers(length: int) -> Labels:
    """Labels for inputs that have none. Chunks come in few sizes."""
    sent = tuple(map(str, range(1, length + 1)))
    return Labels(sent, (None,) * length, frozenset(sent))
