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
from batchwright.writing.manifest import MANIFEST

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
    earlier = (project / "weather/stations/client.py").stat().st_mtime - 1
    os.utime(part, (earlier, earlier))
    os.utime(project / "weather/stations/.batchwright.json", (earlier - 1,) * 2)
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


class Actions:
    """What a rule of Bazel may do, as far as ours does it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def declare_directory(self, name: str) -> types.SimpleNamespace:
        (self._folder / name).mkdir()  # Bazel makes it before the action runs
        return types.SimpleNamespace(path=str(self._folder / name))

    def run_shell(
        self, inputs: list[str], command: str, arguments: list[str], **_: object
    ) -> None:
        box = self._folder / "box"
        for name in inputs:  # nothing else is there
            (box / name).parent.mkdir(parents=True, exist_ok=True)
            (box / name).symlink_to(Path(name).resolve())
        done = shlex.split(command)
        places = {f"${number}": it for number, it in enumerate(arguments, 1)}
        os.chdir(box)
        assert cli.main([places.get(it, it) for it in done[1:]]) == 0


def test_bazel(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its language is a part of ours; the real one was driven by hand."""
    monkeypatch.delenv("HOME", raising=False)
    rules, targets = re.findall(r"```starlark\n(.*?)```", PAGE, re.DOTALL)
    out = project / "out"
    out.mkdir()

    def rule(implementation: Any, attrs: dict[str, Any]) -> Any:
        def target(name: str, spec: str, srcs: list[str]) -> Any:
            assert attrs.keys() == {"spec", "srcs"}
            return implementation(
                types.SimpleNamespace(
                    actions=Actions(out),
                    attr=types.SimpleNamespace(name=name),
                    file=types.SimpleNamespace(spec=types.SimpleNamespace(path=spec)),
                    files=types.SimpleNamespace(srcs=srcs),
                )
            )

        return target

    names: dict[str, Any] = {
        "attr": types.SimpleNamespace(label=dict, label_list=dict),
        "rule": rule,
        "depset": list,
        "DefaultInfo": dict,
        "load": lambda file, *loaded: None,
        "glob": lambda patterns: [
            str(it) for pattern in patterns for it in Path().glob(f"{pattern}/*")
        ],
    }
    exec(rules, names)
    exec(targets, names)
    made = {it.name for it in (out / "stations").iterdir()}
    assert {"__init__.py", "client.py", "models.py", MANIFEST} <= made
