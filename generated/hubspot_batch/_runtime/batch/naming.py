"""Tells whose a result or an error is, by the names that inputs have in a request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from .batching import Batching, Identity
from .labels import Labels
from .paths import texts_at, without_texts
from .values import keys_of, put_values, values_of

__all__ = ["Naming"]


class Naming:
    """The names of the inputs of one request. A position is that of an input in it.

    Args:
        inputs: as the caller gave them.
        keys: the inputs' keys, no two alike.
        labels: their labels, if the API knows such.
        property: the unique property that the request names for all inputs.
    """

    def __init__(
        self,
        batching: Batching[Any, Any],
        inputs: Sequence[Any],
        keys: Sequence[str | None],
        labels: Labels | None,
        property: str | None,
    ) -> None:
        self._batching = batching
        self.inputs = inputs
        self._keys = keys
        self._labels = labels
        self._property = property

    def owners(self, results: Sequence[Any]) -> list[int | None]:
        """The position of the input that each result names; None for none of them.

        Labels come before identities: they were made to be unique. A label that only
        the server was to see is taken out of its result.
        """
        found = self._by_label(results)
        identity = self._batching.identity
        if identity is None or None not in found:
            return found
        for property, positions in self._by_property.items():
            keys = self._identities(results, identity, property)
            for index, key in enumerate(keys):
                if found[index] is None and key is not None:
                    found[index] = positions.get(key)
        return found

    def is_named(self, result: Any) -> bool:
        """Whether a result says at all which input it belongs to."""
        correlation, identity = self._batching.correlation, self._batching.identity
        names: list[Any] = []
        if correlation is not None:
            names += values_of([result], correlation.result)
        if identity is not None:
            for property in self._by_property:
                names += self._identities([result], identity, property)
        return any(name is not None for name in names)

    def named_by(self, error: object) -> set[int]:
        """The positions of the inputs that an error names."""
        correlation, identity = self._batching.correlation, self._batching.identity
        found: set[int] = set()
        if correlation is not None and self._labels is not None:
            labels = texts_at(error, correlation.error)
            found = set(_known(labels, self._labels.positions))
        if not found and identity is not None:
            keys = keys_of(
                [*texts_at(error, identity.error)], fold_case=identity.fold_case
            )
            found = set(_known(iter(keys), self._positions_by_key))
        return found

    def visible(self, said: Any) -> Any:
        """Plain JSON of an answer, without labels that only the server was to see."""
        correlation = self._batching.correlation
        if correlation is None or correlation.error is None or self._labels is None:
            return said
        return without_texts(said, correlation.error, self._labels.invented)

    @cached_property
    def _positions_by_key(self) -> dict[str | None, int]:
        return {key: at for at, key in enumerate(self._keys) if key is not None}

    @cached_property
    def _by_property(self) -> dict[str | None, dict[str | None, int]]:
        """Positions by key, for each property that keys are values of."""
        identity = self._batching.identity
        if identity is None:
            return {}
        named = values_of(self.inputs, identity.property)
        if self._property is not None or set(named) == {None}:
            return {self._property: self._positions_by_key}
        found: dict[str | None, dict[str | None, int]] = {}
        for at, (property, key) in enumerate(zip(named, self._keys, strict=True)):
            if key is not None:
                found.setdefault(property, {})[key] = at
        return found

    def _by_label(self, results: Sequence[Any]) -> list[int | None]:
        correlation, labels = self._batching.correlation, self._labels
        if correlation is None or correlation.result is None or labels is None:
            return [None] * len(results)
        said = keys_of(values_of(results, correlation.result), fold_case=False)
        found = list(map(labels.positions.get, said))
        if labels.invented:
            named, given = results, labels.given
            if None in found:
                named = [
                    each
                    for each, at in zip(results, found, strict=True)
                    if at is not None
                ]
            own = [given[at] for at in found if at is not None]
            put_values(named, correlation.result, own)
        return found

    def _identities(
        self, results: Sequence[Any], identity: Identity, property: str | None
    ) -> list[str | None]:
        """What each result says it is, as a key."""
        if property is None:
            values = values_of(results, identity.result)
        elif identity.properties is None:
            values = values_of(results, property)
        else:
            maps = values_of(results, identity.properties)
            values = values_of(maps, property)
        return keys_of(values, fold_case=identity.fold_case)


def _known(
    names: Iterator[str | None], positions: dict[str | None, int]
) -> Iterator[int]:
    for name in names:
        if name in positions:
            yield positions[name]
