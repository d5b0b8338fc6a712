"""Copies in other code bases: made, looked after, brought up to date."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from batchwright import __version__, cli
from batchwright.writing.manifest import MANIFEST
from support.folders import state
from support.vendor import COPY, PETS, TABLE, Said, change


def test_the_manifest_tells_where_all_comes_from(copy: Path, folder: Path) -> None:
    manifest = json.loads((copy / MANIFEST).read_text())
    assert manifest["generator"] == f"batchwright {__version__}"
    assert list(manifest["spec"].items()) == [
        (name, sha256((folder / name).read_bytes()).hexdigest())
        for name in ("spec.yaml", "parts/pets.yaml")
    ]
    assert manifest["files"] == {
        path.relative_to(copy).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in copy.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    assert "_runtime/LICENSE" in manifest["files"]


def imported(module: Path) -> Iterator[str]:
    """What a module imports by absolute names."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            assert node.module is not None
            yield node.module


@pytest.mark.parametrize("package", [COPY.name, "httpx2_shop", "deep/er/x1"])
def test_it_imports_itself_by_relative_names(package: str, folder: Path) -> None:
    spec = Path(__file__).parents[2] / "golden" / "batch" / "spec.yaml"
    into = folder / "elsewhere" / package
    assert cli.main(["vendor", str(spec), "--into", str(into), "--quiet"]) == 0
    names = {name for module in into.rglob("*.py") for name in imported(module)}
    others = {name.split(".")[0] for name in names} - set(
        __import__("sys").stdlib_module_names
    )
    # The last one is what the progress bar needs, for those who have it.
    assert others - {"rich"} == {"httpx2", "msgspec"}


def test_it_is_pristine_and_current(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(copy)
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "client.cpython-311.pyc").write_text("")
    assert cli.main(["vendor", "--check"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{COPY} is pristine and current (" in captured.err
    shutil.rmtree(copy / "__pycache__")
    assert state(copy) == before
    for file in filter(Path.is_file, copy.rglob("*")):  # as git has them on Windows
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert cli.main(["vendor", "--check"]) == 0


def test_what_is_not_pristine_is_named(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    (copy / "resources" / "pets.py").unlink()
    (copy / "notes").mkdir()
    (copy / "notes" / "own.txt").write_text("mine\n")
    before = state(copy)
    said = Said(capsys, "--check")
    assert said.out == [
        f"{COPY}/models.py: edited by hand",
        f"{COPY}/resources/pets.py: missing",
        f"{COPY}/notes/own.txt: not a part of the copy",
    ]
    assert (said.code, said.err) == (1, "")
    assert state(copy) == before


def test_what_is_not_current_is_named(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pets = folder / "parts" / "pets.yaml"
    pets.write_text("# A comment changes nothing.\n" + PETS)
    assert Said(capsys, "--check").code == 0
    change(pets, "In years.", "In months.")
    said = Said(capsys, "--check")
    assert said.code == 1
    assert said.out == [
        f"{COPY}: the spec has changed (parts/pets.yaml); "
        "`batchwright vendor` would change models.py"
    ]
    change(copy / MANIFEST, f"batchwright {__version__}", "batchwright 0.0.1")
    assert Said(capsys, "--check").out == [
        f"{COPY}: it was made by batchwright 0.0.1, and this is batchwright "
        f"{__version__}, and the spec has changed (parts/pets.yaml); "
        "`batchwright vendor` would change models.py"
    ]
    assert Said(capsys).code == 0
    assert Said(capsys, "--check").code == 0


def test_no_copy_yet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, "--check")
    assert said.code == 1
    assert said.out == [f"{COPY}: there is no copy yet; run `batchwright vendor`"]
    (folder / COPY).mkdir(parents=True)
    (folder / COPY / "ours.py").write_text("")
    assert "error[no-copy]" in Said(capsys, "--check").err
    said = Said(capsys)
    assert said.code == 2
    assert "error[foreign-folder]" in said.err


def test_an_update_removes_what_is_no_longer_generated(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (copy / "resources" / "pets.py").exists()
    change(folder / "spec.yaml", "[pets]", "[animals]")
    change(folder / "spec.yaml", "name: pets", "name: animals")
    assert Said(capsys).code == 0
    assert sorted(it.name for it in (copy / "resources").iterdir()) == [
        "__init__.py",
        "animals.py",
    ]


def test_only_what_is_needed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = Path(__file__).parents[2] / "golden" / "batch" / "spec.yaml"
    shutil.copyfile(spec, folder / "spec.yaml")
    command = ("spec.yaml", "--into", "small", "--include", "attic")
    assert Said(capsys, *command).code == 0
    small = folder / "small"
    assert not (small / "resources" / "items.py").exists()
    assert "Entry" not in (small / "models.py").read_text()
    assert Said(capsys, *command, "--check").code == 0

    said = Said(capsys, "spec.yaml", "--into", "small", "--check")
    assert said.code == 1
    assert said.out[0].startswith(
        "small: the settings or templates have changed; `batchwright vendor` would change"
    )
    (folder / "pyproject.toml").write_text(
        '[tool.batchwright.vendor.x]\nspec = "spec.yaml"\ninto = "small"\n'
        'include = ["attic"]\n'
    )
    assert Said(capsys, "--check").code == 0
    assert Said(capsys, "--include", "items").code == 2


def test_how_the_spec_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By flags and by the table, as everywhere; warnings are shown, once."""
    (folder / "parts" / "pets.yaml").rename(folder.parent / f"{folder.name}.yaml")
    change(folder / "spec.yaml", "parts/pets.yaml", f"../{folder.name}.yaml")
    change(folder / "spec.yaml", "      summary: All the pets there are.\n", "")
    assert "error[outside-ref]" in Said(capsys).err
    allowed = ("--allow", f"../{folder.name}.yaml")
    assert cli.main(["vendor", *allowed]) == 0
    warning = "warning[missing-summary]"
    assert capsys.readouterr().err.count(warning) == 1
    said = Said(capsys, *allowed, "--check", "--strict")
    assert said.code == 2
    assert warning.replace("warning", "error") in said.err
    table = TABLE + f'allow = ["../{folder.name}.yaml"]\n'
    (folder / "pyproject.toml").write_text(table)
    assert Said(capsys, "--check").code == 0
    (folder / "pyproject.toml").write_text(table + "strict = true\n")
    assert Said(capsys, "--check").code == 2
    mapped = ("--map", "https://example.com/x")
    assert "error[wrong-type]: `--map` needs" in Said(capsys, *mapped).err


def test_several_copies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (folder / "pyproject.toml").open("a") as file:
        file.write(
            '[tool.batchwright.vendor.more]\nspec = "spec.yaml"\ninto = "more"\n'
        )
    assert Said(capsys).code == 0
    change(folder / "more" / "models.py", "An animal.", "A beast.")
    said = Said(capsys, "--check")
    assert (said.code, said.out) == (1, ["more/models.py: edited by hand"])
    assert Said(capsys, "--check", "--into", str(COPY)).code == 0
    assert "class Pets(" in (folder / COPY / "client.py").read_text()


@pytest.mark.parametrize(
    ("table", "arguments", "message"),
    [
        ("", [], "error[nothing-to-vendor]"),
        ("", ["spec.yaml"], "error[missing-into]"),
        ("", ["--into", "other"], "error[missing-spec]"),
        (
            "[tool.batchwright.vendor]\nx = 1\n",
            [],
            "pyproject.toml:2:1: error[wrong-type]: `vendor.x` must be a table",
        ),
        (
            "[tool.batchwright]\nvendor = 1\n",
            [],
            "pyproject.toml:2:1: error[wrong-type]",
        ),
        (
            '[tool.batchwright.vendor.x]\nspec = "spec.yaml"\n',
            [],
            "pyproject.toml:1:1: error[missing-into]",
        ),
        (
            '[tool.batchwright.vendor.x]\nspec = "s"\ninto = "x"\nbundle = "y"\n',
            [],
            "pyproject.toml:4:1: error[unknown-key]: [tool.batchwright.vendor.x] has no",
        ),
        (
            TABLE + '[tool.batchwright.vendor.x]\nspec = "s"\n'
            f'into = "./{COPY.as_posix()}"\n',
            [],
            "pyproject.toml:7:1: error[same-folder]",
        ),
    ],
)
def test_what_is_no_configuration(
    table: str,
    arguments: list[str],
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "pyproject.toml").write_text(table)
    said = Said(capsys, *arguments)
    assert said.code == 2
    assert message in said.err


def test_generate_does_not_mind_the_tables_of_copies(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.batchwright]\nspec = "spec.yaml"\noutput = "sdk"\n' + TABLE
    )
    assert cli.main(["generate"]) == 0
    assert "product_of(" in (folder / "sdk" / "client.py").read_text()
    assert Said(capsys).code == 0
    assert "product_of" not in (folder / COPY / "client.py").read_text()


def test_the_page(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "vendor.md").read_text("utf-8")
    (folder / "spec.yaml").rename(folder / "parts" / "openapi.yaml")
    (folder / "parts").rename(folder / "spec")
    change(folder / "spec" / "openapi.yaml", "parts/pets.yaml", "pets.yaml")
    [table] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (folder / "pyproject.toml").write_text(table)
    commands = re.findall(r"^    batchwright (.*)$", page, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        assert cli.main(command.split()) == 0, command
    assert (folder / "src/acme/_vendor/shop/client.py").exists()
