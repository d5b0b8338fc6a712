"""Both APIs side by side, with what every comparison asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from batchwright import ir, naming
from batchwright.rendering.python import annotation
from batchwright.surface.change import About, Pin, Pointer
from batchwright.surface.pairs import (
    Pairs,
    declarations,
    methods,
    paired_credentials,
)
from batchwright.surface.same_models import paired_models
from batchwright.surface.types import Relation, Side, relation
from batchwright.surface.usage import (
    Directions,
    Usage,
    made_of,
    mentioned,
    named,
    pointer_of,
    types_of,
    unions,
    usage_of,
)


class Both(Struct, frozen=True, kw_only=True):
    """The old and the new API.

    `batch_inputs` are fields of the old API's models, by model and wire name: those
    that hold the inputs of batches. `schemes` are what the old API calls the security
    schemes of the new one. `moved` are names that both sides have for other models.
    """

    old: Side
    new: Side
    models: Pairs[ir.Declaration]
    old_usage: Usage
    new_usage: Usage
    batch_inputs: frozenset[tuple[str, str]]
    schemes: Mapping[str, str]
    moved: frozenset[str]

    def became(self, old: ir.Type, new: ir.Type) -> Relation:
        """What became of a type."""
        return relation(old, self.old, new, self.new)

    def is_same_model(self, old: ir.Declaration, new: ir.Declaration) -> bool:
        """Whether there is nothing to tell, as can be seen at once of most models."""
        return old == new and self._is_still_meant(made_of(old))

    def is_same_operation(self, old: ir.Operation, new: ir.Operation) -> bool:
        """The same of methods."""
        types = (type_ for _, several in types_of(old) for type_ in several)
        return (
            old == new
            and all(one == other for one, other in self.schemes.items())
            and self._is_still_meant(types)
        )

    def _is_still_meant(self, types: Iterable[ir.Type]) -> bool:
        """Whether the types mean the same models on both sides."""
        if not self.moved:
            return True
        return all(self.moved.isdisjoint(mentioned(type_)) for type_ in types)

    def told_apart(self, old: ir.Type, new: ir.Type) -> bool:
        """Whether something else tells the options of a type apart."""
        before, after = _signs(old, self.old), _signs(new, self.new)
        return before != after

    def directions(self, name: str) -> Directions:
        """Which way today's code moves values of a model of the old API."""
        return self.old_usage.of(name)

    def about_model(
        self, old: ir.Declaration | None, new: ir.Declaration | None
    ) -> About:
        """A model as a subject, by the name that today's code has for it."""
        either = old or new
        assert either is not None
        return About(
            subject=f"models.{either.name}",
            old=_place(old, self.old_usage),
            new=_place(new, self.new_usage),
            thing=self._thing(new),
        )

    def making_way(self, name: str) -> tuple[Pin, ...]:
        """The pin by which a model that is new gives a name back, if one has it."""
        taker = self.new.models.get(name)
        if taker is None or name in self.new.common:
            return ()
        others = naming.class_name(taker.component or name)
        free = [it for it in others if it != name and it not in self.new.models]
        thing = self._thing(taker)
        return ((thing, free[0]),) if thing and free else ()

    def _thing(self, new: ir.Declaration | None) -> str | None:
        """How a pin names a model of the new API."""
        if new is None:
            return None
        return f"schema {new.component}" if new.component else f"class {new.name}"


def _signs(type_: ir.Type, side: Side) -> list[object]:
    """What tells the options of all unions within a type apart."""
    found: list[object] = []
    for union in unions(type_):
        if union.discriminator is not None:
            mapping = [
                (value, side.common.get(meant.name, meant.name))
                for value, meant in union.discriminator.mapping
            ]
            otherwise = [
                side.common.get(name, name)
                for name in named(union.discriminator.otherwise or ir.NONE)
            ]
            found.append((union.discriminator.wire_name, sorted(mapping), otherwise))
    return found


def _place(declared: ir.Declaration | None, usage: Usage) -> Pointer | None:
    if declared is None:
        return None
    return pointer_of(declared) or usage.first.get(declared.name)


def both_of(old: ir.Api, new: ir.Api) -> Both:
    """Two APIs side by side."""
    models = paired_models(old, new)
    common = {theirs.name: ours.name for ours, theirs in models.both}
    before, after = declarations(old), declarations(new)
    return Both(
        old=Side(
            models=before,
            common={ours.name: ours.name for ours, _ in models.both},
        ),
        new=Side(models=after, common=common),
        models=models,
        old_usage=usage_of(old),
        new_usage=usage_of(new),
        batch_inputs=frozenset(_batch_inputs(old)),
        schemes={
            theirs.scheme: ours.scheme
            for ours, theirs in paired_credentials(old.client, new.client).both
        },
        moved=frozenset(
            it for it in before.keys() & after.keys() if common.get(it) != it
        ),
    )


def _batch_inputs(api: ir.Api) -> Iterator[tuple[str, str]]:
    for method in methods(api):
        body, batch = method.operation.body, method.operation.batch
        if batch is not None and body is not None:
            for name in named(body.type):
                yield name, batch.batching.inputs


def quoted(type_: ir.Type) -> str:
    """A type as messages have it."""
    return f"`{annotation(type_)}`"


def retyped(what: str, old: ir.Type, new: ir.Type, both: Both) -> str:
    """What a message says of a type that is another one now."""
    became = {
        Relation.WIDER: "wider",
        Relation.NARROWER: "narrower",
    }.get(both.became(old, new), "another one")
    return f"{what} is {quoted(new)}, was {quoted(old)}: {became}"
