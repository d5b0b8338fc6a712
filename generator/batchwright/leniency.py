"""What specs in the wild get wrong although it is clear what they mean.

Such faults are warnings. Each has one reading, which the warning tells, and which is
put in the place of what was said, so that nothing later meets the fault.
"""

from __future__ import annotations

import re
from typing import Any

from batchwright import loose_types
from batchwright.amend import Fixed, Instead, Reading, Renamed
from batchwright.diagnostics import excerpt
from batchwright.structure import METHODS, Kind
from batchwright.wording import Fault

# For people, or for tools other than a client.
_PROSE = frozenset(
    {
        "$comment",
        "contact",
        "description",
        "example",
        "examples",
        "externalDocs",
        "jsonSchemaDialect",
        "license",
        "summary",
        "termsOfService",
        "title",
        "xml",
    }
)
_SWAGGER_TYPE = ("type", "format", "items", "enum", "default", "nullable")
# What must be one of a few texts, or is one of its own.
_CHOSEN = ("$ref", "in", "style", "type")
_STATUS = re.compile("[1-5][0-9][0-9]")
_SAME = "null is read as if the field was not there"
_ANY_ANSWER = "any answer of success is accepted, its body is not read"
_NOT_GENERATED = "callbacks, links and webhooks are not generated"
_TOKEN = "the SDK takes a token, wherever it comes from"
_NO_CHANGE = "the SDK does not depend on it"
_LEFT_OUT = Fixed.LEFT_OUT


def reading_of(fault: Fault) -> Reading | None:
    """How the faulty place is read; None where it cannot be, which is an error."""
    if fault.kind in (Kind.LINK, Kind.CALLBACK):
        return Reading(_NOT_GENERATED)
    if fault.field in _PROSE and fault.keyword != "unknown":
        return _of_prose(fault)
    match fault.keyword:
        case "required":
            return _without_field(fault)
        case "unknown":
            return _with_unknown_field(fault)
        case "type":
            return _of_other_type(fault)
        case "minItems" | "minProperties":
            return _empty(fault)
        case "uniqueItems":
            return Reading("what is listed twice counts once")
        case "propertyNames":
            return Reading("the name is taken as it is")
        case "not":
            return _with_two_examples(fault)
        case "enum" | "const":
            return _of_other_choice(fault)
        case "anyOf" | "oneOf":
            return _of_no_choice(fault)
    if fault.kind is Kind.SCHEMA and fault.name in loose_types.LIMITS:
        return Reading("the SDK does not check it", _LEFT_OUT)
    return None


def _of_prose(fault: Fault) -> Reading | None:
    """Faults in what is for people; `field` may be further up than the fault."""
    if fault.field == "title" and fault.kind is Kind.INFO:
        if fault.keyword != "type":
            return None
        title = _written(fault.value) or "API"
        return Reading(f"it is read as {excerpt(title)}", Instead(title))
    if fault.keyword == "type" and fault.name == fault.field:
        if fault.value is None:
            return Reading(_SAME, _LEFT_OUT)
        if isinstance(fault.value, int | float):
            return Reading("it is read as a text", Instead(_written(fault.value)))
        return Reading(_NO_CHANGE, _LEFT_OUT)
    if fault.field in ("example", "examples"):
        return Reading("examples do not change the SDK")
    return Reading(_NO_CHANGE)


def _without_field(fault: Fault) -> Reading | None:
    value = fault.value if isinstance(fault.value, dict) else {}
    match fault.kind, fault.name:
        case Kind.RESPONSE, "description":
            return Reading("the description is read as empty")
        case Kind.OPERATION, "responses":
            return Reading(_ANY_ANSWER)
        case Kind.PARAMETER, "required" if value.get("in") == "path":
            return Reading("a path parameter is required, whatever is said")
        case Kind.INFO, "version":
            return Reading("the version is read as empty", Instead(""), "version")
        case Kind.INFO, "title":
            return Reading('the title is read as "API"', Instead("API"), "title")
        case Kind.OPENAPI, "info":
            empty = {"title": "API", "version": ""}
            return Reading('the title is read as "API"', Instead(empty), "info")
        case Kind.OPENAPI, "paths":
            return Reading("it is read as empty", Instead({}), "paths")
        case Kind.TAG, "name":
            return Reading("the tag is ignored", _LEFT_OUT)
        case Kind.REQUEST_BODY, "content":
            return Reading("it is read as empty", Instead({}), "content")
        case Kind.SECURITY_SCHEME, "flows" | "openIdConnectUrl":
            return Reading(_TOKEN)
        case Kind.SECURITY_SCHEME, "scheme":
            said = "the SDK takes the whole value of the Authorization header"
            return Reading(said, Instead(""), "scheme")
        case Kind.DISCRIMINATOR, "propertyName":
            said = "it is ignored: what has the most in common with a value is chosen"
            return Reading(said, _LEFT_OUT)
        case Kind.SECURITY_SCHEME, "name" if fault.pointer:
            name = fault.pointer[-1]
            said = f"it is read as the name of the scheme, {excerpt(name)}"
            return Reading(said, Instead(name), "name")
        case Kind.SECURITY_SCHEME, "in":
            return Reading("it is read as a header", Instead("header"), "in")
        case Kind.SERVER, "url":
            return Reading("the server is ignored", _LEFT_OUT)
    if fault.field == "flows":
        return Reading(_TOKEN)
    if fault.field == "responses":
        return Reading(_ANY_ANSWER)
    if fault.field == "variables" and fault.name == "default":
        options = value.get("enum")
        first = options[0] if isinstance(options, list) and options else ""
        said = f"it is read as {excerpt(first)}" if first else "it is read as empty"
        return Reading(said, Instead(str(first)), "default")
    return None


def _with_unknown_field(fault: Fault) -> Reading | None:
    # What is misspelt would be lost silently, so that is an error.
    if fault.kind is Kind.SCHEMA and fault.name in loose_types.OF_LATER_SCHEMAS:
        return Reading("it is read as OpenAPI 3.1 means it")
    name = fault.name or ""
    if _holds_a_part(fault):
        return _under_another_name(fault, name)
    if fault.expected is not None and fault.expected not in _PROSE | loose_types.LIMITS:
        return None
    return Reading("the field is ignored")


def _under_another_name(fault: Fault, name: str) -> Reading | None:
    """A path, a method or a status that is written in another way."""
    owner = fault.pointer[-2:-1]
    meant = None
    if owner == ("paths",) and fault.kind is None:
        meant = f"/{name}" if name and name[0] not in "/{$#." else None
    elif owner == ("responses",) and fault.kind is None:
        same = {"default": "default", **{f"{n}xx": f"{n}XX" for n in range(1, 6)}}
        status = name.strip()
        meant = status if _STATUS.fullmatch(status) else same.get(status.lower())
    elif name.lower() in METHODS:
        meant = name.lower()
    if meant is None:
        return None
    if meant == name:
        return Reading("it is read as OpenAPI 3.2 means it")
    return Reading(f"it is read as {excerpt(meant)}", Renamed(meant))


def _holds_a_part(fault: Fault) -> bool:
    """Whether a path, an operation or an answer stands there under a wrong name."""
    if not isinstance(fault.value, dict):
        return False
    owner = fault.pointer[:-1]
    is_entry = fault.kind is None and owner[-1:] in (("paths",), ("responses",))
    return is_entry or fault.kind is Kind.PATH_ITEM


def _of_other_type(fault: Fault) -> Reading | None:
    value, expected = fault.value, fault.expected
    if fault.kind is Kind.INFO and fault.name is not None:
        return Reading(_NO_CHANGE, Instead(_written(value)))
    if value is None:
        return _null(fault)
    if expected == "boolean" and isinstance(value, str):
        if value.lower() in ("true", "false"):
            truth = value.lower() == "true"
            return Reading(f"it is read as {value.lower()}", Instead(truth))
        if fault.name == "deprecated" and value:
            return Reading("it is read as true", Instead(True))
    is_free = fault.name not in _CHOSEN and fault.field != "mapping"
    if expected == "string" and is_free and _is_number(value):
        return Reading("it is read as a text", Instead(_written(value)))
    if expected == "object" and value == []:
        return Reading("the empty list is read as an empty mapping", Instead({}))
    if expected == "array" and (reading := _of_no_list(fault)) is not None:
        return reading
    if isinstance(value, str) and (reading := _of_text(fault, value)) is not None:
        return reading
    if fault.field == "tags" and isinstance(value, dict):
        name = value.get("name")
        if fault.kind is None and isinstance(name, str):
            return Reading(f"it is read as its name, {excerpt(name)}", Instead(name))
    if fault.kind is Kind.TAG and fault.pointer[:1] == ("tags",):
        return Reading("it is ignored", _LEFT_OUT)
    if fault.kind is Kind.SCHEMA:
        return loose_types.of_other_type(fault)
    return None


def _of_text(fault: Fault, text: str) -> Reading | None:
    """What is said shorter than it should be."""
    if fault.pointer[-2:-1] == ("security",):
        return Reading("it is read as needed, with no scopes", Instead({text: []}))
    match fault.kind:
        case Kind.SERVER:
            return Reading("it is read as the url of a server", Instead({"url": text}))
        case Kind.TAG if fault.pointer[:1] == ("tags",) and text:
            return Reading("it is read as the name of a tag", Instead({"name": text}))
        case Kind.DISCRIMINATOR:
            said = "it is read as the name of the property that tells options apart"
            return Reading(said, Instead({"propertyName": text}))
    return None


def _of_no_list(fault: Fault) -> Reading | None:
    """One thing where a list must be, if nothing in it had to be looked at before."""
    value = fault.value
    if value == {}:
        return Reading("it is read as an empty list", Instead([]))
    one = isinstance(value, str) and value.lower() not in ("yes", "no")
    one = one and fault.name in ("tags", "required", "enum")
    if one or (isinstance(value, dict) and fault.name in ("security", "servers")):
        return Reading("it is read as a list of one", Instead([value]))
    return None


def _null(fault: Fault) -> Reading | None:
    """Null where something else must stand: nothing, or nothing in particular."""
    if fault.pointer[-3:-2] == ("security",):
        return Reading("it is read as needed, with no scopes", Instead([]))
    if fault.pointer == ("paths",):
        return Reading("it is read as empty", Instead({}))
    if fault.field == "flows":
        return Reading(_TOKEN)
    if not fault.is_field:
        in_list = fault.kind in (Kind.PARAMETER, Kind.SERVER, Kind.TAG)
        if in_list or fault.field in ("tags", "required"):
            return Reading("it is ignored", _LEFT_OUT)
        if fault.kind is Kind.SCHEMA and isinstance(fault.expected, str | list):
            return Reading("null is read as any value", Instead({}))
        if fault.kind in (Kind.MEDIA_TYPE, Kind.RESPONSE):
            return Reading("null is read as if nothing was said of it", Instead({}))
        return None
    return Reading(_SAME, _LEFT_OUT)


def _of_other_choice(fault: Fault) -> Reading | None:
    value = fault.value
    if fault.kind is Kind.PARAMETER and fault.name == "required":
        return Reading("a path parameter is required, whatever is said", Instead(True))
    if fault.kind in (Kind.PARAMETER, Kind.SECURITY_SCHEME) and fault.name == "in":
        place = str(value).lower()
        if place == value or place not in ("cookie", "header", "path", "query"):
            return None
        if place == "path" and fault.kind is Kind.SECURITY_SCHEME:
            return None
        return Reading(f"it is read as {excerpt(place)}", Instead(place))
    if fault.kind is Kind.PARAMETER and fault.name == "style":
        return Reading("it is read as if no style was said", _LEFT_OUT)
    if fault.kind is Kind.SCHEMA and fault.name == "type":
        return loose_types.of_another_name(value)
    return None


def _of_no_choice(fault: Fault) -> Reading | None:
    """A parameter without a schema: what Swagger 2 said of it, else a text."""
    value = fault.value if isinstance(fault.value, dict) else {}
    if fault.kind not in (Kind.PARAMETER, Kind.HEADER) or fault.name is not None:
        return None
    if "schema" in value or "content" in value:
        return None
    schema: dict[str, Any] = {it: value[it] for it in _SWAGGER_TYPE if it in value}
    if schema.get("type") not in loose_types.TYPES:
        return Reading("it is read as a text", Instead({"type": "string"}), "schema")
    said = f"it is read as a schema of the type {excerpt(schema['type'])}"
    return Reading(said, Instead(schema), "schema")


def _empty(fault: Fault) -> Reading | None:
    if fault.name == "responses":
        return Reading(_ANY_ANSWER)
    if fault.name in ("required", "allOf", "oneOf", "anyOf", "enum", "prefixItems"):
        return Reading("the empty list is ignored", _LEFT_OUT)
    if fault.name in ("security", "servers", "tags", "parameters"):
        return Reading("the empty list is ignored")
    return None


def _with_two_examples(fault: Fault) -> Reading | None:
    expected = fault.expected
    if fault.kind in (Kind.PARAMETER, Kind.HEADER, Kind.MEDIA_TYPE):
        if isinstance(expected, dict) and "examples" in expected.get("required", ()):
            return Reading("examples do not change the SDK")
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _written(value: object) -> str:
    """A number or a truth as a text; anything else has none."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | str):
        return str(value)
    return ""
