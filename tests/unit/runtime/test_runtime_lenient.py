"""Answers that are not quite what they should be: what is made of unions in them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import pytest
from _runtime import UNSET, Model, OpenModel, UnsetType, further
from _runtime.codec import plain
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


class Counts(OpenModel, kw_only=True):
    total: int
    ratio: int | float | UnsetType = UNSET
    name: int | str | UnsetType = UNSET
    by_day: list[int] | UnsetType = UNSET
    additional_properties: dict[str, int] = further()


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


def test_a_number_without_a_fraction_is_a_whole_one() -> None:
    given = {"total": 1.0, "ratio": 2.0, "name": 3.0, "by_day": [4.0, 4.5]}
    counts = convert_leniently(given, Counts)

    assert (counts.total, type(counts.total)) == (1, int)
    assert (counts.ratio, type(counts.ratio)) == (2.0, float)
    assert (counts.name, type(counts.name)) == (3, int)
    # What is none stays as it came.
    assert repr(counts.by_day) == "[4, 4.5]"


def test_further_properties_are_kept_as_far_as_they_go() -> None:
    given = {"total": "many", "a": 1, "b": 2.0, "c": None, "d": "four"}
    counts = convert_leniently(given, Counts)

    assert counts.total == "many"
    assert counts.additional_properties == {"a": 1, "b": 2, "c": None, "d": "four"}
    assert type(counts.additional_properties["b"]) is int
    assert plain(counts) == given
