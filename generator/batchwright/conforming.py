"""Whether a document is what OpenAPI's JSON Schemas say: nearly every one is.

What is wrong with the others, `conformance` says.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from batchwright.dialect import DIALECT
from batchwright.document import Document
from batchwright.structure import outermost_schemas
from batchwright.validity import Check, validity


def conforms(document: Document) -> bool:
    """Whether it certainly does; `conformance` has the last word on others."""
    version = version_of(document)
    try:
        if not _structure(version)(document.root.value):
            return False
        # From 3.1 on, schemas are JSON Schemas and have a meta-schema of their own.
        return version == "3.0" or all(
            _dialect()(schema.value)
            for schema in outermost_schemas(document)
            if isinstance(schema.value, dict)
        )
    except RecursionError:
        return False


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
def _dialect() -> Check:
    return validity(DIALECT)
