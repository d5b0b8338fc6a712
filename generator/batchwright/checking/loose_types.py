"""How schemas of specs in the wild say types and limits, and what that means."""

from __future__ import annotations

from typing import Any

from batchwright.checking.amend import Fixed, Instead, Reading
from batchwright.checking.wording import Fault
from batchwright.diagnostics import excerpt
from batchwright.structure import FIELDS, Kind

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_OTHER_NAMES = {
    "bool": "boolean",
    "decimal": "number",
    "dict": "object",
    "double": "number",
    "float": "number",
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "list": "array",
    "long": "integer",
    "map": "object",
    "str": "string",
    "text": "string",
}
_ANYTHING = frozenset({"", "any", "mixed", "unknown", "*"})

# Keywords of JSON Schema that OpenAPI 3.0 does not have.
OF_LATER_SCHEMAS = frozenset(
    {
        "$anchor",
        "$comment",
        "$defs",
        "$dynamicAnchor",
        "$dynamicRef",
        "$id",
        "$schema",
        "const",
        "contentEncoding",
        "contentMediaType",
        "examples",
        "maxContains",
        "minContains",
    }
    | FIELDS[Kind.SCHEMA].keys()
)
LIMITS = frozenset(
    {
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxContains",
        "maxLength",
        "maxProperties",
        "maximum",
        "minContains",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "pattern",
        "uniqueItems",
    }
)
_SAME = "null is read as if the field was not there"
_LEFT_OUT = Fixed.LEFT_OUT


def of_other_type(fault: Fault) -> Reading | None:
    """What a schema, or a field of one, means that is of another type."""
    value = fault.value
    if fault.name == "required" and str(value).lower() in ("true", "false"):
        said = "it is ignored: the schema around lists which properties are required"
        return Reading(said, _LEFT_OUT)
    if fault.name == "maxItems" and isinstance(value, str) and value.isdecimal():
        return Reading("it is read as a number", Instead(int(value[:18])))
    if str(fault.name).startswith("exclusive"):
        return Reading("the SDK does not check ranges", _LEFT_OUT)
    if fault.name in LIMITS:
        return Reading("the SDK does not check it", _LEFT_OUT)
    if fault.name == "type" and isinstance(value, list):
        return _of_list_of_types(value)
    if fault.name == "items" and isinstance(value, list) and all(map(_is_plain, value)):
        if len(value) == 1:
            return Reading("it is read as the one in it", Instead(value[0]))
        return Reading("each item is read as any of these", Instead({"anyOf": value}))
    if fault.pointer[-1:] == ("additionalProperties",) and isinstance(value, str):
        if value.lower() in ("true", "false"):
            truth = value.lower() == "true"
            return Reading(f"it is read as {value.lower()}", Instead(truth))
    return None


def _is_plain(schema: object) -> bool:
    """Whether a schema is fine, though it stands where none was looked for."""
    if not isinstance(schema, dict):
        return False
    is_ref = schema.keys() == {"$ref"}
    return is_ref or (schema.keys() == {"type"} and schema["type"] in TYPES)


def _of_list_of_types(value: list[Any]) -> Reading | None:
    if not value:
        return Reading("it is read as any type", _LEFT_OUT)
    types = ["null" if it is None else it for it in value]
    if not all(isinstance(it, str) and it in TYPES for it in types):
        return None
    if types == value:
        return Reading("a list of types is read as OpenAPI 3.1 means it")
    return Reading('null in it is read as "null"', Instead(types))


def of_another_name(value: object) -> Reading | None:
    """The type that was meant by another name for it."""
    if value is None:
        return Reading(_SAME, _LEFT_OUT)
    if isinstance(value, list):
        return _of_list_of_types(value)
    if not isinstance(value, str):
        return None
    if value == "null":
        return Reading("it is read as OpenAPI 3.1 means it")
    name = value.lower()
    if name in _ANYTHING:
        return Reading("it is read as any type", _LEFT_OUT)
    name = _OTHER_NAMES.get(name, name)
    if name not in TYPES:
        return None
    return Reading(f"it is read as {excerpt(name)}", Instead(name))
