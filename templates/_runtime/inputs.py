"""What callers give, models or plain mappings, checked before anything is sent.

The check of the good case is the work of msgspec alone: the value is encoded, decoded
as its declared type, and compared. Only if that fails is the value walked through, to
find every place that is wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Struct

from .codec import convert, decode, encode, plain
from .errors import Finding, InvalidInputError
from .models import FURTHER, UNSET
from .structure import discriminator_of, fields_of, is_struct, members_of

__all__ = ["Accepted", "accept", "accept_fields"]

_ARRAYS: tuple[Any, ...] = (list, tuple, set, frozenset)
# Iterable, but as a list of inputs always a mistake.
_NOT_LISTS = (str, bytes, bytearray, memoryview, Mapping, msgspec.Struct)
_TOO_DEEP = "is nested too deeply, or holds itself"
_INDEX = re.compile(r"\w+\[(\d+)\]")
_PLAIN_KEY = re.compile(r"\w+")


class Accepted(Struct, frozen=True, kw_only=True):
    """A value that is of its declared type throughout, and the same as JSON."""

    value: Any
    content: bytes


def accept(value: object, type_: Any, *, label: str) -> Accepted:
    """Take a value that is given as a whole, such as a request's body.

    Args:
        value: a model, or plain data with the API's own field names.
        type_: what it has to be.
        label: what the caller calls it.

    Raises:
        InvalidInputError: it is not of the type; nothing was sent.
    """
    given = _listed(value, type_)
    return _checked(given, type_, {label: (given, type_)}, _is_all_models(given))


def accept_fields(fields: Mapping[str, object], body: Any) -> Accepted:
    """Take a body that is given field by field, under the fields' Python names.

    Lists may be any iterable, and their items models or mappings; fields that are
    UNSET are left out.

    Raises:
        InvalidInputError: a field is not of its type; nothing was sent.
    """
    by_wire_name: dict[str, object] = {}
    places: dict[str, tuple[object, Any]] = {}
    all_models = True
    for field in fields_of(body):
        name = field.name
        value = fields.get(name, UNSET)
        if value is UNSET:
            if field.required:
                places[name] = (UNSET, field.type)
            continue
        given = _listed(value, field.type)
        by_wire_name[field.encode_name] = given
        places[name] = (given, field.type)
        all_models = all_models and _is_all_models(given)
    return _checked(by_wire_name, body, places, all_models)


def _checked(
    given: object,
    type_: Any,
    places: Mapping[str, tuple[object, Any]],
    all_models: bool,
) -> Accepted:
    accepted: Accepted | None = None
    problem: str | None = None
    try:
        value = convert(given, type_)
        content = encode(value)
        if _is_sound(given, value, content, type_, all_models):
            return Accepted(value=value, content=content)
        accepted = Accepted(value=value, content=content)
    except RecursionError:
        problem = _TOO_DEEP
    except (TypeError, ValueError, OverflowError) as error:
        problem = str(error)
    findings: list[Finding] = []
    try:
        for label, (part, part_type) in places.items():
            findings += _findings(part, part_type, label)
    except RecursionError:
        problem = _TOO_DEEP
    if problem is not None and problem is not _TOO_DEEP and not findings:
        stripped = _without_unset(given)
        if stripped != given:
            return _checked(stripped, type_, places, all_models)
    if problem is not None and not findings:
        label = next(iter(places), "body")
        findings.append(Finding(index=None, field=label, message=problem))
    if findings or accepted is None:
        raise InvalidInputError(findings=findings)
    # Equal in meaning though not in form: a tuple for a list, a date with an offset.
    return accepted


def _without_unset(value: object) -> object:
    """Plain data without the fields that are UNSET, which are not sent."""
    if isinstance(value, Mapping):
        return {k: _without_unset(v) for k, v in value.items() if v is not UNSET}
    if isinstance(value, (list, tuple)):
        return [_without_unset(item) for item in value]
    return value


def _is_sound(
    given: object, value: object, content: bytes, type_: Any, all_models: bool
) -> bool:
    """Whether all that was given is in the JSON, and nothing of another type."""
    if not all_models:
        said = plain(value)
        # Plain data was checked when it was converted. But a null may be what
        # became of a number that JSON does not have.
        if given == said and b"null" not in content:
            return True
        if plain(given) != said:
            return False
    # msgspec does not check what models are made of.
    return bool(decode(content, type_) == value)


def _listed(value: object, type_: Any) -> object:
    """Any iterable as a list, where a list is wanted; bare values as shapes."""
    item_type = _item_type(type_)
    if item_type is None or isinstance(value, _NOT_LISTS):
        return value
    if not isinstance(value, list):
        if not isinstance(value, Iterable):
            return value
        value = list(value)
    bare = _bare_field(item_type)
    if bare is None:
        return value
    return [
        item if isinstance(item, (Mapping, msgspec.Struct)) else bare(item)
        for item in value
    ]


def _is_all_models(value: object) -> bool:
    """Whether no mapping can be in it whose keys would have to be looked at."""
    if isinstance(value, list):
        return all(
            issubclass(kind, (msgspec.Struct, str)) for kind in set(map(type, value))
        )
    return not isinstance(value, (Mapping, tuple))


@cache
def _item_type(type_: Any) -> Any:
    for member in members_of(type_):
        if get_origin(member) in _ARRAYS and get_args(member):
            return get_args(member)[0]
    return None


@cache
def _bare_field(item_type: Any) -> Any:
    """Makes a shape of its only field's value, if it has but one required field."""
    members = members_of(item_type)
    if len(members) != 1 or not is_struct(members[0]):
        return None
    fields = fields_of(members[0])
    if len(fields) != 1 or not fields[0].required:
        return None
    shape, name = members[0], fields[0].name
    return lambda value: shape(**{name: value})


def _findings(value: object, type_: Any, path: str) -> Iterator[Finding]:
    members = members_of(type_)
    if value is UNSET:
        yield _finding(path, "is required")
        return
    if value is None and type(None) in members:
        return
    members = _likely(value, type_, members)
    best: list[Finding] | None = None
    for member in members:
        found = list(_findings_of_one(value, member, path))
        if best is None or len(found) < len(best):
            best = found
        if not found:
            break
    yield from best or ()


def _likely(value: object, type_: Any, members: tuple[Any, ...]) -> tuple[Any, ...]:
    """The members of a union that the value seems to be meant as."""
    members = tuple(member for member in members if member is not type(None))
    own = tuple(m for m in members if is_struct(m) and isinstance(value, m))
    if own:
        return own
    discriminator = discriminator_of(type_)
    if discriminator is not None and isinstance(value, Mapping):
        chosen = discriminator.chosen_by(value)
        if chosen is not None:
            return (chosen,)
    return members


def _findings_of_one(value: object, type_: Any, path: str) -> Iterator[Finding]:
    origin, arguments = get_origin(type_), get_args(type_)
    if is_struct(type_) and isinstance(value, type_):
        yield from _model_findings(value, path)
    elif is_struct(type_) and isinstance(value, Mapping):
        yield from _mapping_findings(value, type_, path)
    elif is_struct(type_):
        wanted = f"expected {type_.__name__} or a mapping"
        yield _finding(path, f"{wanted}, got {_kind(value)}")
    elif origin in _ARRAYS and isinstance(value, (list, tuple, set, frozenset)):
        for index, item in enumerate(value):
            yield from _findings(item, arguments[0], f"{path}[{index}]")
    elif origin in _ARRAYS and isinstance(value, _NOT_LISTS):
        yield _finding(path, f"expected a list, got a single {_kind(value)}")
    elif _is_mapping(origin) and isinstance(value, Mapping):
        for key, item in value.items():
            place = _member(path, key)
            yield from _leaf_findings(key, arguments[0], place)
            yield from _findings(item, arguments[1], place)
    else:
        yield from _leaf_findings(value, type_, path)


def _model_findings(model: object, path: str) -> Iterator[Finding]:
    struct: Any = type(model)
    for field in fields_of(struct):
        value = getattr(model, field.name, UNSET)
        place = f"{path}.{_label(field)}"
        if value is not UNSET or field.required:
            yield from _findings(value, field.type, place)


def _label(field: Any) -> str:
    return str(field.name if field.encode_name == FURTHER else field.encode_name)


def _mapping_findings(
    mapping: Mapping[Any, object], struct: Any, path: str
) -> Iterator[Finding]:
    fields = {field.encode_name: field for field in fields_of(struct)}
    open_ = fields.pop(FURTHER, None)
    for key, value in mapping.items():
        place = _member(path, key)
        if key not in fields and open_ is not None:
            yield from _findings({key: value}, open_.type, path)
        elif key not in fields:
            yield _finding(place, f"unknown field{_suggestion(key, struct)}")
        elif value is not UNSET:
            yield from _findings(value, fields[key].type, place)
    for name, field in fields.items():
        if field.required and mapping.get(name, UNSET) is UNSET:
            yield _finding(f"{path}.{name}", "is required")


def _leaf_findings(value: object, type_: Any, path: str) -> Iterator[Finding]:
    if isinstance(value, float) and not math.isfinite(value):
        yield _finding(path, f"JSON has no number {value}")
        return
    try:
        encode(convert(value, type_))
    except msgspec.ValidationError as error:
        reason = str(error).partition(" - at ")[0].replace("`", "")
        yield _finding(path, reason[:1].lower() + reason[1:])
    except (TypeError, ValueError, OverflowError) as error:
        yield _finding(path, f"cannot be sent as JSON: {error}")


def _suggestion(key: object, struct: Any) -> str:
    import difflib

    names = [field.encode_name for field in fields_of(struct)]
    for field in fields_of(struct):
        if _folded(key) in (_folded(field.name), _folded(field.encode_name)):
            return f'; the API calls it "{field.encode_name}"'
    close = difflib.get_close_matches(str(key), names, n=1)
    if not close:
        return ""
    return f'; did you mean "{close[0]}"?'


def _folded(name: object) -> str:
    return str(name).replace("_", "").replace("-", "").lower()


def _finding(path: str, message: str) -> Finding:
    found = _INDEX.match(path)
    index = int(found[1]) if found else None
    return Finding(index=index, field=path, message=message)


def _member(path: str, key: object) -> str:
    if isinstance(key, str) and _PLAIN_KEY.fullmatch(key):
        return f"{path}.{key}"
    return f"{path}[{key!r}]"


def _is_mapping(origin: object) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__
