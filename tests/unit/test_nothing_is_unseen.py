"""Whatever differs between two Apis, `changes` tells of it, or a reason is given here."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from batchwright import ir
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.pipeline import understand
from batchwright.surface import changes

SPEC = Path(__file__).parent.parent / "support" / "every_construct.yaml"

#: Fields whose change is nobody's matter, or is told by something else; and what is in
#: them.
UNSEEN: Mapping[str, str] = {
    "Alias.component": "it tells which of the new models is the same",
    "Alias.wire_name": "the docs have it, and so does the name",
    "Api.batchings": "the operations have them, too",
    "Api.distribution": "both sides have that of the configuration",
    "Api.installed": "both sides have that of the configuration",
    "Api.package": "both sides have that of the configuration",
    "Api.public_names": "the names of models, clients and runtime are told as such",
    "Api.version": "nothing that is written has it",
    "Batch.bare": "its type is that of a field of the input",
    "Batch.constant": "private",
    "Batching.input": "it is the type of the items of the inputs",
    "Batching.inputs": "it is the wire name of the argument",
    "Body.format": "it follows from the media type",
    "Body.takes_mapping": "it follows from the type",
    "Client.runtime": "imports",
    "Credential.async_source": "it follows from the kind",
    "Credential.form": "it follows from the kind",
    "Credential.scheme": "code calls it by the argument",
    "Credential.source": "it follows from the kind",
    "Enum.component": "it tells which of the new models is the same",
    "Enum.wire_name": "the docs have it, and so does the name",
    "Models.imports": "imports",
    "Models.names": "the models have them, too",
    "Models.runtime": "imports",
    "Operation.bound": "the resource has it, too",
    "Operation.constant": "private",
    "Operation.operation_id": "it tells which of the new methods is the same",
    "Reference.later": "it follows from the order of declarations",
    "RecordType.module": "it is that of the resource",
    "RecordType.scoped": "the scopes of operations are told as such",
    "Resource.batchings": "imports",
    "Resource.imports": "imports",
    "Resource.models": "imports",
    "Resource.runtime": "imports",
    "Resource.shadowed": "it follows from the names of methods",
    "Response.docs": "the operation has those that are printed",
    "Resource.is_path": "it tells why methods are in other resources",
    "Resource.tags": "they tell whether a pin can keep methods in their resource",
    "Resource.wire_name": "the name is made from it",
    "Struct.component": "it tells which of the new models is the same",
    "Struct.shadowed": "it follows from the names of fields",
    "Struct.wire_name": "the docs have it, and so does the name",
}

#: Classes that are found in such fields alone.
HIDDEN = ("Batchings", "Import", "NamedBatching", "Scoped")

_FIELD = ("default", "max_items", "name", "read_only", "write_only")
#: What is told elsewhere only where it stands in these places.
ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    # All have those of the first.
    "body.others": ("docs", "required"),
    # They are asked for as those of successes are.
    "operations.errors": ("media_types",),
    # The operation has the union of all.
    "operations.responses": ("type",),
    # The model of the body has them, too.
    "inputs.field": _FIELD,
    "options.field": _FIELD,
}

# How to come from the Api to one of its parts: names of fields and places in tuples.
Way: TypeAlias = tuple[str | int, ...]


def is_part(hint: object) -> bool:
    """Whether what is annotated so has fields of its own."""
    return isinstance(hint, type) and issubclass(hint, Struct)


#: Every field of every class of the Api, but for those that are a part with fields.
FIELDS = {
    f"{owner.__name__}.{field.name}"
    for owner in vars(ir).values()
    if isinstance(owner, type) and issubclass(owner, Struct)
    for field in fields(owner)
    if not is_part(typing.get_type_hints(owner)[field.name])
}


@pytest.fixture(scope="module")
def api() -> ir.Api:
    config = Config(spec=SPEC, package="shop", distribution="shop")
    return understand(config, Report())[1]


def kind(way: Way) -> str:
    """The last two steps of a way, which say what kind of place it leads to."""
    return ".".join([step for step in way if isinstance(step, str)][-2:])


def parts(value: object, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Every struct within a value that somebody could see, with the way to it."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from parts(item, (*way, index))
    elif isinstance(value, Struct):
        yield way, value
        for field in fields(value):
            here = f"{type(value).__name__}.{field.name}"
            if here not in UNSEEN and field.name not in ELSEWHERE.get(kind(way), ()):
                yield from parts(getattr(value, field.name), (*way, field.name))


def put(value: Any, way: Way, new: object) -> Any:
    """The value with another one at the end of the way."""
    if not way:
        return new
    first, *rest = way
    if isinstance(first, int):
        inner = put(value[first], tuple(rest), new)
        return (*value[:first], inner, *value[first + 1 :])
    return replace(value, **{first: put(getattr(value, first), tuple(rest), new)})


def another(value: Any, hint: Any) -> Any:
    """Another value that a field of that type could have; the same if there is none."""
    made: Any = value
    match value:
        case bool():
            made = not value
        case str():
            made = next((it for it in _literals(hint) if it != value), f"{value}x")
        case int() | float():
            made = value + 1
        case tuple():
            if value:
                made = value[1:]
            elif typing.get_args(hint)[:1] == (str,):
                made = ("added",)
        case Mapping():
            made = {**value, "added": True}
        case None:
            made = _something(hint)
        case ir.Primitive():
            made = ir.Primitive(name="UUID" if value.name != "UUID" else "bool")
        case _ if isinstance(value, ir.Type):
            made = ir.ANY
        case _ if type(None) in typing.get_args(hint):
            made = None
    return made


def _literals(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) is typing.Literal:
        return typing.get_args(hint)
    return tuple(it for each in typing.get_args(hint) for it in _literals(each))


def _something(hint: Any) -> Any:
    made: dict[Any, Any] = {str: "added", int: 7, float: 7.5, bool: True}
    found = [
        *_literals(hint),
        *(made[it] for it in typing.get_args(hint) if it in made),
    ]
    return found[0] if found else None


def places(api: ir.Api) -> dict[tuple[str, str], list[tuple[Way, Any]]]:
    """Where fields are, and another value for each, by field and kind of place."""
    found: dict[tuple[str, str], list[tuple[Way, Any]]] = {}
    for way, part in parts(api):
        hints = typing.get_type_hints(type(part))
        for field in fields(part):
            value = getattr(part, field.name)
            other = another(value, hints[field.name])
            if other is not value:
                key = (f"{type(part).__name__}.{field.name}", kind(way))
                found.setdefault(key, []).append(((*way, field.name), other))
    return found


def is_told(api: ir.Api, way: Way, other: Any) -> bool:
    changed = put(api, way, other)
    return bool(changes(api, changed)) and bool(changes(changed, api))


def test_whatever_changes_is_told(api: ir.Api) -> None:
    known = places(api)
    visible = {field for field in FIELDS if not field.startswith(HIDDEN)}
    assert {field for field, _ in known} == visible
    untold = [
        (key, several[0])
        for key, several in sorted(known.items())
        if key[0] not in UNSEEN
        and key[0].partition(".")[2] not in ELSEWHERE.get(key[1], ())
        and not any(is_told(api, way, other) for way, other in several)
    ]
    assert untold == []


def test_no_reason_is_given_for_what_is_told(api: ir.Api) -> None:
    told = {
        field
        for (field, _), several in places(api).items()
        if field in UNSEEN and is_told(api, *several[0])
    }
    assert not told
