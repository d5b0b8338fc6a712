"""What Swagger 2.0 had, and documents of OpenAPI 3 still say: read as what came of it.

Each place is a warning that says how it is read, like those of `leniency`; these change
more than the place itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from batchwright.checking.amend import Change, Fixed, Instead, amended
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer
from batchwright.structure import Kind, methods_of, walk

_BINARY = {"type": "string", "format": "binary"}
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_FORM = ("formData", "body")
_HTTP_SCHEMES = ("basic", "bearer")
# The types of security schemes, and how they are written, too.
_SCHEMES = {
    **{name.lower(): name for name in ("apiKey", "http", "oauth2", "openIdConnect")},
    **dict.fromkeys(("basic", "basicauth"), "basic"),
    **dict.fromkeys(("bearer", "bearerauth"), "bearer"),
    "oauth": "oauth2",
}
_NOT_IN_A_WORD = re.compile("[^a-z0-9]")
# How lists were written, as what is said of that now; tabs have no style.
_FORMATS: Mapping[str | None, Mapping[str, object]] = {
    "csv": {"explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "multi": {"explode": True},
}
# What described a parameter's value beside its name.
_OF_SCHEMA = ("type", "format", "items", "enum", "default")
_VALUE = (*_OF_SCHEMA, "description")


def modernised(document: Document, report: Report) -> Document:
    """The resolved document without what only Swagger 2.0 had; each is told."""
    changes: dict[Pointer, Change] = {}
    for kind, node in walk(document):
        match kind:
            case Kind.SCHEMA if node.text("type") == "file":
                tell(node["type"], "it is read as binary content", report)
                changes |= _fields(node, _BINARY)
            case Kind.SECURITY_SCHEME:
                changes |= _scheme(node, report)
            case Kind.RESPONSE | Kind.REQUEST_BODY if "schema" in node:
                if "content" not in node:
                    changes |= _content(node, report)
            case Kind.PARAMETER if node.text("collectionFormat") in _FORMATS:
                changes |= _style(node, report)
            case Kind.PARAMETER if _is_shared(node) and _is_of_body(node):
                _tell_of_body(node, report)
                changes[node.pointer] = Fixed.LEFT_OUT
            case Kind.PATH_ITEM:
                changes |= _bodies(node, report)
    return amended(document, changes, report)


def tell(at: Node, reading: str, report: Report) -> None:
    """Warn of what Swagger 2.0 had, and of how it is read."""
    value = "" if isinstance(at.value, dict | list) else f" {excerpt(at.value)}"
    message = f"{excerpt(at.key)}{value} is of Swagger 2.0"
    report.warning("swagger-2", message, at, reading)


def _fields(node: Node, fields: Mapping[str, object]) -> dict[Pointer, Change]:
    return {(*node.pointer, name): Instead(value) for name, value in fields.items()}


def _scheme(scheme: Node, report: Report) -> dict[Pointer, Change]:
    """What a security scheme is, and how its token is had."""
    changes: dict[Pointer, Change] = {}
    said = scheme.text("type") or ""
    meant = _SCHEMES.get(_NOT_IN_A_WORD.sub("", said.lower()), said)
    if meant in _HTTP_SCHEMES:
        tell(scheme["type"], f"it is read as HTTP's scheme {meant}", report)
        changes |= _fields(scheme, {"type": "http", "scheme": meant})
    elif meant != said:
        message = f'"type" must be {excerpt(meant)}, not {excerpt(said)}'
        reading = f"it is read as {excerpt(meant)}"
        report.warning("invalid-openapi", message, scheme["type"], reading)
        changes |= _fields(scheme, {"type": meant})
    if scheme.text("flow") and "flows" not in scheme:
        tell(scheme["flow"], "the SDK takes a token, however it is had", report)
        changes |= _fields(scheme, {"flows": {}})
        changes[(*scheme.pointer, "flow")] = Fixed.LEFT_OUT
    return changes


def _content(owner: Node, report: Report) -> dict[Pointer, Change]:
    """The schema of an answer or of a body, as that of its content."""
    schema = _schema(owner["schema"].value)
    media = "application/octet-stream" if _is_binary(schema) else "application/json"
    tell(owner["schema"], f"it is read as the content {media}", report)
    return {
        (*owner.pointer, "schema"): Fixed.LEFT_OUT,
        (*owner.pointer, "content"): Instead(
            {media: {"schema": schema}}, {(media, "schema"): owner["schema"].pointer}
        ),
    }


def _style(parameter: Node, report: Report) -> dict[Pointer, Change]:
    """How a list is written, as `style` and `explode`."""
    style = _FORMATS[parameter.text("collectionFormat")]
    words = ", ".join(f"{name}: {excerpt(value)}" for name, value in style.items())
    tell(parameter["collectionFormat"], f"it is read as {words}", report)
    gone = ["collectionFormat"]
    fields = dict(style)
    if "schema" not in parameter and "type" in parameter:
        tell(parameter["type"], "it is read as that of the schema", report)
        said = dict(_kept(parameter, *_OF_SCHEMA))
        gone += said
        fields["schema"] = _schema(said)
    changes = _fields(parameter, fields)
    return changes | {(*parameter.pointer, name): Fixed.LEFT_OUT for name in gone}


def _bodies(item: Node, report: Report) -> dict[Pointer, Change]:
    """The bodies that operations, or all of a path together, have as parameters."""
    changes: dict[Pointer, Change] = {}
    shared = _body_parameters(item, report)
    changes |= dict.fromkeys((it.pointer for it in shared), Fixed.LEFT_OUT)
    for _, operation in methods_of(item):
        if "requestBody" in operation:
            continue
        own = _body_parameters(operation, report)
        changes |= dict.fromkeys((it.pointer for it in own), Fixed.LEFT_OUT)
        found = {it.text("name"): it for it in (n.follow() for n in (*shared, *own))}
        if found:
            body = _body(operation, list(found.values()))
            changes |= _fields(operation, {"requestBody": body})
    return changes


def _body_parameters(owner: Node, report: Report) -> list[Node]:
    """Those of an operation's or a path's parameters that are of its body."""
    listed = owner.get("parameters")
    found = [it for it in listed.elements() if _is_of_body(it)] if listed else []
    for node in found:
        _tell_of_body(node, report)
    return found


def _tell_of_body(parameter: Node, report: Report) -> None:
    if "$ref" not in parameter:
        tell(parameter["in"], "it is read as a part of the request body", report)


def _is_shared(parameter: Node) -> bool:
    return parameter.pointer[:2] == ("components", "parameters")


def _is_of_body(parameter: Node) -> bool:
    return parameter.follow().text("in") in _FORM


def _body(operation: Node, found: list[Node]) -> dict[str, Any]:
    whole = next((it for it in reversed(found) if it.text("in") == "body"), None)
    return _form(operation, found) if whole is None else _json(whole)


def _json(parameter: Node) -> dict[str, Any]:
    given = parameter.get("schema")
    content = {"schema": {} if given is None else _schema(given.value)}
    body = {"content": {"application/json": content}}
    return body | dict(_kept(parameter, "description", "required"))


def _form(operation: Node, fields: list[Node]) -> dict[str, Any]:
    properties = {str(it.text("name")): _value_of(it) for it in fields}
    required = [
        str(it.text("name"))
        for it in fields
        if isinstance(it.value, dict) and it.value.get("required") is True
    ]
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    consumed = operation.get("consumes")
    listed = [it.value for it in consumed.elements()] if consumed else []
    has_file = any(map(_is_binary, properties.values()))
    media = _MULTIPART if has_file or _MULTIPART in listed else _URLENCODED
    return {"content": {media: {"schema": schema}}, "required": bool(required)}


def _value_of(parameter: Node) -> Any:
    schema = parameter.get("schema")
    if schema is None:
        return _schema(dict(_kept(parameter, *_VALUE)))
    return _schema(schema.value)


def _schema(value: Any) -> Any:
    is_file = isinstance(value, dict) and value.get("type") == "file"
    return value | _BINARY if is_file else value


def _is_binary(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("format") == "binary"


def _kept(node: Node, *names: str) -> Iterator[tuple[str, Any]]:
    fields = node.value if isinstance(node.value, dict) else {}
    return ((name, fields[name]) for name in names if name in fields)
