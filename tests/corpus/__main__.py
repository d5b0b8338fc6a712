"""Holds whole specs against type checkers, by hand: that takes minutes for large ones.

Each is generated, imported module by module, and looked at by `mypy --strict` and by
pyright; one line says what came of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.files import Files
from batchwright.pipeline import generate
from fuzz.packages import imported, type_faults, write

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
_SUFFIXES = (".json", ".yaml", ".yml")


def main() -> int:
    """Try all specs that are named; 1 if any makes something that is not sound."""
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__)
    parser.add_argument(
        "specs",
        nargs="*",
        type=Path,
        default=[BESIDE],
        help="files, and folders of which every spec is taken (../shared/corpus)",
    )
    parser.add_argument("--no-pyright", action="store_true")
    arguments = parser.parse_args()
    faulty = 0
    for spec in _specs(arguments.specs):
        faults = list(_faults(spec, pyright=not arguments.no_pyright))
        print(f"{spec}: {'sound' if not faults else f'{len(faults)} faults'}")
        print("".join(f"    {line}\n" for line in faults), end="", flush=True)
        faulty += bool(faults)
    return 1 if faulty else 0


def _specs(named: Iterable[Path]) -> Iterator[Path]:
    for path in named:
        inner = path.iterdir() if path.is_dir() else (path,)
        yield from sorted(each for each in inner if each.suffix in _SUFFIXES)


def _faults(spec: Path, *, pyright: bool) -> Iterator[str]:
    """What is wrong with what becomes of a spec."""
    config = Config(spec=spec, output=Path("out"), package="sdk", distribution="sdk")
    report = Report()
    try:
        files = generate(config, report)
    except SpecError:
        yield from map(str, report.diagnostics)
        return
    try:
        imported(files)
    except Exception as fault:  # whatever a module of it raises
        yield f"cannot be imported: {fault!r}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from type_faults({"sdk": _own(files)}, folder)
        if pyright:
            write({"sdk": _own(files)}, folder)
            yield from _pyright(folder)


def _own(files: Files) -> Files:
    """The modules that are made; the runtime is checked elsewhere."""
    return {path: t for path, t in files.items() if not path.startswith("_runtime/")}


def _pyright(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "sdk"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    lines = (done.stdout + done.stderr).splitlines()
    return lines if done.returncode else []


if __name__ == "__main__":
    sys.exit(main())
