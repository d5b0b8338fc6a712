"""Names that collide, that mean something to Python, or that lead out of a folder."""

from __future__ import annotations

import ast
import builtins
import keyword
import unicodedata
from typing import Any

import pytest

from batchwright.files import collisions, path_fault
from fuzz.trial import try_data
from support.hostile import spec

FIELD = {"type": "object", "properties": {"name": {"type": "string"}}}

# Names that only differ for some people, file systems or versions of Python.
ALIKE = {
    "case": ["Pet", "pet", "PET", "pEt"],
    "separators": ["a-b", "a_b", "a b", "a.b", "aB", "AB"],
    "normalisation": ["é", "e\u0301", "É"],
    "compatibility": ["ﬁ", "fi", "Fi"],
    "width": ["ＡＢ", "AB"],  # noqa: RUF001
    "scripts": ["Pet", "Рet"],  # noqa: RUF001
    "sharp-s": ["straße", "strasse", "STRASSE"],
    "dotted-i": ["İ", "i\u0307", "I"],
    "invisible": ["Pet", "P\u200bet", "Pet\ufeff"],
    "numbers": ["1", "01", "\u0661", "²", "one"],
    "nothing": ["", " ", "-", "_", "__"],
}
PYTHON = sorted(
    {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        "__class__",
        "__init__",
        "__slots__",
        "__dict__",
        "__post_init__",
        "__struct_fields__",
        "__match_args__",
        "self",
        "cls",
        "mro",
    }
)
RUNTIME = ["Model", "UNSET", "UnsetType", "Literal", "TypeAlias", "Annotated", "dt", "datetime",
           "Decimal", "UUID", "Client", "AsyncClient", "SyncApi", "Operation", "CallOptions",
           "SDKError", "models", "client", "resources", "testing", "_runtime", "annotations",
           "Self", "Any", "TYPE_CHECKING", "httpx2", "msgspec", "close", "aclose", "options"]  # fmt: skip


def everywhere(names: list[str]) -> dict[str, Any]:
    """A spec in which each name is one of everything that has a name."""
    schemas: dict[str, Any] = dict.fromkeys(names, FIELD)
    schemas["Holder"] = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
    }
    paths: dict[str, Any] = {}
    for number, name in enumerate(names):
        paths[f"/p{number}"] = {
            "get": {
                "operationId": name,
                "tags": ["t", name],
                "summary": "S.",
                "parameters": [
                    {"name": it, "in": "query", "schema": {"type": "string"}}
                    for it in names
                    if it.strip()
                ],
                "responses": {
                    "200": {
                        "description": "D.",
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Holder"}
                            }
                        },
                    }
                },
            },
            "put": {
                "operationId": f"put{number}",
                "tags": [name],
                "summary": "S.",
                "responses": {"204": {"description": "D."}},
            },
        }
    tags = [{"name": "t"}, *({"name": name} for name in names)]
    return spec(schemas, paths=paths, tags=tags)


def check(data: dict[str, Any]) -> None:
    """The package imports, and nothing in it has the name of something else."""
    made = try_data(data)
    assert made.fault is None, made.fault
    assert made.files is not None, made.diagnostics
    for path, text in made.files.items():
        assert path_fault(path) is None
        assert path.isascii()
        if path.endswith(".py"):
            _check_module(ast.parse(text))
    assert not list(collisions(made.files))


def _check_module(tree: ast.Module) -> None:
    """No class has a field or a method twice, no module a class; nothing is a keyword."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.Module):
            names = [
                it.name
                for it in node.body
                if isinstance(it, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                and not it.decorator_list
            ]
            names += [
                it.target.id
                for it in node.body
                if isinstance(it, ast.AnnAssign) and isinstance(it.target, ast.Name)
            ]
            # As Python sees them, which takes some characters for others.
            seen = {unicodedata.normalize("NFKC", name) for name in names}
            assert len(seen) == len(names), names


@pytest.mark.parametrize("kind", ALIKE)
def test_names_that_are_alike(kind: str) -> None:
    check(everywhere(ALIKE[kind]))


@pytest.mark.parametrize("start", range(0, len(PYTHON), 40))
def test_names_that_mean_something_to_python(start: int) -> None:
    check(everywhere(PYTHON[start : start + 40]))


def test_names_of_the_runtime() -> None:
    check(everywhere(RUNTIME))


@pytest.mark.parametrize(
    "name",
    [
        "../../evil", "/etc/passwd", "..", ".", "a/b", "a\\b", "C:evil", "con", "NUL", "aux.py",
        "__init__", "__main__", "x.py", "models", "a\x00b", "a\nb", "x" * 5_000, "-rf", "~",
        "$(touch owned)", "`touch owned`", ";touch owned", "%2e%2e%2fevil", "\u202egnp.exe",
    ],
)  # fmt: skip
def test_names_that_could_lead_elsewhere(name: str) -> None:
    check(everywhere([name, "other"]))
