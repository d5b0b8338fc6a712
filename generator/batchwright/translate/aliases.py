"""Aliases in an order that Python can evaluate, whatever they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from batchwright import ir
from batchwright.translate.types import references, union, with_later


def sorted_aliases(order: Sequence[ir.Alias]) -> tuple[ir.Alias, ...]:
    """Aliases so that each comes after those it is made of.

    Python evaluates an alias where it stands, unlike the annotations of a class. Where
    aliases are made of each other, the references that lead back are marked `later`.
    """
    aliases = {alias.name: alias for alias in order}
    aliases = {name: _opened(alias, aliases) for name, alias in aliases.items()}
    aliases = {name: _with_inner(alias, aliases) for name, alias in aliases.items()}
    done: dict[str, ir.Alias] = {}
    for start in aliases:
        begun: set[str] = set()
        trail = [(start, _parts(start, aliases))]
        while trail:
            name, rest = trail[-1]
            begun.add(name)
            following = next((n for n in rest if not (n in begun or n in done)), None)
            if following is not None:
                trail.append((following, _parts(following, aliases)))
                continue
            trail.pop()
            alias = aliases[name]
            missing = {n for n in _parts(name, aliases) if n not in done}
            done.setdefault(name, replace(alias, type=with_later(alias.type, missing)))
    return tuple(done.values())


def _parts(name: str, aliases: Mapping[str, ir.Alias]) -> Iterator[str]:
    return (n for n in references([aliases[name].type]) if n in aliases)


def _opened(alias: ir.Alias, aliases: Mapping[str, ir.Alias]) -> ir.Alias:
    """The alias without itself among its own alternatives, where it says nothing.

    "A is B or null, B is A or text" means that both are text or null.
    """
    found: dict[str, list[ir.Type]] = {}
    waiting = [alias.name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = list(_alternatives(aliases[name].type))
            waiting += _names(found[name], aliases)
    if not any(alias.name in _names(several, aliases) for several in found.values()):
        return alias
    solid = [
        type_
        for several in found.values()
        for type_ in several
        if not _names([type_], aliases)
    ]
    return replace(alias, type=union(solid) if solid else ir.ANY)


def _with_inner(alias: ir.Alias, aliases: Mapping[str, ir.Alias]) -> ir.Alias:
    """The alias, its discriminator with the values that those of its members have.

    A member that is a union in turn is known by the values of its own members, too.
    """
    if not isinstance(alias.type, ir.UnionOf) or alias.type.discriminator is None:
        return alias
    told = alias.type.discriminator
    mapping = dict(told.mapping)
    waiting, seen = _names(alias.type.options, aliases), {alias.name}
    while waiting:
        name = waiting.pop(0)
        inner = aliases[name].type
        if name in seen or not isinstance(inner, ir.UnionOf):
            continue
        seen.add(name)
        waiting += _names(inner.options, aliases)
        own = inner.discriminator
        if own is not None and own.wire_name == told.wire_name:
            for value, target in own.mapping:
                if target.name not in aliases:
                    mapping.setdefault(value, target)
    told = replace(told, mapping=tuple(mapping.items()))
    return replace(alias, type=replace(alias.type, discriminator=told))


def _alternatives(type_: ir.Type) -> tuple[ir.Type, ...]:
    return type_.options if isinstance(type_, ir.UnionOf) else (type_,)


def _names(types: Sequence[ir.Type], aliases: Mapping[str, ir.Alias]) -> list[str]:
    return [t.name for t in types if isinstance(t, ir.Reference) and t.name in aliases]
