"""What a file said earlier, as far as git knows."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from batchwright.writing.manifest import Digest, digest
from batchwright.writing.tree import normalised

# As many versions of a file are looked at, the latest first.
_VERSIONS = 200


def committed(file: Path, wanted: Digest) -> str | None:
    """The text of a file in the commit in which it had a digest; None if none is known.

    Only git's objects are read.
    """
    commits = _git(file.parent, "log", f"-n{_VERSIONS}", "--format=%H", "--", file.name)
    for commit in (commits or b"").decode("ascii").split():
        content = _git(file.parent, "show", f"{commit}:./{file.name}")
        if content is not None and digest(text := normalised(content)) == wanted:
            return text
    return None


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What a command of git prints; None where it fails, or where there is no git."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
