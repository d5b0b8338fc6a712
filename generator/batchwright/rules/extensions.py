"""Rules of our own extensions: their JSON Schemas, and the fields that they name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node
from batchwright.rules.paths import operations_of, path_items
from batchwright.rules.schemas import properties_of
from batchwright.structure import Kind
from batchwright.wording import faults_of, without_consequences

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
_SUCCESS = re.compile(r"2\d\d|2XX|2xx|default")


def check_extensions(
    objects: Iterable[tuple[Kind, Node]], document: Document, report: Report
) -> None:
    """Hold the extensions against their schemas and against the rest of the spec."""
    schemas = json.loads(
        files("batchwright").joinpath("extensions.schema.json").read_text("utf-8")
    )
    for kind, owner in objects:
        for name in owner.value if isinstance(owner.value, dict) else ():
            if name.startswith("x-"):
                _check_place(name, kind, owner, report)
                if PLACES.get(name) is kind:
                    _check_schema(owner[name], schemas, document, report)
    for path, item in path_items(document):
        for operation in operations_of(path, item):
            batch = operation.node.get("x-batch")
            if batch is not None:
                _check_batch(batch, operation.node, report)


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
        close = get_close_matches(name, known, n=1, cutoff=0.85)
        if close:
            report.warning(
                "unknown-extension",
                f"{excerpt(name)} is not an extension that is understood",
                owner[name],
                f"did you mean {close[0]}? As it stands, it is ignored",
            )


def _check_schema(
    node: Node, schemas: dict[str, Any], document: Document, report: Report
) -> None:
    schema = {"$ref": f"#/$defs/{node.key}", "$defs": schemas["$defs"]}
    errors = Draft202012Validator(schema).iter_errors(node.value)
    faults = [fault for it in errors for fault in faults_of(it, node.pointer, {})]
    for fault in without_consequences(faults):
        at = document.root.at(fault.pointer)
        hint = fault.hint if fault.keyword != "unknown" or fault.expected else None
        message = fault.message if at == node else f"{node.key}: {fault.message}"
        report.error("bad-extension", message, at, hint)


# --- x-batch -------------------------------------------------------------------------


def _check_batch(batch: Node, operation: Node, report: Report) -> None:
    """What `x-batch` names must be there: in the body, in an input, in an answer."""
    body = _body(operation)
    fields = properties_of(body) if body is not None else None
    if fields is None:
        return
    limit = batch.get("smallerLimit")
    if limit is not None:
        _check_field("when", limit, fields, "the request body", report)
    inputs = fields.get(batch.text("inputs") or "")
    if inputs is not None:
        _check_inputs(batch, inputs, fields, report)
    for part, key in (("results", "result"), ("errors", "error")):
        _check_answers(batch, part, key, operation, report)


def _check_inputs(
    batch: Node, inputs: Node, body: dict[str, Node], report: Report
) -> None:
    item = inputs.follow().get("items")
    fields = properties_of(item) if item is not None else None
    if fields is None:
        return
    for part in ("identity", "correlation"):
        found = batch.get(part)
        if found is not None:
            _check_field("input", found, fields, "an input", report)
    identity = batch.get("identity")
    if identity is not None:
        either = body | fields
        _check_field("property", identity, either, "an input or of the body", report)


def _check_answers(
    batch: Node, part: str, key: str, operation: Node, report: Report
) -> None:
    """The field of results or errors must be in an answer, and what is in its items."""
    name = batch.text(part)
    if name is None:
        return
    lists = [fields for fields in _answers(operation) if name in fields]
    if not lists:
        report.error(
            "bad-extension",
            f"x-batch: no answer of success has a field {excerpt(name)}",
            batch[part],
        )
        return
    items = [fields[name].follow().get("items") for fields in lists]
    known: dict[str, Node] = {}
    for item in items:
        fields = properties_of(item) if item is not None else None
        if fields is None:
            return
        known |= fields
    for label in ("identity", "correlation"):
        found = batch.get(label)
        if found is not None:
            _check_field(key, found, known, f"an item of {excerpt(name)}", report)
    identity = batch.get("identity")
    if identity is not None and part == "results":
        _check_field("properties", identity, known, "a result", report)


def _check_field(
    key: str, said: Node, fields: dict[str, Node], owner: str, report: Report
) -> None:
    path = said.text(key)
    if path is None:
        return
    name = path.partition(".")[0]
    if name in fields:
        return
    close = get_close_matches(name, list(fields), n=1)
    report.error(
        "bad-extension",
        f"x-batch: {excerpt(name)} is not a field of {owner}",
        said[key],
        f"did you mean {excerpt(close[0])}?" if close else None,
    )


def _body(operation: Node) -> Node | None:
    request = operation.get("requestBody")
    schemas = _schemas(request.follow()) if request is not None else iter(())
    return next(schemas, None)


def _answers(operation: Node) -> Iterator[dict[str, Node]]:
    responses = operation.get("responses")
    for status, response in responses.items() if responses is not None else ():
        if _SUCCESS.fullmatch(status):
            for schema in _schemas(response.follow()):
                yield properties_of(schema) or {}


def _schemas(owner: Node) -> Iterator[Node]:
    content = owner.get("content")
    for _, media in content.items() if content is not None else ():
        schema = media.follow().get("schema")
        if schema is not None:
            yield schema
