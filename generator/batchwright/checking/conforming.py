"""Whether a document is what OpenAPI's JSON Schemas say: nearly every one is.

What is wrong with the others, `conformance` says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from batchwright.checking.dialect import DIALECT
from batchwright.checking.validity import Check, validity
from batchwright.document import Document, Node
from batchwright.structure import Kind, outermost_schemas, walk


def conforms(document: Document) -> bool:
    """Whether it certainly does; `conformance` has the last word on others."""
    version = version_of(document)
    try:
        if not _structure(version)(document.root.value):
            return False
        if version == "3.0":
            return all(_schema_of_3_0()(it) for _, it in beside_references(document))
        # From 3.1 on, schemas are JSON Schemas and have a meta-schema of their own.
        return all(
            _dialect()(schema.value)
            for schema in outermost_schemas(document)
            if isinstance(schema.value, dict)
        )
    except RecursionError:
        return False


def beside_references(document: Document) -> Iterator[tuple[Node, dict[str, Any]]]:
    """What stands beside a `$ref` in a schema, which 3.0 says nothing about."""
    for kind, node in walk(document):
        value = node.value
        if kind is Kind.SCHEMA and isinstance(value, dict) and "$ref" in value:
            if len(value) > 1:
                yield node, {key: it for key, it in value.items() if key != "$ref"}


def version_of(document: Document) -> str:
    """The first two numbers of the version."""
    return (document.root.text("openapi") or "")[:3]


@cache
def openapi_schema(version: str) -> Any:
    """What openapi-spec-validator has for a version.

    The file is read without importing its package: that takes as long as a short run.
    """
    package = find_spec("openapi_spec_validator")
    assert package is not None
    assert package.origin is not None
    known = version if version in ("3.0", "3.2") else "3.1"
    file = Path(package.origin).with_name("resources") / f"schemas/v{known}/schema.json"
    return json.loads(file.read_text("utf-8"))


@cache
def _structure(version: str) -> Check:
    return validity(openapi_schema(version), draft4=version == "3.0")


@cache
def _schema_of_3_0() -> Check:
    whole = openapi_schema("3.0")
    schema = {"id": whole["id"], "definitions": whole["definitions"]}
    return validity(
        {**schema, "allOf": [{"$ref": "#/definitions/Schema"}]}, draft4=True
    )


@cache
def _dialect() -> Check:
    return validity(DIALECT)
