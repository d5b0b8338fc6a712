"""Types from their parts: unions made flat, constants, what a type names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from batchwright import ir

#: Beyond these, msgspec knows no constants.
_INT64 = range(-(2**63), 2**63)


def parts(type_: ir.Type) -> Iterator[ir.Type]:
    """The type and every type it is made of, not looking into declarations."""
    waiting = [type_]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, ir.ListOf):
            waiting.append(part.item)
        elif isinstance(part, ir.MapOf):
            waiting.append(part.value)
        elif isinstance(part, ir.TupleOf):
            waiting += part.items
        elif isinstance(part, ir.UnionOf):
            waiting += part.options


def with_later(type_: ir.Type, names: Collection[str]) -> ir.Type:
    """The type, its references to these names marked as `later`."""
    match type_:
        case ir.Reference(name=name) if name in names:
            return replace(type_, later=True)
        case ir.ListOf(item=inner):
            return ir.ListOf(item=with_later(inner, names))
        case ir.MapOf(value=inner):
            return ir.MapOf(value=with_later(inner, names))
        case ir.TupleOf(items=several):
            return ir.TupleOf(items=tuple(with_later(t, names) for t in several))
        case ir.UnionOf(options=several):
            options = tuple(with_later(t, names) for t in several)
            return replace(type_, options=options)
        case _:
            return type_


def references(types: Iterable[ir.Type]) -> tuple[str, ...]:
    """The declarations that the types name, sorted."""
    found = (part for type_ in types for part in parts(type_))
    return tuple(sorted({p.name for p in found if isinstance(p, ir.Reference)}))


def has_discriminator(type_: ir.Type) -> bool:
    """Whether a union in the type is told apart by a field."""
    return any(
        isinstance(part, ir.UnionOf) and part.discriminator is not None
        for part in parts(type_)
    )


def is_file(type_: ir.Type) -> bool:
    """Whether a file can be in the type."""
    return ir.FILE in parts(type_)


def union(
    types: Iterable[ir.Type], discriminator: ir.Discriminator | None = None
) -> ir.Type:
    """One type for several: nested unions opened, doubles dropped, null last.

    Where two unions with different discriminators become one, neither tells its
    members apart.
    """
    flat: list[ir.Type] = []
    found = [discriminator] if discriminator else []
    for type_ in types:
        if isinstance(type_, ir.UnionOf):
            flat += type_.options
            found += [type_.discriminator] if type_.discriminator else []
        else:
            flat.append(type_)
    options = [
        type_
        for type_ in dict.fromkeys(flat)
        if type_ != ir.NONE and not _is_covered(type_, flat)
    ]
    if ir.ANY in options:
        return ir.ANY
    if ir.NONE in flat:
        options.append(ir.NONE)
    if len(options) == 1:
        return options[0]
    return ir.UnionOf(
        options=tuple(options),
        discriminator=found[0] if len(set(found)) == 1 else None,
    )


def _is_covered(type_: ir.Type, others: list[ir.Type]) -> bool:
    """Whether a constant adds nothing to the type of its kind beside it."""
    return isinstance(type_, ir.LiteralOf) and ir.Primitive(name=type_.kind) in others


def constant(value: object) -> ir.Type:
    """The type of a `const`; where Python has no literal for it, that of its kind."""
    match value:
        case bool():
            return ir.LiteralOf(value=value, kind="bool")
        case int() if value in _INT64:
            return ir.LiteralOf(value=value, kind="int")
        case str():
            return ir.LiteralOf(value=value, kind="str")
        case _:
            return type_of_value(value)


def type_of_value(value: object) -> ir.Type:
    """The type that a JSON value has."""
    match value:
        case bool():
            return ir.Primitive(name="bool")
        case int():
            return ir.Primitive(name="int")
        case float():
            return ir.Primitive(name="float")
        case str():
            return ir.Primitive(name="str")
        case list():
            return ir.ListOf(item=union(map(type_of_value, value)) if value else ir.ANY)
        case dict():
            types = [type_of_value(inner) for inner in value.values()]
            return ir.MapOf(value=union(types) if types else ir.ANY)
        case _:
            return ir.NONE
