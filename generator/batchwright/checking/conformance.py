"""Holds a document against the JSON Schemas of OpenAPI in openapi-spec-validator.

They tell the structure. What openapi-spec-validator checks beyond it (path parameters,
operation ids, defaults, ...) our own rules check, which know where things are written.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final, TypeAlias

from jsonschema import (
    Draft4Validator,
    Draft202012Validator,
)
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from jsonschema_specifications import REGISTRY as SPECIFICATIONS
from referencing.jsonschema import DRAFT202012

from batchwright.checking.amend import Change, Fixed, Instead, Renamed, amended
from batchwright.checking.conforming import (
    beside_references,
    openapi_schema,
    version_of,
)
from batchwright.checking.dialect import DIALECT
from batchwright.checking.leniency import reading_of
from batchwright.checking.validity import Check, validity
from batchwright.checking.wording import Fault, faults_of, without_consequences
from batchwright.diagnostics import Report
from batchwright.document import Document, Node, Pointer
from batchwright.structure import (
    ONE,
    Kind,
    Part,
    Shape,
    outermost_schemas,
    part_at,
    walk,
)

_Found: TypeAlias = tuple[Node, ValidationError]

# How often what was meant is put in the place of what was said: a path without its
# slash, then a method of it in capitals, then a status of that.
_ROUNDS: Final = 5

# Frames that jsonschema needs from one reference to the next, and more.
_HEADROOM: Final = 100

# What a schema needs around it where a part of it is asked about.
_AROUND: Final = ("$schema", "id", "$id", "definitions", "$defs")


def check_conformance(document: Document, report: Report) -> Document:
    """Report where the document is not what OpenAPI says it must be.

    The document comes back as it is read: with what was meant in the place of mistakes.
    """
    for _ in range(_ROUNDS):
        changes = _changes(document, report)
        document = amended(document, changes, report)
        if not any(map(_shows_more, changes.values())):
            break
    return document


def _changes(document: Document, report: Report) -> dict[Pointer, Change]:
    """Report what is wrong, and give what makes it what was meant."""
    version = version_of(document)
    faults: list[Fault] = []
    try:
        faults += _faults(document, version)
    except RecursionError:
        report.error(
            "too-deep",
            "schemas nest too deep to be checked",
            _deepest(document),
            "move inner schemas to components and refer to them",
        )
    changes: dict[Pointer, Change] = {}
    for fault in _essential(faults, version):
        at = document.root.nearest(fault.pointer)
        reading = reading_of(fault)
        beside = _beside_reference(document, fault.pointer) if not reading else None
        if beside is not None and version == "3.0":
            said = "it is ignored, as OpenAPI 3.0 says of what stands beside a $ref"
            report.warning("invalid-openapi", fault.message, at, said)
            changes[beside] = Fixed.LEFT_OUT
        elif reading is None:
            report.error("invalid-openapi", fault.message, at, fault.hint)
        else:
            report.warning("invalid-openapi", fault.message, at, reading.said)
            changes.setdefault(reading.at(fault.pointer), reading.change)
    return changes


def _beside_reference(document: Document, pointer: Pointer) -> Pointer | None:
    """The field beside a `$ref` that a place is, or is in."""
    for length, token in enumerate(pointer):
        around = document.root.nearest(pointer[:length])
        if token != "$ref" and around.text("$ref") is not None:
            return pointer[: length + 1]
    return None


def _shows_more(change: Change) -> bool:
    """Whether what stands there now was not looked into before."""
    if isinstance(change, Instead):
        return isinstance(change.value, dict | list) and bool(change.value)
    return isinstance(change, Renamed)


def _faults(document: Document, version: str) -> list[Fault]:
    """What is wrong, also in fields that only another version of OpenAPI has."""
    kinds = {node.pointer: kind for kind, node in walk(document)}
    found = [*_structure_errors(document.root, version)]
    found += _schema_errors(document, version)
    faults: list[Fault] = []
    while found:
        more = [
            fault
            for start, error in found
            for fault in faults_of(error, start.pointer, kinds)
        ]
        faults += more
        unknown = {it.pointer: None for it in more if it.keyword == "unknown"}
        found = [it for at in unknown for it in _errors_within(document, at, version)]
    return faults


def _essential(faults: list[Fault], version: str) -> Iterator[Fault]:
    """The faults without those that only follow from others.

    Where an object fails, JSON Schema calls those of its fields unknown that the failed
    part would have declared.
    """
    faulty = set[Pointer]()
    for fault in faults:
        if fault.keyword != "unknown":
            faulty |= {fault.pointer, fault.pointer[:-1]}
    declared = _declared_fields(version)
    misnamed = {it.pointer[:-1] for it in faults if it.keyword == "unknown"}
    misnamed |= {it.pointer for it in faults if it.keyword == "minProperties"}
    for fault in without_consequences(faults):
        # "2xx" is no status, and then `default` is missed; also where there is nothing.
        if fault.name == "default" and fault.pointer in misnamed:
            if fault.keyword == "required" and fault.pointer[-1:] == ("responses",):
                continue
        is_known = fault.keyword == "unknown" and fault.name in declared
        if not (is_known and fault.pointer[:-1] in faulty):
            yield fault


@cache
def _declared_fields(version: str) -> frozenset[str]:
    """Every field that OpenAPI declares anywhere."""
    found: set[str] = set()
    stack: list[Any] = [openapi_schema(version)]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            properties = value.get("properties")
            found.update(properties if isinstance(properties, dict) else ())
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return frozenset(found)


def check_of(what: str) -> Any:
    """The validator of documents of a version, or of a "schema" from 3.1 on."""
    if what == "schema":
        return _Draft202012(DIALECT)
    schema = openapi_schema(what)
    if what == "3.0":
        return _Draft4(schema)
    return _with_anchors_found(_Draft202012(schema))


def narrowed(check: Any) -> Any:
    """The same validator, which passes over what is certainly valid.

    Wherever its schema refers to a part of itself, native code is asked first: so of a
    large document only the way to each fault is gone.
    """
    schema, follow = check.schema, check.VALIDATORS["$ref"]
    is_draft4 = isinstance(check, _Draft4)

    @cache
    def valid(reference: str) -> Check:
        parts = {name: schema[name] for name in _AROUND if name in schema}
        part = schema if reference == "#" else {**parts, "$ref": reference}
        return validity(part, draft4=is_draft4)

    def unless_valid(
        validator: Any, reference: str, instance: Any, inner: Any
    ) -> Iterator[ValidationError]:
        is_here = reference == "#" or reference.startswith("#/")
        if not (is_here and valid(reference)(instance)):
            _stop_in_time()
            yield from follow(validator, reference, instance, inner)

    # By `$schema`, jsonschema would choose a class of its own.
    without = {name: part for name, part in schema.items() if name != "$schema"}
    return _extend(type(check), {"$ref": unless_valid})(without)


def _stop_in_time() -> None:
    """Raises RecursionError while it can be: native code ends the process over one."""
    frame, left = sys._getframe(), sys.getrecursionlimit() - _HEADROOM
    while left and (back := frame.f_back) is not None:
        frame, left = back, left - 1
    if not left:
        raise RecursionError


def _structure_errors(root: Node, version: str) -> Iterator[_Found]:
    check = narrowed(check_of(version))
    if version != "3.0":
        check = _with_anchors_found(check)
    for error in check.iter_errors(root.value):
        yield root, error


def _with_anchors_found(check: Any) -> Any:
    """The validator, with its schema's anchors found once; else it is at each use."""
    resource = DRAFT202012.create_resource(check.schema)
    uri = resource.id() or ""
    registry = SPECIFICATIONS.with_resource(uri, resource).crawl()
    return type(check)(check.schema, _resolver=registry.resolver(uri))


def _schema_errors(document: Document, version: str) -> Iterator[_Found]:
    """From 3.1 on, schemas are JSON Schemas and have a meta-schema of their own.

    In 3.0, what stands beside a `$ref` may be anything, but is read as in 3.1.
    """
    if version == "3.0":
        check = _check_of_part(ONE[Kind.SCHEMA], version)
        for schema, beside in beside_references(document):
            for error in check.iter_errors(beside):
                yield schema, error
        return
    check = narrowed(check_of("schema"))
    for schema in outermost_schemas(document):
        # What is no schema at all, the structure has told.
        if isinstance(schema.value, dict):
            for error in check.iter_errors(schema.value):
                yield schema, error


def _errors_within(
    document: Document, pointer: Pointer, version: str
) -> Iterator[_Found]:
    """What is wrong in a field that OpenAPI does not have here, but is understood."""
    part, node = part_at(pointer), document.root.at(pointer)
    if part is None or isinstance(node.value, bool):
        return
    if part.kind is not Kind.EXTENSION:
        for error in _check_of_part(part, version).iter_errors(node.value):
            yield node, error


@cache
def _check_of_part(part: Part, version: str) -> Any:
    """The validator of a part of a document."""
    if part.kind is Kind.SCHEMA and version != "3.0":
        return narrowed(check_of("schema"))
    check, words = check_of(version), str(part.kind).split()
    if version == "3.0":
        name = "#/definitions/" + "".join(map(str.title, words))
    else:
        name = "#/$defs/" + (
            "callbacks" if part.kind is Kind.CALLBACK else "-".join(words)
        )
    one: dict[str, Any] = {"$ref": name}
    if version == "3.0" and part.kind is Kind.SCHEMA:
        one = {"oneOf": [one, {"$ref": "#/definitions/Reference"}]}
    around = {name: check.schema[name] for name in _AROUND if name in check.schema}
    return _with_anchors_found(
        narrowed(type(check)({**around, **_SHAPES[part.shape](one)}))
    )


_SHAPES: Final[dict[Shape, Callable[[Any], Any]]] = {
    Shape.ONE: lambda one: {"allOf": [one]},
    Shape.LIST: lambda one: {"type": "array", "items": one},
    Shape.ONE_OR_LIST: lambda one: {"allOf": [one]},
    Shape.MAP: lambda one: {"type": "object", "additionalProperties": one},
    Shape.EXTENSIBLE_MAP: lambda one: {
        "type": "object",
        "patternProperties": {"^(?!x-)": one},
    },
}


def _deepest(document: Document) -> Node:
    nodes: Iterable[Node] = (node for _, node in walk(document))
    return max(nodes, key=lambda node: len(node.pointer))


def _unique_items(
    validator: Any, unique: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    """`uniqueItems` in linear time; that of jsonschema compares all with all."""
    if unique is not True or not isinstance(instance, list):
        return
    seen: set[str] = set()
    for item in instance:
        text = json.dumps(item, sort_keys=True)
        if text in seen:
            yield ValidationError("the list has an item twice", instance=item)
            return
        seen.add(text)


_extend: Any = extend  # has no types
_Draft4 = _extend(Draft4Validator, {"uniqueItems": _unique_items})
_Draft202012 = _extend(Draft202012Validator, {"uniqueItems": _unique_items})
