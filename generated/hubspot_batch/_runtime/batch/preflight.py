"""Checks inputs before they are sent, and takes mappings and bare values as models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import GenericAlias
from typing import Any

from ..errors import Finding, InvalidInputError
from ..inputs import accept
from .batching import Batching
from .values import has_field, keys_of, values_of

__all__ = ["Checked", "Preflight"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Inputs after the check.

    Attributes:
        inputs: as models; those that are refused as they were given.
        refused: what is wrong with those that cannot be sent, by position.
    """

    inputs: Sequence[Any]
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

    def check(self, given: Sequence[object]) -> Checked:
        """Check the next inputs."""
        refused: dict[int, list[Finding]] = {}
        inputs = self._typed(given, refused)
        sound: Sequence[int] = range(len(inputs))
        models: Sequence[Any] = inputs
        if refused:
            sound = [at for at in sound if at not in refused]
            models = [inputs[at] for at in sound]
        for at, name, message in (*self._twice(models, sound), *self._unnamed(models)):
            finding = self._finding(sound[at], f".{name}", message)
            refused.setdefault(sound[at], []).append(finding)
        self._count += len(given)
        return Checked(inputs=inputs, refused=refused)

    def _typed(
        self, given: Sequence[object], refused: dict[int, list[Finding]]
    ) -> Sequence[Any]:
        """The inputs as models. What is wrong with them is added to `refused`."""
        inputs = list(given)
        positions: Sequence[int] = range(len(inputs))
        while positions:
            label = self._batching.inputs
            try:
                sound = accept(
                    [given[at] for at in positions], self._array, label=label
                ).value
            except InvalidInputError as error:
                self._blame(error, positions, refused)
                positions = [at for at in positions if at not in refused]
                continue
            for at, model in zip(positions, sound, strict=True):
                inputs[at] = model
            break
        return inputs

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

    def _twice(
        self, models: Sequence[Any], positions: Sequence[int]
    ) -> Iterator[tuple[int, str, str]]:
        """Labels that an earlier input has already."""
        correlation = self._batching.correlation
        if correlation is None:
            return
        if self._is_stream:
            self._labels.clear()
        labels = keys_of(values_of(models, correlation.input), fold_case=False)
        if set(labels) <= {None}:
            return
        for at, label in enumerate(labels):
            if label is None:
                continue
            index = self._count + positions[at]
            first = self._labels.setdefault(label, index)
            if first != index:
                other = f"{self._batching.inputs}[{first}]"
                yield at, correlation.input, f"{label!r} is the label of {other} too"

    def _unnamed(self, models: Sequence[Any]) -> Iterator[tuple[int, str, str]]:
        """Inputs that name no unique property where one is needed, or a wrong one."""
        identity = self._batching.identity
        if identity is None or identity.property is None:
            return
        if not has_field(self._batching.input, identity.property):
            return
        named = values_of(models, identity.property)
        suspicious = {None, *identity.refused_properties}
        if suspicious.isdisjoint(named):
            return
        is_needed = identity.property_required and self._id_property is None
        for at, property in enumerate(named):
            if property is None and is_needed:
                message = "is required: the property that the id is a value of"
                yield at, identity.property, message
            elif property is not None and property in suspicious:
                yield at, identity.property, f"must not be {property!r}"

    def _finding(self, position: int, place: str, message: str) -> Finding:
        index = self._count + position
        name = self._batching.inputs
        return Finding(index=index, field=f"{name}[{index}]{place}", message=message)
