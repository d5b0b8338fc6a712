"""Which way models travel: into requests, out of answers, or both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from batchwright import ir
from batchwright.surface.change import Pointer
from batchwright.surface.pairs import declarations, methods

Direction: TypeAlias = Literal["request", "response"]
Directions: TypeAlias = frozenset[Direction]

REQUEST: Directions = frozenset({"request"})
RESPONSE: Directions = frozenset({"response"})
BOTH: Directions = REQUEST | RESPONSE


class Usage(Struct, frozen=True, kw_only=True):
    """How an API uses its models, by their names.

    `first` is where a model is used first: the place of one that stands in no place of
    its own.
    """

    directions: Mapping[str, Directions]
    first: Mapping[str, Pointer]

    def of(self, name: str) -> Directions:
        """The directions of a model; what no operation uses is judged by both."""
        return self.directions.get(name, BOTH)


def usage_of(api: ir.Api) -> Usage:
    """How the operations of an API use its models."""
    declared = declarations(api)
    found: dict[str, Directions] = {}
    first: dict[str, Pointer] = {}
    pending = [
        (name, direction, method.pointer)
        for method in methods(api)
        for direction, types in types_of(method.operation)
        for type_ in types
        for name in named(type_)
    ]
    while pending:
        name, direction, place = pending.pop()
        first.setdefault(name, place)
        if direction <= found.get(name, frozenset()):
            continue
        found[name] = found.get(name, frozenset()) | direction
        if name in declared:
            within = pointer_of(declared[name]) or place
            pending += [
                (inner, direction, within)
                for type_ in made_of(declared[name])
                for inner in named(type_)
            ]
    return Usage(directions=found, first=first)


def types_of(
    operation: ir.Operation,
) -> Iterator[tuple[Directions, Iterable[ir.Type]]]:
    """The types that an operation sends, and those that come back."""
    sent = [parameter.type for parameter in operation.parameters]
    if operation.body is not None:
        sent += [form.type for form in operation.body.formats]
    yield REQUEST, sent
    answers = (*operation.responses, *operation.errors)
    yield RESPONSE, [answer.type for answer in answers if answer.type is not None]


def made_of(declared: ir.Declaration) -> Iterator[ir.Type]:
    """The types that a model is made of."""
    match declared:
        case ir.Struct():
            yield from (field.type for field in declared.fields)
            if declared.further is not None:
                yield declared.further
        case ir.Alias():
            yield declared.type


def named(type_: ir.Type) -> Iterator[str]:
    """The models that a type names."""
    match type_:
        case ir.Reference():
            yield type_.name
        case ir.ListOf(item=inner) | ir.MapOf(value=inner):
            yield from named(inner)
        case ir.TupleOf(items=several) | ir.UnionOf(options=several):
            for inner in several:
                yield from named(inner)


def mentioned(type_: ir.Type) -> Iterator[str]:
    """The models that a type names, be it only to tell its options apart."""
    yield from named(type_)
    for union in unions(type_):
        if (signs := union.discriminator) is not None:
            yield from (meant.name for _, meant in signs.mapping)
            yield from named(signs.otherwise or ir.NONE)


def unions(type_: ir.Type) -> Iterator[ir.UnionOf]:
    """The unions within a type."""
    match type_:
        case ir.ListOf(item=inner) | ir.MapOf(value=inner):
            yield from unions(inner)
        case ir.TupleOf(items=several):
            for inner in several:
                yield from unions(inner)
        case ir.UnionOf():
            yield type_
            for inner in type_.options:
                yield from unions(inner)


def pointer_of(declared: ir.Declaration) -> Pointer | None:
    """Where the schema of a model stands, if it is a component."""
    if declared.component is None:
        return None
    return ("components", "schemas", declared.component)
