"""Each folder beside this file is a case: a spec, and what batchwright makes of it.

`expected/` is the whole tree, but for the runtime: of that, each has the modules that it
needs, and they are the same for all (and checked to be so). `diagnostics.txt` is all that
is said; a case with that file alone is a refusal. `pyproject.toml` in a case has its
filters and pins; with a table for a copy, the case is vendored, and has its manifest, too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from batchwright import __version__
from batchwright.configuration.config import Config, with_entries
from batchwright.diagnostics import Report, SpecError
from batchwright.writing.manifest import MANIFEST, manifest_of
from batchwright.rendering.needed import index_of, needed
from batchwright.pipeline import generate, make
from batchwright.configuration.pyproject import read_table
from batchwright.vendoring.vendor import origin_of

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[1] / "templates"
CASES = sorted(
    folder.name
    for folder in HERE.iterdir()
    if any(folder.glob("spec*")) or (folder / "diagnostics.txt").exists()
)
REFUSALS = [case for case in CASES if not (HERE / case / "expected").is_dir()]


@dataclass(frozen=True)
class Outcome:
    """What came of a case; `files` is None for a refusal."""

    files: dict[str, str] | None
    diagnostics: str


def outcome(case: str, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    folder = HERE / case
    monkeypatch.chdir(folder)
    spec = next((p.name for p in sorted(folder.glob("spec*"))), "spec.yaml")
    templates = Path("templates") if (folder / "templates").is_dir() else None
    has_table = (folder / "pyproject.toml").exists()
    config = Config(
        spec=Path(spec),
        output=Path("out"),
        package=case.replace("-", "_"),
        client="Client",
        distribution=case,
        templates=templates,
    )
    report = Report()
    files: dict[str, str] | None = None
    table = read_table(Path("pyproject.toml"), folder, report) if has_table else None
    try:
        if table is not None and table.inner("vendor") is not None:
            files = vendored(config, report)
        else:
            files = generate(with_entries(config, table, {}, report), report)
    except SpecError:
        pass
    return Outcome(files, "".join(f"{found}\n" for found in report.diagnostics))


def vendored(config: Config, report: Report) -> dict[str, str]:
    """The files of a copy, and its manifest without what changes with any release."""
    made = make(replace(config, vendored=True), report)
    manifest = json.loads(manifest_of(made.files, origin_of(made)).text)
    assert manifest["files"].keys() == made.files.keys()
    manifest["generator"] = manifest["generator"].replace(__version__, "(a version)")
    manifest["files"] = {
        path: digest
        for path, digest in manifest["files"].items()
        if not is_runtime(path)
    }
    return {**made.files, MANIFEST: json.dumps(manifest, indent=2) + "\n"}


def is_runtime(path: str) -> bool:
    return path.startswith("_runtime/")


def expected_tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def rewrite(folder: Path, made: Outcome) -> None:
    shutil.rmtree(folder / "expected", ignore_errors=True)
    (folder / "diagnostics.txt").unlink(missing_ok=True)
    for path, text in (made.files or {}).items():
        if not is_runtime(path):
            target = folder / "expected" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="\n")
    if made.diagnostics or made.files is None:
        (folder / "diagnostics.txt").write_text(made.diagnostics, "utf-8", newline="\n")


@pytest.mark.parametrize("case", CASES)
def test_case(
    case: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    made = outcome(case, monkeypatch)
    folder = HERE / case
    if request.config.getoption("--update-golden"):
        rewrite(folder, made)
    said = folder / "diagnostics.txt"
    assert made.diagnostics == (said.read_text("utf-8") if said.exists() else "")
    if case in REFUSALS:
        assert made.files is None
        assert "error[" in made.diagnostics
        return
    assert made.files is not None
    own = {path: text for path, text in made.files.items() if not is_runtime(path)}
    assert own == expected_tree(folder / "expected")
    runtime = {path: text for path, text in made.files.items() if is_runtime(path)}
    whole = expected_tree(TEMPLATES)
    del runtime["_runtime/__init__.py"]
    assert runtime == {path: whole[path] for path in runtime}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every expected tree as a package that can be imported, runtime and all."""
    root = tmp_path_factory.mktemp("packages")
    for case in CASES:
        if case not in REFUSALS:
            for path, text in whole_tree(HERE / case / "expected").items():
                target = root / case.replace("-", "_") / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, "utf-8")
    return root


def whole_tree(folder: Path) -> dict[str, str]:
    """The expected files with those of the runtime that they need."""
    expected = expected_tree(folder)
    runtime = {
        path: text
        for path, text in expected_tree(TEMPLATES).items()
        if is_runtime(path)
    }
    return needed(runtime | index_of(runtime, expected) | expected)


def run(*command: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=path,
        env={**os.environ, "PYTHONPATH": str(path), "MYPYPATH": str(path)},
        capture_output=True,
        text=True,
    )


def test_every_case_imports(packages: Path) -> None:
    names = sorted(p.name for p in packages.iterdir())
    script = (
        "import importlib, pkgutil, sys\n"
        "for name in sys.argv[1:]:\n"
        "    package = importlib.import_module(name)\n"
        "    for entry in pkgutil.walk_packages(package.__path__, name + '.'):\n"
        "        importlib.import_module(entry.name)\n"
        "        print(entry.name)\n"
    )
    done = run("-c", script, *names, path=packages)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 10 * len(names)


def test_every_case_type_checks(packages: Path) -> None:
    names = sorted(p.name for p in packages.iterdir())
    done = run("-m", "mypy", "--strict", *names, path=packages)
    assert done.returncode == 0, done.stdout + done.stderr
