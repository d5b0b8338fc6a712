"""Small specs in a folder, and what the front half of the generator says of them."""

from __future__ import annotations

from pathlib import Path

from batchwright.checking.validate import validate
from batchwright.configuration.config import Config, with_entries
from batchwright.configuration.pyproject import read_table
from batchwright.diagnostics import Report, SpecError
from batchwright.document import Document
from batchwright.reading.load import load
from batchwright.resolving.resolve import resolve

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\n'


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files; the path of the first one, the root."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / next(iter(files))


def configured(config: Config, report: Report) -> Config:
    """The configuration, with what a pyproject.toml beside the spec adds."""
    folder = config.spec.parent
    if not (folder / "pyproject.toml").exists():
        return config
    table = read_table(Path("pyproject.toml"), folder, report)
    return with_entries(config, table, {}, report)


def loaded(folder: Path, files: dict[str, str | bytes]) -> tuple[Document, Report]:
    """The files, read without an error."""
    report = Report()
    document = load(write(folder, files), report)
    assert found(report, folder) == []
    return document, report


def resolved(folder: Path, files: dict[str, str | bytes]) -> Document:
    """The files as one document, without an error or a warning."""
    document, report = loaded(folder, files)
    whole = resolve(document, report)
    assert found(report, folder) == []
    return whole


def complaints(folder: Path, files: dict[str, str | bytes]) -> list[str]:
    """What loading and resolving report, one line each, hints after `; `."""
    report = Report()
    try:
        resolve(load(write(folder, files), report), report)
    except SpecError:
        pass
    return found(report, folder)


def verdicts(folder: Path, files: dict[str, str | bytes]) -> list[str]:
    """What loading, resolving and validating report."""
    report = Report()
    try:
        validate(resolve(load(write(folder, files), report), report), report)
    except SpecError:
        pass
    return found(report, folder)


def found(report: Report, folder: Path) -> list[str]:
    """The findings as they are printed, with paths from the folder on."""
    return [
        str(diagnostic).replace(f"{folder.as_posix()}/", "").replace("\n    hint:", ";")
        for diagnostic in report.diagnostics
    ]
