"""Local changes to a vendored copy: found, kept as a patch, and made again."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.vendoring.history import committed
from batchwright.writing.changes import Survey
from batchwright.writing.manifest import digest
from batchwright.writing.patches import (
    Misfit,
    Patch,
    PatchError,
    apply,
    parse_patch,
    patch_text,
    reverse,
)
from batchwright.writing.tree import read_text

PATCH = ".batchwright.patch"

_ABOUT = (
    "Local changes to this package. `batchwright vendor` makes them again whenever it\n"
    "brings the package up to date; delete what is not needed any more.\n\n"
)


class Patched(Struct, frozen=True, kw_only=True):
    """Generated files with the local changes made again; `misfits` could not be.

    `paths` are the files that are changed; `files` has the patch, too.
    """

    files: Files
    paths: tuple[str, ...]
    misfits: tuple[Misfit, ...]


def kept_patch(folder: Path, report: Report) -> Patch:
    """The changes that are kept in a copy. Raises SpecError if that is no patch."""
    try:
        return parse_patch(read_text(folder / PATCH) or "")
    except PatchError as fault:
        where = Location(file=str(folder / PATCH), line=fault.line)
        report.error(
            "bad-patch", f"this is not a patch of local changes: {fault}", where
        )
    report.stop_if_errors()
    return {}


def patched(files: Files, patch: Patch) -> Patched:
    """The files with the changes made, and the patch as it is for these files."""
    changed, misfits = apply(patch, files)
    paths = tuple(
        sorted(path for path in patch if changed.get(path) != files.get(path))
    )
    if paths and not misfits:
        before = {path: files[path] for path in paths}
        changed[PATCH] = _ABOUT + patch_text(before, changed)
    return Patched(files=changed, paths=paths, misfits=misfits)


def with_edits(
    patch: Patch, survey: Survey, files: Files, folder: Path, report: Report
) -> Patch:
    """The patch with what has been edited in the copy since it was written.

    Reports files of which it cannot be found out what they were before, and what is no
    file any more.
    """
    for path in survey.replaced:
        report.error(
            "not-a-file",
            "there is a link or a folder in the place of this file: that is nothing "
            "that a patch could keep",
            Location(file=str(folder / path)),
            hint="put a file there, or have one put there by --force",
        )
    if survey.replaced:
        return patch
    edited = {path: text for path, text in survey.edited.items() if path != PATCH}
    if edited and PATCH in survey.edited:
        report.error(
            "edited-patch",
            "both the patch and files that it changes have been edited",
            Location(file=str(folder / PATCH)),
            hint="undo one of the two, run `batchwright vendor`, and do it again",
        )
        return patch
    before: Files = {}
    for path, text in edited.items():
        if text == files.get(path):
            continue
        written = _written(path, survey, files, patch, folder)
        if written is None:
            report.error(
                "lost-original",
                "nobody knows what this file was before it was edited: the spec leads "
                "to another one now, and git has none that was written by batchwright",
                Location(file=str(folder / path)),
                hint="bring back the spec and the batchwright that the copy was made "
                "from, and keep the changes with these first",
            )
        else:
            before[path] = written
    after = {path: edited[path] for path in before}
    fresh = parse_patch(patch_text(before, after))
    return {**{path: patch[path] for path in patch if path not in edited}, **fresh}


def _written(
    path: str, survey: Survey, files: Files, patch: Patch, folder: Path
) -> str | None:
    """A file as it was generated when the copy was written, without local changes."""
    wanted = survey.manifest.files.get(path)
    own: Patch = {path: patch[path]} if path in patch else {}
    if path in files:
        text = apply(own, {path: files[path]})[0][path]
        if digest(text) == wanted:
            return files[path]
    found = None if wanted is None else committed(folder / path, wanted)
    if found is None:
        return None
    original, misfits = apply(reverse(own), {path: found})
    return None if misfits else original[path]
