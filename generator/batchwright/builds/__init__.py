"""Generating as a step of a project's build: what all build backends need."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path, PurePath

from msgspec import Struct

from batchwright import fingerprint
from batchwright.bugs import tell_bug
from batchwright.builds.record import Record, read_record, write_record
from batchwright.caching.memory import found_by
from batchwright.caching.recall import digests
from batchwright.configuration.config import Config, read_config
from batchwright.console import Console, changes_told, counted
from batchwright.diagnostics import Location, Report, SpecError
from batchwright.writing.changes import Changes
from batchwright.writing.manifest import MANIFEST, RECORD


class BuildStopped(Exception):
    """There is no package to build with; the messages about it have been shown."""


class Built(Struct, frozen=True, kw_only=True):
    """What a build has to include; paths within the project, with forward slashes.

    `sources` are needed to generate again, which happens where a wheel is built from an
    sdist; `kept` is what batchwright keeps in the package to do so.
    """

    generated: tuple[str, ...]
    kept: tuple[str, ...]
    sources: tuple[str, ...]


def generate_for(project: Path) -> Built:
    """Bring the package up to date that the project's pyproject.toml asks for.

    What there is to say goes to stderr. Raises BuildStopped.
    """
    console = Console(sys.stderr)
    report = Report()
    try:
        built = _build(project, console, report)
    except SpecError as error:
        found = dict.fromkeys((*report.diagnostics, *error.diagnostics))
        console.show(found, fold=True)
        raise BuildStopped(f"batchwright: {counted(found)}") from None
    except Exception as bug:  # no traceback greets a user
        tell_bug(bug)
        raise BuildStopped("batchwright: internal error") from None
    return built


def _build(project: Path, console: Console, report: Report) -> Built:
    start = time.perf_counter()
    file = Path(os.path.relpath(project / "pyproject.toml"))
    settings = digests([str(file)])
    config = read_config(Path.cwd(), {}, report, file=file)
    assert config.output is not None
    folder = _inside(project, config.output, config, report)
    report.stop_if_errors()
    tool = _tool(project)
    record = read_record(config.output, tool) if tool else None
    if record is None:
        changes, record = _generate(project, config, settings, tool, report)
        found = report.diagnostics
    else:
        changes, found = Changes(unchanged=record.generated), record.findings
    console.show(found, fold=True)
    seconds = time.perf_counter() - start
    console.tell(changes_told(changes, config.output, seconds))
    kept = (it for it in (MANIFEST, RECORD) if (config.output / it).exists())
    return Built(
        generated=tuple(f"{folder}/{path}" for path in record.generated),
        kept=tuple(f"{folder}/{name}" for name in kept),
        sources=record.sources,
    )


def _tool(project: Path) -> str:
    """What generates; nothing where that cannot be known, or where we are elsewhere."""
    try:
        return fingerprint.release() if project.samefile(os.curdir) else ""
    except OSError:
        return ""


def _generate(
    project: Path,
    config: Config,
    settings: dict[str, str | None],
    tool: str,
    report: Report,
) -> tuple[Changes, Record]:
    """Generate, and keep what was found for the next build."""
    from batchwright import pipeline
    from batchwright.sharing import cores
    from batchwright.writing import output

    assert config.output is not None
    trees = {}
    if config.templates is not None:
        with suppress(OSError):  # which the stages tell
            trees[str(config.templates)] = fingerprint.tree(str(config.templates))
    made = pipeline.make(config, report, processes=cores())
    sources = [
        _inside(project, Path(path), config, report)
        for path in (*made.settings, *made.spec)
    ]
    report.stop_if_errors()
    findings = report.diagnostics
    record = Record(
        tool=tool,
        generated=tuple(made.files),
        sources=tuple(dict.fromkeys(sources)),
        findings=findings,
        found=found_by(config, made, findings, settings, trees),
    )
    changes = output.write(made.files, config.output, report)
    write_record(config.output, record)
    return changes, record


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
