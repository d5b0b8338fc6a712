"""The template tree: where it is, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeAlias

from batchwright.diagnostics import Location, Report
from batchwright.fingerprint import is_litter

# Relative path with forward slashes -> text of the template.
Templates: TypeAlias = dict[str, str]


def read_templates(override: Path | None, report: Report) -> Templates:
    """The templates that came with batchwright, with the user's folder laid over them.

    A file of `override` replaces the one at the same path, and adds to the tree where
    there is none.
    """
    templates = dict(_texts(_shipped(), report))
    if override is not None:
        if not override.is_dir():
            report.error(
                "missing-templates",
                "the folder of templates does not exist",
                Location(file=str(override)),
                hint="it is named by `--templates` or by `templates` in "
                "[tool.batchwright]",
            )
        else:
            templates |= _texts(override, report)
    return dict(sorted(templates.items()))


def override_files(override: Path) -> tuple[str, ...]:
    """The files that a folder lays over the templates; paths within it, sorted."""
    return tuple(sorted(path for path, _ in _entries(override)))


def _shipped() -> Traversable:
    """The tree beside the package or, in an editable install, in the checkout."""
    beside = files("batchwright") / "templates"
    if beside.is_dir():
        return beside
    return Path(__file__).resolve().parents[3] / "templates"


def _texts(folder: Traversable, report: Report) -> Iterator[tuple[str, str]]:
    for path, entry in _entries(folder):
        try:
            text = entry.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            report.error(
                "bad-template",
                f"cannot read the template: {fault}",
                Location(file=str(entry)),
                hint="templates are files of UTF-8 text",
            )
        else:
            # A checkout may have turned the ends of lines to the system's own.
            yield path, text.replace("\r\n", "\n")


def _entries(
    folder: Traversable, prefix: str = ""
) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if is_litter(entry.name):
            continue
        path = prefix + entry.name
        if entry.is_dir():
            yield from _entries(entry, path + "/")
        else:
            yield path, entry
