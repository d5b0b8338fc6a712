"""What was counted at the revision that a change is based on, as git has it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, TypeAlias

# Task -> what is counted -> how much.
Counts: TypeAlias = dict[str, dict[str, int]]

# Where a change comes from, the first that there is.
_TRUNKS = ("origin/main", "main")


def base_revision(project: Path) -> str | None:
    """The commit where this branch left the trunk; on the trunk, the one before.

    None where there is no git, no repository, or nothing before.
    """
    head = _git(project, "rev-parse", "HEAD")
    for trunk in _TRUNKS:
        base = _git(project, "merge-base", "HEAD", trunk)
        if base is not None and base != head:
            return base
    return _git(project, "rev-parse", "--verify", "--quiet", "HEAD^")


def agreed_at(project: Path, revision: str, path: str) -> dict[str, Any] | None:
    """The record of a revision; None where it has none."""
    text = _git(project, "show", f"{revision}:{path}")
    if text is None:
        return None
    found: dict[str, Any] = json.loads(text)
    # As it was before reasons were given.
    return found if "counts" in found else {"counts": found, "grown": {}}


def unexplained(
    now: dict[str, Any], before: dict[str, Any], tolerance: float
) -> list[str]:
    """Counts that have grown, of which nothing new is said in `grown`.

    What is no longer counted, or was not, has not grown.
    """
    told = []
    for task, counts in now["counts"].items():
        for what, number in counts.items():
            known = before["counts"].get(task, {}).get(what)
            if known is None or number <= known * tolerance:
                continue
            name = f"{task}: {what}"
            reason = now["grown"].get(name)
            if not reason or reason == before["grown"].get(name):
                told.append(f"{name}: {known:,} there, {number:,} here")
    return told


def _git(project: Path, *arguments: str) -> str | None:
    """What git says; None where it cannot."""
    try:
        done = subprocess.run(
            ["git", "-C", str(project), *arguments],
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
