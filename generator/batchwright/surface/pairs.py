"""What of the old API is what of the new one, whatever the names are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from batchwright import ir
from batchwright.surface.change import Pointer

Item = TypeVar("Item")


class Pairs(Struct, Generic[Item], frozen=True, kw_only=True):
    """Things of both sides that are the same, and those of one side alone."""

    both: tuple[tuple[Item, Item], ...]
    gone: tuple[Item, ...]
    added: tuple[Item, ...]


class Method(Struct, frozen=True, kw_only=True):
    """An operation, and the resource that it is a method of."""

    resource: ir.Resource
    operation: ir.Operation

    @property
    def subject(self) -> str:
        return f"{self.resource.name}.{self.operation.name}"

    @property
    def pointer(self) -> Pointer:
        return ("paths", self.operation.path, self.operation.method.lower())


def paired(
    old: Iterable[Item],
    new: Iterable[Item],
    signs: Sequence[Callable[[Item], Hashable]],
) -> Pairs[Item]:
    """Pair things by the first sign that they share; None is no sign.

    A sign that several things of one side have tells nothing about them.
    """
    left, right = list(old), list(new)
    both: list[tuple[Item, Item]] = []
    for sign in signs:
        ours, theirs = _by_sign(left, sign), _by_sign(right, sign)
        found = [(ours[it], theirs[it]) for it in ours if it in theirs]
        both += found
        done = {id(it) for pair in found for it in pair}
        left = [it for it in left if id(it) not in done]
        right = [it for it in right if id(it) not in done]
    return Pairs(both=tuple(both), gone=tuple(left), added=tuple(right))


def _by_sign(
    items: Iterable[Item], sign: Callable[[Item], Hashable]
) -> dict[Hashable, Item]:
    found: dict[Hashable, Item] = {}
    several: set[Hashable] = set()
    for item in items:
        key = sign(item)
        if key in found:
            several.add(key)
        if key is not None:
            found[key] = item
    return {key: item for key, item in found.items() if key not in several}


def methods(api: ir.Api) -> Iterator[Method]:
    """Every method of the SDK."""
    for resource in api.resources:
        for operation in resource.operations:
            yield Method(resource=resource, operation=operation)


def paired_methods(old: ir.Api, new: ir.Api) -> Pairs[Method]:
    """Methods are the same if they call the same endpoint, else if named the same."""
    return paired(
        methods(old),
        methods(new),
        (
            lambda it: (it.operation.method, it.operation.path),
            lambda it: it.subject,
            lambda it: it.operation.operation_id,
        ),
    )


def paired_credentials(old: ir.Client, new: ir.Client) -> Pairs[ir.Credential]:
    """Credentials are the same if they are one scheme, or one argument."""
    return paired(
        old.credentials,
        new.credentials,
        (lambda it: it.scheme, lambda it: it.argument),
    )


def declarations(api: ir.Api) -> dict[str, ir.Declaration]:
    """Every model by its name."""
    models = api.models
    several: tuple[ir.Declaration, ...]
    several = (*models.enums, *models.structs, *models.aliases)
    return {declared.name: declared for declared in several}
