"""What can only have one value: nobody has to give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from batchwright import ir


def only_members(declared: Iterable[ir.Declaration]) -> dict[str, ir.Member]:
    """The members of those enums that have but one, by the enum's name."""
    return {
        enum.name: ir.Member(enum=enum.name, name=enum.members[0].name)
        for enum in declared
        if isinstance(enum, ir.Enum) and len(enum.members) == 1
    }


def filled_in(declared: Sequence[ir.Declaration]) -> tuple[ir.Struct, ...]:
    """The structs, in which what is required and can only have one value has it.

    That is so by the type of a field, or because a discriminator knows the struct by
    one value of the field and takes it for nothing else.
    """
    types = {d.name: d for d in declared if not isinstance(d, ir.Struct)}
    only, tags = only_members(declared), _tags(declared)
    return tuple(
        _filled_in(struct, only, tags.get(struct.name, {}), types)
        for struct in declared
        if isinstance(struct, ir.Struct)
    )


def _filled_in(
    struct: ir.Struct,
    only: Mapping[str, ir.Member],
    tags: Mapping[str, str],
    types: Mapping[str, ir.Declaration],
) -> ir.Struct:
    defaults: dict[str, ir.Constant] = {}
    for field in struct.fields:
        if not field.required or field.default is not None or field.read_only:
            continue
        value: ir.Constant | None = None
        if isinstance(field.type, ir.Reference):
            value = only.get(field.type.name)
        if value is None and field.wire_name in tags:
            value = _as_typed(tags[field.wire_name], field.type, types)
        if value is not None:
            defaults[field.name] = value
    if not defaults:
        return struct
    fields = (
        replace(it, default=defaults[it.name]) if it.name in defaults else it
        for it in struct.fields
    )
    return replace(struct, fields=tuple(fields))


def _as_typed(
    value: str, type_: ir.Type, types: Mapping[str, ir.Declaration]
) -> ir.Constant | None:
    """The text as a field of the type has it; None if it cannot have it."""
    passed: set[str] = set()
    while isinstance(type_, ir.Reference) and type_.name not in passed:
        passed.add(type_.name)
        declaration = types.get(type_.name)
        if isinstance(declaration, ir.Enum):
            names = {member.value: member.name for member in declaration.members}
            if value in names:
                return ir.Member(enum=declaration.name, name=names[value])
        if not isinstance(declaration, ir.Alias):
            return None
        type_ = declaration.type
    return value if type_ == ir.Primitive(name="str") else None


def _tags(declared: Iterable[ir.Declaration]) -> dict[str, dict[str, str]]:
    """The one value of a property by which discriminators know a struct, if it is one.

    By the struct's name and the wire name of the property. What is read as the struct
    when no value is known may have any.
    """
    found: dict[tuple[str, str], set[str | None]] = {}
    for told in _discriminators(declared):
        for value, target in told.mapping:
            found.setdefault((target.name, told.wire_name), set()).add(value)
        if isinstance(told.otherwise, ir.Reference):
            key = told.otherwise.name, told.wire_name
            found.setdefault(key, set()).add(None)
    tags: dict[str, dict[str, str]] = {}
    for (name, wire), values in found.items():
        known = values - {None} if len(values) == 1 else set()
        tags.setdefault(name, {}).update((wire, value) for value in known if value)
    return tags


def _discriminators(declared: Iterable[ir.Declaration]) -> Iterator[ir.Discriminator]:
    """Those of all unions: each union that has one is an alias."""
    for declaration in declared:
        if isinstance(declaration, ir.Alias):
            type_ = declaration.type
            if isinstance(type_, ir.UnionOf) and type_.discriminator is not None:
                yield type_.discriminator
