"""Pieces of other files in the one document: where they stand, and their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.references import PATHS, data, place, schemas, used, using
from support.specs import complaints, resolved

# --- several files -------------------------------------------------------------------


def test_fragments_become_components(tmp_path: Path) -> None:
    text = using("s/pet.yaml", "s/all.yaml#/defs/Owner", "s/pet.yaml#/properties/tag")
    document = resolved(
        tmp_path,
        {
            "o.yaml": text,
            "s/pet.yaml": (
                "type: object\n"
                "properties:\n"
                "  tag: {type: string}\n"
                "  owner: {$ref: 'all.yaml#/defs/Owner'}\n"
                "  parent: {$ref: '#'}\n"
            ),
            "s/all.yaml": (
                "defs:\n"
                "  Owner: {properties: {pets: {items: {$ref: './pet.yaml'}}}}\n"
                "  Unused: {type: string}\n"
            ),
        },
    )
    assert used(document) == [
        "#/components/schemas/pet",
        "#/components/schemas/Owner",
        "#/components/schemas/pet/properties/tag",
    ]
    assert list(schemas(document)) == ["Owner", "pet"]
    assert schemas(document)["pet"]["properties"] == {
        "tag": {"type": "string"},
        "owner": {"$ref": "#/components/schemas/Owner"},
        "parent": {"$ref": "#/components/schemas/pet"},
    }
    where = ("components", "schemas", "pet", "properties", "owner")
    assert place(document, *where, folder=tmp_path) == "s/pet.yaml:4:3"
    location = document.root.at(where).location
    assert location.pointer == "/properties/owner"
    assert document.root.at(where).file == location.file
    pets = ("components", "schemas", "Owner", "properties", "pets")
    assert place(document, *pets, folder=tmp_path) == "s/all.yaml:2:24"


def test_each_kind_goes_to_its_section(tmp_path: Path) -> None:
    text = """openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    post:
      parameters: [{$ref: 'p.yaml#/Limit'}]
      requestBody: {$ref: 'p.yaml#/Body'}
      responses: {"200": {$ref: 'p.yaml#/Ok'}}
      callbacks: {done: {$ref: 'p.yaml#/Done'}}
components:
  securitySchemes: {token: {$ref: 'p.yaml#/Token'}}
"""
    parts = """
Limit: {name: limit, in: query, schema: {$ref: '#/Number'}}
Number: {type: integer}
Body: {content: {application/json: {schema: {$ref: '#/Number'},
  examples: {one: {$ref: '#/One'}}}}}
One: {value: {$ref: 'gone.yaml'}}
Ok: {description: ok, headers: {H: {$ref: '#/Head'}}, links: {l: {$ref: '#/Next'}}}
Head: {schema: {$ref: '#/Number'}}
Next: {operationId: x}
Done: {'{$request.body#/url}': {$ref: '#/Hook'}}
Hook: {post: {responses: {'200': {$ref: '#/Ok'}}}}
Token: {type: http, scheme: bearer}
"""
    document = resolved(tmp_path, {"o.yaml": text, "p.yaml": parts})
    components = data(document)["components"]
    assert {section: list(found) for section, found in components.items()} == {
        "securitySchemes": ["token"],
        "callbacks": ["Done"],
        "examples": ["One"],
        "headers": ["Head"],
        "links": ["Next"],
        "parameters": ["Limit"],
        "requestBodies": ["Body"],
        "responses": ["Ok"],
        "schemas": ["Number"],
    }
    assert components["securitySchemes"]["token"]["scheme"] == "bearer"
    hook = components["callbacks"]["Done"]["{$request.body#/url}"]["post"]
    assert hook["responses"]["200"] == {"$ref": "#/components/responses/Ok"}
    assert components["examples"]["One"] == {"value": {"$ref": "gone.yaml"}}


def test_a_component_that_is_only_a_reference_gives_the_name(tmp_path: Path) -> None:
    text = using("deals.yaml#/Deal", "#/components/schemas/Sale") + (
        "components: {schemas: {Sale: {$ref: 'deals.yaml#/Deal'}}}\n"
    )
    deals = "Deal:\n  properties: {next: {$ref: '#/Deal'}}\n"
    document = resolved(tmp_path, {"o.yaml": text, "deals.yaml": deals})
    assert used(document) == ["#/components/schemas/Sale"] * 2
    assert schemas(document) == {
        "Sale": {"properties": {"next": {"$ref": "#/components/schemas/Sale"}}}
    }
    where = ("components", "schemas", "Sale", "properties")
    assert place(document, *where, folder=tmp_path) == "deals.yaml:2:3"


def test_several_names_for_one_fragment(tmp_path: Path) -> None:
    def names(first: str, second: str) -> Any:
        text = using("d.yaml#/Deal") + (
            f"components: {{schemas: {{{first}: {{$ref: 'd.yaml#/Deal'}},"
            f" {second}: {{$ref: 'd.yaml#/Deal'}}}}}}\n"
        )
        document = resolved(
            tmp_path, {"o.yaml": text, "d.yaml": "Deal: {type: string}"}
        )
        return used(document)[0], schemas(document)

    for order in (("Deal", "Alias"), ("Alias", "Deal")):
        assert names(*order) == (
            "#/components/schemas/Deal",
            {
                "Deal": {"type": "string"},
                "Alias": {"$ref": "#/components/schemas/Deal"},
            },
        )
    assert names("Z", "B")[0] == names("B", "Z")[0] == "#/components/schemas/B"


def test_a_component_with_more_than_a_reference_is_its_own(tmp_path: Path) -> None:
    text = using("#/components/schemas/Sale") + (
        "components: {schemas: {Sale: {$ref: 'd.yaml#/Deal', description: Mine}}}\n"
    )
    document = resolved(tmp_path, {"o.yaml": text, "d.yaml": "Deal: {type: string}"})
    assert schemas(document) == {
        "Sale": {"$ref": "#/components/schemas/Deal", "description": "Mine"},
        "Deal": {"type": "string"},
    }


def test_a_section_can_be_a_file(tmp_path: Path) -> None:
    text = using("#/components/schemas/A", "s.yaml#/B") + (
        "components: {schemas: {$ref: s.yaml}}\n"
    )
    parts = "A: {items: {$ref: '#/B'}}\nB: {$ref: b.yaml}\n"
    document = resolved(
        tmp_path, {"o.yaml": text, "s.yaml": parts, "b.yaml": "{type: string}"}
    )
    assert used(document) == ["#/components/schemas/A", "#/components/schemas/B"]
    assert schemas(document) == {
        "A": {"items": {"$ref": "#/components/schemas/B"}},
        "B": {"type": "string"},
    }
    assert place(document, "components", "schemas", "A", "items", folder=tmp_path) == (
        "s.yaml:1:5"
    )


def test_path_items_are_put_in_place_with_what_stands_beside(tmp_path: Path) -> None:
    text = """openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {$ref: 'p.yaml#/item', summary: Mine}
  /b: {$ref: 'p.yaml#/item'}
  /c: {$ref: '#/components/pathItems/C'}
components: {pathItems: {C: {get: {responses: {}}}}}
"""
    parts = "item:\n  summary: Theirs\n  get: {responses: {}}\n"
    document = resolved(tmp_path, {"o.yaml": text, "p.yaml": parts})
    paths = data(document)["paths"]
    assert paths["/a"] == {"summary": "Mine", "get": {"responses": {}}}
    assert paths["/b"]["summary"] == "Theirs"
    assert paths["/c"] == {"get": {"responses": {}}}
    assert place(document, "paths", "/a", "get", folder=tmp_path) == "p.yaml:3:3"
    assert place(document, "paths", "/a", "summary", folder=tmp_path) == "o.yaml:4:30"
    assert place(document, "paths", "/b", folder=tmp_path) == "p.yaml:1:1"


def test_extensions_are_put_in_place_at_any_depth(tmp_path: Path) -> None:
    text = """openapi: 3.1.0
info: {title: T, version: "1"}
x-retry: {$ref: 'x.yaml#/retry'}
paths:
  /a:
    post: {x-batch: {$ref: 'x.yaml#/update'}, responses: {}}
"""
    parts = """
retry: [{statuses: [429], retry: always}]
update: {inputs: inputs, identity: {$ref: '#/identity'}}
identity: {input: id}
"""
    document = resolved(tmp_path, {"o.yaml": text, "x.yaml": parts})
    assert data(document)["x-retry"][0]["retry"] == "always"
    batch = document.root.at(("paths", "/a", "post", "x-batch"))
    assert batch.value == {"inputs": "inputs", "identity": {"input": "id"}}
    assert place(document, *batch.pointer, "identity", "input", folder=tmp_path) == (
        "x.yaml:4:12"
    )


def test_references_back_to_the_root_stay_there(tmp_path: Path) -> None:
    text = using("s/a.yaml") + "components: {schemas: {B: {type: string}}}\n"
    parts = "items: {$ref: '../o.yaml#/components/schemas/B'}"
    document = resolved(tmp_path, {"o.yaml": text, "s/a.yaml": parts})
    assert schemas(document)["a"] == {"items": {"$ref": "#/components/schemas/B"}}


def test_a_reference_to_a_reference_in_a_file_is_one(tmp_path: Path) -> None:
    document = resolved(
        tmp_path,
        {
            "o.yaml": using("a.yaml#/Pet"),
            "a.yaml": "Pet: {$ref: 'b.yaml#/Pet'}",
            "b.yaml": "Pet: {type: string}",
        },
    )
    assert schemas(document) == {"Pet": {"type": "string"}}


def test_discriminators_name_components(tmp_path: Path) -> None:
    text = using("pets.yaml#/Pet")
    parts = """
Pet:
  oneOf: [{$ref: '#/Cat'}, {$ref: 'dog.yaml'}]
  discriminator:
    propertyName: kind
    mapping: {cat: '#/Cat', dog: dog.yaml, puppy: ./dog.yaml, also: Cat}
Cat: {type: object}
"""
    document = resolved(
        tmp_path,
        {"o.yaml": text, "pets.yaml": parts, "dog.yaml": "{type: object}"},
    )
    assert schemas(document)["Pet"]["discriminator"]["mapping"] == {
        "cat": "#/components/schemas/Cat",
        "dog": "#/components/schemas/dog",
        "puppy": "#/components/schemas/dog",
        "also": "Cat",
    }


def test_a_discriminator_can_be_all_that_names_a_file(tmp_path: Path) -> None:
    text = PATHS % (
        "{type: object, discriminator: {propertyName: k, mapping: {d: d.yaml}}}"
    )
    document = resolved(tmp_path, {"o.yaml": text, "d.yaml": "{type: object}"})
    assert list(schemas(document)) == ["d"]


# --- names ---------------------------------------------------------------------------


def test_colliding_names_all_get_their_files_in_front(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.yaml": "Item: {type: string}",
        "b.yaml": "Item: {type: integer}",
    }
    one = resolved(tmp_path, {"o.yaml": using("a.yaml#/Item", "b.yaml#/Item"), **files})
    assert used(one) == ["#/components/schemas/a_Item", "#/components/schemas/b_Item"]
    other = resolved(
        tmp_path, {"o.yaml": using("b.yaml#/Item", "a.yaml#/Item"), **files}
    )
    assert schemas(other) == schemas(one)


def test_whole_files_of_one_name_get_their_folders_in_front(tmp_path: Path) -> None:
    document = resolved(
        tmp_path,
        {
            "o.yaml": using("a/item.yaml", "b/item.yaml"),
            "a/item.yaml": "{type: string}",
            "b/item.yaml": "{type: integer}",
        },
    )
    assert list(schemas(document)) == ["a_item", "b_item"]


def test_components_of_the_root_keep_their_names(tmp_path: Path) -> None:
    text = using("a.yaml#/Item") + "components: {schemas: {Item: {type: object}}}\n"
    document = resolved(tmp_path, {"o.yaml": text, "a.yaml": "Item: {type: string}"})
    assert schemas(document) == {
        "Item": {"type": "object"},
        "a_Item": {"type": "string"},
    }


def test_names_become_longer_until_they_differ(tmp_path: Path) -> None:
    document = resolved(
        tmp_path,
        {
            "o.yaml": using(
                "a.yaml#/x/Item",
                "a.yaml#/y/Item",
                "v1/b/get/200.yaml",
                "v1/c/get/200.yaml",
                "v2/c/get/200.yaml",
                "v1/c.yaml#/components/schemas/Entry",
                "v2/c.yaml#/components/schemas/Entry",
            ),
            "a.yaml": "x: {Item: {type: string}}\ny: {Item: {type: integer}}",
            "v1/b/get/200.yaml": "{type: string}",
            "v1/c/get/200.yaml": "{type: integer}",
            "v2/c/get/200.yaml": "{type: number}",
            "v1/c.yaml": "components: {schemas: {Entry: {type: string}}}",
            "v2/c.yaml": "components: {schemas: {Entry: {type: integer}}}",
        },
    )
    assert list(schemas(document)) == [
        "a_x_Item",
        "a_y_Item",
        "b_get_200",
        "v1_c_Entry",
        "v1_c_get_200",
        "v2_c_Entry",
        "v2_c_get_200",
    ]


def test_names_that_stay_the_same_are_an_error(tmp_path: Path) -> None:
    found = complaints(
        tmp_path,
        {
            "o.yaml": using("a.yaml#/x_y/Item", "a.yaml#/x%20y/Item"),
            "a.yaml": "x_y: {Item: {type: string}}\nx y: {Item: {type: integer}}",
        },
    )
    assert [line.split(" is wanted")[0] for line in found] == [
        'a.yaml:1:7: error[name-collision]: "Item"',
        'a.yaml:2:7: error[name-collision]: "Item"',
    ]
    assert "in components of the root file" in found[0]


def test_names_have_the_characters_of_component_names(tmp_path: Path) -> None:
    document = resolved(
        tmp_path,
        {
            "o.yaml": using("a.yaml#/my%20{item}", "my%20list.yaml"),
            "a.yaml": '"my {item}": {type: string}',
            "my list.yaml": "{type: array}",
        },
    )
    assert list(schemas(document)) == ["my_item", "my_list"]
