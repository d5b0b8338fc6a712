"""The template tree, and a user's folder laid over it."""

from __future__ import annotations

from pathlib import Path

from batchwright.diagnostics import Report
from batchwright.rendering.templates import read_templates


def test_what_came_with_batchwright() -> None:
    report = Report()
    templates = read_templates(None, report)
    assert report.diagnostics == ()
    assert list(templates) == sorted(templates)
    assert "py.typed" in templates
    assert templates["__init__.py.jinja"]
    assert not [path for path in templates if "__pycache__" in path]


def test_a_folder_replaces_and_adds(tmp_path: Path) -> None:
    shipped = read_templates(None, Report())
    (tmp_path / "more" / "__pycache__").mkdir(parents=True)
    (tmp_path / "__init__.py.jinja").write_bytes(b"# mine\r\n")
    (tmp_path / "more" / "NOTICE").write_text("ours\n")
    for litter in ("more/__pycache__/a.pyc", ".DS_Store", ".a.swp", "client.py.jinja~"):
        (tmp_path / litter).write_bytes(b"\xff")
    report = Report()
    assert read_templates(tmp_path, report) == {
        **shipped,
        "__init__.py.jinja": "# mine\n",
        "more/NOTICE": "ours\n",
    }
    assert report.diagnostics == ()


def test_a_folder_that_will_not_do(tmp_path: Path) -> None:
    report = Report()
    read_templates(tmp_path / "nowhere", report)
    (tmp_path / "bad.jinja").write_bytes(b"\xff\xfe")
    read_templates(tmp_path, report)
    assert [str(found).split(": ")[:2] for found in report.diagnostics] == [
        [str(tmp_path / "bad.jinja"), "error[bad-template]"],
        [str(tmp_path / "nowhere"), "error[missing-templates]"],
    ]


def test_the_runtime_brings_its_licence() -> None:
    root = Path(__file__).parents[2]
    licence = (root / "LICENSE").read_text("utf-8")
    assert read_templates(None, Report())["_runtime/LICENSE"] == licence
    assert (root / "generated" / "LICENSE").read_text("utf-8") == licence
