"""Each folder beside this file is a change of a spec, and what is said of it.

`expected.txt` has the change from `old.yaml` to `new.yaml`, and then the way back.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from batchwright.cli import main

HERE = Path(__file__).parent
CASES = sorted(folder.parent.name for folder in HERE.glob("*/old.yaml"))


def told(old: str, new: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What `batchwright diff` prints of two specs that are good."""
    capsys.readouterr()
    assert main(["diff", old, new, "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("case", CASES)
def test_case(
    case: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Away from the configuration of this repository.
    for name in ("old.yaml", "new.yaml"):
        shutil.copy(HERE / case / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    text = (
        f"--- there\n{told('old.yaml', 'new.yaml', capsys)}"
        f"\n--- and back\n{told('new.yaml', 'old.yaml', capsys)}"
    )
    expected = HERE / case / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(text, "utf-8", newline="\n")
    assert text == expected.read_text("utf-8")


@pytest.mark.parametrize(
    "case",
    [
        "client-renamed",
        "collision",
        "enum-value-renamed",
        "model-renamed",
        "name-taken",
        "option-inserted",
    ],
)
def test_the_pins_that_are_told_keep_the_names(
    case: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("old.yaml", "new.yaml"):
        shutil.copy(HERE / case / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    text = told("old.yaml", "new.yaml", capsys)
    assert "-renamed]" in text
    _, _, table = text.partition("to keep the names that code has today:\n")
    pins, _, _ = table.partition("\n\n")
    spec = '[tool.batchwright]\nspec = "new.yaml"\n'
    pins = pins.removeprefix("  [tool.batchwright]\n")
    Path("pyproject.toml").write_text(f"{spec}{pins}\n")
    assert "-renamed]" not in told("old.yaml", "new.yaml", capsys)
