"""Which model of the old API is which of the new one, whatever the names are."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from msgspec.structs import replace

from batchwright import ir
from batchwright.surface.pairs import Pairs, declarations, paired, paired_methods

#: The types of one place: that of the old API, and that of the new one.
Place: TypeAlias = tuple[ir.Type, ir.Type]
#: Names of models in one place that may be the same: of the old API, and of the new.
Candidates: TypeAlias = tuple[list[str], list[str]]
#: Steps into a type that lead to models: lists, maps, unions.
Way: TypeAlias = tuple[str, ...]

#: What two models have in common at least, to be the same: half of the smaller one.
_ENOUGH = 0.5


def paired_models(old: ir.Api, new: ir.Api) -> Pairs[ir.Declaration]:
    """Models are the same if they are one schema, or made, used or named the same.

    What stands in place is told by what it is made of, and by where it is used, before
    it is by its name: that may come from the place among others.
    """
    sure = paired(
        declarations(old).values(),
        declarations(new).values(),
        (
            lambda it: it.component,
            lambda it: (it.name, _shape(it)),
            lambda it: None if it.component else _shape(it),
        ),
    )
    used = _paired_by_use(old, new, sure)
    named = paired(used.gone, used.added, (lambda it: it.name, _shape))
    return replace(named, both=(*used.both, *named.both))


def _shape(declared: ir.Declaration) -> Hashable:
    """What a model is made of, but for names and docs; None where that is little."""
    match declared:
        case ir.Struct() if declared.fields:
            return frozenset((f.wire_name, f.type, f.required) for f in declared.fields)
        case ir.Enum():
            return frozenset(member.value for member in declared.members)
        case _:
            return None


def _paired_by_use(
    old: ir.Api, new: ir.Api, pairs: Pairs[ir.Declaration]
) -> Pairs[ir.Declaration]:
    """The pairs, with those of which each is used wherever the other was.

    They have to have much in common, too: else one is gone, and another one is there.
    """
    today = {it.name: it for it in pairs.gone}
    then = {it.name: it for it in pairs.added}
    both = list(pairs.both)
    telling: list[Candidates] = []
    places: Iterable[Place] = chain(_of_methods(old, new), _of_models(both))
    while today and then:
        telling += _candidates(places, today, then)
        agreed = _agreed(telling, today, then)
        if not agreed:
            break
        found = [(today.pop(one), then.pop(other)) for one, other in agreed]
        places = _of_models(found)
        both += found
    return Pairs(
        both=tuple(both), gone=tuple(today.values()), added=tuple(then.values())
    )


def _of_methods(old: ir.Api, new: ir.Api) -> Iterator[Place]:
    for before, after in paired_methods(old, new).both:
        ours, theirs = before.operation, after.operation
        yield ours.returns, theirs.returns
        for one, other in paired(
            ours.parameters, theirs.parameters, [lambda it: (it.location, it.wire_name)]
        ).both:
            yield one.type, other.type
        answers = (*ours.responses, *ours.errors), (*theirs.responses, *theirs.errors)
        for said, says in paired(*answers, [lambda it: it.status]).both:
            if said.type is not None and says.type is not None:
                yield said.type, says.type
        sent = ours.body.formats if ours.body else ()
        sends = theirs.body.formats if theirs.body else ()
        for form, form_now in paired(sent, sends, [lambda it: it.media_type]).both:
            yield form.type, form_now.type


def _of_models(
    both: Iterable[tuple[ir.Declaration, ir.Declaration]],
) -> Iterator[Place]:
    for pair in both:
        match pair:
            case ir.Struct() as old, ir.Struct() as new:
                fields = paired(old.fields, new.fields, [lambda it: it.wire_name]).both
                yield from ((one.type, other.type) for one, other in fields)
                if old.further is not None and new.further is not None:
                    yield old.further, new.further
            case ir.Alias() as old, ir.Alias() as new:
                yield old.type, new.type


def _candidates(
    places: Iterable[Place],
    today: Mapping[str, ir.Declaration],
    then: Mapping[str, ir.Declaration],
) -> Iterator[Candidates]:
    """The models in places of which both sides have some that may be the same."""
    for old, new in places:
        if isinstance(old, ir.Primitive) or isinstance(new, ir.Primitive):
            continue
        before, after = _models_in(old), _models_in(new)
        for way in before.keys() & after.keys():
            left = [it for it in before[way] if it in today]
            right = [it for it in after[way] if it in then]
            if left and right:
                yield left, right


def _agreed(
    telling: Iterable[Candidates],
    today: Mapping[str, ir.Declaration],
    then: Mapping[str, ir.Declaration],
) -> list[tuple[str, str]]:
    """Names that stand for each other in every place where both could."""
    ours: dict[str, set[str]] = {}
    theirs: dict[str, set[str]] = {}
    for before, after in telling:
        left = [today[it] for it in before if it in today]
        right = [then[it] for it in after if it in then]
        for one, other in _most_alike(left, right):
            ours.setdefault(one, set()).add(other)
            theirs.setdefault(other, set()).add(one)
    return [
        (one, other)
        for one, others in sorted(ours.items())
        for other in others
        if len(others) == 1 == len(theirs[other])
    ]


def _models_in(type_: ir.Type) -> dict[Way, list[str]]:
    """The models that a type names, by the way to them."""
    found: dict[Way, list[str]] = {}
    waiting: list[tuple[Way, ir.Type]] = [((), type_)]
    while waiting:
        way, inner = waiting.pop()
        match inner:
            case ir.Reference():
                found.setdefault(way, []).append(inner.name)
            case ir.ListOf(item=one):
                waiting.append(((*way, "list"), one))
            case ir.MapOf(value=one):
                waiting.append(((*way, "map"), one))
            case ir.UnionOf(options=several):
                waiting += [(way, one) for one in several]
            case ir.TupleOf(items=several):
                steps = enumerate(several)
                waiting += [((*way, str(number)), one) for number, one in steps]
    return found


def _most_alike(
    left: Sequence[ir.Declaration], right: Sequence[ir.Declaration]
) -> Iterator[tuple[str, str]]:
    """Each with that of the other side with which it has most in common."""
    for one in left:
        alike = {other.name: _alike(one, other) for other in right}
        best = max(alike.values(), default=0.0)
        several = [name for name, found in alike.items() if found == best]
        if best >= _ENOUGH and len(several) == 1:
            yield one.name, several[0]


def _alike(one: ir.Declaration, other: ir.Declaration) -> float:
    """How much of what the smaller one has, the other one has as well."""
    match one, other:
        case ir.Struct(), ir.Struct():
            ours: Collection[object] = {it.wire_name for it in one.fields}
            theirs: Collection[object] = {it.wire_name for it in other.fields}
        case ir.Enum(), ir.Enum():
            ours = {it.value for it in one.members}
            theirs = {it.value for it in other.members}
        case ir.Alias(), ir.Alias():
            return 1.0 if type(one.type) is type(other.type) else 0.0
        case _:
            return 0.0
    common = sum(it in theirs for it in ours)
    return common / max(1, min(len(ours), len(theirs)))
