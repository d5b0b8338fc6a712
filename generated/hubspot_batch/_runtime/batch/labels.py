"""The labels by which the answer to a request tells its inputs apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from ..codec import encode
from .columns import with_value
from .rows import Rows

__all__ = ["Labels", "labelled", "labels_for"]


@dataclass(frozen=True, slots=True)
class Labels:
    """One label for each input of a request.

    Attributes:
        sent: the labels as they are sent, each of them once.
        given: the caller's own; None if the caller gave none at all.
        invented: those that only the server is to see.
        positions: where each label stands.
    """

    sent: tuple[str, ...]
    given: Sequence[str | None] | None
    invented: frozenset[str]
    positions: dict[str | None, int]


def labels_for(rows: Rows) -> Labels:
    """The caller's labels where there are any, and numbers where not.

    A label that an earlier input has already is not sent a second time: its input gets
    a number instead. The same inputs always get the same labels.
    """
    if rows.labels is None:
        return _numbers(len(rows))
    own = set(rows.labels)
    numbers = (text for text in map(str, count(1)) if text not in own)
    sent: list[str] = []
    invented: set[str] = set()
    seen: set[str | None] = {None}
    for label in rows.labels:
        if label is None or label in seen:
            label = next(numbers)
            invented.add(label)
        seen.add(label)
        sent.append(label)
    return _labels(tuple(sent), rows.labels, frozenset(invented))


def labelled(rows: Rows, labels: Labels, name: str) -> Sequence[bytes]:
    """The inputs as JSON, each with its label in the field of this name."""
    if not labels.invented:
        return rows.lines
    if labels.given is None and b"{}" not in rows.lines:
        # A line begins with a brace, and so does an opening. Putting both together is
        # much less work than to copy every model for the sake of its label.
        pairs = zip(_openings(name, len(rows)), rows.lines, strict=True)
        return [opening + line[1:] for opening, line in pairs]
    return [
        _relabelled(item, name, label) if label in labels.invented else line
        for item, line, label in zip(rows.inputs, rows.lines, labels.sent, strict=True)
    ]


def _relabelled(item: Any, name: str, label: str) -> bytes:
    return encode(with_value(item, name, label))


@cache
def _openings(name: str, length: int) -> tuple[bytes, ...]:
    """How each of so many inputs begins if its label comes first."""
    return tuple(
        b"{%b:%b," % (encode(name), encode(label)) for label in _numbers(length).sent
    )


@cache
def _numbers(length: int) -> Labels:
    """Labels for inputs that have none. Chunks come in few sizes."""
    sent = tuple(map(str, range(1, length + 1)))
    return _labels(sent, None, frozenset(sent))


def _labels(
    sent: tuple[str, ...],
    given: Sequence[str | None] | None,
    invented: frozenset[str],
) -> Labels:
    return Labels(sent, given, invented, dict(zip(sent, range(len(sent)), strict=True)))
