"""What specs in the wild get wrong although it is clear what they mean.

Such faults are warnings. Each has one reading, which the warning tells, and which is
put in the place of what was said, so that nothing later meets the fault.
"""

from __future__ import annotations

from typing import Any

from batchwright.checking import loose_fields, loose_types
from batchwright.checking.amend import Fixed, Instead, Reading
from batchwright.checking.wording import Fault
from batchwright.diagnostics import excerpt
from batchwright.structure import Kind

_SWAGGER_TYPE = ("type", "format", "items", "enum", "default", "nullable")
# What must be one of a few texts, or is one of its own.
_CHOSEN = ("$ref", "in", "style", "type")
_SAME = "null is read as if the field was not there"
_NOT_GENERATED = "callbacks, links and webhooks are not generated"
_NO_CHANGE = "the SDK does not depend on it"
_LEFT_OUT = Fixed.LEFT_OUT
# Objects of which nothing can be made where they say nothing.
_NEVER_EMPTY = (Kind.PARAMETER, Kind.SECURITY_SCHEME)


def reading_of(fault: Fault) -> Reading | None:
    """How the faulty place is read; None where it cannot be, which is an error."""
    if fault.kind in (Kind.LINK, Kind.CALLBACK):
        return Reading(_NOT_GENERATED)
    if fault.field in loose_fields.PROSE and fault.keyword != "unknown":
        return _of_prose(fault)
    match fault.keyword:
        case "required":
            return loose_fields.missing(fault)
        case "unknown":
            return loose_fields.unknown(fault)
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
    may_be_empty = fault.is_field or fault.kind not in _NEVER_EMPTY
    if expected == "object" and value == [] and may_be_empty:
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
    if fault.pointer in (("paths",), ("info",)):
        return Reading("it is read as empty", Instead({}))
    if fault.field == "flows":
        return Reading(loose_fields.TOKEN)
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
        return Reading(loose_fields.ANY_ANSWER)
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
