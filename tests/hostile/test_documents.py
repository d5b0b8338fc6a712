"""Files that are odd, broken or made to harm their reader: refused, with places."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from support.hostile import attack, refusal, spec

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\n'


@pytest.mark.parametrize(
    "opening", ["[", "{a: ", '{"a":', "- ", "? ", "&a [", "!!map {a: "]
)
@pytest.mark.parametrize("name", ["o.yaml", "o.json"])
def test_a_hundred_thousand_levels(tmp_path: Path, name: str, opening: str) -> None:
    refusal(
        tmp_path, {name: f"{HEAD if name == 'o.yaml' else ''}x: " + opening * 100_000}
    )
    refusal(tmp_path, {name: opening * 100_000})


@pytest.mark.parametrize("name", ["o.yaml", "o.json"])
def test_a_deep_document_that_is_complete(tmp_path: Path, name: str) -> None:
    depth = 100_000
    text = json.dumps(spec())[:-1] + ', "x-deep": ' + "[" * depth + "]" * depth + "}"
    (error,) = refusal(tmp_path, {name: text})
    assert "error[too-deep]" in error


@pytest.mark.parametrize(
    "text",
    [
        "x: !!python/object/apply:os.system ['touch owned']",
        "x: !!python/name:os.system",
        "x: !!python/object/new:subprocess.Popen [[touch, owned]]",
        "x: !!set {a, b}",
        "x: !!binary aGFsbG8=",
        "x: !!timestamp 2020-01-01",
        "x: !mine {a: 1}",
        "x: !!int [1]",
        "%TAG ! tag:evil,2000:\n---\nx: !a b",
    ],
)
def test_no_tag_makes_an_object(tmp_path: Path, text: str) -> None:
    before = HEAD if not text.startswith("%") else ""
    (error,) = refusal(tmp_path, {"o.yaml": before + text})
    assert "error[yaml-" in error
    assert not list(tmp_path.rglob("owned"))


def bomb(levels: int, width: int) -> str:
    lines = [f"x0: &x0 [{', '.join(['lol'] * width)}]"]
    for level in range(1, levels):
        inner = ", ".join([f"*x{level - 1}"] * width)
        lines.append(f"x{level}: &x{level} [{inner}]")
    return "\n".join(lines)


def merges(levels: int, width: int) -> str:
    fields = ", ".join(f"k{index}: 1" for index in range(width))
    lines = [f"m0: &m0 {{{fields}}}"]
    for level in range(1, levels):
        lines.append(f"m{level}: &m{level} {{<<: *m{level - 1}, own{level}: 1}}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [bomb(9, 10), bomb(60, 2), merges(5000, 5000)],
    ids=["10^9", "2^60", "merge"],
)
def test_aliases_do_not_multiply_a_document(tmp_path: Path, text: str) -> None:
    (error,) = refusal(tmp_path, {"o.yaml": f"{HEAD}{text}\n"})
    assert "error[yaml-alias]" in error


def test_an_alias_inside_of_itself(tmp_path: Path) -> None:
    (error,) = refusal(tmp_path, {"o.yaml": f"{HEAD}x: &x [*x]\n"})
    assert "error[yaml-alias]" in error


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("o.yaml", HEAD + "paths: {}\n"),
        ("o.yaml", HEAD + "x: {a: 1, 'a': 2}\n"),
        ("o.json", '{"openapi": "3.1.0",\n"openapi": "3.0.0"}'),
        ("o.json", '{"openapi": "3.1.0",\n"\\u006fpenapi": "3.0.0"}'),
    ],
)
def test_keys_that_stand_twice(tmp_path: Path, name: str, text: str) -> None:
    errors = refusal(tmp_path, {name: text})
    assert any("error[duplicate-key]" in error for error in errors)


NUMBERS = [
    "1e400",
    "-1e400",
    "9" * 5_000,
    "9" * 1_000_000,
    "1e99999999999",
    "NaN",
    "Infinity",
]


@pytest.mark.parametrize("number", NUMBERS, ids=[n[:14] for n in NUMBERS])
def test_numbers_that_no_client_can_hold(tmp_path: Path, number: str) -> None:
    text = json.dumps(spec()).replace(
        '"version": "1"', f'"version": "1", "x-n": {number}'
    )
    for name in ("o.json", "o.yaml"):
        (error,) = refusal(tmp_path, {name: text})
        assert "error[bad-number]" in error


@pytest.mark.parametrize("number", [".nan", ".inf", "-.INF", "0x" + "f" * 5_000])
def test_numbers_of_yaml_that_no_client_can_hold(tmp_path: Path, number: str) -> None:
    (error,) = refusal(tmp_path, {"o.yaml": f"{HEAD}x: {number}\n"})
    assert "error[bad-number]" in error


def test_large_numbers_where_numbers_may_stand(tmp_path: Path) -> None:
    big = 10**290
    limits = {"minimum": -big, "maximum": big, "multipleOf": big, "maxLength": big}
    schema = {"type": "object", "properties": {"a": {"type": "integer", **limits}}}
    schema["properties"]["a"] |= {"default": big, "example": big, "enum": [big, 0]}  # type: ignore[index]
    made, said = attack(tmp_path, {"o.json": json.dumps(spec({"Big": schema}))})
    assert made is not None, said


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe" + HEAD.encode("utf-16-le"), "not-utf8"),
        (b"\xfe\xff" + HEAD.encode("utf-16-be"), "not-utf8"),
        (HEAD.encode("utf-16-le"), "control-character"),
        (HEAD.encode("utf-32-le"), "control-character"),
        (HEAD.encode() + b"x: \xff", "not-utf8"),
        (HEAD.encode() + b"x: \xc0\xaf", "not-utf8"),
        (HEAD.encode() + b"x: \xed\xa0\x80", "not-utf8"),
        (HEAD.encode() + b"x: \x00", "control-character"),
        (HEAD.encode() + b"x: \x0c", "control-character"),
        (HEAD.encode() + b"x: \x1b[2J", "control-character"),
        (b"", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b"\n \n", "empty-file"),
    ],
)
@pytest.mark.parametrize("name", ["o.yaml", "o.json"])
def test_bytes_that_are_no_text(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    made, said = attack(tmp_path, {name: content})
    assert made is None
    assert f"error[{code}]" in said[0]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    for name in ("o.json", "o.yaml"):
        content = b"\xef\xbb\xbf" + json.dumps(spec()).encode()
        made, _ = attack(tmp_path, {name: content})
        assert made is not None


def test_what_yaml_1_1_would_read_otherwise(tmp_path: Path) -> None:
    values = [
        "on",
        "yes",
        "NO",
        "0o17",
        "010",
        "1_000",
        "12:30:45",
        "2020-01-01",
        "1e3",
    ]
    lines = "\n".join(f"      - {value}" for value in values)
    text = f"""{HEAD}components:
  schemas:
    A:
      enum:
{lines.replace("      -", "        -")}
"""
    made, said = attack(tmp_path, {"o.yaml": text})
    assert made is not None, said
    from batchwright.parsing.yaml12 import read_yaml

    data, _ = read_yaml(text)
    assert isinstance(data, dict)
    assert data["components"]["schemas"]["A"]["enum"] == [
        "on", "yes", "NO", 15, 10, "1_000", "12:30:45", "2020-01-01", 1000.0,
    ]  # fmt: skip


def test_a_hundred_megabytes(tmp_path: Path) -> None:
    """Of one text, which has to be read and passed over, in either format."""
    text = json.dumps(spec() | {"x-large": "x" * 100_000_000})
    made, said = attack(tmp_path, {"o.json": text})
    assert made is not None, said
    assert len("".join(made.values())) < 1_000_000


def test_a_hundred_megabytes_of_junk(tmp_path: Path) -> None:
    start = time.process_time()
    (error,) = refusal(tmp_path, {"o.yaml": b"\x00" * 100_000_000})
    assert "control-character" in error
    (error,) = refusal(tmp_path, {"o.json": "[" * 100_000_000})
    assert time.process_time() - start < 100


def test_a_gigantic_enum(tmp_path: Path) -> None:
    schema = {"type": "string", "enum": [f"value {n}" for n in range(20_000)]}
    made, said = attack(tmp_path, {"o.json": json.dumps(spec({"Many": schema}))})
    assert made is not None, said
    assert "value 19999" in made["models.py"]


PATTERNS = [
    "(a+)+$",
    "(a|a)*b",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(",
    "[",
    "(?<x",
    "\\p{L}",
    "a{99999}{99999}",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_never_run(tmp_path: Path, pattern: str) -> None:
    text = {"type": "string", "pattern": pattern, "example": "a" * 5_000 + "!"}
    schema = {
        "type": "object",
        "properties": {"a": text | {"default": "a" * 5_000 + "!"}},
        "patternProperties": {pattern: text},
        "propertyNames": {"pattern": pattern},
        "example": {"a" * 5_000 + "!": "a" * 5_000 + "!"},
    }
    made, said = attack(tmp_path, {"o.json": json.dumps(spec({"Slow": schema}))})
    assert made is not None, said
