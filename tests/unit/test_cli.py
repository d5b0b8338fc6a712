"""The commands as people and build scripts see them: exit codes, streams, manners."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from batchwright import __version__, cli, pipeline
from support.commands import GENERATE, SPEC, environment_of_tests, run
from support.folders import state


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec, to be in."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_generate_check_and_generate_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(GENERATE) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("read spec.yaml\nfound 1 operation and ")
    assert "pet_sdk: " in err.splitlines()[-1]
    assert " new (" in err.splitlines()[-1]
    assert (folder / "pet_sdk" / "__init__.py").exists()

    before = state(folder)
    assert cli.main([*GENERATE, "--check"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "pet_sdk is as generated (" in err

    assert cli.main(GENERATE) == 0
    _, err = capsys.readouterr()
    assert " unchanged (" in err
    assert "wrote" not in err
    assert state(folder) == before


def test_drift_is_a_finding_and_comes_as_a_diff(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(GENERATE)
    (folder / "pet_sdk" / "__init__.py").write_text("mine = 1\n")
    before = state(folder)
    capsys.readouterr()
    assert cli.main([*GENERATE, "--check", "--quiet"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith(
        "--- pet_sdk/__init__.py\ton disk\n+++ pet_sdk/__init__.py\tgenerated\n@@ "
    )
    assert "\n-mine = 1\n" in out
    assert err == ""
    assert state(folder) == before

    assert cli.main([*GENERATE, "--check"]) == 1
    _, err = capsys.readouterr()
    assert err.splitlines()[-1] == (
        "pet_sdk: 1 file differs from what is generated; run `batchwright generate`"
    )


def test_files_that_were_written_and_removed_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(GENERATE)
    spec = SPEC.replace("name: pets", "name: dogs").replace("[pets]", "[dogs]")
    (folder / "spec.yaml").write_text(spec)
    capsys.readouterr()
    assert cli.main(GENERATE) == 0
    lines = capsys.readouterr().err.splitlines()
    assert "wrote resources/dogs.py" in lines
    assert "removed resources/pets.py" in lines
    assert "1 new, " in lines[-1]
    assert ", 1 removed, " in lines[-1]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*GENERATE, "--quiet"]) == 0
    assert cli.main(["validate", "spec.yaml", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_configuration_of_the_project(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = '[tool.batchwright]\nspec = "spec.yaml"\noutput = "out"\npackage = "pets"\n'
    (folder / "pyproject.toml").write_text(table)
    assert cli.main(["generate"]) == 0
    assert cli.main(["generate", "--check"]) == 0
    assert cli.main(["generate", "--check", "--output", "other"]) == 1
    assert cli.main(["generate", "--config", "nowhere.toml"]) == 2
    err = capsys.readouterr().err
    assert "nowhere.toml: error[unreadable-config]: " in err
    assert err.endswith("stopped: 1 error\n")


@pytest.mark.parametrize(
    ("spec", "generated", "validated"),
    [
        (SPEC, 0, 0),
        # It was read, and it breaks a rule: for `validate` that is a finding.
        (SPEC.replace("/pets:", "/pets/{id:"), 2, 1),
        ("openapi: [\n", 2, 2),
        ("swagger: '2.0'\n", 2, 2),
    ],
    ids=["good", "breaks-a-rule", "no-yaml", "no-openapi"],
)
def test_exit_codes(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    spec: str,
    generated: int,
    validated: int,
) -> None:
    (folder / "spec.yaml").write_text(spec)
    assert cli.main([*GENERATE, "--check"]) == (generated or 1)
    capsys.readouterr()
    assert cli.main(GENERATE) == generated
    assert ("spec.yaml:" in capsys.readouterr().err) == (generated != 0)
    assert (folder / "pet_sdk").exists() == (generated == 0)
    assert cli.main(["validate", "spec.yaml"]) == validated
    out, err = capsys.readouterr()
    assert ("error[" in err) == (validated != 0)
    assert out == ""


@pytest.mark.parametrize(
    "arguments",
    [["validate", "nowhere.yaml"], ["generate", "nowhere.yaml", "--output", "pet_sdk"]],
)
def test_a_spec_that_is_not_there(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert "nowhere.yaml: error[missing-file]: " in capsys.readouterr().err


def test_a_refusal_to_overwrite(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pet_sdk").mkdir()
    (folder / "pet_sdk" / "__init__.py").write_text("mine = 1\n")
    before = state(folder)
    assert cli.main(GENERATE) == 2
    assert "pet_sdk: error[foreign-file]: " in capsys.readouterr().err
    assert state(folder) == before


def test_usage_errors_have_the_code_for_could_not() -> None:
    for arguments in ([], ["generte"], ["generate", "--nope"], ["generate", "a", "b"]):
        with pytest.raises(SystemExit) as caught:
            cli.main(arguments)
        assert caught.value.code == 2


def raising(fault: BaseException) -> Callable[..., None]:
    def make(*arguments: object, **options: object) -> None:
        raise fault

    return make


def test_an_interrupt_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipeline, "make", raising(KeyboardInterrupt()))
    assert cli.main(GENERATE) == 130
    assert capsys.readouterr() == ("", "batchwright: interrupted\n")


def test_a_bug_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipeline, "make", raising(LookupError("a \x1b[2J\nb")))
    monkeypatch.delenv("BATCHWRIGHT_TRACEBACK", raising=False)
    assert cli.main(GENERATE) == 2
    err = capsys.readouterr().err
    assert err.startswith(
        f"batchwright {__version__}: internal error: LookupError: 'a \\x1b[2J'\n"
    )
    assert "Traceback" not in err
    assert "BATCHWRIGHT_TRACEBACK=1" in err

    monkeypatch.setenv("BATCHWRIGHT_TRACEBACK", "1")
    assert cli.main(GENERATE) == 2
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")


def test_version_and_help_come_without_the_heavy_parts() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"batchwright {__version__}\n")
    script = (
        "import sys\nfrom batchwright.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'jinja2', 'black', 'yaml', 'openapi_spec_validator', 'dataclasses',"
        " 'msgspec',"
        " 'shutil', 'typing'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
    )
    for arguments in (["--help"], ["generate", "--help"], ["--version"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=environment_of_tests(),
            capture_output=True,
            encoding="utf-8",
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "batchwright" in done.stdout


@pytest.mark.parametrize(
    ("stream", "arguments", "code"),
    [("stdout", [*GENERATE, "--check"], 1), ("stderr", GENERATE, 0)],
)
def test_a_reader_that_stops_reading_changes_nothing(
    folder: Path, stream: str, arguments: list[str], code: int
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [sys.executable, "-m", "batchwright", *arguments],
        env=environment_of_tests(),
        stdout=writing if stream == "stdout" else subprocess.PIPE,
        stderr=writing if stream == "stderr" else subprocess.PIPE,
        encoding="utf-8",
    )
    os.close(writing)
    out, err = process.communicate()
    assert process.returncode == code
    assert "Error" not in (out or "") + (err or "")
    assert (folder / "pet_sdk").exists() == (code == 0)


def test_a_stream_that_lacks_characters_is_no_error(folder: Path) -> None:
    run(*GENERATE)
    text = "# Gr\u00fc\u00dfe\n".encode() + b"# \xff\n"
    (folder / "pet_sdk" / "__init__.py").write_bytes(text)
    done = run(*GENERATE, "--check", environment={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "-# Gr\\xfc\\xdfe\n-# \\udcff\n" in done.stdout


def on_terminal(*arguments: str, **environment: str) -> str:
    """All that a command writes to the terminal it runs in."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "batchwright", *arguments],
        env={**environment_of_tests(), "NO_COLOR": "", **environment},
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    written = b""
    while chunk := _read(controller):
        written += chunk
    process.wait()
    os.close(controller)
    return written.decode().replace("\r\n", "\n")


def _read(controller: int) -> bytes:
    try:
        return os.read(controller, 65536)
    except OSError:  # Linux says so that nobody holds the terminal any more
        return b""


def test_colour_is_for_terminals_that_want_it(folder: Path) -> None:
    arguments = ["validate", "nowhere.yaml"]
    assert "\x1b[31merror[missing-file]:\x1b[0m" in on_terminal(*arguments)
    plain = run(*arguments).stderr
    assert "\x1b" not in plain
    assert on_terminal(*arguments, NO_COLOR="1") == plain
    assert on_terminal(*arguments, TERM="dumb") == plain


def test_a_diff_does_not_drive_the_terminal(folder: Path) -> None:
    run(*GENERATE)
    (folder / "pet_sdk" / "__init__.py").write_text("# \x1b]0;title\x07\n#\ttab\n")
    shown = on_terminal(*GENERATE, "--check", "--quiet", NO_COLOR="1")
    assert "-# \\x1b]0;title\\x07\n-#\ttab\n" in shown.replace("       ", "\t")
    assert "\x1b]0" not in shown


def test_a_depfile(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "NOTICE").write_text("Ours.\n")
    (folder / "pyproject.toml").write_text(
        '[tool.batchwright]\nspec = "spec.yaml"\noutput = "pet_sdk"\ntemplates = "mine"\n'
    )
    command = ["generate", "--depfile", "build/sdk.d"]
    assert cli.main(command) == 0
    file = folder / "build" / "sdk.d"
    assert file.read_text().startswith(
        "pet_sdk/.batchwright.json: \\\n"
        "  spec.yaml \\\n  pyproject.toml \\\n  mine/NOTICE\n"
    )
    before = state(folder)
    assert cli.main(command) == 0
    assert state(folder) == before

    (folder / "file").write_text("")
    assert cli.main(["generate", "--depfile", "file/sdk.d"]) == 2
    assert "error[cannot-write]: cannot write: " in capsys.readouterr().err


def test_times_in_the_environment_change_nothing(folder: Path) -> None:
    assert run(*GENERATE).returncode == 0
    shutil.copytree(folder / "pet_sdk", folder / "first")
    shutil.rmtree(folder / "pet_sdk")
    assert (
        run(*GENERATE, environment={"SOURCE_DATE_EPOCH": "315532800"}).returncode == 0
    )
    for path in (folder / "first").rglob("*"):
        if path.is_file():
            again = folder / "pet_sdk" / path.relative_to(folder / "first")
            assert again.read_bytes() == path.read_bytes()
