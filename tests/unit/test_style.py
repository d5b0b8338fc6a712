"""black in memory."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from batchwright.diagnostics import Report
from batchwright.formatting.style import style
from batchwright.rendering.render import copies
from batchwright.rendering.templates import read_templates

PROJECT = Path(__file__).parents[2]


def test_python_is_formatted_and_nothing_else() -> None:
    ugly = "x = {  'a':1 }\n"
    files = {"a.py": ugly, "b.pyi": ugly, "c.txt": ugly, "py.typed": ""}
    report = Report()
    assert style(files, report) == {
        "a.py": 'x = {"a": 1}\n',
        "b.pyi": 'x = {"a": 1}\n',
        "c.txt": ugly,
        "py.typed": "",
    }
    assert report.diagnostics == ()


def test_lines_are_as_long_as_in_this_project() -> None:
    fits = f"four = [{', '.join('a' * 27)}]\n"
    files = {"a.py": fits, "b.py": fits.replace("four", "fives")}
    assert len(fits) == 88 + 1
    styled = style(files, Report())
    assert styled["a.py"] == fits
    assert styled["b.py"].startswith("fives = [\n    a,\n")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = 1\nclass 2:\n", ":2:7"),
        ("x = (\n", ":1:5"),
        ("print 1\n", ":1:1"),
        # black takes these.
        ("def f():\n  x\n y\n", ":3:3"),
        ("x = '\0'\n", ""),
        ("x = '\ud800'\n", ""),
    ],
)
def test_a_text_that_is_not_python_is_named(text: str, place: str) -> None:
    report = Report()
    style({"good.py": "x = 1\n", "models.py": text}, report)
    [found] = report.diagnostics
    assert str(found).startswith(f"models.py{place}: error[not-python]: what ")
    assert found.hint


def test_what_is_copied_has_the_shape_of_what_is_generated() -> None:
    """Else the SDK's runtime would look unlike the rest of it: it is not formatted."""
    paths = [
        path
        for path in copies(read_templates(None, Report()))
        if path.endswith((".py", ".pyi"))
    ]
    assert "_runtime/client.py" in paths
    found = subprocess.run(
        [sys.executable, "-m", "black", "--check", "templates"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    assert f"{len(paths)} files would be left unchanged." in found.stderr


def test_what_people_write_is_formatted_as_what_is_generated() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    assert settings["tool"]["black"].keys() == {"target-version", "extend-exclude"}
    assert settings["tool"]["black"]["target-version"] == ["py311"]
