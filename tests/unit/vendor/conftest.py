"""The project that all are about who look after copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright import cli
from support.vendor import COPY, PETS, SPEC, TABLE


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
