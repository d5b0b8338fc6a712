"""IR to Python source: type annotations and values, each as text that cannot escape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import assert_never

from batchwright import ir

_NAMES: dict[ir.PrimitiveName, str] = {
    "datetime": "dt.datetime",
    "date": "dt.date",
    "time": "dt.time",
    "timedelta": "dt.timedelta",
}


def annotation(type_: ir.Type, shadowed: Collection[str] = ()) -> str:
    """The type as an annotation; builtins that are `shadowed` are spelled out."""

    def builtin(name: str) -> str:
        return f"builtins.{name}" if name in shadowed else name

    def text(part: ir.Type) -> str:
        match part:
            case ir.Primitive():
                return _NAMES.get(part.name) or builtin(part.name)
            case ir.LiteralOf():
                return f"Literal[{part.value!r}]"
            case ir.ListOf():
                return f"{builtin('list')}[{text(part.item)}]"
            case ir.TupleOf():
                inner = ", ".join(text(item) for item in part.items)
                return f"{builtin('tuple')}[{inner or '()'}]"
            case ir.MapOf():
                return f"{builtin('dict')}[{builtin('str')}, {text(part.value)}]"
            case ir.Reference(later=True):
                return f'Annotated["{part.name}", Later(lambda: {part.name})]'
            case ir.Reference():
                return part.name
            case ir.Payload():
                return builtin("bytes" if part.kind == "binary" else "str")
            case ir.UnionOf(discriminator=None):
                return _either(part, map(text, part.options))
            case ir.UnionOf():
                return _told_apart(part, text)
            case _:
                assert_never(part)

    return text(type_)


def constant(value: ir.Constant) -> str:
    """A value that is always the same."""
    return f"{value.enum}.{value.name}" if isinstance(value, ir.Member) else repr(value)


def shape(type_: ir.Type | None, shadowed: Collection[str] = ()) -> str:
    """The type as a value that the runtime decodes by."""
    if isinstance(type_, ir.Payload):
        return f"Annotated[{annotation(type_)}, {type_.kind.upper()}]"
    return "None" if type_ is None else annotation(type_, shadowed)


def _either(type_: ir.UnionOf, options: Iterable[str]) -> str:
    return f"Union[{', '.join(options)}]" if type_.is_long else " | ".join(options)


def _told_apart(type_: ir.UnionOf, text: Callable[[ir.Type], str]) -> str:
    """A union with the field that tells its members apart, for the decoder to see."""
    assert type_.discriminator is not None
    members = _either(type_, (text(o) for o in type_.options if o != ir.NONE))
    mapping = ", ".join(
        f"{value!r}: {reference.name}"
        for value, reference in type_.discriminator.mapping
    )
    otherwise = type_.discriminator.otherwise
    rest = "" if otherwise is None else f", otherwise={text(otherwise)}"
    said = f"Discriminator({type_.discriminator.wire_name!r}, {{{mapping}}}{rest})"
    null = " | None" if ir.NONE in type_.options else ""
    return f"Annotated[{members}, {said}]{null}"
