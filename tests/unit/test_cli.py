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
from batchwright.config import Config
from batchwright.diagnostics import Location, Report
from support.folders import state

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
        "204": {description: None are left.}
"""
GENERATE = ["generate", "spec.yaml", "--output", "pet_sdk"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec, to be in."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(
    *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "batchwright", *arguments],
        env={**_environment(), **(environment or {})},
        capture_output=True,
        encoding="utf-8",
    )


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "PYTHONPATH": path, "TERM": "xterm"}


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
def findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(config: Config, report: Report, tell: object, **options: object) -> None:
        find(report)
        report.stop_if_errors()

    def validate_only(config: Config, report: Report, tell: object) -> None:
        find(report)

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
        " 'shutil', 'typing'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
    )
    for arguments in (["--help"], ["generate", "--help"], ["--version"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=_environment(),
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
        env=_environment(),
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
        env={**_environment(), "NO_COLOR": "", **environment},
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


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("batchwright v", {"validate", "vendor"}),
        ("batchwright diff HEAD --fa", {"--fail-on"}),
        ("batchwright diff HEAD --fail-on ", {"any", "breaking"}),
        ("batchwright generate --in", {"--include"}),
    ],
)
def test_completion(folder: Path, line: str, expected: set[str]) -> None:
    answer = folder / "answer"
    done = run(
        environment={
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_IFS": "\n",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
    )
    assert done.returncode == 0, done.stderr
    assert {it.strip() for it in answer.read_text().split("\n")} >= expected


def test_errors_of_few_operations_come_with_the_filter_that_leaves_them_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths:\n'
        "  /good: {get: {responses: {'204': {description: Done.}}}}\n"
        "  /bad: {get: {responses: {'200': {$ref: '#/nowhere'}}}}\n"
    )
    assert cli.main(["validate", str(spec)]) == 1
    err = capsys.readouterr().err
    way = '--exclude "GET /bad"'
    assert "spec.yaml:5:36: error[unknown-ref]: " in err
    assert f"\nall errors are in one operation; to do without: {way}\n" in err
    assert cli.main(["validate", str(spec), "--exclude", "GET /bad"]) == 0
    spec.write_text(spec.read_text() + "  /worse: {$ref: nowhere.yaml}\n")
    assert cli.main(["validate", str(spec)]) == 1
    assert "to do without" not in capsys.readouterr().err


SHELLS = {
    # The line is given to the function that argcomplete has defined, as bash does it.
    "bash": """
eval "$(register-python-argcomplete batchwright)"
COMP_LINE="$LINE"; COMP_POINT=${#LINE}; COMP_TYPE=9
read -ra COMP_WORDS <<< "$LINE"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_python_argcomplete batchwright "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
printf '%s\\n' "${COMPREPLY[@]}"
""",
    "fish": """
register-python-argcomplete --shell fish batchwright | source
complete --do-complete "$LINE"
""",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_in_a_shell(shell: str, folder: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    start = folder / "batchwright"
    start.write_text(
        f"#!{sys.executable}\n# PYTHON_ARGCOMPLETE_OK\n"
        "import sys\nfrom batchwright.start import main\nsys.exit(main())\n"
    )
    start.chmod(0o755)
    programs = (str(folder), os.path.dirname(sys.executable), os.environ["PATH"])
    environment = {**_environment(), "PATH": os.pathsep.join(programs)}
    done = subprocess.run(
        [shell, "-c", SHELLS[shell]],
        env={**environment, "HOME": str(folder), "LINE": "batchwright va"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.split()[:1] == ["validate"], done.stderr
