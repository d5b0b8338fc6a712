"""The rules for make: make itself is asked what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from batchwright.writing.depfile import depfile


def test_the_format() -> None:
    assert depfile("out/a b.json", ["x.yaml", "$y #1.yaml"]) == (
        "out/a\\ b.json: \\\n  x.yaml \\\n  $$y\\ \\#1.yaml\n"
        "\nx.yaml:\n\n$$y\\ \\#1.yaml:\n"
    )


ODD = [
    "plain.yaml",
    "two words.yaml",
    "pay$.yaml",
    "no #1.yaml",
    "a:b.yaml",
    "c\\ d.yaml",
]


@pytest.mark.parametrize("changed", ODD)
def test_make_understands(changed: str, tmp_path: Path) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    for name in ODD:
        (tmp_path / name).write_text("")
    (tmp_path / "Makefile").write_text(
        "out:\n\t@touch out; echo made\n-include out.d\n"
    )
    (tmp_path / "out.d").write_text(depfile("out", ODD))

    def made() -> str:
        done = subprocess.run(
            [make, "--silent"], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def age(name: str, seconds: int) -> None:
        os.utime(tmp_path / name, (seconds, seconds))

    for name in ODD:
        age(name, 1000)
    assert made() == "made\n"
    age("out", 2000)
    assert made() == ""
    age(changed, 3000)
    assert made() == "made\n"
    age("out", 4000)
    (tmp_path / changed).unlink()
    assert made() == "made\n"
