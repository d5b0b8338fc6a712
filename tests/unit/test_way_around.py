"""The filter that leaves out what is wrong, wherever an operation comes by that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batchwright import cli

WAY = re.compile(r'^all errors are in (.*); to do without: --exclude "(.*)"$', re.M)

START = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'
GOOD = "  /good: {get: {responses: {'204': {description: Done.}}}}\n"
BROKEN = "components: {schemas: {Pet: {type: array, items: {$ref: '#/nowhere'}}}}\n"
ONE = "one operation, or in what it needs"


def answer(ref: str) -> str:
    content = f"content: {{application/json: {{schema: {{$ref: '{ref}'}}}}}}"
    return f"responses: {{'200': {{description: Done., {content}}}}}"


def calls(number: int, tag: str, ref: str = "#/components/schemas/Pet") -> str:
    tags = f"tags: [{tag}]"
    return "".join(
        f"  /{tag}/{it}: {{get: {{{tags}, {answer(ref)}}}}}\n" for it in range(number)
    )


def way_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str] | None:
    """What is said of the filter; it has to help."""
    spec = str(folder / "spec.yaml")
    assert cli.main(["validate", spec]) == 1
    found = WAY.findall(capsys.readouterr().err)
    if not found:
        return None
    [(where, text)] = found
    assert cli.main(["validate", spec, "--exclude", text]) == 0
    return where, text


@pytest.mark.parametrize(
    ("paths", "components", "expected"),
    [
        pytest.param(
            "  /bad: {get: {responses: {'200': {$ref: '#/nowhere'}}}}\n",
            "",
            (ONE, "GET /bad"),
            id="in the operation",
        ),
        pytest.param(
            calls(1, "pets"), BROKEN, (ONE, "GET /pets/0"), id="in a component"
        ),
        pytest.param(
            calls(1, "pets", "#/components/schemas/Owner"),
            BROKEN.replace("{Pet:", "{Owner: {$ref: '#/components/schemas/Pet'}, Pet:"),
            (ONE, "GET /pets/0"),
            id="behind another one",
        ),
        pytest.param(
            calls(3, "pets"),
            BROKEN,
            (
                "few operations, or in what they need",
                "GET /pets/0,GET /pets/1,GET /pets/2",
            ),
            id="of few operations",
        ),
        pytest.param(
            calls(6, "pets"),
            BROKEN,
            ("the operations of one tag, or in what they need", "pets"),
            id="of a tag",
        ),
        pytest.param(
            calls(4, "pets") + calls(4, "cats"),
            BROKEN,
            ("the operations of few tags, or in what they need", "pets,cats"),
            id="of two tags",
        ),
        pytest.param(
            "  /bad: {parameters: [{$ref: '#/nowhere'}], "
            "get: {responses: {'204': {description: Done.}}}, "
            "put: {responses: {'204': {description: Done.}}}}\n",
            "",
            ("few operations, or in what they need", "GET /bad,PUT /bad"),
            id="in what the operations of a path share",
        ),
        pytest.param(
            "  /bad: {$ref: nowhere.yaml}\n",
            "",
            ("one path, or in what it needs", "/bad"),
            id="in a path without operations",
        ),
        pytest.param(
            calls(1, "pets", "other.yaml#/Pet"),
            "",
            (ONE, "GET /pets/0"),
            id="in a file",
        ),
        pytest.param(
            calls(1, "pets", "torn.yaml#/Pet"),
            "",
            (ONE, "GET /pets/0"),
            id="in a file that is torn",
        ),
        pytest.param(
            calls(1, "pets", "other.yaml#/Owner"),
            "",
            (ONE, "GET /pets/0"),
            id="behind a file",
        ),
    ],
)
def test_the_filter_is_named(
    paths: str,
    components: str,
    expected: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "spec.yaml").write_text(f"{START}paths:\n{GOOD}{paths}{components}")
    (tmp_path / "other.yaml").write_text(
        "Pet: {type: array, items: {$ref: '#/nowhere'}}\n"
        "Owner: {properties: {pet: {$ref: 'torn.yaml#/Pet'}}}\n"
    )
    (tmp_path / "torn.yaml").write_text("Pet: {\n")
    assert way_of(tmp_path, capsys) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f"{START}paths:\n{calls(6, 'pets')}{BROKEN}", id="all operations have it"
        ),
        pytest.param(
            f"{START}paths:\n{GOOD}{calls(1, 'pets')}{BROKEN}"
            "x-retry: {$ref: '#/nowhere'}\n",
            id="the document has one, too",
        ),
        pytest.param(
            f"{START}paths:\n{GOOD}{calls(1, '$(pets)')}{BROKEN}", id="a shell may mind"
        ),
    ],
)
def test_no_filter_is_named_where_none_helps(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "spec.yaml").write_text(text)
    assert way_of(tmp_path, capsys) is None


def test_what_is_left_out_already_is_not_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        f"{START}paths:\n{GOOD}{calls(1, 'pets')}{calls(1, 'cats')}{BROKEN}"
    )
    assert cli.main(["validate", str(spec), "--exclude", "cats"]) == 1
    assert WAY.findall(capsys.readouterr().err) == [(ONE, "GET /pets/0")]
    # Whoever is refused an SDK is told, too.
    out = str(tmp_path / "out")
    generate = ["generate", str(spec), "--output", out, "--exclude", "cats"]
    assert cli.main(generate) == 2
    assert WAY.findall(capsys.readouterr().err) == [(ONE, "GET /pets/0")]
