"""What is shown of the findings of a run: how many, in what order, and a way on."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright import cli, pipeline
from batchwright.configuration.config import Config
from batchwright.diagnostics import Location, Report
from support.commands import GENERATE


def find(report: Report) -> None:
    """Many warnings of one kind, a few of another, and an error among them."""
    for line in range(1, 216):
        where = Location(file="a.yaml", line=line, column=1)
        report.warning("missing-summary", f"no summary {line}", where)
    for line in range(1, 4):
        where = Location(file="b.yaml", line=line, column=1)
        report.warning("missing-tag", f"no tag {line}", where, hint="add one")
    where = Location(file="a.yaml", line=7, column=2)
    report.error("unknown-ref", "where is it?", where)


@pytest.fixture
def findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(config: Config, report: Report, tell: object, **options: object) -> None:
        find(report)
        report.stop_if_errors()

    def validate_only(config: Config, report: Report, tell: object) -> None:
        find(report)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pipeline, "make", make)
    monkeypatch.setattr(pipeline, "validate_only", validate_only)


@pytest.mark.usefixtures("findings")
def test_many_warnings_of_a_kind_are_folded(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(GENERATE) == 2
    assert capsys.readouterr().err.splitlines() == [
        "a.yaml:1:1: warning[missing-summary]: no summary 1",
        "a.yaml:2:1: warning[missing-summary]: no summary 2",
        "a.yaml:3:1: warning[missing-summary]: no summary 3",
        "b.yaml:1:1: warning[missing-tag]: no tag 1",
        "    hint: add one",
        "b.yaml:2:1: warning[missing-tag]: no tag 2",
        "    hint: add one",
        "b.yaml:3:1: warning[missing-tag]: no tag 3",
        "    hint: add one",
        "… and 212 more missing-summary; `batchwright validate` shows all",
        "a.yaml:7:2: error[unknown-ref]: where is it?",
        "stopped: 1 error and 218 warnings",
    ]


@pytest.mark.usefixtures("findings")
def test_validate_shows_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["validate", "spec.yaml"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 215 + 2 * 3 + 1 + 1
    assert lines[6] == "a.yaml:7:1: warning[missing-summary]: no summary 7"
    assert lines[7] == "a.yaml:7:2: error[unknown-ref]: where is it?"
    assert lines[-1] == "spec.yaml: 1 error and 218 warnings"


@pytest.mark.usefixtures("findings")
def test_quiet_still_says_errors(capsys: pytest.CaptureFixture[str]) -> None:
    expected = "a.yaml:7:2: error[unknown-ref]: where is it?\n"
    assert cli.main([*GENERATE, "--quiet"]) == 2
    assert capsys.readouterr().err == expected
    assert cli.main(["validate", "spec.yaml", "--quiet"]) == 1
    assert capsys.readouterr().err == expected
