"""Whether a value is of the type that a schema describes.

Types, enums, constants and what is in lists and mappings count; ranges, patterns (which
may take for ever), formats and missing properties do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from batchwright.diagnostics import excerpt
from batchwright.document import Node, Pointer

_IS_OF_TYPE: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == value // 1,
    "null": lambda value: value is None,
    "number": lambda value: _is_number(value),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
_NOUNS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}
_MOST_VALUES = 8

# Schemas composed of schemas composed of … beyond this depth fit whatever is there.
_DEEPEST_COMPOSITION = 150


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Misfit(Struct, frozen=True, kw_only=True):
    """Where a value is not what its schema says, and what it must be."""

    at: Node
    complaint: str


class Fitting:
    """Compares values with schemas, a limited number of times.

    `ignores_siblings`: in OpenAPI 3.0, what stands beside a `$ref` says nothing.
    """

    def __init__(self, *, ignores_siblings: bool, comparisons: int) -> None:
        self._ignores_siblings = ignores_siblings
        self.made = 0
        self._most = comparisons
        self._known: dict[tuple[int, Pointer], Misfit | None] = {}

    @property
    def is_exhausted(self) -> bool:
        """Whether there were more comparisons to make than allowed."""
        return self.made >= self._most

    def misfit(self, schema: Node, value: Node) -> Misfit | None:
        """The first place at which a value does not fit; None if it does."""
        self._known.clear()
        return self._compare(schema, value, 0)

    def _compare(self, schema: Node, value: Node, depth: int) -> Misfit | None:
        if schema.value is False:
            return Misfit(at=value, complaint="must not be there")
        if not isinstance(schema.value, dict):
            return None
        key = id(schema.value), value.pointer
        if key in self._known:
            return self._known[key]
        self.made += 1
        if depth > _DEEPEST_COMPOSITION or self.is_exhausted:
            return None
        # While it is being looked at, a schema that is composed of itself fits.
        self._known[key] = None
        checks = self._checks(schema, schema.value, value, depth + 1)
        found = next((misfit for misfit in checks if misfit is not None), None)
        self._known[key] = found
        return found

    def _checks(
        self, schema: Node, said: dict[str, Any], value: Node, depth: int
    ) -> Iterator[Misfit | None]:
        if isinstance(said.get("$ref"), str):
            yield self._compare(schema.follow(), value, depth)
            if self._ignores_siblings:
                return
        if value.value is None and said.get("nullable") is True:
            return
        yield _of_type(said, value)
        yield _of_values(said, value)
        for keyword in ("allOf", "anyOf", "oneOf"):
            members = schema.get(keyword)
            if members is not None:
                found = [self._compare(it, value, depth) for it in members.elements()]
                yield _worst(found) if keyword == "allOf" else _best(found)
        if isinstance(value.value, dict):
            yield from self._of_mapping(schema, value, depth)
        elif isinstance(value.value, list):
            yield from self._of_list(schema, value, depth)

    def _of_mapping(
        self, schema: Node, value: Node, depth: int
    ) -> Iterator[Misfit | None]:
        properties = schema.get("properties")
        others = schema.get("additionalProperties")
        if "patternProperties" in schema:
            others = None
        for name, inner in value.items():
            declared = properties.get(name) if properties is not None else None
            expected = declared or others
            if expected is not None:
                yield self._compare(expected, inner, depth)

    def _of_list(
        self, schema: Node, value: Node, depth: int
    ) -> Iterator[Misfit | None]:
        prefix = schema.get("prefixItems")
        first = list(prefix.elements()) if prefix is not None else []
        rest = schema.get("items")
        for index, inner in enumerate(value.elements()):
            expected = first[index] if index < len(first) else rest
            if expected is not None:
                yield self._compare(expected, inner, depth)


def _worst(found: list[Misfit | None]) -> Misfit | None:
    return next((misfit for misfit in found if misfit is not None), None)


def _best(found: list[Misfit | None]) -> Misfit | None:
    """The misfit of the option that fits best: deep inside, or the first one."""
    misfits = [misfit for misfit in found if misfit is not None]
    if not misfits or len(misfits) < len(found):
        return None
    return max(misfits, key=lambda misfit: len(misfit.at.pointer))


def _of_type(said: dict[str, Any], value: Node) -> Misfit | None:
    types = said.get("type")
    names = [types] if isinstance(types, str) else types
    if not isinstance(names, list) or not names:
        return None
    for name in names:
        is_of_type = _IS_OF_TYPE.get(name) if isinstance(name, str) else None
        if is_of_type is None or is_of_type(value.value):
            return None
    expected = " or ".join(_NOUNS[name] for name in names)
    return Misfit(at=value, complaint=f"must be {expected}, not {excerpt(value.value)}")


def _of_values(said: dict[str, Any], value: Node) -> Misfit | None:
    allowed = said.get("enum")
    if "const" in said:
        allowed = [said["const"]]
    if not isinstance(allowed, list) or any(_equal(it, value.value) for it in allowed):
        return None
    shown = ", ".join(excerpt(it) for it in allowed[:_MOST_VALUES])
    more = ", …" if len(allowed) > _MOST_VALUES else ""
    one_of = "one of " if len(allowed) > 1 else ""
    return Misfit(
        at=value,
        complaint=f"must be {one_of}{shown}{more}, not {excerpt(value.value)}",
    )


def _equal(one: object, other: object) -> bool:
    """Equality of JSON: true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
