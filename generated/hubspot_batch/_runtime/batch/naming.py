"""Tells whose a result or an error is, by the names that inputs have in a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any

from msgspec import UNSET

from ..structure import is_struct
from .batching import Batching, Identity
from .columns import Columns, folded
from .labels import Labels
from .paths import texts_at, without_texts
from .rows import Key, Rows

__all__ = ["Naming"]


class Naming:
    """The names of the inputs of one request. A position is that of an input in it.

    Args:
        rows: the inputs. No two of their keys are alike.
        labels: their labels, if the API knows such.
        property: the unique property that the request names for all inputs.
    """

    def __init__(
        self,
        batching: Batching[Any, Any],
        rows: Rows,
        labels: Labels | None,
        property: str | None,
    ) -> None:
        self._batching = batching
        self._rows = rows
        self._labels = labels
        self._property = property

    @property
    def inputs(self) -> Sequence[Any]:
        return self._rows.inputs

    def in_order(self, results: Sequence[Any]) -> list[Any] | None:
        """The results in the order of the inputs, if each names another input.

        As nearly always. None if it is not so; `owners` tells what is so then. What
        that says of labels holds here as well.

        Args:
            results: all of the declared form.
        """
        if len(results) != len(self.inputs):
            return None
        declared = self._batching.result
        columns = Columns(results, declared if is_struct(declared) else None)
        correlation, labels = self._batching.correlation, self._labels
        if labels is not None and correlation is not None and correlation.result:
            said = columns.keys(correlation.result, fold_case=False)
            found = _ordered(labels.sent, said, results)
            if found is not None:
                if labels.given is None:
                    columns.put(correlation.result, repeat(UNSET))
                elif labels.invented:
                    at = list(map(labels.positions.__getitem__, said))
                    _hide(labels, columns, at, correlation.result)
                return found
            if not columns.is_unset(correlation.result):
                return None
        identity = self._batching.identity
        if identity is None or len(self._by_property) != 1:
            return None
        [property] = self._by_property
        said = [*_identities(columns, identity, property)]
        return _ordered(self._rows.keys or (), said, results)

    def owners(self, results: Sequence[Any]) -> list[int | None]:
        """The position of the input that each result names; None for none of them.

        Labels come before identities: they were made to be unique. A label that only
        the server was to see is taken out of its result.
        """
        columns = Columns(results)
        found = self._by_label(columns)
        identity = self._batching.identity
        if identity is None or None not in found:
            return found
        pairs = zip(found, self._by_identity(columns, identity), strict=True)
        return [named if labelled is None else labelled for labelled, named in pairs]

    def may_be_only(self, result: Any) -> bool:
        """Whether the only result, for the only input, can be taken for that input's.

        It can where inputs have no identity, and so none that the result could tell,
        unless it has a label, which then is another's.
        """
        if self._batching.identity is not None or len(self.inputs) != 1:
            return False
        correlation = self._batching.correlation
        if correlation is None or correlation.result is None:
            return True
        return Columns([result]).values(correlation.result) == [None]

    def named_by(self, error: object) -> set[int]:
        """The positions of the inputs that an error names."""
        correlation, identity = self._batching.correlation, self._batching.identity
        found: set[int] = set()
        if correlation is not None and self._labels is not None:
            labels = texts_at(error, correlation.error)
            found = set(_known(labels, self._labels.positions))
        if not found and identity is not None:
            keys: list[Key] = [*texts_at(error, identity.error)]
            if identity.fold_case:
                keys = folded(keys)
            found = set(_known(keys, self._by_key))
        return found

    def visible(self, said: Any) -> Any:
        """Plain JSON of an answer, without labels that only the server was to see."""
        correlation = self._batching.correlation
        if correlation is None or correlation.error is None or self._labels is None:
            return said
        return without_texts(said, correlation.error, self._labels.invented)

    @cached_property
    def _by_key(self) -> dict[Key, int]:
        keys = self._rows.keys or ()
        return {key: at for at, key in enumerate(keys) if key is not None}

    @cached_property
    def _by_property(self) -> dict[str | None, dict[Key, int]]:
        """Positions by key, for each property that keys are values of."""
        identity = self._batching.identity
        if identity is None:
            return {}
        if self._property is not None or identity.property is None:
            return {self._property: self._by_key}
        columns = Columns(self.inputs)
        if columns.is_unset(identity.property):
            return {None: self._by_key}
        found: dict[str | None, dict[Key, int]] = {}
        properties = columns.values(identity.property)
        for at, (property, key) in enumerate(
            zip(properties, self._rows.keys or (), strict=True)
        ):
            if key is not None:
                found.setdefault(property, {})[key] = at
        return found

    def _by_identity(
        self, columns: Columns, identity: Identity
    ) -> Sequence[int | None]:
        ways = [
            list(map(positions.get, _identities(columns, identity, property)))
            for property, positions in self._by_property.items()
        ]
        if len(ways) == 1:
            return ways[0]
        # A result that is one input's by its id and another's by a property is
        # neither's: which of them stands first says nothing.
        named = [set(owners) - {None} for owners in zip(*ways, strict=True)]
        return [owners.pop() if len(owners) == 1 else None for owners in named]

    def _by_label(self, columns: Columns) -> list[int | None]:
        correlation, labels = self._batching.correlation, self._labels
        if correlation is None or correlation.result is None or labels is None:
            return [None] * len(columns.items)
        said = columns.keys(correlation.result, fold_case=False)
        found = list(map(labels.positions.get, said))
        if labels.invented:
            _hide(labels, columns, found, correlation.result)
        return found


def _ordered(
    names: Sequence[Key], said: Sequence[Key], results: Sequence[Any]
) -> list[Any] | None:
    """The results by the names that they say, one for each; None if it is not so."""
    by_name = dict(zip(said, results, strict=True))
    if len(by_name) < len(names) or None in by_name:
        return None
    try:
        return list(map(by_name.__getitem__, names))
    except KeyError:
        return None


def _hide(
    labels: Labels, columns: Columns, found: Sequence[int | None], name: str
) -> None:
    """Leave in results only such labels as the caller has given."""
    if None in found:
        pairs = zip(columns.items, found, strict=True)
        columns = Columns([result for result, at in pairs if at is not None])
    given = labels.given
    if given is None:
        columns.put(name, repeat(UNSET))
        return
    own = [given[at] for at in found if at is not None]
    columns.put(name, [UNSET if label is None else label for label in own])


def _identities(
    columns: Columns, identity: Identity, property: str | None
) -> Iterable[Key]:
    """What each result says it is, as a key."""
    if property is None:
        if identity.result is None:
            return repeat(None, len(columns.items))
        return columns.keys(identity.result, fold_case=identity.fold_case)
    if identity.properties is not None:
        columns = Columns(columns.values(identity.properties))
    return columns.keys(property, fold_case=identity.fold_case)


def _known(names: Iterable[Key], positions: dict[Key, int]) -> Iterator[int]:
    for name in names:
        if name in positions:
            yield positions[name]
