"""`batchwright watch`, in a process of its own, on real files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

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
          description: All.
          content: {application/json: {schema: {$ref: pet.yaml}}}
"""
PET = "type: object\nproperties: {name: {type: string}}\n"
WATCHING = "watching; Ctrl-C ends it"


class Watch:
    """The process, and what it has said since the last look."""

    def __init__(self, folder: Path) -> None:
        path = os.pathsep.join(filter(None, sys.path))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "batchwright", "watch"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, last: str = WATCHING) -> list[str]:
        """The lines up to one that says something; fails where the process ends."""
        assert self.process.stderr is not None
        lines: list[str] = []
        while not lines or last not in lines[-1]:
            line = self.process.stderr.readline()
            assert line, lines
            lines.append(line.rstrip("\n"))
        return lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "pet.yaml").write_text(PET)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.batchwright]\nspec = "spec.yaml"\noutput = "pet_sdk"\n'
    )
    return tmp_path


@pytest.fixture
def watch(folder: Path) -> Iterator[Watch]:
    watch = Watch(folder)
    try:
        yield watch
    finally:
        watch.process.kill()
        watch.process.communicate()


def save(path: Path, text: str) -> None:
    """Write a file as editors do: beside it, and then in its place."""
    beside = path.with_name(path.name + "~")
    beside.write_text(text)
    beside.replace(path)


def models(folder: Path) -> str:
    return (folder / "pet_sdk" / "models.py").read_text()


def test_what_is_saved_is_written(folder: Path, watch: Watch) -> None:
    assert " new (" in watch.until()[-2]
    save(folder / "pet.yaml", PET.replace("name", "title"))
    assert "wrote models.py" in watch.until()
    assert "title: str" in models(folder)

    # In place: it may have been read while there was nothing in it.
    (folder / "pet.yaml").write_text(PET.replace("name", "age"))
    watch.until("wrote models.py")
    watch.until()
    assert "age: str" in models(folder)

    # What is saved without a change writes nothing.
    save(folder / "spec.yaml", SPEC)
    assert " unchanged (" in watch.until()[-2]


def test_a_spec_that_is_broken_for_a_while(folder: Path, watch: Watch) -> None:
    watch.until()
    before = models(folder)
    save(folder / "pet.yaml", "type: [\n")
    lines = watch.until()
    assert any(line.startswith("pet.yaml:2:1: error[yaml-syntax]") for line in lines)
    assert lines[-2].startswith("nothing is written: ")
    assert models(folder) == before

    (folder / "pet.yaml").unlink()
    assert any("error[missing-file]" in line for line in watch.until())
    save(folder / "pet.yaml", PET.replace("name", "title"))
    assert "wrote models.py" in watch.until()
    assert "title: str" in models(folder)


def test_a_spec_that_is_away_for_a_while(folder: Path, watch: Watch) -> None:
    watch.until()
    (folder / "spec.yaml").rename(folder / "away.yaml")
    assert any("error[missing-file]" in line for line in watch.until())
    (folder / "away.yaml").rename(folder / "spec.yaml")
    assert " unchanged (" in watch.until()[-2]


def test_the_configuration_counts_too(folder: Path, watch: Watch) -> None:
    watch.until()
    table = folder / "pyproject.toml"
    text = table.read_text()
    save(table, text + 'nonsense = "1"\n')
    assert any("error[unknown-key]" in line for line in watch.until())
    save(table, text + 'client = "Zoo"\n')
    watch.until("wrote client.py")
    assert "class Zoo(" in (folder / "pet_sdk" / "client.py").read_text()


def test_an_interrupt_ends_it(folder: Path, watch: Watch) -> None:
    watch.until()
    watch.process.send_signal(signal.SIGINT)
    out, err = watch.process.communicate()
    assert (watch.process.returncode, out, err) == (0, "", "")


def test_a_configuration_that_says_nothing(folder: Path) -> None:
    save(folder / "pyproject.toml", "[tool.batchwright]\n")
    watch = Watch(folder)
    _, err = watch.process.communicate()
    assert watch.process.returncode == 2
    assert "error[missing-spec]" in err
