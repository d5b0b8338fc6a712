"""Generating as a step of a project's build: what all build backends need."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path, PurePath

from msgspec import Struct

from batchwright import output, pipeline
from batchwright.blackened import cores
from batchwright.bugs import tell_bug
from batchwright.config import Config, read_config
from batchwright.console import Console, changes_told, counted
from batchwright.diagnostics import Location, Report, SpecError
from batchwright.manifest import MANIFEST


class BuildStopped(Exception):
    """There is no package to build with; the messages about it have been shown."""


class Built(Struct, frozen=True, kw_only=True):
    """What a build has to include; paths within the project, with forward slashes.

    `sources` are needed to generate again, which happens where a wheel is built from an
    sdist; so is `manifest`, the list that batchwright keeps of what it has written.
    """

    generated: tuple[str, ...]
    manifest: str
    sources: tuple[str, ...]


def generate_for(project: Path) -> Built:
    """Bring the package up to date that the project's pyproject.toml asks for.

    What there is to say goes to stderr. Raises BuildStopped.
    """
    console = Console(sys.stderr)
    report = Report()
    try:
        built = _generate(project, console, report)
    except SpecError as error:
        found = dict.fromkeys((*report.diagnostics, *error.diagnostics))
        console.show(found, fold=True)
        raise BuildStopped(f"batchwright: {counted(found)}") from None
    except Exception as bug:  # no traceback greets a user
        tell_bug(bug)
        raise BuildStopped("batchwright: internal error") from None
    console.show(report.diagnostics, fold=True)
    return built


def _generate(project: Path, console: Console, report: Report) -> Built:
    start = time.perf_counter()
    file = Path(os.path.relpath(project / "pyproject.toml"))
    config = read_config(Path.cwd(), {}, report, file=file)
    assert config.output is not None
    folder = _inside(project, config.output, config, report)
    report.stop_if_errors()
    made = pipeline.make(config, report, processes=cores())
    sources = [
        _inside(project, Path(path), config, report)
        for path in (*made.settings, *made.spec)
    ]
    report.stop_if_errors()
    changes = output.write(made.files, config.output, report)
    seconds = time.perf_counter() - start
    console.tell(changes_told(changes, config.output, seconds))
    return Built(
        generated=tuple(f"{folder}/{path}" for path in made.files),
        manifest=f"{folder}/{MANIFEST}",
        sources=tuple(dict.fromkeys(sources)),
    )


def _inside(project: Path, path: Path, config: Config, report: Report) -> str:
    """A path within the project, which a build must neither leave nor depend on."""
    inside = os.path.relpath(path, project)
    real = os.path.relpath(os.path.realpath(path), os.path.realpath(project))
    if any(PurePath(way).parts[:1] in ((), (os.pardir,)) for way in (inside, real)):
        report.error(
            "outside-project",
            f"{path} is not in the project that is built",
            None if config.file is None else Location(file=config.file),
            hint="what a build reads and writes has to be below the folder of "
            "pyproject.toml: only that goes into an sdist",
        )
    return PurePath(inside).as_posix()
