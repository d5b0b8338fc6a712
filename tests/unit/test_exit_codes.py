"""Exit codes of every command: 0 is clean, 1 a finding, 2 that it could not be done."""

from __future__ import annotations

import shlex
from contextlib import chdir
from pathlib import Path

import pytest

from batchwright import cli
from support.commands import SPEC as GOOD
from support.folders import state

SPECS = {
    "good.yaml": GOOD,
    # One more method: other text, and nothing that breaks.
    "more.yaml": GOOD
    + """\
    delete:
      operationId: deletePets
      summary: No pets any more.
      tags: [pets]
      responses:
        "204": {description: None are left.}
""",
    "bad.yaml": GOOD.replace("/pets:", "/pets/{id:"),
    "broken.yaml": "openapi: [\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with specs, with a package and with a copy, each as from `good.yaml`."""
    folder = tmp_path_factory.mktemp("project")
    for name, text in SPECS.items():
        (folder / name).write_text(text)
    (folder / "file").write_text("")
    table = '[tool.batchwright.vendor.{}]\nspec = "{}.yaml"\ninto = "copy"\n'
    for name in ("good", "more", "bad"):
        (folder / f"{name}.toml").write_text(table.format(name, name))
    with chdir(folder):
        assert cli.main(["generate", "good.yaml", "--output", "sdk"]) == 0
        assert cli.main(["vendor", "good.yaml", "--into", "copy"]) == 0
    return folder


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (0, "generate good.yaml --output sdk"),
        (0, "generate good.yaml --output sdk --check"),
        (1, "generate more.yaml --output sdk --check"),
        (1, "generate good.yaml --output nothing_yet --check"),
        (2, "generate good.yaml"),
        (2, "generate bad.yaml --output sdk"),
        (2, "generate bad.yaml --output sdk --check"),
        (2, "generate broken.yaml --output sdk"),
        (2, "generate nowhere.yaml --output sdk"),
        (2, "generate good.yaml --output file"),
        (2, "generate good.yaml --output sdk --include nothing"),
        (2, "generate good.yaml --output sdk --config nowhere.toml"),
        (0, "validate good.yaml"),
        (1, "validate bad.yaml"),
        (2, "validate broken.yaml"),
        (2, "validate nowhere.yaml"),
        (0, "diff good.yaml good.yaml --fail-on any"),
        (0, "diff more.yaml good.yaml"),
        (0, "diff good.yaml more.yaml --fail-on breaking"),
        (1, "diff good.yaml more.yaml --fail-on any"),
        (1, "diff more.yaml good.yaml --fail-on breaking --format json"),
        (2, "diff bad.yaml good.yaml"),
        (2, "diff good.yaml bad.yaml --fail-on any"),
        (2, "diff nowhere good.yaml"),
        (2, "diff good.yaml"),
        (0, "vendor good.yaml --into copy"),
        (0, "vendor --config good.toml --check"),
        (1, "vendor --config more.toml --check"),
        (1, "vendor good.yaml --into nothing_yet --check"),
        (2, "vendor --config bad.toml --check"),
        (2, "vendor nowhere.yaml --into copy --check"),
        (2, "vendor good.yaml --into file --check"),
        (2, "vendor good.yaml --into sdk/_runtime --check"),
        (2, "vendor good.yaml --into sdk/_runtime --force"),
        (2, "vendor --check"),
        (2, "watch"),
        (2, "watch good.yaml"),
    ],
)
def test_codes(
    code: int,
    command: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    before = state(project)
    assert cli.main([*shlex.split(command), "--quiet"]) == code
    out, err = capsys.readouterr()
    said = [line for line in err.splitlines() if not line.startswith("    ")]
    # Findings are results; whatever else is wrong is told as an error.
    assert all("error[" in line for line in said)
    assert bool(said) == (code == 2 or command.startswith("validate bad"))
    assert not (code == 2 and out)
    assert state(project) == before


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (0, "--version"),
        (0, "--help"),
        (0, "vendor --help"),
        (2, ""),
        (2, "generte"),
        (2, "generate a b"),
        (2, "validate --nope"),
        (2, "diff"),
        (2, "diff good.yaml more.yaml --format table"),
        (2, "vendor --check --force"),
        (2, "watch --check"),
    ],
)
def test_codes_of_usage(
    code: int, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: object = None
    try:
        ended = cli.main(shlex.split(command))
    except SystemExit as end:
        ended = end.code
    assert ended == code
    out, err = capsys.readouterr()
    assert bool(out) == (code == 0)
    assert err.startswith("usage: batchwright") == (code == 2)
