"""Whether a value is what a JSON Schema says: quick, and silent about why not.

jsonschema tells what is wrong, and takes its time for it; nearly every document has
nothing wrong. The keywords are those of OpenAPI's schemas and of our own, and mean what
jsonschema takes them to mean: `tests/unit/test_validity.py` compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from batchwright import checks
from batchwright.checks import Check, Keys, UnknownKeyword

# Of OpenAPI's schemas and ours; the first ones are what no value can fail.
_KEYWORDS: Final = """
$schema $id $comment $defs $dynamicAnchor id definitions default description title
format $ref $dynamicRef type enum const allOf anyOf oneOf not if then else
pattern minLength minimum exclusiveMinimum maximum properties patternProperties
additionalProperties required dependentRequired minProperties maxProperties
propertyNames dependentSchemas unevaluatedProperties items minItems uniqueItems contains
minContains maxContains
"""
_KNOWN: Final = frozenset(_KEYWORDS.split())
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef"})
_CONDITION: Final = ("if", "then", "else")
_COMBINATIONS: Final = (
    ("allOf", checks.all_of),
    ("anyOf", checks.any_of),
    ("oneOf", checks.exactly_one),
)


def validity(schema: Any, *, draft4: bool = False) -> Check:
    """A function that tells whether a value is valid.

    That function raises RecursionError where a value nests too deep. Raises
    UnknownKeyword.

    Args:
        draft4: whether the schema is of draft 4; else it is of 2020-12.
    """
    return _Compiler(schema, draft4=draft4).check(schema)


class _Compiler:
    """Makes functions of the parts of one schema, each part once."""

    def __init__(self, root: Any, *, draft4: bool) -> None:
        self._root = root
        self._draft4 = draft4
        self._checks: dict[int, Check] = {}
        self._keys_of: dict[int, Keys] = {}

    def check(self, schema: Any) -> Check:
        if isinstance(schema, bool):
            return checks.anything if schema else checks.nothing
        key = id(schema)
        if key not in self._checks:
            # A part may be within itself: then it is looked up when it is called.
            self._checks[key] = lambda value: self._checks[key](value)
            self._checks[key] = checks.all_of(list(self._parts(schema)))
        return self._checks[key]

    def _parts(self, schema: dict[str, Any]) -> Iterator[Check]:
        if self._draft4 and "$ref" in schema:
            yield self.check(self._target(schema["$ref"]))
            return
        if not schema.keys() <= _KNOWN:
            raise UnknownKeyword(*schema.keys() - _KNOWN)
        if "type" in schema:
            yield self._type(schema["type"])
        for keyword in _REFERENCES & schema.keys():
            yield self.check(self._target(schema[keyword]))
        yield from self._of_texts_and_numbers(schema)
        yield from self._combined(schema)
        yield checks.when(dict, checks.all_of(list(self._of_objects(schema))))
        yield checks.when(list, checks.all_of(list(self._of_lists(schema))))

    def _target(self, ref: str) -> Any:
        """What a reference within the schema leads to."""
        if ref == "#meta":  # the one anchor that there is
            return self._root["$defs"]["schema"]
        if not ref.startswith("#"):
            raise UnknownKeyword(ref)
        target = self._root
        for token in ref.split("/")[1:]:
            target = target[token]
        return target

    def _type(self, types: str | list[str]) -> Check:
        known = checks.TYPES
        if not self._draft4:
            known = known | {"integer": checks.is_integer}
        names = [types] if isinstance(types, str) else types
        return checks.any_of([known[name] for name in names])

    def _of_texts_and_numbers(self, schema: dict[str, Any]) -> Iterator[Check]:
        if "enum" in schema:
            yield checks.one_of(schema["enum"])
        if "const" in schema:
            yield checks.one_of([schema["const"]])
        if "pattern" in schema:
            yield checks.found(schema["pattern"])
        if "minLength" in schema:
            yield checks.longer(schema["minLength"])
        beyond = schema.get("exclusiveMinimum")
        if "minimum" in schema:
            yield checks.at_least(
                schema["minimum"], itself=not (self._draft4 and beyond)
            )
        if beyond is not None and not self._draft4:
            yield checks.at_least(beyond, itself=False)
        if "maximum" in schema:
            yield checks.at_most(schema["maximum"])

    def _combined(self, schema: dict[str, Any]) -> Iterator[Check]:
        for keyword, combine in (
            ("allOf", checks.all_of),
            ("anyOf", checks.any_of),
            ("oneOf", checks.exactly_one),
        ):
            if keyword in schema:
                yield combine([self.check(each) for each in schema[keyword]])
        if "not" in schema:
            yield checks.negated(self.check(schema["not"]))
        if "if" in schema:
            yield checks.if_else(
                *(self.check(schema.get(it, True)) for it in _CONDITION)
            )

    def _of_objects(self, schema: dict[str, Any]) -> Iterator[Check]:
        if "required" in schema:
            yield frozenset(schema["required"]).issubset
        if "minProperties" in schema or "maxProperties" in schema:
            yield checks.counted(
                schema.get("minProperties"), schema.get("maxProperties")
            )
        if "propertyNames" in schema:
            yield checks.each(self.check(schema["propertyNames"]))
        properties = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        more = schema.get("additionalProperties", True)
        if properties or patterns or more is not True:
            yield checks.fields(
                {name: self.check(inner) for name, inner in properties.items()},
                [(re.compile(it).search, self.check(patterns[it])) for it in patterns],
                self.check(more),
            )
        for name, names in schema.get("dependentRequired", {}).items():
            yield checks.if_else(
                checks.has(name), frozenset(names).issubset, checks.anything
            )
        for name, inner in schema.get("dependentSchemas", {}).items():
            yield checks.if_else(checks.has(name), self.check(inner), checks.anything)
        if "unevaluatedProperties" in schema:
            others = self.check(schema["unevaluatedProperties"])
            yield checks.unevaluated(self._keys(schema), others)

    def _of_lists(self, schema: dict[str, Any]) -> Iterator[Check]:
        if "minItems" in schema:
            yield checks.counted(schema["minItems"], None)
        if "items" in schema:
            if isinstance(schema["items"], list):
                raise UnknownKeyword("items")
            yield checks.each(self.check(schema["items"]))
        if schema.get("uniqueItems") is True:
            yield checks.are_unique
        if "contains" in schema:
            least, most = schema.get("minContains", 1), schema.get("maxContains")
            yield checks.contains(self.check(schema["contains"]), least, most)

    def _keys(self, schema: Any) -> Keys:
        if isinstance(schema, bool):
            return checks.no_keys
        key = id(schema)
        if key not in self._keys_of:
            self._keys_of[key] = lambda value: self._keys_of[key](value)
            self._keys_of[key] = checks.together(list(self._speakers(schema)))
        return self._keys_of[key]

    def _speakers(self, schema: dict[str, Any]) -> Iterator[Keys]:
        """What `unevaluatedProperties` leaves alone, keyword by keyword."""
        for keyword in _REFERENCES & schema.keys():
            yield self._keys(self._target(schema[keyword]))
        if "properties" in schema:
            yield schema["properties"].keys().__and__
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            if keyword in schema:
                yield checks.fields_that_are(self.check(schema[keyword]))
        for pattern in schema.get("patternProperties", ()):
            yield checks.fields_named(pattern)
        for name, inner in schema.get("dependentSchemas", {}).items():
            yield checks.keys_if(checks.has(name), self._keys(inner), checks.no_keys)
        for keyword in ("allOf", "oneOf", "anyOf"):
            for inner in schema.get(keyword, ()):
                yield checks.keys_if(
                    self.check(inner), self._keys(inner), checks.no_keys
                )
        if "if" in schema:
            condition, then, otherwise = (schema.get(it, True) for it in _CONDITION)
            met = checks.together([self._keys(condition), self._keys(then)])
            yield checks.keys_if(self.check(condition), met, self._keys(otherwise))
