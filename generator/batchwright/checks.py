"""Functions that tell whether a value is this or that, for `validity`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, TypeAlias

Check: TypeAlias = Callable[[Any], bool]
# The fields of an object that a schema says something about.
Keys: TypeAlias = Callable[[dict[str, Any]], Iterable[str]]


class UnknownKeyword(Exception):
    """The schema has what is not understood here: jsonschema has to be asked."""


def anything(value: Any) -> bool:
    return True


def nothing(value: Any) -> bool:
    return False


# --- types ---------------------------------------------------------------------------


def is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    return is_int(value) or (isinstance(value, float) and value.is_integer())


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def of_type(type_: type) -> Check:
    return lambda value: isinstance(value, type_)


TYPES: Final[dict[str, Check]] = {
    "array": of_type(list),
    "boolean": of_type(bool),
    # From draft 6 on, is_integer.
    "integer": is_int,
    "null": of_type(type(None)),
    "number": is_number,
    "object": of_type(dict),
    "string": of_type(str),
}


def when(type_: type, check: Check) -> Check:
    """The check, for values of a type alone."""
    if check is anything:
        return check
    return lambda value: not isinstance(value, type_) or check(value)


# --- combinations --------------------------------------------------------------------


def all_of(checks: list[Check]) -> Check:
    checks = [check for check in checks if check is not anything]
    if len(checks) < 2:
        return checks[0] if checks else anything
    if len(checks) == 2:
        one, other = checks
        return lambda value: one(value) and other(value)

    def is_valid(value: Any) -> bool:
        for check in checks:  # noqa: SIM110
            if not check(value):
                return False
        return True

    return is_valid


def any_of(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    return lambda value: any(check(value) for check in checks)


def exactly_one(checks: list[Check]) -> Check:
    return lambda value: sum(check(value) for check in checks) == 1


def negated(check: Check) -> Check:
    return lambda value: not check(value)


def if_else(condition: Check, then: Check, otherwise: Check) -> Check:
    return lambda value: then(value) if condition(value) else otherwise(value)


# --- texts and numbers ---------------------------------------------------------------


def one_of(choices: list[Any]) -> Check:
    if all(type(choice) is str for choice in choices):
        names = frozenset(choices)
        return lambda value: isinstance(value, str) and value in names
    if all(isinstance(choice, bool) for choice in choices):
        return lambda value: isinstance(value, bool) and value in choices
    raise UnknownKeyword("enum")


def found(pattern: str) -> Check:
    search = re.compile(pattern).search
    return when(str, lambda value: search(value) is not None)


def longer(least: int) -> Check:
    return when(str, lambda value: len(value) >= least)


def at_least(least: float, *, itself: bool) -> Check:
    if itself:
        return lambda value: not is_number(value) or not value < least
    return lambda value: not is_number(value) or not value <= least


def at_most(most: float) -> Check:
    return lambda value: not is_number(value) or not value > most


# --- objects and lists ---------------------------------------------------------------


def has(name: str) -> Check:
    return lambda value: isinstance(value, dict) and name in value


def counted(least: int | None, most: int | None) -> Check:
    return lambda value: (least or 0) <= len(value) and (
        most is None or len(value) <= most
    )


def each(check: Check) -> Check:
    """Of the items of a list, or the names of an object."""

    def is_valid(values: Collection[Any]) -> bool:
        for value in values:  # noqa: SIM110
            if not check(value):
                return False
        return True

    return is_valid


def fields(
    properties: dict[str, Check],
    patterns: list[tuple[Callable[[str], object], Check]],
    others: Check,
) -> Check:
    def is_valid(value: dict[str, Any]) -> bool:
        for name, inner in value.items():
            check = properties.get(name)
            is_other = check is None
            if check is not None and not check(inner):
                return False
            for search, check in patterns:
                if search(name):
                    is_other = False
                    if not check(inner):
                        return False
            if is_other and not others(inner):
                return False
        return True

    return is_valid


def unevaluated(keys: Keys, others: Check) -> Check:
    def is_valid(value: dict[str, Any]) -> bool:
        known = set(keys(value))
        return all(others(value[name]) for name in value if name not in known)

    return is_valid


def contains(check: Check, least: int, most: int | None) -> Check:
    def is_valid(value: list[Any]) -> bool:
        count = sum(check(each) for each in value)
        return least <= count and (most is None or count <= most)

    return is_valid


def are_unique(value: list[Any]) -> bool:
    return len({json.dumps(it, sort_keys=True) for it in value}) == len(value)


# --- keys ----------------------------------------------------------------------------


def no_keys(value: dict[str, Any]) -> Iterable[str]:
    return ()


def together(speakers: list[Keys]) -> Keys:
    speakers = [speaker for speaker in speakers if speaker is not no_keys]
    if not speakers:
        return no_keys
    return lambda value: {name for speaker in speakers for name in speaker(value)}


def fields_that_are(check: Check) -> Keys:
    return lambda value: [name for name, inner in value.items() if check(inner)]


def fields_named(pattern: str) -> Keys:
    search = re.compile(pattern).search
    return lambda value: [name for name in value if search(name)]


def keys_if(condition: Check, then: Keys, otherwise: Keys) -> Keys:
    if then is otherwise is no_keys:
        return no_keys
    return lambda value: then(value) if condition(value) else otherwise(value)
