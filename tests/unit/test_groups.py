"""Which operations are one resource: by tags or, where these are useless, by paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from batchwright.configuration.entries import Pin
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.translate.groups import groups_of
from batchwright.translate.pins import Pins


def groups(tag_of: Mapping[str, str | None], *pins: Pin, **root: Any) -> dict[str, int]:
    """How many operations each resource has, from paths with their tags."""
    paths = {
        path: {"get": {"tags": [tag]} if tag is not None else {}}
        for path, tag in tag_of.items()
    }
    document = Document.of({"paths": paths, **root})
    found = groups_of(document, Pins(pins, Report()))
    return {name: len(group.found) for name, group in found.items()}


def many(count: int) -> list[str]:
    return [f"/{'users' if n % 2 else 'teams'}/{n}" for n in range(count)]


def test_tags_are_resources() -> None:
    assert groups({"/a": "one", "/b": "two", "/c": "one"}) == {"one": 2, "two": 1}


def test_one_tag_for_a_great_many_operations_tells_nothing() -> None:
    assert groups(dict.fromkeys(many(50), "all")) == {"all": 50}
    assert groups(dict.fromkeys(many(52), "all")) == {"teams": 26, "users": 26}


def test_a_tag_that_is_pinned_is_a_resource_however_many_it_has() -> None:
    pin = Pin(thing="tag all", name="all")
    assert groups(dict.fromkeys(many(52), "all"), pin) == {"all": 52}


def test_a_path_that_is_pinned_is_a_resource_however_few_there_are() -> None:
    pin = Pin(thing="path users", name="users")
    assert groups(dict.fromkeys(many(6), "all"), pin) == {"teams": 3, "users": 3}
    # Here the pin is for what has no tag, and says nothing about the others.
    some: dict[str, str | None] = dict.fromkeys(many(6), "all")
    assert groups({**some, "/users": None}, pin) == {"all": 6, "users": 1}


def test_a_pinned_tag_outweighs_a_pinned_path() -> None:
    pins = (Pin(thing="path users", name="users"), Pin(thing="tag all", name="all"))
    assert groups(dict.fromkeys(many(6), "all"), *pins) == {"all": 6}


def test_a_tag_for_each_operation_tells_nothing() -> None:
    assert len(groups({path: path for path in many(10)})) == 10
    assert groups({path: path for path in many(12)}) == {"teams": 6, "users": 6}


def test_tags_that_bind_parameters_are_kept() -> None:
    tag = {"name": "all", "x-bound-parameters": ["id"]}
    assert groups(dict.fromkeys(many(60), "all"), tags=[tag]) == {"all": 60}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/users/{id}", "users"),
        ("/api/v1/users", "users"),
        ("/2.0/{owner}/users", "users"),
        ("/v2beta1/users", "users"),
        ("/oauth2/token#refresh", "oauth2"),
        ("/search?kind=a", "search"),
        ("/v1/{id}", "v1"),
        ("/{id}", "default"),
        ("/", "default"),
    ],
)
def test_without_a_tag_the_path_decides(path: str, name: str) -> None:
    assert groups({path: None}) == {name: 1}


def test_a_path_that_is_a_fragment_or_a_query_says_nothing() -> None:
    assert groups(dict.fromkeys(["/#Action=A", "/?kind=b", "/"])) == {"default": 3}
