"""References that lead nowhere, or round and round, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.references import PATHS, schemas, using
from support.specs import HEAD, complaints, resolved


def test_an_unknown_reference_comes_with_a_suggestion(tmp_path: Path) -> None:
    text = using("#/components/schemas/Thign") + (
        "components: {schemas: {Thing: {}, Other: {}}}\n"
    )
    assert complaints(tmp_path, {"o.yaml": text}) == [
        'o.yaml:9:58: error[unknown-ref]: "#/components/schemas/Thign" leads nowhere:'
        ' there is no "Thign" at /components/schemas of o.yaml; did you mean'
        ' "#/components/schemas/Thing"?'
    ]


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("#/nowhere", 'there is no "nowhere" at the top level of o.yaml'),
        ("#/components/schemas/A/type/x", 'there is no "x" at /components/schemas/A/'),
        ("#/tags/9", 'there is no "9" at /tags'),
        ("#/tags/-", 'there is no "-" at /tags'),
        ("#/tags/99999999999999999999", "there is no"),
        ("#anchor", 'no schema has the $anchor "anchor"'),
        ("#/info/title", 'leads to "T", but a schema belongs here'),
        ("#/tags", "leads to a list of 1 item, but a schema belongs here"),
        ("#/components/parameters/P", "leads to a parameter, but a schema belongs"),
        ("p.yaml#/B", 'there is no "B" at the top level of p.yaml'),
        ("p.yaml#/components/schemas/A", 'there is no "components" at the top level'),
        ("p.yaml#/CC", 'did you mean "p.yaml#/C"?'),
        ("#/component/schemas/A", 'did you mean "#/components/schemas/A"?'),
        ("#/component/schemas/B", 'did you mean "#/components"?'),
        ("B", 'there is no file "B"'),
    ],
)
def test_references_that_lead_nowhere(tmp_path: Path, ref: str, message: str) -> None:
    text = using(ref) + (
        "tags: [{name: x}]\n"
        "components:\n"
        "  schemas: {A: {type: object}}\n"
        "  parameters: {P: {name: p, in: query, content: {text/plain: {}}}}\n"
    )
    found = complaints(tmp_path, {"o.yaml": text, "p.yaml": "C: {}"})
    (complaint,) = found
    assert complaint.startswith("o.yaml:9:58: error[")
    assert message in complaint


def test_what_is_local_in_another_file_is_not_in_the_root(tmp_path: Path) -> None:
    text = using("p.yaml") + "components: {schemas: {A: {type: object}}}\n"
    parts = "items: {$ref: '#/components/schemas/A'}"
    assert complaints(tmp_path, {"o.yaml": text, "p.yaml": parts}) == [
        'p.yaml:1:9: error[unknown-ref]: "#/components/schemas/A" leads nowhere: there'
        ' is no "components" at the top level of p.yaml; it is in o.yaml: a $ref without'
        " a file means the file in which it stands"
    ]


def test_references_that_lead_back_to_themselves(tmp_path: Path) -> None:
    text = using("#/components/schemas/A", "#/components/schemas/D") + """components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/C'}
    C: {$ref: '#/components/schemas/A'}
    D: {$ref: '#/components/schemas/D'}
"""
    found = complaints(tmp_path, {"o.yaml": text})
    assert [line.split(" leads")[0] for line in found] == [
        'o.yaml:12:9: error[ref-cycle]: "#/components/schemas/B"',
        'o.yaml:15:9: error[ref-cycle]: "#/components/schemas/D"',
    ]


def test_references_that_lead_back_through_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "o.yaml": using("a.yaml"),
        "a.yaml": "$ref: b.yaml",
        "b.yaml": "$ref: a.yaml",
    }
    (complaint,) = complaints(tmp_path, files)
    assert "error[ref-cycle]" in complaint


def test_a_path_item_inside_of_itself(tmp_path: Path) -> None:
    item = "post: {responses: {}, callbacks: {c: {x: {$ref: 'p.yaml'}}}}"
    text = HEAD.replace("{}", "{/a: {$ref: p.yaml}}")
    found = complaints(tmp_path, {"o.yaml": text, "p.yaml": item})
    assert found == [
        "p.yaml:1:43: error[ref-cycle]: the $ref stands inside of what it stands for;"
        " remove one $ref of the circle"
    ]


def test_recursive_schemas_are_no_cycle(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "o.yaml": using("a.yaml"),
        "a.yaml": "properties: {b: {$ref: b.yaml}, a: {$ref: '#'}}",
        "b.yaml": "items: {$ref: a.yaml}",
    }
    document = resolved(tmp_path, files)
    assert list(schemas(document)) == ["a", "b"]


def test_a_dangling_reference_that_nothing_uses_is_read_as_anything(
    tmp_path: Path,
) -> None:
    text = (
        HEAD + "components: {schemas: {A: {items: {$ref: '#/components/schemas/B'}}}}\n"
    )
    assert complaints(tmp_path, {"o.yaml": text}) == [
        'o.yaml:4:36: warning[unknown-ref]: "#/components/schemas/B" leads nowhere:'
        ' there is no "B" at /components/schemas of o.yaml; no operation uses it; it is'
        " read as any value"
    ]


def test_an_unknown_name_in_a_discriminator(tmp_path: Path) -> None:
    text = (
        PATHS
        % ("{discriminator: {propertyName: k, mapping: {a: Dig, b: '#/components/x'}}}")
        + "components: {schemas: {Dog: {}}}\n"
    )
    found = complaints(tmp_path, {"o.yaml": text})
    assert found == [
        'o.yaml:9:92: error[unknown-ref]: there is no schema "Dig" in components; did'
        ' you mean "Dog"?',
        'o.yaml:9:100: error[unknown-ref]: "#/components/x" leads nowhere: there is no'
        ' "x" at /components of o.yaml; mend it, or leave out with `--exclude` the'
        " operations that need it",
    ]


def test_a_bomb_of_references_is_refused(tmp_path: Path) -> None:
    """Each extension holds the next one ten times."""
    levels = []
    for level in range(20):
        one = f"{{$ref: '#/e{level + 1}'}}"
        levels.append(f"e{level}: [{', '.join([one] * 10)}]")
    text = HEAD + "x-retry: {$ref: 'x.yaml#/e0'}\n"
    parts = "\n".join(levels) + "\ne20: [x]\n"
    (complaint,) = complaints(tmp_path, {"o.yaml": text, "x.yaml": parts})
    assert "error[too-large]" in complaint


def test_broken_references_do_not_hide_each_other(tmp_path: Path) -> None:
    text = using("#/components/schemas/X", "gone.yaml", "#/components/parameters/P") + (
        "components: {parameters: {P: {$ref: '#/components/parameters/P'}}}\n"
    )
    codes = [line.split("]")[0] for line in complaints(tmp_path, {"o.yaml": text})]
    assert codes == [
        "o.yaml:9:58: error[unknown-ref",
        "o.yaml:9:92: error[missing-file",
        "o.yaml:9:113: error[wrong-kind",
        "o.yaml:10:31: error[ref-cycle",
    ]
