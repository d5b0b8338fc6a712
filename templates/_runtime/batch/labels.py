"""The labels by which the answer to a request tells its inputs apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from ..codec import encode, encode_lines
from .batching import Correlation
from .values import all_unset, keys_of, values_of, with_values

__all__ = ["Labels", "labelled", "labels_for"]


@dataclass(frozen=True, slots=True)
class Labels:
    """One label for each input of a request.

    Attributes:
        sent: the labels as they are sent, each of them once.
        given: the caller's own; None where the caller gave none.
        invented: those that only the server is to see.
        positions: where each label stands.
    """

    sent: tuple[str, ...]
    given: tuple[str | None, ...]
    invented: frozenset[str]
    positions: dict[str | None, int]


def labels_for(inputs: Sequence[Any], correlation: Correlation) -> Labels:
    """The caller's labels where there are any, and numbers where not.

    A label that an earlier input has already is not sent a second time: its input gets
    a number instead. The same inputs always get the same labels.
    """
    if all_unset(inputs, correlation.input):
        return _numbers(len(inputs))
    given = keys_of(values_of(inputs, correlation.input), fold_case=False)
    own = set(given)
    numbers = (text for text in map(str, count(1)) if text not in own)
    sent: list[str] = []
    invented: set[str] = set()
    seen: set[str | None] = {None}
    for label in given:
        if label is None or label in seen:
            label = next(numbers)
            invented.add(label)
        seen.add(label)
        sent.append(label)
    return _labels(tuple(sent), tuple(given), frozenset(invented))


def labelled(inputs: Sequence[Any], labels: Labels, correlation: Correlation) -> bytes:
    """The inputs as the JSON array that is sent, each with its label."""
    name = correlation.input
    if labels is _numbers(len(inputs)):
        # To copy every model for the sake of its label would cost more than all else.
        lines = encode_lines(inputs).split(b"\n")[:-1]
        if b"{}" not in lines:
            # A line begins with a brace, and so does an opening.
            parts = zip(_openings(name, len(lines)), lines, strict=True)
            return b"[%b]" % b",".join([start + line[1:] for start, line in parts])
    if not labels.invented:
        return encode(inputs)
    return encode(with_values(inputs, name, labels.sent))


@cache
def _openings(name: str, length: int) -> tuple[bytes, ...]:
    """How each of the inputs begins if its label comes first."""
    return tuple(
        b"{%b:%b," % (encode(name), encode(label)) for label in _numbers(length).sent
    )


@cache
def _numbers(length: int) -> Labels:
    """Labels for inputs that have none. Chunks come in few sizes."""
    sent = tuple(map(str, range(1, length + 1)))
    return _labels(sent, (None,) * length, frozenset(sent))


def _labels(
    sent: tuple[str, ...], given: tuple[str | None, ...], invented: frozenset[str]
) -> Labels:
    return Labels(sent, given, invented, dict(zip(sent, range(len(sent)), strict=True)))
