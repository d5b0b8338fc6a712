"""A build that would find everything as the last one left it generates nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from batchwright import fingerprint, pipeline
from batchwright.builds import BuildStopped, Built, generate_for
from batchwright.diagnostics import Report
from batchwright.writing.manifest import MANIFEST, RECORD
from support.folders import state

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
        "200": {content: {application/json: {schema: {$ref: parts/pets.yaml#/Pet}}}}
"""
PART = "Pet: {type: object, properties: {kind: {$ref: 'https://example.com/kinds.yaml#/Kind'}}}\n"
COPY = "Kind: {type: object, properties: {name: {type: string}}}\n"
PROJECT = """\
[tool.batchwright]
spec = "spec/openapi.yaml"
output = "src/pets"
templates = "mine"
map = { "https://example.com/kinds.yaml" = "copies/kinds.yaml" }
"""


class Project:
    """A project in the current folder, and how often it was generated."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.generated = 0
        make = pipeline.make

        def counted(*arguments: object, **options: object) -> object:
            self.generated += 1
            return make(*arguments, **options)  # type: ignore[arg-type]

        patch.setattr(pipeline, "make", counted)
        patch.chdir(folder)

    @property
    def record(self) -> Path:
        return self.folder / "src/pets" / RECORD

    def build(self) -> Built:
        return generate_for(Path.cwd())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once. There is something to warn of: a response has no description."""
    folder = tmp_path_factory.mktemp("built")
    for name, text in (
        ("spec/openapi.yaml", SPEC),
        ("spec/parts/pets.yaml", PART),
        ("copies/kinds.yaml", COPY),
        ("mine/NOTICE", "Ours.\n"),
        ("pyproject.toml", PROJECT),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        project = Project(folder, patch)
        project.build()
        assert project.generated == 1
        assert project.record.exists()
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of what was built."""
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    return Project(folder, monkeypatch)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return re.sub(r"\(\d+\.\d s\)", "(… s)", capsys.readouterr().err)


def test_it_is_the_same_build(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project.folder)
    again = project.build()
    short = said(capsys)
    assert project.generated == 0
    assert "warning[" in short
    assert " unchanged (" in short
    assert state(project.folder) == before
    record = project.record.read_bytes()
    project.record.unlink()
    assert project.build() == again
    assert project.generated == 1
    assert said(capsys) == short
    assert project.record.read_bytes() == record
    assert again.kept == (f"src/pets/{MANIFEST}", f"src/pets/{RECORD}")


def test_line_ends_of_a_checkout_make_no_difference(project: Project) -> None:
    """As where the package is under version control, and git knows of other systems."""
    project.record.unlink()
    for file in (project.folder / "src").rglob("*.py"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    built = project.build()
    assert project.generated == 1
    before = state(project.folder)
    assert project.build() == built
    assert project.generated == 1
    assert state(project.folder) == before


def test_places_make_no_difference(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an isolated build: all that it needs is installed elsewhere, and more."""
    package = Path(fingerprint.__file__).parent
    elsewhere = tmp_path / "élsewhere" / "batchwright"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, elsewhere, ignore=ignored)
    shutil.copytree(package.parents[1] / "templates", elsewhere / "templates")
    monkeypatch.setattr(fingerprint, "_PACKAGE", str(elsewhere))
    (tmp_path / "more" / "editables-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "more")
    # As from an sdist: with what the build includes, and nothing else.
    unpacked = tmp_path / "un packed"
    built = project.build()
    for name in (*built.generated, *built.kept, *built.sources):
        (unpacked / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.folder / name, unpacked / name)
    monkeypatch.chdir(unpacked)
    assert project.build() == built
    assert project.generated == 0


def append(path: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        with open(project.folder / path, "a", encoding="utf-8") as file:
            file.write("# more\n")

    return change


def write(path: str, text: str) -> Callable[[Project], object]:
    return lambda project: (project.folder / path).write_text(text)


def in_record(**values: object) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        content = json.loads(project.record.read_text())
        content["found"] |= values
        project.record.write_text(json.dumps(content))

    return change


def lead_elsewhere(project: Project) -> None:
    (project.folder / "spec/parts").rename(project.folder / "spec/others")
    (project.folder / "spec/parts").symlink_to("others")


CHANGES: dict[str, Callable[[Project], object]] = {
    "the spec": append("spec/openapi.yaml"),
    "a file that it refers to": append("spec/parts/pets.yaml"),
    "a copy of what has an address": append("copies/kinds.yaml"),
    "a folder of it is a link": lead_elsewhere,
    "the settings": append("pyproject.toml"),
    "a template": append("mine/NOTICE"),
    "another template": write("mine/more.txt.jinja", "x"),
    "a generated file": append("src/pets/models.py"),
    "a generated file is gone": lambda it: os.unlink(it.folder / "src/pets/client.py"),
    "the manifest": lambda it: os.unlink(it.folder / "src/pets" / MANIFEST),
    "the record is no JSON": append(f"src/pets/{RECORD}"),
    "the record is another's": write(f"src/pets/{RECORD}", '["?"]'),
    "the record is of another folder": in_record(output="src"),
    "what the record says was found": in_record(findings=[[1]]),
    "the record has more": in_record(more={}),
}


@pytest.fixture
def generates(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Whether a build would generate, without doing it."""

    def stop(config: object, report: Report, **options: object) -> None:
        report.error("stop", "this is as far as it goes")
        report.stop_if_errors()

    def answer() -> bool:
        try:
            project.build()
        except BuildStopped:
            return True
        return False

    monkeypatch.setattr(pipeline, "make", stop)
    assert not answer()
    return answer


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_has_changed_is_seen(
    what: str, project: Project, generates: Callable[[], bool]
) -> None:
    CHANGES[what](project)
    assert generates()


class Distribution:
    """Installed, in another version."""

    version = "0"
    requires = ("black>=1; python_version > '3'", "rich; extra == 'all'")


def another_version(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(metadata, "distribution", lambda name: Distribution)


def another_python(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("sys.version_info", (3, 99))


@pytest.mark.parametrize("change", [another_version, another_python])
def test_another_tool_generates(
    change: Callable[[pytest.MonkeyPatch], None],
    generates: Callable[[], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change(monkeypatch)
    assert generates()


def test_the_tool_is_what_it_requires() -> None:
    """By the names that pip compares; what only an extra asks for is not needed."""
    required = fingerprint._required()
    assert required["batchwright"] == metadata.version("batchwright")
    direct = ["black", "jinja2", "jsonschema", "jsonschema-rs", "pyyaml"]
    assert {"markupsafe", "referencing", *direct} <= required.keys()
    assert not {"argcomplete", "pytest", "rich", "hubspot-batch"} & required.keys()
    assert "-" not in {required[name] for name in direct}


def test_a_tool_that_is_not_installed_keeps_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def distribution(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    project.record.unlink()
    monkeypatch.setattr(metadata, "distribution", distribution)
    assert project.build().kept == (f"src/pets/{MANIFEST}",)
    assert not project.record.exists()


def test_where_nothing_can_be_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError

    project.record.unlink()
    monkeypatch.setattr(Path, "write_text", refuse)
    before = state(project.folder)
    project.build()
    assert state(project.folder) == before


def test_a_spec_that_changes_meanwhile_is_not_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = pipeline.make

    def slow(*arguments: object, **options: object) -> object:
        made = make(*arguments, **options)  # type: ignore[arg-type]
        append("spec/parts/pets.yaml")(project)
        return made

    project.record.unlink()
    monkeypatch.setattr(pipeline, "make", slow)
    project.build()
    assert not project.record.exists()
