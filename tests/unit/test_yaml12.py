"""YAML by the core schema of YAML 1.2, and nothing that multiplies or constructs."""

from __future__ import annotations

import pytest
import yaml

from batchwright.parsing.text import DEEPEST_NESTING, Unreadable
from batchwright.parsing.yaml12 import read_yaml


def value(text: str) -> object:
    data, repeated = read_yaml(text)
    assert not repeated
    return data


def refusal(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_yaml(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", None),
        ("nUll", "nUll"),
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("-7", -7),
        ("+7", 7),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.5", -0.5),
        ("1e", "1e"),
        (".", "."),
        ("-", [None]),
        ("+", "+"),
        ("1.2.3", "1.2.3"),
        ("0x", "0x"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("=", "="),
        ("|\n  yes\n", "yes\n"),
        (">\n  1\n  2\n", "1 2\n"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ('!!int "12"', 12),
        ("!!float 12", 12.0),
        ('!!bool "true"', True),
        ("!!null ~", None),
        ("!!map {a: 1}", {"a": 1}),
        ("!!seq [1]", [1]),
    ],
)
def test_scalars_mean_what_the_core_schema_says(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_keys_are_texts_as_they_are_written() -> None:
    text = "200: a\non: b\n1.0: c\nnull: d\n0x10: e\n2024-01-31: f\n'q': g\n"
    assert value(text) == {
        "200": "a",
        "on": "b",
        "1.0": "c",
        "null": "d",
        "0x10": "e",
        "2024-01-31": "f",
        "q": "g",
    }


@pytest.mark.parametrize("key", ["{a: 1}", "[a]"])
def test_a_key_that_is_no_text_is_refused(key: str) -> None:
    assert refusal(f"? {key}\n: 1\n").code == "bad-key"


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['echo']",
        "!!python/name:os.system",
        "!!binary aGk=",
        "!!timestamp 2024-01-31",
        "!!set {a, b}",
        "!include other.yaml",
        "!!int twelve",
        "!!bool yes",
        "!!map [a]",
        "!!seq {a: 1}",
    ],
)
def test_other_tags_are_refused_where_they_stand(text: str) -> None:
    error = refusal(f"a:\n  b: {text}\n")
    assert error.code == "yaml-tag"
    assert error.place == (2, 6)


@pytest.mark.parametrize("text", [".inf", "-.INF", ".NaN", "1e999", "9" * 301])
def test_numbers_without_a_json_form_are_refused(text: str) -> None:
    error = refusal(f"a: {text}\n")
    assert error.code == "bad-number"
    assert error.place == (1, 4)


def test_aliases_share_one_value() -> None:
    data = value("a: &x {k: [1]}\nb: *x\nc: [*x, *x]\n")
    assert data == {"a": {"k": [1]}, "b": {"k": [1]}, "c": [{"k": [1]}, {"k": [1]}]}
    assert isinstance(data, dict)
    assert data["a"] is data["b"] is data["c"][0]


def test_an_alias_can_be_a_scalar_or_a_key() -> None:
    assert value("a: &x 12\nb: *x\n*x : c\n&k key: *k\n") == {
        "a": 12,
        "b": 12,
        "12": "c",
        "key": "key",
    }


def test_merge_keys_merge_own_fields_win_then_the_first() -> None:
    text = """
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
one: {<<: *base, b: own}
two:
  b: own
  <<: [*base, *more]
three: {<<: {z: 1}}
quoted: {"<<": {z: 1}}
"""
    data = value(text)
    assert isinstance(data, dict)
    assert data["one"] == {"a": 1, "b": "own"}
    assert data["two"] == {"b": "own", "a": 1, "c": 4}
    assert data["three"] == {"z": 1}
    assert data["quoted"] == {"<<": {"z": 1}}


def test_a_merge_key_of_something_else_is_an_ordinary_key() -> None:
    assert value("<<: shift\n") == {"<<": "shift"}


def test_an_alias_bomb_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    error = refusal("\n".join(lines))
    assert error.code == "yaml-alias"
    assert error.place is not None
    assert error.place[0] < 12


def test_a_wide_alias_bomb_is_refused() -> None:
    big = "big: &big [" + "{}, " * 5_000 + "]\n"
    rows = "".join(f"r{n}: [*big, *big]\n" for n in range(500))
    assert refusal(big + rows).code == "yaml-alias"


def test_a_merge_bomb_is_refused() -> None:
    base = "base: &base {" + ", ".join(f"k{n}: {n}" for n in range(5_000)) + "}\n"
    users = "".join(f"u{n}: {{<<: *base}}\n" for n in range(500))
    assert refusal(base + users).code == "yaml-alias"


def test_many_harmless_aliases_are_read() -> None:
    text = "x: &x {type: string}\n" + "".join(f"p{n}: *x\n" for n in range(20_000))
    assert len(value(text)) == 20_001  # type: ignore[arg-type]


def test_an_alias_inside_of_itself_is_refused() -> None:
    error = refusal("a: &a\n  b: *a\n")
    assert error.code == "yaml-alias"
    assert error.place == (2, 6)


def test_an_alias_of_nothing_is_located() -> None:
    error = refusal("a: 1\nb: *nobody\n")
    assert error.place == (2, 4)
    assert "nobody" in error.message


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000])
def test_deep_nesting_is_refused_where_it_gets_too_deep(text: str) -> None:
    error = refusal(text)
    assert error.code == "too-deep"
    assert error.place is not None
    assert error.place[0] == 1


def test_depth_counts_through_aliases() -> None:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{x: *a{n - 1}}}" for n in range(1, DEEPEST_NESTING + 5)]
    assert refusal("\n".join(lines)).code == "too-deep"


def test_the_allowed_depth_is_read() -> None:
    data, _ = read_yaml("[" * DEEPEST_NESTING + "]" * DEEPEST_NESTING)
    assert data
    assert refusal("[" * (DEEPEST_NESTING + 1)).code == "too-deep"


def test_two_documents_in_one_file_are_refused() -> None:
    error = refusal("a: 1\n---\nb: 2\n")
    assert error.code == "several-documents"
    assert error.place == (2, 1)


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("a: b: c\n", (1, 5), "quotes"),
        ("a:\n\t- b\n", (2, 1), "spaces"),
        ("a: @b\n", (1, 4), "quotes"),
        ("a: [1, 2\nb: 3\n", (2, 2), None),
        ('a: "b\n', (2, 1), None),
    ],
)
def test_syntax_errors_have_a_place(
    text: str, place: tuple[int, int], hint: str | None
) -> None:
    error = refusal(text)
    assert error.code == "yaml-syntax"
    assert error.place == place
    assert (hint is None) == (error.hint is None)
    assert hint is None or hint in str(error.hint)


def test_a_directive_of_version_1_2_is_accepted() -> None:
    assert value("%YAML 1.2\n---\na: yes\n") == {"a": "yes"}


def test_line_separators_of_old_are_text() -> None:
    assert value('a: "x\u2028y"\n') == {"a": "x\u2028y"}


def test_the_parser_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x {on: 1e3, 010: [yes, 010, 'é']}\nb: {<<: *x, c: !!str 1}\n"
    by_c = read_yaml(text)
    monkeypatch.setattr("batchwright.parsing.yaml12._Loader", yaml.SafeLoader)
    assert read_yaml(text) == by_c
    assert refusal("a: 1\nb: !x 2\n").place == (2, 4)
    assert refusal("a: [1, 2\nb: 3\n").code == "yaml-syntax"
    assert refusal("[" * 5_000).code == "too-deep"
