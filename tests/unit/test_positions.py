"""Line and column of every part of a file, as an editor counts them."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchwright.parsing.positions import Positions

YAML = """# a comment
openapi: 3.1.0
paths:
  /a:
    get: {tags: [x, "y"], deep: [{k: 1}, {k: 2}]}
    'quoted key': |
      several
      lines
    "after": ok
list:
  - one
  -   two: 2
      three: 3
  - [4, 5]
"""

JSON = """
{
  "openapi": "3.1.0",
  "paths": {"/a": {"get": {"tags": ["x", "y"]}}},
  "\\u00e9": [
    {"k": "a \\"quoted\\" {text}, [here]"},
    12, null
  ]
}
"""


def yaml_place(text: str | bytes, *pointer: str) -> tuple[int, int]:
    content = text if isinstance(text, bytes) else text.encode()
    return Positions(content, "yaml").at(pointer)


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", (1, 1)),
        ("openapi", (2, 1)),
        ("paths", (3, 1)),
        ("paths /a", (4, 3)),
        ("paths /a get", (5, 5)),
        ("paths /a get tags", (5, 11)),
        ("paths /a get tags 0", (5, 18)),
        ("paths /a get tags 1", (5, 21)),
        ("paths /a get deep 1 k", (5, 43)),
        ("paths /a after", (9, 5)),
        ("list 0", (11, 5)),
        ("list 1", (12, 7)),
        ("list 1 three", (13, 7)),
        ("list 2 1", (14, 9)),
        ("list 9", (10, 1)),
        ("list x", (10, 1)),
        ("paths /a get tags 1 none", (5, 21)),
        ("nowhere", (1, 1)),
    ],
)
def test_yaml(pointer: str, place: tuple[int, int]) -> None:
    # The root begins at its first sign, which may be that of a comment.
    assert yaml_place(YAML, *pointer.split()) == place


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", (2, 1)),
        ("openapi", (3, 3)),
        ("paths", (4, 3)),
        ("paths /a", (4, 13)),
        ("paths /a get tags 1", (4, 42)),
        ("é", (5, 3)),
        ("é 0", (6, 5)),
        ("é 0 k", (6, 6)),
        ("é 1", (7, 5)),
        ("é 2", (7, 9)),
    ],
)
def test_json(pointer: str, place: tuple[int, int]) -> None:
    assert Positions(JSON.encode(), "json").at(tuple(pointer.split())) == place


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_ends_one_line(ending: str) -> None:
    text = ending.join(["a: 1", "b:", "  c: [1,", "    2]", "d: x", ""])
    assert yaml_place(text, "b", "c", "1") == (4, 5)
    assert yaml_place(text, "d") == (5, 1)
    json = ending.join(["{", '"a": 1,', ' "b": [', "   2]", "}"])
    assert Positions(json.encode(), "json").at(("b", "0")) == (4, 4)


def test_columns_count_characters_not_bytes() -> None:
    assert yaml_place("{ä: 1, '😀': 2, z: 3}\n", "z") == (1, 16)
    json = '{"ä": 1, "😀": "\t", "z": 3}'.replace("\t", "")
    assert Positions(json.encode(), "json").at(("z",)) == (1, 19)


def test_a_tab_is_one_character() -> None:
    assert yaml_place("a:\t{b:\t1,\tc: 2}\n", "a", "c") == (1, 11)
    assert Positions(b'{\t"a":\t1,\n\t"b": 2}', "json").at(("b",)) == (2, 2)


def test_a_byte_order_mark_is_no_character() -> None:
    assert yaml_place(b"\xef\xbb\xbfa: 1\nb: 2\n", "a") == (1, 1)
    assert Positions(b'\xef\xbb\xbf{"a": 1}', "json").at(("a",)) == (1, 2)


def test_old_line_separators_end_no_line() -> None:
    assert yaml_place('a: "x\u2028y\u0085z"\nb: 1\n', "b") == (2, 1)
    assert Positions('{"a": "\u2028",\n"b": 1}'.encode(), "json").at(("b",)) == (2, 1)


def test_what_an_alias_repeats_is_where_it_was_written() -> None:
    text = "a: &a\n  k: {z: 1}\nb: *a\nc:\n  <<: *a\n  own: 1\n"
    assert yaml_place(text, "b") == (3, 1)
    assert yaml_place(text, "b", "k", "z") == (2, 7)
    assert yaml_place(text, "c", "k") == (2, 3)
    assert yaml_place(text, "c", "own") == (6, 3)


def test_duplicates_have_both_places() -> None:
    yaml = Positions(b"a: 1\nb:\n  c: 1\n  'c': {d: 1, d: 2}\na: 2\na: 3\n", "yaml")
    assert sorted(yaml.duplicates) == [
        ("a", (5, 1), (1, 1)),
        ("a", (6, 1), (1, 1)),
        ("c", (4, 3), (3, 3)),
        ("d", (4, 15), (4, 9)),
    ]
    json = Positions(b'{"a": {"x": 1},\n "\\u0061": {"y": 1, "y": 2}}', "json")
    assert sorted(json.duplicates) == [
        ("a", (2, 2), (1, 2)),
        ("y", (2, 21), (2, 13)),
    ]
    assert json.at(("a", "y")) == (2, 13)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\{}[],: é\n', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('ab"0é', min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)


def _pointers(
    value: object, pointer: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    yield from (pointer, (*pointer, "nowhere"), (*pointer, "7"))
    fields = value.items() if isinstance(value, dict) else ()
    elements = enumerate(value) if isinstance(value, list) else ()
    for key, inner in (*fields, *elements):
        yield from _pointers(inner, (*pointer, str(key)))


@settings(max_examples=40)
@given(_VALUES, st.sampled_from([None, 1]))
def test_both_readers_find_the_same_places(value: object, indent: int | None) -> None:
    """JSON is YAML, too: what is found on the way is what one whole reading finds."""
    text = dumps(value, indent=indent).encode()
    on_the_way, at_once = Positions(text, "json"), Positions(text, "yaml")
    for pointer in _pointers(value):
        assert on_the_way.at(pointer) == at_once.at(pointer)
