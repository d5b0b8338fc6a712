"""Models: classes, enums and aliases, and the fields and values in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from batchwright import ir
from batchwright.surface.change import About, Change
from batchwright.surface.context import Both, retyped
from batchwright.surface.limits import items_limit_changed, limits_changed
from batchwright.surface.pairs import paired
from batchwright.surface.types import Relation
from batchwright.surface.usage import Directions

#: Docs that are made from the name or the place alone.
_GENERIC = re.compile(r"The shape `.*` of the API\.|The (shape|values) of .*`\.")
_KINDS: dict[type, str] = {
    ir.Struct: "a class with fields",
    ir.Enum: "an enum",
    ir.Alias: "an alias for a type",
}


def models_changed(both: Both) -> Iterator[Change]:
    """What changes about models."""
    for gone in both.models.gone:
        yield both.about_model(gone, None).breaks("model-removed", "the model is gone")
    for added in both.models.added:
        yield both.about_model(None, added).fits("model-added", "a new model")
    for old, new in both.models.both:
        if not both.is_same_model(old, new):
            yield from _model_changed(old, new, both)


def _model_changed(
    old: ir.Declaration, new: ir.Declaration, both: Both
) -> Iterator[Change]:
    about = both.about_model(old, new)
    if old.name != new.name:
        pins = both.making_way(old.name)
        taken = () if pins else both.new.models
        told = f"the model is called `{new.name}` now"
        renamed = about.renames("model-renamed", told, old.name, taken=taken)
        yield replace(renamed, pins=(*renamed.pins, *pins))
    if old.docs != new.docs and not (_is_generic(old) and _is_generic(new)):
        yield about.fits("docs", "another description")
    directions = both.directions(old.name)
    match old, new:
        case ir.Struct(), ir.Struct():
            yield from _deprecation(about, old.deprecated, new.deprecated)
            yield from _fields_changed(about, old, new, directions, both)
            yield from _further_changed(about, old, new, directions, both)
            yield from limits_changed(about, old.limits, new.limits, directions)
        case ir.Enum(), ir.Enum():
            yield from _deprecation(about, old.deprecated, new.deprecated)
            yield from _enum_changed(about, old, new)
        case ir.Alias(), ir.Alias():
            yield from type_changed(
                about, "model-type", "it", old.type, new.type, directions, both
            )
            yield from limits_changed(about, old.limits, new.limits, directions)
        case _:
            kinds = f"{_KINDS[type(new)]}, was {_KINDS[type(old)]}"
            yield about.breaks("model-kind", f"it is {kinds}")


def _is_generic(declared: ir.Declaration) -> bool:
    """Whether the spec tells nothing of it."""
    return _GENERIC.fullmatch(declared.docs) is not None


def type_changed(
    about: About,
    code: str,
    what: str,
    old: ir.Type,
    new: ir.Type,
    directions: Directions,
    both: Both,
) -> Iterator[Change]:
    """The change of a type, if it is one."""
    became = both.became(old, new)
    if became is not Relation.SAME:
        yield about.changes(
            code,
            retyped(what, old, new, both) + _consequence(became, directions),
            breaking=became.breaks(directions),
        )
    elif both.told_apart(old, new):
        yield about.fits(code, f"{what}: its options are told apart another way")


def _consequence(became: Relation, directions: Directions) -> str:
    sent, read = "request" in directions, "response" in directions
    match became:
        case Relation.WIDER if read:
            return ", and answers hold what they did not before"
        case Relation.WIDER:
            return ", so that what is sent today still fits"
        case Relation.NARROWER if sent:
            return ", so that what is sent today may be refused"
        case Relation.NARROWER:
            return ", and answers hold nothing that they did not before"
    return ""


def _deprecation(about: About, old: bool, new: bool) -> Iterator[Change]:
    if new and not old:
        yield about.fits("deprecated", "deprecated now")
    if old and not new:
        yield about.fits("deprecated", "no longer deprecated")


def _fields_changed(
    about: About, old: ir.Struct, new: ir.Struct, directions: Directions, both: Both
) -> Iterator[Change]:
    pairs = paired(
        old.fields, new.fields, (lambda it: it.wire_name, lambda it: it.name)
    )
    taken = [field.name for field in new.fields]
    for gone in pairs.gone:
        part = about.part(old=gone)
        yield part.breaks("field-removed", "the field is gone")
    for added in pairs.added:
        part = about.part(new=added)
        yield _field_added(part, added, directions)
    for before, after in pairs.both:
        part = about.part(old=before, new=after)
        is_input = (old.name, before.wire_name) in both.batch_inputs
        yield from _field_changed(part, before, after, directions, both, taken)
        yield from items_limit_changed(part, before, after, directions, is_input)
        yield from limits_changed(part, before.limits, after.limits, directions)


def _further_changed(
    about: About, old: ir.Struct, new: ir.Struct, directions: Directions, both: Both
) -> Iterator[Change]:
    what = "further properties"
    if old.further is not None and new.further is not None:
        yield from type_changed(
            about, "further", f"what holds {what}", old.further, new.further,
            directions, both,
        )  # fmt: skip
    elif old.further is not None:
        yield about.breaks("further", f"{what} are no longer kept or taken")
    elif new.further is not None:
        yield about.fits("further", f"{what} are kept and taken, too")


def _field_added(about: About, added: ir.Field, directions: Directions) -> Change:
    if not _has_to_be_given(added):
        return about.fits("field-added", "a new field that may be left out")
    if "request" in directions:
        return about.breaks("field-added", "a new field that has to be given")
    return about.fits("field-added", "a new field of answers")


def _has_to_be_given(field: ir.Field) -> bool:
    return field.required and field.default is None and not field.read_only


def _field_changed(
    about: About,
    old: ir.Field,
    new: ir.Field,
    directions: Directions,
    both: Both,
    taken: Sequence[str],
) -> Iterator[Change]:
    if old.name != new.name:
        yield about.renames(
            "field-renamed",
            f"the field is called `{new.name}` now",
            old.name,
            taken=taken,
        )
    if old.wire_name != new.wire_name:
        yield _respelled(about, old, new, directions)
    yield from type_changed(
        about, "field-type", "the field", old.type, new.type, directions, both
    )
    yield from _constant_changed(about, old, new, directions, both)
    yield from _requirement_changed(about, old, new, directions)
    yield from _read_only_changed(about, old, new, directions)
    yield from _write_only_changed(about, old, new, directions)
    if old.docs != new.docs and old.deprecated == new.deprecated:
        yield about.fits("docs", "another description")
    yield from _deprecation(about, old.deprecated, new.deprecated)


def _constant_changed(
    about: About, old: ir.Field, new: ir.Field, directions: Directions, both: Both
) -> Iterator[Change]:
    """The value that a field always has, where its type does not say it."""
    if old.default == new.default or both.became(old.type, new.type) is not (
        Relation.SAME
    ):
        return
    became = (
        Relation.NARROWER
        if old.default is None
        else Relation.WIDER if new.default is None else Relation.OTHER
    )
    yield about.changes(
        "field-constant",
        f"its value is {_always(new)}, and was {_always(old)}",
        breaking=became.breaks(directions),
    )


def _always(field: ir.Field) -> str:
    default = field.default
    if isinstance(default, ir.Member):
        return f"always `{default.enum}.{default.name}`"
    return "any" if default is None else f"always {default!r}"


def _read_only_changed(
    about: About, old: ir.Field, new: ir.Field, directions: Directions
) -> Iterator[Change]:
    """Only the API sets a field that is read-only, so that nobody should send it."""
    if new.read_only and not old.read_only:
        sent = "request" in directions
        what = "only the API sets it now"
        yield about.changes(
            "read-only",
            f"{what}: what is sent for it is ignored, or refused" if sent else what,
            breaking=sent,
        )
    elif old.read_only and not new.read_only:
        yield about.fits("read-only", "it can be set, and not by the API alone")


def _write_only_changed(
    about: About, old: ir.Field, new: ir.Field, directions: Directions
) -> Iterator[Change]:
    """A field that is write-only is never in an answer, so that it can be UNSET."""
    if new.write_only and not old.write_only:
        yield about.changes(
            "write-only",
            "it is in no answer: it can be UNSET",
            breaking="response" in directions and new.required,
        )
    elif old.write_only and not new.write_only:
        yield about.fits("write-only", "it is in answers, too")


def _respelled(
    about: About, old: ir.Field, new: ir.Field, directions: Directions
) -> Change:
    wire = f"the API calls it `{new.wire_name}`, and called it `{old.wire_name}`"
    if "request" in directions:
        return about.breaks("field-wire", f"{wire}: mappings have to say so, too")
    return about.fits("field-wire", f"{wire} (wire only)")


def _requirement_changed(
    about: About, old: ir.Field, new: ir.Field, directions: Directions
) -> Iterator[Change]:
    sent, read = "request" in directions, "response" in directions
    if old.required and not new.required:
        yield about.changes(
            "field-optional",
            (
                "the field may be missing from answers: it can be UNSET"
                if read
                else "the field may be left out"
            ),
            breaking=read,
        )
    elif new.required and not old.required:
        given = sent and _has_to_be_given(new)
        yield about.changes(
            "field-required",
            "the field has to be given" if given else "the field is always there",
            breaking=given,
        )
    elif sent and _has_to_be_given(new) and not _has_to_be_given(old):
        yield about.breaks("field-required", "the field has to be given")


def _enum_changed(about: About, old: ir.Enum, new: ir.Enum) -> Iterator[Change]:
    if old.parent != new.parent:
        yield about.breaks("enum-kind", "its values are of another type")
    pairs = paired(old.members, new.members, (lambda it: it.value,))
    for gone in pairs.gone:
        yield about.breaks("value-removed", f"the value {_member(gone)} is gone")
    for added in pairs.added:
        yield about.fits(
            "value-added",
            f"a new value {_member(added)}; enums are open, so that code that reads it "
            "goes on",
        )
    for before, after in pairs.both:
        if before.name != after.name:
            yield about.renames(
                "value-renamed",
                f"the value {before.value!r} is called `{after.name}`, and was called "
                f"`{before.name}`",
                before.name,
                about.thing and f"{about.thing}.{after.value}",
            )
        if before.docs != after.docs:
            yield about.fits(
                "docs", f"another description of the value {_member(before)}"
            )


def _member(member: ir.EnumMember) -> str:
    return f"`{member.name}` ({member.value!r})"
