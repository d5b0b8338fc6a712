"""What is kept of the help is what argparse says; see `batchwright.help`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from batchwright import cli, help, start

FOLDER = Path(help.FOLDER)
COMMANDS = ("generate", "validate", "diff", "vendor", "watch")
KEPT = {help.ALL_COMMANDS: ["--help"]} | {name: [name, "-h"] for name in COMMANDS}


def said(
    run: Callable[[list[str]], int],
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
) -> str:
    """What it prints before it ends, one way or the other."""
    with suppress(SystemExit):
        run(arguments)
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def usual_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_what_argparse_says(
    name: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(cli.main, KEPT[name], capsys)
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.txt").write_text(text, "utf-8")
    kept = (FOLDER / f"{name}.txt").read_text("utf-8")
    stale = "`pytest tests/unit/test_help.py --update-golden` writes it anew"
    assert kept.split() == text.split(), stale
    # Later ones break a long line of usage elsewhere.
    assert sys.version_info >= (3, 13) or kept == text, stale
    assert kept.isascii()  # any terminal can show it


def test_each_command_is_kept_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert {file.stem for file in FOLDER.iterdir()} == KEPT.keys()
    for name in COMMANDS:
        assert f"    {name}" in said(cli.main, ["--help"], capsys)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["generate", "--help"], ["--version"]]
)
def test_it_is_told_without_argparse(arguments: list[str]) -> None:
    script = (
        "import sys; from batchwright.start import main; code = main(sys.argv[1:])\n"
        "assert not {'argparse', 're', 'typing'} & sys.modules.keys(); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "batchwright" in done.stdout


def test_a_narrow_terminal_is_told_by_argparse(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    text = said(start.main, ["generate", "--help"], capsys)
    assert text == said(cli.main, ["generate", "--help"], capsys)
    # What a command shows as examples keeps its lines.
    assert (
        max(map(len, text.partition("options:")[2].split("examples:")[0].split("\n")))
        < 50
    )


@pytest.mark.parametrize(
    "arguments",
    [["nonsense", "--help"], [help.ALL_COMMANDS, "-h"], ["../usage/diff", "-h"]],
)
def test_what_is_no_command_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        start.main(arguments)
    assert end.value.code == 2
    assert "invalid choice" in capsys.readouterr().err
