"""What specs in the wild get wrong although it is clear what they mean.

Such faults are warnings. Each has one reading, which the warning tells.
"""

from __future__ import annotations

from batchwright.structure import FIELDS, Kind
from batchwright.wording import Fault

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")

# Keywords of JSON Schema that OpenAPI 3.0 does not have, and that hold no schemas.
_OF_LATER_SCHEMAS = frozenset(
    {
        "$anchor",
        "$comment",
        "$id",
        "$schema",
        "const",
        "contentEncoding",
        "contentMediaType",
        "examples",
        "maxContains",
        "minContains",
    }
)


def reading_of(fault: Fault) -> str | None:
    """How the faulty place is read; None where it cannot be, which is an error."""
    match fault.keyword:
        case "required":
            return _without_field(fault)
        case "unknown":
            return _with_unknown_field(fault)
        case "type":
            return _of_other_type(fault)
        case "minItems" | "minProperties":
            if fault.name == "required":
                return "the empty list is ignored"
            if fault.name == "responses":
                return "any answer of success is accepted, its body is not read"
        case "uniqueItems":
            return "what is listed twice counts once"
        case "propertyNames":
            return "the name is taken as it is"
        case "not":
            if fault.kind in (Kind.PARAMETER, Kind.HEADER, Kind.MEDIA_TYPE):
                return _with_two_examples(fault)
        case "enum" | "const":
            if fault.kind is Kind.PARAMETER and fault.name == "required":
                return "a path parameter is required, whatever is said"
    return None


def _without_field(fault: Fault) -> str | None:
    value = fault.value if isinstance(fault.value, dict) else {}
    match fault.kind, fault.name:
        case Kind.RESPONSE, "description":
            return "the description is read as empty"
        case Kind.OPERATION, "responses":
            return "any answer of success is accepted, its body is not read"
        case Kind.PARAMETER, "required" if value.get("in") == "path":
            return "a path parameter is required, whatever is said"
        case Kind.INFO, "version":
            return "the version is read as empty"
    return None


def _with_unknown_field(fault: Fault) -> str | None:
    # What is misspelt would be lost silently, so that is an error.
    if fault.kind is Kind.SCHEMA and fault.name in _OF_LATER_SCHEMAS:
        return "it is read as OpenAPI 3.1 means it"
    if fault.kind is Kind.SCHEMA and fault.name in FIELDS[Kind.SCHEMA]:
        return None
    if fault.expected is not None or _holds_a_part(fault):
        return None
    return "the field is ignored"


def _holds_a_part(fault: Fault) -> bool:
    """Whether a path, an operation or an answer stands there under a wrong name."""
    if not isinstance(fault.value, dict):
        return False
    owner = fault.pointer[:-1]
    is_entry = fault.kind is None and owner[-1:] in (("paths",), ("responses",))
    return is_entry or fault.kind is Kind.PATH_ITEM


def _of_other_type(fault: Fault) -> str | None:
    if fault.kind is Kind.INFO and fault.name not in ("info", "title"):
        return "the SDK does not depend on it"
    if fault.value is None and fault.expected in ("string", "array"):
        return "null is read as if the field was not there"
    if fault.kind is Kind.SCHEMA and str(fault.name).startswith("exclusive"):
        return "the SDK does not check ranges"
    if fault.kind is Kind.SCHEMA and fault.name == "type":
        types = fault.value if isinstance(fault.value, list) else ()
        if types and all(it in _TYPES for it in types):
            return "a list of types is read as OpenAPI 3.1 means it"
    return None


def _with_two_examples(fault: Fault) -> str | None:
    expected = fault.expected
    if isinstance(expected, dict) and "examples" in expected.get("required", ()):
        return "examples do not change the SDK"
    return None
