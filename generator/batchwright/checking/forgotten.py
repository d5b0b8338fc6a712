"""Layers that a document forgot around a schema: `schema` in a media type, the type.

Each place is a warning that says how it is read, like those of `leniency`.
"""

from __future__ import annotations

from typing import TypeAlias

from batchwright.checking.amend import Change, Fixed, Instead, amended
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer
from batchwright.structure import FIELDS, Kind, walk

_Origins: TypeAlias = dict[Pointer, Pointer]

_JSON = "application/json"
# What stands beside a schema in a media type.
_BESIDE = ("schema", "example", "examples", "encoding")
# By these a schema is known where none was looked for.
_OF_SCHEMAS = frozenset({"type", "enum"} | FIELDS[Kind.SCHEMA].keys())


def completed(document: Document, report: Report) -> Document:
    """The resolved document with the layers that were forgotten; each is told."""
    changes: dict[Pointer, Change] = {}
    for kind, node in walk(document):
        content = node.get("content") if "content" in FIELDS.get(kind, ()) else None
        if content is not None and "schema" in content:
            changes |= _with_type(content, report)
        elif kind is Kind.MEDIA_TYPE and "schema" not in node:
            changes |= _with_schema(node, report)
    return amended(document, changes, report)


def _with_type(content: Node, report: Report) -> dict[Pointer, Change]:
    """A schema among media types: it is that of JSON, with what describes it."""
    problem = "a media type is missing around it"
    if _JSON in content:
        _tell(content["schema"], problem, f"it is ignored beside {_JSON}", report)
        return {(*content.pointer, "schema"): Fixed.LEFT_OUT}
    _tell(content["schema"], problem, f"it is read as {_JSON}", report)
    fields = dict(content.items())
    media = {name: fields.pop(name).value for name in _BESIDE if name in fields}
    others = {name: node.value for name, node in fields.items()}
    origins: _Origins = {(_JSON, name): (*content.pointer, name) for name in media}
    return {content.pointer: Instead({_JSON: media} | others, origins)}


def _with_schema(media: Node, report: Report) -> dict[Pointer, Change]:
    """A media type that is a schema, not one that has it."""
    fields = dict(media.items())
    if not _OF_SCHEMAS & fields.keys():
        return {}
    problem = '"schema" is missing around what it says'
    _tell(media, problem, "it is read as its schema", report)
    beside = {name: fields.pop(name).value for name in _BESIDE if name in fields}
    schema = {name: node.value for name, node in fields.items()}
    origins: _Origins = {("schema", name): (*media.pointer, name) for name in schema}
    return {media.pointer: Instead(beside | {"schema": schema}, origins)}


def _tell(at: Node, problem: str, reading: str, report: Report) -> None:
    report.warning("invalid-openapi", f"{excerpt(at.key)}: {problem}", at, reading)
