"""Generating for a build backend: what is told, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright import pipeline
from batchwright.builds import BuildStopped, generate_for, setuptools_plugin
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
      responses: {"204": {description: None are left.}}
"""
TABLE = '[tool.batchwright]\nspec = "spec.yaml"\noutput = "src/pets"\n'
REQUIRES = '[build-system]\nrequires = ["setuptools", "BatchWright >= 0.1"]\n'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a spec and a template of its own, to be in."""
    folder = tmp_path / "project"
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "NOTICE").write_text("Ours.\n")
    (folder / "spec.yaml").write_text(SPEC)
    (folder / "pyproject.toml").write_text(REQUIRES + TABLE + 'templates = "mine"\n')
    monkeypatch.chdir(folder)
    return folder


def test_what_a_build_includes(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.parent)  # a backend may be anywhere
    built = generate_for(project)
    package = project / "src" / "pets"
    assert set(built.generated) == {
        path.relative_to(project).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.name not in (MANIFEST, RECORD)
    }
    assert "src/pets/NOTICE" in built.generated
    assert built.kept == (f"src/pets/{MANIFEST}",)
    assert sorted(built.sources) == ["mine/NOTICE", "pyproject.toml", "spec.yaml"]
    assert " new (" in capsys.readouterr().err
    before = state(project)
    assert generate_for(project) == built
    assert " unchanged (" in capsys.readouterr().err
    assert state(project) == before


@pytest.mark.parametrize("key", ["spec", "output"])
def test_what_lies_outside_is_refused(
    key: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.parent / "spec.yaml").write_text(SPEC)
    there = {"spec": "../spec.yaml", "output": "../pets"}[key]
    (project / "pyproject.toml").write_text(
        TABLE.replace({"spec": "spec.yaml", "output": "src/pets"}[key], there)
    )
    before = state(project.parent)
    with pytest.raises(BuildStopped, match=r"^batchwright: 1 error$"):
        generate_for(project)
    expected = f"pyproject.toml: error[outside-project]: {there} is not in the project"
    assert expected in capsys.readouterr().err
    assert state(project.parent) == before


def test_a_bug_is_told_without_a_traceback(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(*arguments: object, **options: object) -> None:
        raise LookupError("what?")

    monkeypatch.setattr(pipeline, "make", make)
    with pytest.raises(BuildStopped):
        generate_for(project)
    err = capsys.readouterr().err
    assert "internal error: LookupError: 'what?'" in err
    assert "Traceback" not in err


def test_setuptools_generates_where_it_is_asked_to(project: Path) -> None:
    setuptools_plugin._build.cache_clear()
    asked = REQUIRES + TABLE
    for text in ("", TABLE, asked.replace("BatchWright >= 0.1", "batchwright-more")):
        (project / "pyproject.toml").write_text(text)
        assert list(setuptools_plugin.sources("")) == []
        setuptools_plugin._build.cache_clear()
    assert not (project / "src").exists()
    (project / "pyproject.toml").write_text(asked)
    files = list(setuptools_plugin.sources(""))
    assert "spec.yaml" in files
    assert f"src/pets/{MANIFEST}" in files
    # An sdist that was unpacked has a list of its own.
    (project / "PKG-INFO").write_text("")
    assert list(setuptools_plugin.sources("")) == []
    setuptools_plugin._build.cache_clear()
