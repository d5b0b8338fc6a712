"""Whether a document is what OpenAPI's JSON Schemas say: nearly every one is.

What is wrong with the others, `conformance` says.
"""

from __future__ import annotations

import json
import marshal
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from batchwright.checks import Check, UnknownKeyword
from batchwright.dialect import DIALECT
from batchwright.document import Document
from batchwright.results import Kept, Results
from batchwright.structure import outermost_schemas
from batchwright.validity import validity

# Maps of the document each entry of which is held against the schema by itself, so that
# one that conforms can be left out; these, and the sections of components.
_MAPS = ("paths", "webhooks")


def conforms(document: Document, results: Results) -> bool:
    """Whether it certainly does; `conformance` has the last word on others."""
    version = version_of(document)
    data = document.root.value
    if not isinstance(data, dict):
        return False
    try:
        rest, keys = _unknown(data, version, results.conforming)
        document = document.with_root(rest, {})
        if not _structure(version)(rest) or not _are_schemas(document, version):
            return False
    except (UnknownKeyword, RecursionError, ValueError):  # nested too deep, the last
        return False
    for key in keys:
        results.conforming.add(key, True)
    return True


def _unknown(
    data: dict[str, Any], version: str, known: Kept[bool]
) -> tuple[dict[str, Any], list[bytes]]:
    """The document without the parts that are known to conform; keys of the others."""
    rest, keys = dict(data), list[bytes]()

    def reduced(where: str, entries: Any) -> Any:
        if not isinstance(entries, dict):
            return entries
        found = {}
        for name, value in entries.items():
            # Of this version, the bytes are the same if and only if the data are.
            whole = marshal.dumps((version, where, name, value), 2)
            key = sha256(whole).digest()
            if known.get(key) is None:
                found[name] = value
                keys.append(key)
        return found

    for name in _MAPS:
        if name in data:
            rest[name] = reduced(name, data[name])
    components = data.get("components")
    if isinstance(components, dict):
        rest["components"] = {
            name: it if name.startswith("x-") else reduced(f"components/{name}", it)
            for name, it in components.items()
        }
    return rest, keys


def _are_schemas(document: Document, version: str) -> bool:
    """From 3.1 on, schemas are JSON Schemas and have a meta-schema of their own."""
    return version == "3.0" or all(
        _dialect()(schema.value)
        for schema in outermost_schemas(document)
        if isinstance(schema.value, dict)
    )


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
