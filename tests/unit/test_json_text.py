"""JSON is read as JSON, and every refusal has a place."""

from __future__ import annotations

import pytest

from batchwright.parsing.json_text import read_json
from batchwright.parsing.text import DEEPEST_NESTING, Unreadable


def refusal(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_json(text)
    return caught.value


def test_values_are_those_of_json() -> None:
    text = '{"on": "yes", "a": [1, -2.5, 1e3, true, false, null], "": "\\u00e9\\ud83d\\ude00"}'
    data, repeated = read_json(text)
    assert not repeated
    assert data == {
        "on": "yes",
        "a": [1, -2.5, 1000.0, True, False, None],
        "": "é😀",
    }


def test_a_key_that_stands_twice_is_noticed_anywhere() -> None:
    assert read_json('{"a": [{"b": 1, "b": 2}]}') == ({"a": [{"b": 2}]}, True)


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ('{"a": 1,}', (1, 8), "allows none"),
        ("[1, 2,\n]", (1, 6), "allows none"),
        ('{\n  "a": 1\n  "b": 2\n}', (3, 3), None),
        ('{"a": 1} x', (1, 10), "one value"),
        ('{\n// no\n"a": 1}', (2, 1), "comment"),
        ("{'a': 1}", (1, 2), None),
        ('{"a": "b\n"}', (1, 9), None),
        ('{"a": 01}', (1, 8), None),
        ('{"a": "\\x"}', (1, 8), None),
        ("", (1, 1), None),
    ],
)
def test_syntax_errors_have_a_place(
    text: str, place: tuple[int, int], hint: str | None
) -> None:
    error = refusal(text)
    assert error.code == "json-syntax"
    assert error.place == place
    assert (hint is None) == (error.hint is None)
    assert hint is None or hint in str(error.hint)


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000, "-1e999"]
)
def test_numbers_that_are_none_have_a_place(number: str) -> None:
    error = refusal(f'{{"a": "{number}",\n "b": [1, {number}]}}')
    assert error.code == "bad-number"
    assert error.place == (2, 11)


@pytest.mark.parametrize(
    ("escape", "column"),
    [
        ("\\ud800", 8),
        ("\\uDC00", 8),
        ("\\ud83d\\ude00\\udead", 20),
        ("\\\\\\ud800x", 10),
    ],
)
def test_half_of_a_surrogate_pair_has_a_place(escape: str, column: int) -> None:
    error = refusal(f'{{"a": "{escape}"}}')
    assert error.code == "bad-escape"
    assert error.place == (1, column)


def test_what_only_looks_like_a_surrogate_is_text() -> None:
    assert read_json('{"a": "\\\\ud800"}')[0] == {"a": "\\ud800"}


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [DEEPEST_NESTING + 1, 900, 100_000])
def test_deep_nesting_is_refused_where_it_gets_too_deep(
    bracket: str, depth: int
) -> None:
    ends = {"[": "]", '{"a":': "}"}
    text = "\n" + bracket * depth + "1" + ends[bracket] * depth
    error = refusal(text)
    assert error.code == "too-deep"
    assert error.place == (2, len(bracket) * DEEPEST_NESTING + 1)


def test_the_allowed_depth_is_read() -> None:
    data, _ = read_json("[" * DEEPEST_NESTING + "]" * DEEPEST_NESTING)
    assert data
