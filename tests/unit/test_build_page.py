"""What docs/build.md shows is in the examples, which tests/packaging builds, or works."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from batchwright import cli

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "build.md").read_text("utf-8")


def test_every_block_is_from_an_example() -> None:
    files = [
        path.read_text("utf-8")
        for pattern in ("*/pyproject.toml", "*/Makefile")
        for path in sorted((ROOT / "examples").glob(pattern))
    ]
    blocks = re.findall(r"```(?:toml|make)\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 5
    assert [it for it in blocks if not any(it in text for text in files)] == []


def test_every_command_is_one_of_an_example() -> None:
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    commands = re.findall(r"^    (\S.*)$", prose, re.MULTILINE)
    pages = [
        path.read_text("utf-8") for path in (ROOT / "examples").glob("*/README.md")
    ]
    assert commands == ["python -m build", "pip install --editable ."]
    assert all(sum(f"    {it}\n" in page for page in pages) == 2 for it in commands)


def snippet(language: str) -> str:
    [text] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example for make, to be in, without what it generates."""
    example = ROOT / "examples" / "makefile"
    for name in ("spec", "weather"):
        ignored = shutil.ignore_patterns("stations", "__pycache__")
        shutil.copytree(example / name, tmp_path / name, ignore=ignored)
    shutil.copy(example / "pyproject.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_ninja(project: Path) -> None:
    ninja = shutil.which("ninja")
    if ninja is None:
        pytest.skip("ninja is not installed")
    programs = project / "programs"
    programs.mkdir()
    start = programs / "batchwright"
    start.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m batchwright "$@"\n')
    start.chmod(0o755)
    (project / "build.ninja").write_text(snippet("ninja"))

    def built() -> str:
        done = subprocess.run(
            [ninja],
            env={
                **os.environ,
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "XDG_CACHE_HOME": str(project / "cache"),
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    nothing = "ninja: no work to do.\n"
    assert "batchwright generate" in built()
    assert built() == nothing
    # Ninja knows of it by what batchwright has read.
    part = project / "spec" / "readings.yaml"
    later = (project / "weather/stations/client.py").stat().st_mtime + 1
    os.utime(part, (later, later))
    os.utime(project / "weather/stations/.batchwright.json", (later - 1, later - 1))
    assert "batchwright generate" in built()
    assert built() == nothing


def test_nox_and_tox(project: Path) -> None:
    asked: list[list[str]] = []
    session = types.SimpleNamespace(
        install=lambda *what: asked.append(["pip", *what]),
        run=lambda *command: asked.append(list(command)),
    )
    stand_in = types.ModuleType("nox")
    stand_in.__dict__.update(session=lambda function: function, Session=object)
    text = snippet("python")
    assert "\nimport nox\n" in text
    names: dict[str, Any] = {"nox": stand_in}
    exec(text.replace("import nox", ""), names)
    names["generated"](session)

    settings = configparser.ConfigParser()
    settings.read_string(snippet("ini"))
    table = settings["testenv:generated"]
    command = shlex.split(table["commands"])
    assert asked == [["pip", table["deps"]], command]
    assert command == ["batchwright", "generate", "--check"]
    assert cli.main(command[1:]) == 1
    assert cli.main(command[1:-1]) == 0
