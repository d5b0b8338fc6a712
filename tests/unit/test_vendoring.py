"""Copies in other code bases: made, looked after, brought up to date."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from batchwright import __version__, cli
from batchwright.local_changes import PATCH
from batchwright.manifest import MANIFEST
from support.folders import state

COPY = Path("src/acme/_vendor/pet_shop")
SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
tags: [{name: pets}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: All the pets there are.
      tags: [pets]
      responses:
        "200":
          description: The pets.
          content: {application/json: {schema: {$ref: "parts/pets.yaml#/Pets"}}}
"""
PETS = """\
Pets: {type: object, properties: {pets: {type: array, items: {$ref: "#/Pet"}}}}
Pet:
  description: An animal.
  type: object
  required: [name]
  properties:
    name: {type: string, description: What it answers to.}
    age: {type: integer, description: In years.}
"""
TABLE = f"""\
[tool.batchwright.vendor.pets]
spec = "spec.yaml"
into = "{COPY.as_posix()}"
client = "Pets"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a spec and a table, to be in."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "parts" / "pets.yaml").write_text(PETS)
    (tmp_path / "pyproject.toml").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def copy(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The copy of the project, new."""
    assert cli.main(["vendor"]) == 0
    capsys.readouterr()
    return folder / COPY


class Said:
    """What `vendor` says: the code, and the lines on both streams."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.code = cli.main(["vendor", *arguments, "--quiet"])
        captured = capsys.readouterr()
        self.out = captured.out.splitlines()
        self.err = captured.err


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


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
    spec = Path(__file__).parents[1] / "golden" / "batch" / "spec.yaml"
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


def test_edits_are_not_lost(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    before = state(copy)
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/models.py: error[edited-file]" in said.err
    assert state(copy) == before
    assert Said(capsys, "--force").code == 0
    assert "An animal." in (copy / "models.py").read_text()
    assert Said(capsys, "--check").code == 0


def test_what_is_no_file_any_more(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "elsewhere.py").write_text("mine\n")
    (copy / "models.py").unlink()
    (copy / "models.py").symlink_to(folder / "elsewhere.py")
    before = state(folder)
    assert Said(capsys, "--check").out == [f"{COPY}/models.py: edited by hand"]
    for option, code in (("--quiet", "edited-file"), ("--keep-changes", "not-a-file")):
        said = Said(capsys, option)
        assert said.code == 2
        assert f"{COPY}/models.py: error[{code}]" in said.err
    assert state(folder) == before
    assert Said(capsys, "--force").code == 0
    assert not (copy / "models.py").is_symlink()
    assert (folder / "elsewhere.py").read_text() == "mine\n"
    assert Said(capsys, "--check").code == 0


def test_what_a_killed_run_has_left(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = copy / ".batchwright-staging-x"
    left.mkdir()
    for name in ("new-0", "new-1"):
        (left / name).write_text("")
    expected = [f"{COPY}/{left.name}: not a part of the copy"]
    assert Said(capsys, "--check").out == expected
    assert Said(capsys).code == 0
    assert Said(capsys, "--check").code == 0
    assert not left.exists()


@pytest.mark.parametrize("into", ["file", "file/deep/er"])
def test_a_file_is_no_folder(
    into: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "file").write_text("")
    for options in ((), ("--check",), ("--keep-changes",)):
        said = Said(capsys, "spec.yaml", "--into", into, *options)
        assert said.code == 2
        assert said.err.startswith("file: error[not-a-folder]: ")


def test_edits_of_what_is_no_longer_generated(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy / "resources" / "pets.py", "All the pets", "Each of the pets")
    change(folder / "spec.yaml", "[pets]", "[animals]")
    change(folder / "spec.yaml", "name: pets", "name: animals")
    before = state(copy)
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/resources/pets.py: error[edited-file]" in said.err
    assert state(copy) == before
    assert Said(capsys, "--force").code == 0
    assert not (copy / "resources" / "pets.py").exists()


def test_local_changes_are_kept_and_made_again(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    assert Said(capsys, "--keep-changes").code == 0
    assert (
        '\n-    """An animal."""\n+    """A beast."""\n' in (copy / PATCH).read_text()
    )
    assert Said(capsys, "--check").code == 0

    # Another change of the spec, and another edit: both are in the next copy.
    pets = folder / "parts" / "pets.yaml"
    change(pets, "In years.", "In months.")
    assert Said(capsys).code == 0
    text = (copy / "models.py").read_text()
    assert "A beast." in text
    assert "In months." in text
    change(copy / "models.py", "What it answers to.", "What it may answer to.")
    assert Said(capsys).code == 2
    assert Said(capsys, "--keep-changes").code == 0
    change(folder / "spec.yaml", "there are", "there will be")
    assert Said(capsys).code == 0
    assert "there will be" in (copy / "resources" / "pets.py").read_text()
    text = (copy / "models.py").read_text()
    assert all(it in text for it in ("A beast.", "What it may answer to."))
    assert Said(capsys, "--check").code == 0

    # Who deletes the patch gives the changes up.
    (copy / PATCH).unlink()
    assert Said(capsys, "--check").out[0] == f"{COPY}/{PATCH}: missing"
    assert Said(capsys).code == 0
    text = (copy / "models.py").read_text()
    assert "An animal." in text
    assert Said(capsys, "--check").code == 0


def test_local_changes_that_no_longer_fit(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    change(copy / "resources" / "pets.py", "All the pets", "Each of the pets")
    assert Said(capsys, "--keep-changes").code == 0
    change(folder / "parts" / "pets.yaml", "An animal.", "A living thing.")
    before = state(copy)
    line = 1 + (copy / PATCH).read_text().splitlines().index("+++ b/models.py") + 1
    expected = (
        "hunk 1 for models.py of the local changes no longer fits: the lines that it "
        "changes have changed"
    )
    said = Said(capsys, "--check")
    assert (said.code, said.out) == (1, [f"{COPY}/{PATCH}:{line}: {expected}"])
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/{PATCH}:{line}:1: error[patch-misfit]: {expected}" in said.err
    assert state(copy) == before

    # What the hunk is about is now the user's to decide; then all goes on.
    change(copy / PATCH, "An animal.", "A living thing.")
    assert Said(capsys).code == 0
    assert "A beast." in (copy / "models.py").read_text()
    assert Said(capsys, "--check").code == 0


def test_a_patch_that_is_none(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    assert Said(capsys, "--keep-changes").code == 0
    change(copy / PATCH, "@@ -", "@@ ")
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/{PATCH}:6:1: error[bad-patch]" in said.err


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_changes_are_found_after_the_spec_has_changed(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    change(copy / "models.py", "An animal.", "A beast.")
    change(folder / "parts" / "pets.yaml", "In years.", "In months.")
    said = Said(capsys, "--keep-changes")
    assert said.code == 2
    assert f"{COPY}/models.py: error[lost-original]" in said.err

    edited = (copy / "models.py").read_bytes()
    change(copy / "models.py", "A beast.", "An animal.")
    git("init", "--quiet")
    git("add", str(COPY))
    git("commit", "--quiet", "--message", "vendor")
    (copy / "models.py").write_bytes(edited)
    git("commit", "--quiet", "--all", "--message", "edit")
    assert Said(capsys, "--keep-changes").code == 0
    text = (copy / "models.py").read_text()
    assert "A beast." in text
    assert "In months." in text
    assert Said(capsys, "--check").code == 0


def test_only_what_is_needed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = Path(__file__).parents[1] / "golden" / "batch" / "spec.yaml"
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
    page = (Path(__file__).parents[2] / "docs" / "vendor.md").read_text("utf-8")
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
