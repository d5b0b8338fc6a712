"""Checks inputs before they are sent, and takes mappings and bare values as models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import GenericAlias
from typing import Any

from msgspec import UNSET

from ..codec import decode_lines, encode_lines
from ..errors import Finding, InvalidInputError
from ..inputs import accept
from .batching import Batching
from .columns import Columns, has_field
from .labels import content_of
from .rows import Rows

__all__ = ["Checked", "Preflight"]

# A finding before it is known which input it is about: its position, the field, and
# what is wrong with it.
Remark = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """Inputs after the check.

    Attributes:
        given: all of them, as they were given.
        rows: those that can be sent.
        positions: where these were among all.
        refused: where the others were, and what is wrong with them.
    """

    given: Sequence[Any]
    rows: Rows
    positions: Sequence[int]
    refused: Mapping[int, Sequence[Finding]]


class Preflight:
    """The check of the inputs of one call, some at a time.

    Args:
        id_property: the unique property that the body names for all inputs.
        is_stream: whether there may be more inputs than can be remembered. Then a label
            that is given twice is only found among those that are checked together.
    """

    def __init__(
        self,
        batching: Batching[Any, Any],
        *,
        id_property: str | None = None,
        is_stream: bool = False,
    ) -> None:
        self._batching = batching
        self._array: Any = GenericAlias(list, (batching.input,))
        self._id_property = id_property
        self._is_stream = is_stream
        self._count = 0
        self._labels: dict[str, int] = {}

    def check(self, given: Sequence[Any]) -> Checked:
        """Check the next inputs."""
        refused: dict[int, list[Finding]] = {}
        positions: Sequence[int] = range(len(given))
        columns = Columns(given)
        rows = self._sound_rows(columns)
        if rows is None:
            columns = Columns(self._models(given, refused))
            positions = [at for at in positions if at not in refused]
        remarks = [*self._twice(columns, positions), *self._unnamed(columns)]
        for at, name, message in remarks:
            finding = self._finding(positions[at], f".{name}", message)
            refused.setdefault(positions[at], []).append(finding)
        if remarks:
            kept = [at for at, each in enumerate(positions) if each not in refused]
            columns = Columns([columns.items[at] for at in kept])
            positions = [positions[at] for at in kept]
            rows = None
        self._count += len(given)
        if rows is None:
            rows = self._rows(columns)
        return Checked(given, rows, positions, refused)

    def _sound_rows(self, columns: Columns) -> Rows | None:
        """The inputs, if they are models, and what they hold is right as well.

        This is what `accept` finds out, too. But most inputs are sound models, and for
        them it is found out sooner here.
        """
        kind, models = self._batching.input, columns.items
        if columns.kind is not kind:
            return None
        try:
            # Nobody has checked yet what models are made of. What comes back from JSON
            # is sound; and if it is the same, then so is what was given.
            if not columns.are_sound():
                if decode_lines(encode_lines(models), kind) != models:
                    return None
            return self._rows(columns)
        except (TypeError, ValueError, OverflowError, RecursionError):
            return None

    def _rows(self, columns: Columns) -> Rows:
        identity, correlation = self._batching.identity, self._batching.correlation
        keys = labels = None
        if identity is not None:
            keys = columns.keys(identity.input, fold_case=identity.fold_case)
        if correlation is not None and not columns.is_unset(correlation.input):
            labels = columns.keys(correlation.input, fold_case=False)
        rows = Rows(columns.items, keys, labels)
        content_of(rows, correlation, columns)
        return rows

    def _models(
        self, given: Sequence[Any], refused: dict[int, list[Finding]]
    ) -> Sequence[Any]:
        """The sound inputs, as models. What is wrong with the others is added."""
        positions: Sequence[int] = range(len(given))
        while positions:
            chosen = [given[at] for at in positions]
            try:
                models: list[Any] = accept(
                    chosen, self._array, label=self._batching.inputs
                ).value
            except InvalidInputError as error:
                self._blame(error, positions, refused)
                positions = [at for at in positions if at not in refused]
            else:
                return models
        return []

    def _blame(
        self,
        error: InvalidInputError,
        positions: Sequence[int],
        refused: dict[int, list[Finding]],
    ) -> None:
        for finding in error.findings:
            if finding.index is not None:
                position = positions[finding.index]
                start = f"{self._batching.inputs}[{finding.index}]"
                place = finding.field.removeprefix(start)
                moved = self._finding(position, place, finding.message)
                refused.setdefault(position, []).append(moved)
        if refused.keys().isdisjoint(positions):
            # It is not about certain inputs, so it is about all.
            refused.update((at, list(error.findings)) for at in positions)

    def _twice(self, columns: Columns, positions: Sequence[int]) -> Iterator[Remark]:
        """Labels that an earlier input has already."""
        correlation = self._batching.correlation
        if correlation is None or columns.is_unset(correlation.input):
            return
        if self._is_stream:
            self._labels.clear()
        labels = columns.keys(correlation.input, fold_case=False)
        for at, label in enumerate(labels):
            if label is None:
                continue
            index = self._count + positions[at]
            first = self._labels.setdefault(label, index)
            if first != index:
                other = f"{self._batching.inputs}[{first}]"
                yield at, correlation.input, f"{label!r} is the label of {other} too"

    def _unnamed(self, columns: Columns) -> Iterator[Remark]:
        """Inputs that name no unique property where one is needed, or a wrong one."""
        identity = self._batching.identity
        if identity is None or identity.property is None:
            return
        if not has_field(self._batching.input, identity.property):
            return
        is_needed = identity.property_required and self._id_property is None
        if not is_needed and columns.is_unset(identity.property):
            return
        for at, property in enumerate(columns.raw(identity.property)):
            if property is UNSET or property is None:
                if is_needed:
                    message = "is required: the property that the id is a value of"
                    yield at, identity.property, message
            elif property in identity.refused_properties:
                yield at, identity.property, f"must not be {property!r}"

    def _finding(self, position: int, place: str, message: str) -> Finding:
        index = self._count + position
        name = self._batching.inputs
        return Finding(index=index, field=f"{name}[{index}]{place}", message=message)
