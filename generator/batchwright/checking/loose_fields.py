"""Fields that specs in the wild leave out, add or spell in their own way."""

from __future__ import annotations

import re

from batchwright.checking import loose_types
from batchwright.checking.amend import Fixed, Instead, Reading, Renamed
from batchwright.checking.wording import Fault
from batchwright.diagnostics import excerpt
from batchwright.structure import METHODS, Kind

# For people, or for tools other than a client.
PROSE = frozenset(
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
_STATUS = re.compile("[1-5][0-9][0-9]")
ANY_ANSWER = "any answer of success is accepted, its body is not read"
TOKEN = "the SDK takes a token, wherever it comes from"
_LEFT_OUT = Fixed.LEFT_OUT


def missing(fault: Fault) -> Reading | None:
    """What an object means that lacks a field."""
    value = fault.value if isinstance(fault.value, dict) else {}
    match fault.kind, fault.name:
        case Kind.RESPONSE, "description":
            return Reading("the description is read as empty")
        case Kind.OPERATION, "responses":
            return Reading(ANY_ANSWER)
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
            return Reading(TOKEN)
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
        return Reading(TOKEN)
    if fault.field == "responses":
        return Reading(ANY_ANSWER)
    if fault.field == "variables" and fault.name == "default":
        options = value.get("enum")
        first = options[0] if isinstance(options, list) and options else ""
        said = f"it is read as {excerpt(first)}" if first else "it is read as empty"
        return Reading(said, Instead(str(first)), "default")
    return None


def unknown(fault: Fault) -> Reading | None:
    """What a field means that the object does not have."""
    # What is misspelt would be lost silently, so that is an error.
    if fault.kind is Kind.SCHEMA and fault.name in loose_types.OF_LATER_SCHEMAS:
        return Reading("it is read as OpenAPI 3.1 means it")
    name = fault.name or ""
    if _holds_a_part(fault):
        return _under_another_name(fault, name)
    if fault.expected is not None and fault.expected not in PROSE | loose_types.LIMITS:
        return None
    if fault.kind is Kind.OPENAPI and isinstance(fault.value, dict):
        return Reading("it is ignored, but for what a $ref leads to")
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
