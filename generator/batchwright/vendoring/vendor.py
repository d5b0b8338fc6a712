"""Copies of a package in another code base: brought up to date, and looked after."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from batchwright import __version__
from batchwright.diagnostics import Location, Report
from batchwright.pipeline import Made
from batchwright.vendoring.local_changes import PATCH, kept_patch, patched, with_edits
from batchwright.writing import output
from batchwright.writing.changes import Changes, Edits, Survey
from batchwright.writing.manifest import Origin, digest, manifest_of
from batchwright.writing.output import some
from batchwright.writing.patches import Misfit, Patch
from batchwright.writing.tree import normalised

# What becomes of edits that are in no patch yet.
Treatment: TypeAlias = Literal["refuse", "keep", "force"]

_NAMED = 10


def update(made: Made, folder: Path, treatment: Treatment, report: Report) -> Changes:
    """Make a folder the copy of a package, with the local changes that are kept.

    Raises SpecError, and leaves the folder as it was, where edits would be lost, or
    where local changes no longer fit.
    """
    survey = output.survey(folder, report)
    patch = kept_patch(folder, report)
    edited = {} if survey is None else survey.edited
    kept = set(patch) - set(edited)
    if survey is not None and treatment == "keep":
        patch = with_edits(patch, survey, made.files, folder, report)
        report.stop_if_errors()
    copy = patched(made.files, patch)
    for misfit in copy.misfits:
        _report_misfit(misfit, folder, report, kept=misfit.path in kept)
    report.stop_if_errors()
    known = {
        path: digest(text)
        for path, text in edited.items()
        if treatment != "refuse" or path == PATCH
    }
    return output.write(
        copy.files, folder, report, origin=origin_of(made), edits=Edits(known=known)
    )


def origin_of(made: Made) -> Origin:
    """What a copy is made by and from; ends of lines make no difference."""
    root = next(iter(made.spec))
    return Origin(
        generator=f"batchwright {__version__}",
        spec={
            Path(
                os.path.relpath(file, os.path.dirname(root) or ".")
            ).as_posix(): digest(normalised(content))
            for file, content in made.spec.items()
        },
    )


def findings(made: Made, folder: Path, report: Report) -> Iterator[str]:
    """Lines about all in which a copy is not pristine and current.

    Files that would be as they are do not count, even if the spec or batchwright has
    changed since. Raises SpecError where there is something else in the folder.
    """
    survey = output.survey(folder, report)
    if survey is None:
        if folder.exists() and any(folder.iterdir()):
            report.error(
                "no-copy",
                "this folder has something in it that batchwright did not write",
                Location(file=str(folder)),
                hint="vendor into a folder of its own",
            )
            report.stop_if_errors()
        yield f"{folder}: there is no copy yet; run `batchwright vendor`"
        return
    for path in survey.edited:
        yield f"{folder / path}: edited by hand"
    for path in survey.missing:
        yield f"{folder / path}: missing"
    for path in survey.extra:
        yield f"{folder / path}: not a part of the copy"
    yield from _outdated(made, folder, survey, kept_patch(folder, report))


def _outdated(made: Made, folder: Path, survey: Survey, patch: Patch) -> Iterator[str]:
    """Whether the copy would be another one if it were made now."""
    copy = patched(made.files, patch)
    for misfit in copy.misfits:
        yield f"{folder / PATCH}:{misfit.line}: {_misfit(misfit)}"
    now, then = manifest_of(copy.files).files, survey.manifest.files
    differing = sorted(
        path for path in {*now, *then} - {PATCH} if now.get(path) != then.get(path)
    )
    if differing and not copy.misfits:
        yield (
            f"{folder}: {_cause(made, survey)}; `batchwright vendor` would change "
            + some(differing, _NAMED)
        )


def _cause(made: Made, survey: Survey) -> str:
    """Why another copy would be made now."""
    now, then = origin_of(made), survey.manifest.origin
    if then is None:
        return "it was generated, not vendored"
    causes = []
    if then.generator != now.generator:
        causes.append(f"it was made by {then.generator}, and this is {now.generator}")
    changed = sorted(
        file
        for file in {*now.spec, *then.spec}
        if now.spec.get(file) != then.spec.get(file)
    )
    if changed:
        causes.append(f"the spec has changed ({some(changed, 3)})")
    return ", and ".join(causes) or "the settings or templates have changed"


def _misfit(misfit: Misfit) -> str:
    return (
        f"hunk {misfit.number} for {misfit.path} of the local changes no longer fits: "
        f"{misfit.reason}"
    )


def _report_misfit(misfit: Misfit, folder: Path, report: Report, *, kept: bool) -> None:
    file = PATCH if kept else misfit.path
    report.error(
        "patch-misfit",
        f"{_misfit(misfit)}; nothing was written",
        Location(file=str(folder / file), line=misfit.line if kept else None),
        hint=(
            "make the hunk fit what is generated now, or delete it from the patch"
            if kept
            else "give the local changes up with --force, and make them anew"
        ),
    )
