"""Where references lead in the one document: chains, anchors, ids, and other places."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright.document import local_ref
from support.references import PATHS, place, schemas, used, using
from support.specs import complaints, resolved


def local(name: str) -> str:
    """The reference to a schema among components."""
    return local_ref(("components", "schemas", name))


def test_a_document_of_one_file_stays_as_it_is(tmp_path: Path) -> None:
    text = using("#/components/schemas/A", "#/components/schemas/a~1b~0c%20d") + (
        "components: {schemas: {A: {type: string}, a/b~c d: {type: integer}}}\n"
    )
    document = resolved(tmp_path, {"o.yaml": text})
    assert used(document) == [
        "#/components/schemas/A",
        "#/components/schemas/a~1b~0c%20d",
    ]
    any_of = document.root.at(
        ("paths", "/a", "get", "responses", "200", "content", "application/json")
    )["schema"]["anyOf"]
    ends = [node.follow() for node in any_of.elements()]
    assert [node.value for node in ends] == [{"type": "string"}, {"type": "integer"}]
    assert ends[1].pointer == ("components", "schemas", "a/b~c d")


def test_what_stands_where_openapi_has_nothing_becomes_a_component(
    tmp_path: Path,
) -> None:
    """So that it is checked like any other, and has one name."""
    text = using("#/x-a/A", "#/x-b/A", "#/definitions/B", "#/x-a/A/properties/c") + (
        "x-a: {A: {type: object, properties: {c: {type: string}}}}\n"
        "x-b: {A: {type: array, items: {$ref: '#/x-a/A'}}}\n"
        "definitions: {B: {$ref: '#/x-c/B'}}\n"
        "x-c: {B: {type: integer}}\n"
        "components: {schemas: {C: {$ref: '#/x-c/B'}}}\n"
    )
    document = resolved(tmp_path, {"o.yaml": text})
    assert schemas(document) == {
        "C": {"type": "integer"},
        "o_x-a_A": {"type": "object", "properties": {"c": {"type": "string"}}},
        "o_x-b_A": {"type": "array", "items": {"$ref": local("o_x-a_A")}},
    }
    assert used(document) == [
        local("o_x-a_A"),
        local("o_x-b_A"),
        local("C"),
        local("o_x-a_A") + "/properties/c",
    ]
    found = document.root.at(("components", "schemas", "o_x-b_A", "items"))
    assert str(found.location).endswith("o.yaml:11:24")


def test_chains_are_followed_to_their_end(tmp_path: Path) -> None:
    links = "".join(
        f"    S{n}: {{$ref: '#/components/schemas/S{n + 1}'}}\n" for n in range(3_000)
    )
    text = using("#/components/schemas/S0") + (
        f"components:\n  schemas:\n{links}    S3000: {{type: string}}\n"
    )
    document = resolved(tmp_path, {"o.yaml": text})
    found = document.root.at(("components", "schemas"))
    assert {node.follow().key for _, node in found.items()} == {"S3000"}


def test_anchors_become_pointers(tmp_path: Path) -> None:
    text = using("#tree", "parts.yaml#leaf") + (
        "components: {schemas: {Tree: {$anchor: tree, type: string}}}\n"
    )
    parts = "a: {b: {$anchor: leaf, type: integer}}"
    document = resolved(tmp_path, {"o.yaml": text, "parts.yaml": parts})
    assert used(document) == ["#/components/schemas/Tree", "#/components/schemas/b"]
    assert schemas(document)["b"]["type"] == "integer"


def test_ids_are_where_references_begin(tmp_path: Path) -> None:
    text = using("https://x.test/pets/cat", "https://x.test/pets/dog#/$defs/Bone") + (
        "components:\n"
        "  schemas:\n"
        "    Cat:\n"
        "      $id: https://x.test/pets/cat\n"
        "      anyOf: [{$ref: dog}, {$ref: '#/$defs/Own'}, {$ref: '#here'},"
        " {$ref: '#/components/schemas/Dog'}, {$ref: part.yaml}]\n"
        "      $defs: {Own: {type: string}, There: {$anchor: here}}\n"
        "    Dog: {$id: 'https://x.test/pets/dog#', $defs: {Bone: {}, At: {$anchor: here}}}\n"
    )
    document = resolved(tmp_path, {"o.yaml": text, "part.yaml": "type: integer"})
    schema = "#/components/schemas"
    assert used(document) == [f"{schema}/Cat", f"{schema}/Dog/$defs/Bone"]
    assert [it["$ref"] for it in schemas(document)["Cat"]["anyOf"]] == [
        f"{schema}/Dog",
        f"{schema}/Cat/$defs/Own",
        f"{schema}/Cat/$defs/There",
        f"{schema}/Dog",
        f"{schema}/part",
    ]


def test_an_id_is_none_in_3_0(tmp_path: Path) -> None:
    text = using("https://x.test/a").replace("3.1.0", "3.0.3") + (
        "components: {schemas: {A: {$id: 'https://x.test/a'}}}\n"
    )
    (complaint,) = complaints(tmp_path, {"o.yaml": text})
    assert "https://x.test/a" in complaint


TREE = """components:
  schemas:
    Tree:
      $dynamicAnchor: node
      type: object
      properties: {children: {type: array, items: {$dynamicRef: '#node'}}}
"""


def test_a_dynamic_reference_to_the_only_anchor_is_a_reference(tmp_path: Path) -> None:
    document = resolved(tmp_path, {"o.yaml": using("#node") + TREE})
    assert used(document) == ["#/components/schemas/Tree"]
    items = schemas(document)["Tree"]["properties"]["children"]["items"]
    assert items["$ref"] == "#/components/schemas/Tree"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("{$dynamicAnchor: node}", 'several schemas have the $anchor "node"'),
        ("{$dynamicRef: '#leaf'}", 'no schema has the $anchor "leaf"'),
        (
            "{$dynamicRef: '#node', $ref: '#/components/schemas/Tree'}",
            "it stands beside a $ref",
        ),
    ],
)
def test_other_dynamic_references_are_refused(
    tmp_path: Path, other: str, message: str
) -> None:
    text = using("#/components/schemas/Tree", "#/components/schemas/Other")
    text += f"{TREE}    Other: {other}\n"
    (complaint,) = complaints(tmp_path, {"o.yaml": text})
    place = "o.yaml:15:52" if "several" in message else "o.yaml:16:13"
    assert complaint.startswith(f"{place}: error[unknown-ref]:")
    assert message in complaint


def test_a_pointer_through_a_reference_leads_on(tmp_path: Path) -> None:
    text = using("#/components/schemas/A/properties/x", "p.yaml#/P/properties/y") + (
        "components: {schemas: {A: {$ref: 'p.yaml#/P'}}}\n"
    )
    parts = "P: {$ref: '#/Q'}\nQ: {properties: {x: {type: string}, y: {}}}\n"
    document = resolved(tmp_path, {"o.yaml": text, "p.yaml": parts})
    assert used(document) == [
        "#/components/schemas/A/properties/x",
        "#/components/schemas/A/properties/y",
    ]
    assert "x" in schemas(document)["A"]["properties"]


def test_where_openapi_has_no_references_they_are_put_in_place(tmp_path: Path) -> None:
    text = PATHS % "{type: object, properties: {$ref: '#/x-shared/properties'}}" + (
        "x-shared: {properties: {a: {type: string}}}\n"
    )
    document = resolved(tmp_path, {"o.yaml": text})
    get = document.root.at(("paths", "/a", "get"))
    schema = get.at(("responses", "200", "content", "application/json", "schema"))
    assert schema.value == {"type": "object", "properties": {"a": {"type": "string"}}}
    assert place(document, *schema.pointer, "properties", "a", folder=tmp_path) == (
        "o.yaml:10:25"
    )
