"""Nodes: what they hold, where they lead."""

from __future__ import annotations

import pytest

from batchwright.document import Document, format_pointer, local_ref, parse_pointer


@pytest.fixture
def document() -> Document:
    return Document.of(
        {
            "a": {"b": [1, {"c": "text", "n": None}]},
            "x/y~z %é": {"deep": True},
            "one": {"$ref": "#/two"},
            "two": {"$ref": "#/a/b/1"},
            "round": {"$ref": "#/about"},
            "about": {"$ref": "#/round"},
            "gone": {"$ref": "#/a/b/7"},
            "file": {"$ref": "other.yaml"},
            "odd": {"$ref": 5},
        }
    )


def test_nodes_are_ways_to_values(document: Document) -> None:
    root = document.root
    node = root["a"]["b"][1]["c"]
    assert node.value == "text"
    assert node.pointer == ("a", "b", "1", "c")
    assert node.key == "c"
    assert root.key == ""
    assert root.at(("a", "b", "1", "c")) == node
    assert node.file == node.location.file == "openapi.yaml"
    assert node.location.pointer == "/a/b/1/c"
    assert node.location.line is None


def test_what_is_absent(document: Document) -> None:
    root = document.root
    assert root.get("none") is None
    assert root["a"]["b"].get("none") is None
    assert "a" in root
    assert "none" not in root
    assert "c" not in root["a"]["b"]
    for key in ("none", "2", "-1", "01x", "²", "9" * 5_000):
        with pytest.raises(KeyError):
            root["a"]["b"][key]
    with pytest.raises(KeyError):
        root["a"]["b"][0]["x"]


def test_text_is_only_text(document: Document) -> None:
    inner = document.root["a"]["b"][1]
    assert inner.text("c") == "text"
    assert inner.text("n") is None
    assert inner.text("none") is None
    assert document.root.text("a") is None


def test_contents_in_order(document: Document) -> None:
    assert [key for key, _ in document.root.items()][:2] == ["a", "x/y~z %é"]
    elements = list(document.root["a"]["b"].elements())
    assert [node.value for node in elements] == [1, {"c": "text", "n": None}]
    assert elements[1].pointer == ("a", "b", "1")
    assert list(document.root.elements()) == []
    assert list(document.root["a"]["b"].items()) == []


def test_a_node_is_true_and_equal_by_place(document: Document) -> None:
    empty = Document.of({"a": {}, "b": {}}).root
    assert empty["a"]
    assert empty["a"] == empty["a"]
    assert empty["a"] != empty["b"]
    assert empty["a"] != ("a",)
    assert len({empty["a"], empty["a"], empty["b"]}) == 2


def test_references_are_followed_to_the_end(document: Document) -> None:
    root = document.root
    assert root["one"].follow().pointer == ("a", "b", "1")
    assert root["one"].follow() == root["two"].follow()
    assert root["a"].follow() == root["a"]
    assert root["odd"].follow() == root["odd"]
    for key in ("round", "gone", "file"):
        with pytest.raises(LookupError):
            root[key].follow()


def test_broken_references_end_where_they_stand() -> None:
    plain = Document.of({"a": {"$ref": "#/gone"}})
    broken = Document(root="o", sources=plain.sources, trees={"o": plain.root.value},
                      has_broken_refs=True)  # fmt: skip
    assert broken.root["a"].follow() == broken.root["a"]


@pytest.mark.parametrize(
    ("fragment", "pointer"),
    [
        ("", ()),
        ("/", ("",)),
        ("/a/b", ("a", "b")),
        ("/a~1b/c~0d", ("a/b", "c~d")),
        ("/~01", ("~1",)),
        ("/a%20b%7B", ("a b{",)),
        ("/%C3%A9", ("é",)),
    ],
)
def test_pointers(fragment: str, pointer: tuple[str, ...]) -> None:
    assert parse_pointer(fragment) == pointer


@pytest.mark.parametrize(
    "pointer", [(), ("",), ("a/b", "~1", "%20"), ("{x}", '"', "é#?", " ", "^|`")]
)
def test_local_references_lead_back(pointer: tuple[str, ...]) -> None:
    ref = local_ref(pointer)
    assert ref.startswith("#")
    assert parse_pointer(ref[1:]) == pointer
    assert ref.isascii()
    assert format_pointer(pointer).count("/") == len(pointer)
