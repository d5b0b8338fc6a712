"""Says in words for people what a validator of JSON Schema found."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from jsonschema.exceptions import ValidationError
from msgspec import Struct
from msgspec.structs import replace

from batchwright.diagnostics import excerpt
from batchwright.document import Pointer
from batchwright.structure import Kind
from batchwright.suggestions import did_you_mean

_MOST_VALUES = 12
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}
_NOT_GENERATED = (Kind.CALLBACK, Kind.LINK)
_OWN_FIELDS = "fields of your own begin with x-"
_ENTRIES = {
    "paths": "a path begins with a slash",
    "responses": 'a status is "200" or the like, "2XX" or the like, or "default"',
}


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that is not as it must be.

    `keyword` is that of JSON Schema which is violated, `kind` that of the object which
    has the fault or in whose field it is, `name` the field's: it is missing, unknown or
    has the wrong `value`. `pointer` leads to what to point at. `field` is the field of
    the object that the fault is in, however deep; `is_field` tells whether what is
    wrong is a field of an object rather than an entry of a mapping or a list.
    """

    pointer: Pointer
    keyword: str
    kind: Kind | None
    name: str | None
    value: object
    expected: object
    message: str
    hint: str | None = None
    field: str | None = None
    is_field: bool = False


def faults_of(
    error: ValidationError, start: Pointer, kinds: Mapping[Pointer, Kind]
) -> Iterator[Fault]:
    """The faults behind an error found in what stands at `start`."""
    for leaf in _leaves(error):
        for fault in _faults(leaf, start, kinds):
            yield _placed(fault, kinds)


def _placed(fault: Fault, kinds: Mapping[Pointer, Kind]) -> Fault:
    """The fault with the object that it is in, and the field of it."""
    pointer = fault.pointer
    is_field = pointer[:-1] in kinds if pointer else False
    kind, field = fault.kind, None
    for length in range(len(pointer), -1, -1):
        around = kinds.get(pointer[:length])
        if around in _NOT_GENERATED or pointer[:length] == ("webhooks",):
            kind = Kind.CALLBACK
        elif around is not None and field is None and length < len(pointer):
            field = pointer[length]
    return replace(fault, kind=kind, field=field, is_field=is_field)


def _faults(
    leaf: ValidationError, start: Pointer, kinds: Mapping[Pointer, Kind]
) -> Iterator[Fault]:
    pointer = start + tuple(str(token) for token in leaf.absolute_path)
    keyword = str(leaf.validator)
    if keyword == "required":
        yield _missing(leaf, pointer, kinds)
    elif keyword in ("additionalProperties", "unevaluatedProperties"):
        for name in _unknown_names(leaf):
            yield _unknown(leaf, name, pointer, kinds)
    else:
        yield _wrong(leaf, keyword, pointer, kinds)


def without_consequences(faults: list[Fault]) -> Iterator[Fault]:
    """The faults without those that only follow from others of the same value."""
    mistyped = {fault.pointer for fault in faults if fault.keyword == "type"}
    # A security scheme without a field that it needs is none of those that there are.
    lacking = {
        fault.pointer
        for fault in faults
        if fault.keyword == "required" and fault.kind is Kind.SECURITY_SCHEME
    }
    for fault in faults:
        own = fault.keyword in ("type", "required", "unknown")
        wrong = mistyped | lacking if fault.keyword == "oneOf" else mistyped
        if own or fault.pointer not in wrong:
            yield fault


def _missing(
    error: ValidationError, pointer: Pointer, kinds: Mapping[Pointer, Kind]
) -> Fault:
    name = str(ast.literal_eval(error.message.rpartition(" is a required")[0]))
    kind = kinds.get(pointer)
    return Fault(
        pointer=pointer,
        keyword="required",
        kind=kind,
        name=name,
        value=error.instance,
        expected=None,
        message=f"{_thing(kind, pointer)} has no field {excerpt(name)}",
    )


def _unknown(
    error: ValidationError, name: str, pointer: Pointer, kinds: Mapping[Pointer, Kind]
) -> Fault:
    kind = kinds.get(pointer)
    known = list(_schema(error).get("properties", {}))
    close = [it for it in known if it.lower() == name.lower()]
    close = close or get_close_matches(name, known, n=1, cutoff=0.75)
    own = _OWN_FIELDS
    if kind is None and pointer:
        own = _ENTRIES.get(pointer[-1], own)
    return Fault(
        pointer=(*pointer, name),
        keyword="unknown",
        kind=kind,
        name=name,
        value=_mapping(error.instance).get(name),
        expected=close[0] if close else None,
        message=f"{_thing(kind, pointer)} has an unknown field {excerpt(name)}",
        hint=f"did you mean {excerpt(close[0])}?" if close else own,
    )


def _wrong(
    error: ValidationError,
    keyword: str,
    pointer: Pointer,
    kinds: Mapping[Pointer, Kind],
) -> Fault:
    owner = kinds.get(pointer)
    name = None
    if owner is None and pointer:
        owner = kinds.get(pointer[:-1])
        name = pointer[-1]
    # The name of a field is not a part of its own: the finger points at the mapping.
    is_name = "propertyNames" in error.absolute_schema_path
    subject = _thing(kinds.get(pointer), pointer)
    if is_name:
        subject = f"the name {excerpt(error.instance)}"
    expected: Any = error.validator_value
    return Fault(
        pointer=(*pointer, str(error.instance)) if is_name else pointer,
        keyword="propertyNames" if is_name else keyword,
        kind=owner,
        name=name,
        value=error.instance,
        expected=expected,
        message=f"{subject} {_complaint(error, keyword, expected)}",
        hint=_suggestion(error.instance, expected) if keyword == "enum" else None,
    )


def _complaint(error: ValidationError, keyword: str, expected: Any) -> str:
    value = excerpt(error.instance)
    match keyword:
        case "type":
            types = [expected] if isinstance(expected, str) else expected
            return f"must be {' or '.join(_TYPES[name] for name in types)}, not {value}"
        case "enum":
            shown = ", ".join(excerpt(allowed) for allowed in expected[:_MOST_VALUES])
            more = ", …" if len(expected) > _MOST_VALUES else ""
            one_of = "one of " if len(expected) > 1 else ""
            return f"must be {one_of}{shown}{more}, not {value}"
        case "const":
            return f"must be {excerpt(expected)}, not {value}"
        case "pattern":
            return f"has characters that are not allowed (it must match {expected})"
        case "uniqueItems":
            return "has an item twice"
        case "minItems" | "minProperties" | "minLength":
            return "must not be empty"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum":
            return f"is out of range: {value}"
        case "dependentRequired":
            needed, _, where = error.message.partition(" is a dependency of ")
            names = [excerpt(ast.literal_eval(name)) for name in (needed, where)]
            return f"needs {names[0]} where it has {names[1]}"
        case "not":
            return _exclusion(expected)
        case "oneOf" | "anyOf":
            return _choice(error)
    return f"is not allowed here: {value}"


def _exclusion(expected: Any) -> str:
    fields = expected.get("required") if isinstance(expected, dict) else None
    if fields:
        names = " and ".join(excerpt(field) for field in fields)
        both = "cannot have both" if len(fields) > 1 else "cannot have"
        return f"{both} {names} here"
    return "is not allowed here"


def _choice(error: ValidationError) -> str:
    """Words for branches of which none, or more than one, fits."""
    fields = [
        field
        for branch in _list(error.validator_value)
        if isinstance(branch, dict)
        for field in branch.get("required", ())
    ]
    names = " or ".join(excerpt(field) for field in dict.fromkeys(fields))
    if not names:
        return f"is not allowed here: {excerpt(error.instance)}"
    return f"needs {names}" if error.context else f"can have only one of {names}"


# --- from alternatives to what was meant ---------------------------------------------


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors of the alternative that was probably meant, all the way down."""
    branches = _branches(error)
    if not branches or all(_only_lacks_fields(branch) for branch in branches):
        yield error
        return
    merged = _same_field_everywhere(error, branches)
    if merged is not None:
        yield merged
        return
    for inner in min(branches, key=_distance):
        yield from _leaves(inner)


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    """The errors of each alternative, without that of being a `$ref`."""
    by_index: dict[Any, list[ValidationError]] = defaultdict(list)
    for inner in error.context or ():
        by_index[inner.schema_path[0]].append(inner)
    instance = error.instance
    if not isinstance(instance, dict) or "$ref" not in instance:
        real = [it for it in by_index.values() if not _wants_ref(it)]
        if real:
            return real
    return list(by_index.values())


def _wants_ref(errors: list[ValidationError]) -> bool:
    return any(
        error.validator == "required" and error.message.startswith("'$ref'")
        for error in errors
    )


def _only_lacks_fields(errors: list[ValidationError]) -> bool:
    return all(
        error.validator == "required" and not error.relative_path for error in errors
    ) and not any(_schema(error).get("properties") for error in errors)


def _same_field_everywhere(
    error: ValidationError, branches: list[list[ValidationError]]
) -> ValidationError | None:
    """Where every alternative wants another value of one field: all of them at once."""
    if len(branches) < 2:
        return None
    choices = [
        next((it for it in branch if _is_choice(it) and it.relative_path), None)
        for branch in branches
    ]
    first = choices[0]
    if first is None or any(
        it is None or it.relative_path != first.relative_path for it in choices
    ):
        return None
    allowed = [value for it in choices if it for value in _list(it.validator_value)]
    first.validator_value = allowed
    first.parent = error
    return first


def _is_choice(error: ValidationError) -> bool:
    return str(error.validator) == "enum"


def _distance(errors: list[ValidationError]) -> tuple[bool, bool, int, int]:
    """How far a value is from an alternative: what it says it is counts most."""
    other_type = any(it.validator == "type" and not it.relative_path for it in errors)
    other_choice = any(_is_choice(it) and len(it.relative_path) == 1 for it in errors)
    depth = max(len(error.relative_path) for error in errors)
    return other_type, other_choice, -depth, len(errors)


# --- words ---------------------------------------------------------------------------


def _unknown_names(error: ValidationError) -> list[str]:
    if error.validator == "additionalProperties":
        schema = _schema(error)
        known = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        return [
            name
            for name in _mapping(error.instance)
            if name not in known
            and not any(re.search(pattern, name) for pattern in patterns)
        ]
    # jsonschema tells them in its message only, each as Python would write it.
    listed = re.search(r"\((.*) (?:was|were) unexpected\)$", error.message, re.DOTALL)
    if listed is None:
        return []
    return [str(name) for name in ast.literal_eval(f"[{listed.group(1)}]")]


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return _mapping(error.schema)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _thing(kind: Kind | None, pointer: Pointer) -> str:
    if not pointer:
        return "the document"
    if kind is not None:
        return f"this {kind}"
    token = pointer[-1]
    if token.isdecimal() and len(pointer) > 1:
        return f"item {int(token) + 1} of {excerpt(pointer[-2])}"
    return excerpt(token)


def _suggestion(value: object, allowed: Any) -> str | None:
    if not isinstance(value, str):
        return None
    texts = [it for it in allowed if isinstance(it, str)]
    return did_you_mean(value.lower(), texts)
