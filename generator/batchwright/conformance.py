"""Holds a document against the JSON Schemas of OpenAPI in openapi-spec-validator.

They tell the structure. What openapi-spec-validator checks beyond it (path parameters,
operation ids, defaults, ...) our own rules check, which know where things are written.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
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

from batchwright.amend import Change, amended
from batchwright.conforming import openapi_schema, version_of
from batchwright.diagnostics import Report
from batchwright.dialect import DIALECT
from batchwright.document import Document, Node, Pointer
from batchwright.leniency import reading_of
from batchwright.structure import outermost_schemas, walk
from batchwright.validity import Check, validity
from batchwright.wording import Fault, faults_of, without_consequences

_Found: TypeAlias = tuple[Node, ValidationError]

# Frames that jsonschema needs from one reference to the next, and more.
_HEADROOM: Final = 100

# What a schema needs around it where a part of it is asked about.
_AROUND: Final = ("$schema", "id", "$id", "definitions", "$defs")


def check_conformance(document: Document, report: Report) -> Document:
    """Report where the document is not what OpenAPI says it must be.

    The document comes back as it is read: with what was meant in the place of mistakes.
    """
    version = version_of(document)
    found: list[_Found] = []
    try:
        found += _structure_errors(document.root, version)
        found += _schema_errors(document, version)
    except RecursionError:
        report.error(
            "too-deep",
            "schemas nest too deep to be checked",
            _deepest(document),
            "move inner schemas to components and refer to them",
        )
    if not found:
        return document
    kinds = {node.pointer: kind for kind, node in walk(document)}
    faults = [
        fault
        for start, error in found
        for fault in faults_of(error, start.pointer, kinds)
    ]
    changes: dict[Pointer, Change] = {}
    for fault in _essential(faults, version):
        at = document.root.nearest(fault.pointer)
        reading = reading_of(fault)
        if reading is None:
            report.error("invalid-openapi", fault.message, at, fault.hint)
        else:
            report.warning("invalid-openapi", fault.message, at, reading.said)
            changes.setdefault(reading.at(fault.pointer), reading.change)
    return amended(document, changes, report)


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
    for fault in without_consequences(faults):
        # "2xx" is no status, and then `default` is missed.
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
    """From 3.1 on, schemas are JSON Schemas and have a meta-schema of their own."""
    if version == "3.0":
        return
    check = narrowed(check_of("schema"))
    for schema in outermost_schemas(document):
        # What is no schema at all, the structure has told.
        if isinstance(schema.value, dict):
            for error in check.iter_errors(schema.value):
                yield schema, error


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
