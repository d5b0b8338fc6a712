"""The arguments of a method, in the order in which it takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from batchwright import ir
from batchwright.surface.change import About, Change
from batchwright.surface.context import Both
from batchwright.surface.limits import limits_changed
from batchwright.surface.models import type_changed
from batchwright.surface.pairs import paired
from batchwright.surface.types import Relation
from batchwright.surface.usage import REQUEST


class Argument(Struct, frozen=True, kw_only=True):
    """An argument; `place` is where its value travels, `form` how it is written there.

    One that is not `positional` is given by name. `default` is what holds where it is
    left out, `constant` is sent then.
    """

    name: str
    wire_name: str
    place: str
    type: ir.Type
    required: bool
    positional: bool
    docs: str | None
    deprecated: bool
    form: tuple[object, ...] = ()
    default: str | None = None
    constant: ir.Constant | None = None
    limits: tuple[ir.Limit, ...] = ()


def arguments_of(operation: ir.Operation) -> tuple[Argument, ...]:
    """The arguments of the method, as its signature has them."""
    parameters = [_of_parameter(parameter) for parameter in operation.arguments]
    given = [argument for argument in parameters if argument.required]
    others = [argument for argument in parameters if not argument.required]
    return (*given, *_of_body(operation), *others)


def arguments_of_resource(resource: ir.Resource) -> tuple[Argument, ...]:
    """The arguments by which code comes by a resource.

    Where it is no factory, they all have the values of the spec.
    """
    return tuple(_of_parameter(parameter) for parameter in resource.bound)


def _of_parameter(parameter: ir.Parameter) -> Argument:
    return Argument(
        name=parameter.name,
        wire_name=parameter.wire_name,
        place=parameter.location,
        type=parameter.type,
        required=parameter.has_to_be_given,
        positional=parameter.has_to_be_given,
        docs=parameter.docs,
        deprecated=parameter.deprecated,
        form=(
            parameter.style,
            parameter.explode,
            parameter.allow_reserved,
            parameter.as_json,
        ),
        default=parameter.default,
        constant=parameter.constant,
        limits=parameter.limits,
    )


def _of_body(operation: ir.Operation) -> Iterator[Argument]:
    batch, body = operation.batch, operation.body
    if batch is not None:
        yield _of_field(batch.inputs, positional=True)
        for option in batch.options:
            yield _of_field(option, positional=False)
    elif body is not None:
        yield Argument(
            name="body",
            wire_name="body",
            place="body",
            type=_any_of([form.type for form in body.formats]),
            required=body.required,
            positional=body.required,
            docs=body.docs,
            deprecated=False,
        )


def _any_of(types: list[ir.Type]) -> ir.Type:
    return types[0] if len(types) == 1 else ir.UnionOf(options=tuple(types))


def _of_field(argument: ir.BodyArgument, *, positional: bool) -> Argument:
    field = argument.field
    return Argument(
        name=argument.name,
        wire_name=field.wire_name,
        place="body",
        type=field.type,
        required=field.required,
        positional=positional,
        docs=field.docs,
        deprecated=field.deprecated,
    )


def arguments_changed(
    about: About, today: Sequence[Argument], then: Sequence[Argument], both: Both
) -> Iterator[Change]:
    """What changes about how a method is called, or a resource."""
    pairs = paired(
        today,
        then,
        (lambda it: (it.place, it.wire_name), lambda it: it.name),
    )
    taken = [argument.name for argument in then]
    for gone in pairs.gone:
        yield about.breaks("argument-removed", f"the argument `{gone.name}` is gone")
    for added in pairs.added:
        what = f"a new argument `{added.name}`"
        yield about.changes(
            "argument-added",
            f"{what} that has to be given" if added.required else what,
            breaking=added.required,
        )
    for before, after in pairs.both:
        yield from _argument_changed(about, before, after, both, taken)
    yield from _order_changed(about, pairs.both, today, then)


def _argument_changed(
    about: About, old: Argument, new: Argument, both: Both, taken: Sequence[str]
) -> Iterator[Change]:
    what = f"the argument `{old.name}`"
    if old.name != new.name:
        yield about.renames(
            "argument-renamed",
            f"{what} is called `{new.name}` now",
            old.name,
            about.thing and f"{about.thing} {new.wire_name}",
            taken=taken,
        )
    yield from _wire_changed(about, what, old, new)
    yield from _constant_changed(about, what, old, new, both)
    yield from type_changed(
        about, "argument-type", what, old.type, new.type, REQUEST, both
    )
    yield from limits_changed(about, old.limits, new.limits, REQUEST, what)
    if new.required and not old.required:
        yield about.breaks("argument-required", f"{what} has to be given")
    elif old.required and not new.required:
        yield _may_be_left_out(about, what, old, new)
    if old.deprecated != new.deprecated:
        now = "deprecated now" if new.deprecated else "no longer deprecated"
        yield about.fits("deprecated", f"{what} is {now}")
    if old.docs != new.docs:
        yield about.fits("docs", f"another description of {what}")


def _wire_changed(
    about: About, what: str, old: Argument, new: Argument
) -> Iterator[Change]:
    if (old.place, old.wire_name) != (new.place, new.wire_name):
        yield about.fits(
            "argument-wire",
            f"{what} travels as `{new.wire_name}` in the {new.place}, and did as "
            f"`{old.wire_name}` in the {old.place} (wire only)",
        )
    elif old.form != new.form:
        yield about.fits("argument-wire", f"{what} is written another way (wire only)")
    if old.default != new.default:
        yield about.fits(
            "argument-default",
            f"the API's default for {what} is {new.default or 'none'}, and was "
            f"{old.default or 'none'} (wire only)",
        )


def _constant_changed(
    about: About, what: str, old: Argument, new: Argument, both: Both
) -> Iterator[Change]:
    """What is sent where an argument is left out, where its type does not say it."""
    if _sent(old) == _sent(new) or old.required or new.required:
        return
    is_told = old.constant is not None and new.constant is not None
    if is_told and both.became(old.type, new.type) is Relation.OTHER:
        return
    yield about.breaks(
        "argument-constant",
        f"where {what} is left out, {_sent(new)} is sent, and was {_sent(old)}",
    )


def _sent(argument: Argument) -> str:
    constant = argument.constant
    if isinstance(constant, ir.Member):
        return f"`{constant.enum}.{constant.name}`"
    return "nothing" if constant is None else repr(constant)


def _may_be_left_out(about: About, what: str, old: Argument, new: Argument) -> Change:
    if old.positional and not new.positional:
        return about.breaks(
            "argument-optional",
            f"{what} may be left out, and has to be given by name where it is not",
        )
    return about.fits("argument-optional", f"{what} may be left out")


def _order_changed(
    about: About,
    pairs: Sequence[tuple[Argument, Argument]],
    old: Sequence[Argument],
    new: Sequence[Argument],
) -> Iterator[Change]:
    """Arguments that are given by place have to stay in their order."""
    kept = [pair for pair in pairs if pair[0].positional and pair[1].positional]
    before = sorted((it.name for it, _ in kept), key=[it.name for it in old].index)
    names = {after.name: it.name for it, after in kept}
    now = [names[it.name] for it in new if it.name in names]
    if now != before:
        yield about.breaks(
            "argument-order",
            f"the arguments that are given by place come as {_listed(now)}, and came "
            f"as {_listed(before)}",
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
