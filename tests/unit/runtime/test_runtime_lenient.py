"""Answers that are not quite what they should be: what is made of unions in them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import pytest
from _runtime import UNSET, Model, UnsetType
from _runtime.lenient import convert_leniently
from sample_api import Animal, Cat, Dog


class Number(Model, kw_only=True):
    kind: Literal["number"] = "number"
    value: float


class Sum(Model, kw_only=True):
    kind: Literal["sum"] = "sum"
    left: Expression
    right: Expression


class Named(Model, kw_only=True):
    name: str
    size: int


Expression: TypeAlias = Number | Sum
ONE = {"kind": "number", "value": 1.0}
NEW = {"kind": "product", "left": ONE}


class Page(Model, kw_only=True):
    expression: Expression | UnsetType = UNSET
    animal: Animal | UnsetType = UNSET
    thing: Named | dict[str, int] | UnsetType = UNSET


def read(**fields: object) -> Page:
    page: Page = convert_leniently(fields, Page)
    return page


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # A fault within does not make it another member.
        (
            {"kind": "sum", "left": ONE, "right": NEW},
            Sum(left=Number(value=1), right=NEW),  # type: ignore[arg-type]
        ),
        ({"kind": "sum"}, Sum(left=UNSET, right=UNSET)),  # type: ignore[arg-type]
        # What says that it is something else stays as it came.
        (NEW, NEW),
        ({}, {}),
        ({"other": 1}, {"other": 1}),
    ],
)
def test_the_member_that_was_meant_is_read(given: object, expected: object) -> None:
    assert read(expression=given).expression == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"kind": "dog", "friend": {"kind": "fox"}},
            Dog(kind="dog", friend=Cat(kind="fox")),
        ),
        ({"kind": "cat", "lives": "nine"}, Cat(kind="cat", lives="nine")),  # type: ignore[arg-type]
        ({"lives": 9}, Cat(kind=UNSET, lives=9)),  # type: ignore[arg-type]
        ({"kind": 5}, {"kind": 5}),
        ({"species": "fox"}, {"species": "fox"}),
    ],
)
def test_the_discriminator_says_what_was_meant(given: object, expected: object) -> None:
    assert read(animal=given).animal == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "a"}, Named(name="a", size=UNSET)),  # type: ignore[arg-type]
        ({"a": 1, "b": "2"}, {"a": 1, "b": "2"}),
    ],
)
def test_a_map_may_be_meant_as_well(given: dict[str, Any], expected: object) -> None:
    assert read(thing=given).thing == expected
