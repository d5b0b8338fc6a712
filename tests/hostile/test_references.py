"""References that lead out of the spec's folder, in circles, or to far too much."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.pipeline import understand
from support.hostile import attack, refusal, spec
from support.specs import write


def referring(ref: str) -> dict[str, Any]:
    return spec({"Pet": {"type": "object", "properties": {"x": {"$ref": ref}}}})


@pytest.mark.parametrize(
    "ref",
    [
        "../secret.yaml",
        "../secret.yaml#/A",
        "a/../../secret.yaml",
        "%2e%2e/secret.yaml",
        "..%2fsecret.yaml",
        "/etc/passwd",
        "//etc/passwd",
        "/proc/self/environ",
        "/dev/zero",
        "/dev/stdin",
        "link.yaml",
        "folder/secret.yaml",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "http://127.0.0.1:9/a.yaml",
        "https://example.com/a.yaml#/A",
        "ftp://example.com/a",
        "data:application/json,{}",
        "C:/Windows/win.ini",
        "\\\\server\\share\\a.yaml",
        "a\x00.yaml",
        "~/.ssh/id_rsa",
        "$HOME/a.yaml",
        "pipe",
        ".",
        "x" * 100_000,
        "",
        "#",
    ],
)
def test_nothing_outside_is_read(tmp_path: Path, ref: str) -> None:
    (tmp_path / "secret.yaml").write_text("A: {description: the secret}")
    folder = tmp_path / "spec"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    made, said = attack(folder, {"o.json": json.dumps(referring(ref))})
    assert made is None
    assert any(": error[" in line for line in said)
    assert "the secret" not in "".join(said)


@pytest.mark.parametrize("base", ["../../etc/", "file:///etc/", "/etc/", "https://x/"])
def test_an_id_leads_nowhere(tmp_path: Path, base: str) -> None:
    inner = {"x": {"$ref": "passwd"}}
    data = spec({"A": {"$id": base, "type": "object", "properties": inner}})
    (error,) = refusal(tmp_path, {"o.json": json.dumps(data)})
    assert "passwd" in error


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link", "nothing"])
def test_a_spec_that_is_no_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "o.yaml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind != "nothing":
        path.symlink_to("/dev/zero" if kind == "device" else path)
    report = Report()
    with pytest.raises(SpecError):
        understand(Config(spec=path, package="sdk", distribution="sdk"), report)
    (error,) = report.diagnostics
    is_there = kind in ("pipe", "device", "folder")
    assert error.code == ("not-a-file" if is_there else "missing-file")


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    refusal(tmp_path, {"o.json": json.dumps(referring("loop.yaml"))})


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


CIRCLES: dict[str, dict[str, Any]] = {
    "itself": {"A": ref("A")},
    "two": {"A": ref("B"), "B": ref("A")},
    "all-of": {"A": {"allOf": [ref("A")]}},
    "all-of-two": {"A": {"allOf": [ref("B")]}, "B": {"allOf": [ref("A")]}},
    "one-of": {"A": {"oneOf": [ref("A"), {"type": "string"}]}},
    "any-of": {"A": {"anyOf": [ref("A")]}},
    "one-of-alone": {"A": {"oneOf": [ref("A")]}},
    "not": {"A": {"not": ref("A")}},
    "items": {"A": {"type": "array", "items": ref("A")}},
    "map": {"A": {"type": "object", "additionalProperties": ref("A")}},
    "property": {"A": {"type": "object", "properties": {"a": ref("A")}}},
    "required": {
        "A": {"type": "object", "properties": {"a": ref("A")}, "required": ["a"]}
    },
    "tuple": {"A": {"type": "array", "prefixItems": [ref("A"), ref("A")]}},
    "inside": {"A": {"$ref": "#/components/schemas/A/properties/a"}},
    "its-own-part": {
        "A": {"properties": {"a": {"$ref": "#/components/schemas/A/properties/a"}}}
    },
    "through-parts": {
        "A": {"properties": {"a": {"$ref": "#/components/schemas/B/properties/b"}}},
        "B": {"properties": {"b": {"$ref": "#/components/schemas/A/properties/a"}}},
    },
    "the-document": {"A": {"$ref": "#"}},
    "the-components": {"A": {"properties": {"a": {"$ref": "#/components/schemas"}}}},
    "default": {"A": {"type": "object", "default": {"$ref": "#/components/schemas/A"}}},
    "anchor": {"A": {"$anchor": "a", "$ref": "#a"}},
    "anchors": {
        "A": {"$anchor": "a", "$ref": "#b"},
        "B": {"$anchor": "b", "$ref": "#a"},
    },
    "anchor-twice": {
        "A": {"$anchor": "a", "type": "string"},
        "B": {"$anchor": "a", "$ref": "#a"},
    },
    "ids": {
        "A": {"$id": "https://x.example/a", "$ref": "b"},
        "B": {"$id": "https://x.example/b", "$ref": "a"},
    },
    "dynamic": {"A": {"$dynamicAnchor": "a", "$dynamicRef": "#a"}},
    "dynamic-of-three": {
        "A": {"$dynamicAnchor": "a", "allOf": [{"$dynamicRef": "#b"}]},
        "B": {"$dynamicAnchor": "b", "allOf": [{"$dynamicRef": "#c"}]},
        "C": {"$dynamicAnchor": "c", "allOf": [{"$dynamicRef": "#a"}]},
    },
    "dynamic-items": {
        "A": {"$dynamicAnchor": "a", "type": "array", "items": {"$dynamicRef": "#a"}}
    },
    "dynamic-and-not": {
        "A": {"$dynamicAnchor": "a", "$ref": "#/components/schemas/B"},
        "B": {"$dynamicRef": "#a"},
    },
    "discriminator": {
        "A": {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "k"}},
        "B": {"type": "object", "properties": {"k": {"type": "string"}}},
    },
}


@pytest.mark.parametrize("name", CIRCLES)
def test_circles_of_references(tmp_path: Path, name: str) -> None:
    data = spec(
        CIRCLES[name] | {"Last": {"type": "object", "properties": {"a": ref("A")}}}
    )
    made, said = attack(tmp_path, {"o.json": json.dumps(data)})
    if made is None:
        assert any(": error[" in line for line in said)
    else:
        compile(made["models.py"], "models.py", "exec")


@pytest.mark.parametrize(
    "section", ["parameters", "responses", "requestBodies", "headers", "links", "callbacks",
                "examples", "securitySchemes", "pathItems"],
)  # fmt: skip
def test_circles_of_other_components(tmp_path: Path, section: str) -> None:
    data = spec()
    data["components"][section] = {
        "A": {"$ref": f"#/components/{section}/B"},
        "B": {"$ref": f"#/components/{section}/A"},
    }
    errors = refusal(tmp_path, {"o.json": json.dumps(data)})
    assert any("error[ref-cycle]" in line for line in errors)


def test_a_path_that_is_itself(tmp_path: Path) -> None:
    data = spec(paths={"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}})
    refusal(tmp_path, {"o.json": json.dumps(data)})


def test_circles_across_files(tmp_path: Path) -> None:
    files = {
        "o.json": json.dumps(referring("a.yaml#/A")),
        "a.yaml": "A: {type: object, properties: {b: {$ref: 'sub/b.yaml'}}}",
        "sub/b.yaml": "{type: object, properties: {a: {$ref: '../a.yaml#/A'},"
        " root: {$ref: '../o.json#/components/schemas/Pet'}}}",
    }
    made, said = attack(tmp_path, files)
    assert made is not None, said
    errors = refusal(
        tmp_path,
        files
        | {"a.yaml": "A: {$ref: 'sub/b.yaml'}", "sub/b.yaml": "{$ref: '../a.yaml#/A'}"},
    )
    assert any("error[ref-cycle]" in line for line in errors)


def test_pieces_that_are_put_in_place_do_not_multiply(tmp_path: Path) -> None:
    """Twenty files of two references each stand for a million path items."""
    files = {"o.json": json.dumps(spec(paths={"$ref": "p0.json"}))}
    for number in range(30):
        following = {"$ref": f"p{number + 1}.json"}
        files[f"p{number}.json"] = json.dumps(
            {"x-a": following, "x-b": following, "/a": following}
        )
    files["p30.json"] = json.dumps({"get": {}})
    attack(tmp_path, files)


def test_a_long_chain(tmp_path: Path) -> None:
    schemas = {f"S{n}": ref(f"S{n + 1}") for n in range(20_000)} | {
        "S20000": {"type": "string"}
    }
    path = write(tmp_path, {"o.json": json.dumps(spec(schemas))})
    report = Report()
    config = Config(spec=path, package="sdk", distribution="sdk")
    _, api = understand(config, report)
    assert not report.has_errors
    assert len(api.models.aliases) == 20_001


def test_a_long_chain_of_composition(tmp_path: Path) -> None:
    """Each level says again all that is below it: the time grows with the square."""
    schemas = {f"S{n}": {"allOf": [ref(f"S{n + 1}")]} for n in range(1_000)} | {
        "S1000": {"type": "object", "properties": {"a": {"type": "string"}}}
    }
    (error,) = refusal(tmp_path, {"o.json": json.dumps(spec(schemas))})
    assert "error[too-deep]" in error


def test_as_much_composition_as_anybody_needs(tmp_path: Path) -> None:
    schemas = {f"S{n}": {"allOf": [ref(f"S{n + 1}")]} for n in range(50)} | {
        "S50": {"type": "object", "properties": {"deepest": {"type": "string"}}}
    }
    made, said = attack(tmp_path, {"o.json": json.dumps(spec(schemas))})
    assert made is not None, said
    assert "deepest: str" in made["models.py"]
