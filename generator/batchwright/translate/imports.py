"""Which imports a module needs for the types it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from batchwright import ir, naming
from batchwright.translate.types import parts

_HOMES: dict[ir.PrimitiveName, ir.Import] = {
    "Any": ir.Import(module="typing", names=("Any",)),
    "datetime": ir.Import(module="datetime", alias="dt"),
    "date": ir.Import(module="datetime", alias="dt"),
    "time": ir.Import(module="datetime", alias="dt"),
    "timedelta": ir.Import(module="datetime", alias="dt"),
    "UUID": ir.Import(module="uuid", names=("UUID",)),
    "Decimal": ir.Import(module="decimal", names=("Decimal",)),
}


def imports_for(
    types: Iterable[ir.Type], *, extra: Iterable[ir.Import] = ()
) -> tuple[ir.Import, ...]:
    """The imports that annotations of these types need, merged and sorted.

    The order is the usual one: plain imports first, then `from` imports by module.
    """
    names: dict[str, set[str]] = {}
    plain: set[ir.Import] = set()
    for wanted in (*_homes(types), *extra):
        if wanted.names:
            names.setdefault(wanted.module, set()).update(wanted.names)
        else:
            plain.add(wanted)
    return (
        *sorted(plain, key=lambda i: i.module),
        *(
            ir.Import(
                module=module,
                names=tuple(sorted(names[module], key=naming.listing_order)),
            )
            for module in sorted(names)
        ),
    )


def _homes(types: Iterable[ir.Type]) -> Iterator[ir.Import]:
    for type_ in types:
        for part in parts(type_):
            if isinstance(part, ir.Primitive) and part.name in _HOMES:
                yield _HOMES[part.name]
            elif isinstance(part, ir.LiteralOf):
                yield ir.Import(module="typing", names=("Literal",))
            elif isinstance(part, ir.UnionOf) and part.is_long:
                yield ir.Import(module="typing", names=("Union",))
