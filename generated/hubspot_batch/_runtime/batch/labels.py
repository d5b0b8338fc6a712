"""The labels by which the answer to a request tells its inputs apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from ..codec import encode
from ..structure import is_struct
from .batching import Correlation
from .columns import Columns, with_value
from .rows import Rows

__all__ = ["Labels", "content_of", "labelled", "labels_for"]


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


def content_of(
    rows: Rows, correlation: Correlation | None, columns: Columns | None = None
) -> bytes:
    """The inputs as a JSON array, with a label each if the API knows such.

    Args:
        columns: the same inputs, where they have been looked at already.
    """
    if rows.content is None:
        inputs = rows.inputs
        if correlation is not None:
            columns = columns or Columns(inputs)
            inputs = labelled(columns, labels_for(rows), correlation.input)
        rows.content = encode(inputs)
    return rows.content


def labelled(columns: Columns, labels: Labels, name: str) -> Sequence[Any]:
    """The inputs, each with its label in the field of this name.

    They are copies where they had another label, or none.
    """
    inputs, kind = columns.items, columns.kind
    if not labels.invented:
        return inputs
    if labels.given is None and is_struct(kind):
        copies = list(map(kind.__copy__, inputs))
        Columns(copies, kind).put(name, labels.sent)
        return copies
    return [
        with_value(item, name, label) if label in labels.invented else item
        for item, label in zip(inputs, labels.sent, strict=True)
    ]


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
