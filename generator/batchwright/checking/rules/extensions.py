"""Rules of our own extensions: their JSON Schemas, and the fields that they name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, partial
from importlib.resources import files
from typing import Any

from batchwright.checking.faultless import Faultless
from batchwright.checking.rules.batches import check_batch
from batchwright.checking.rules.behaviour import check_behaviour
from batchwright.checking.rules.paths import operations_of, path_items
from batchwright.checking.validity import Check, validity
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node
from batchwright.structure import Kind
from batchwright.suggestions import did_you_mean

# Which extension belongs on what.
PLACES = {
    "x-batch": Kind.OPERATION,
    "x-retry": Kind.OPENAPI,
    "x-rate-limit": Kind.OPENAPI,
    "x-error": Kind.OPENAPI,
    "x-behaviour": Kind.OPENAPI,
    "x-bound-parameters": Kind.TAG,
    "x-record-type": Kind.TAG,
    "x-environment-variable": Kind.SECURITY_SCHEME,
}


def check_extensions(
    objects: Iterable[tuple[Kind, Node]],
    document: Document,
    report: Report,
    faultless: Faultless,
) -> None:
    """Hold the extensions against their schemas and against the rest of the spec."""
    for kind, owner in objects:
        for name in owner.value if isinstance(owner.value, dict) else ():
            if name.startswith("x-"):
                _check_place(name, kind, owner, report)
                if PLACES.get(name) is kind:
                    _check_schema(owner[name], document, report)
    for path, item in path_items(document):
        for operation in operations_of(path, item):
            batch = operation.node.get("x-batch")
            if batch is not None:
                check = partial(check_batch, batch, operation.node, report)
                faultless.check("batch", operation.node, check)
    check_behaviour(document, report)


def _check_place(name: str, kind: Kind, owner: Node, report: Report) -> None:
    place = PLACES.get(name)
    if place is not None and place is not kind:
        report.error(
            "bad-extension",
            f"{name} does not belong on {kind.one}",
            owner[name],
            (
                f"put it on {place.one}"
                if place is not Kind.OPENAPI
                else "put it at the root"
            ),
        )
    elif place is None:
        known = [extension for extension, where in PLACES.items() if where is kind]
        hint = did_you_mean(name, known, cutoff=0.85)
        if hint is not None:
            report.warning(
                "unknown-extension",
                f"{excerpt(name)} is not an extension that is understood",
                owner[name],
                f"{hint} It is ignored",
            )


def _check_schema(node: Node, document: Document, report: Report) -> None:
    if _is_valid(node.key)(node.value):
        return
    # They say what is wrong, and take long to import.
    from jsonschema import Draft202012Validator

    from batchwright.checking.wording import faults_of, without_consequences

    errors = Draft202012Validator(_schema(node.key)).iter_errors(node.value)
    faults = [fault for it in errors for fault in faults_of(it, node.pointer, {})]
    for fault in without_consequences(faults):
        at = document.root.at(fault.pointer)
        hint = fault.hint if fault.keyword != "unknown" or fault.expected else None
        message = fault.message if at == node else f"{node.key}: {fault.message}"
        report.error("bad-extension", message, at, hint)


@cache
def _is_valid(name: str) -> Check:
    return validity(_schema(name))


def _schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}", "$defs": _schemas()["$defs"]}


@cache
def _schemas() -> dict[str, Any]:
    text = files("batchwright").joinpath("extensions.schema.json").read_text("utf-8")
    schemas: dict[str, Any] = json.loads(text)
    return schemas
