"""What is in a folder, for tests that compare before and after."""

from __future__ import annotations

from pathlib import Path

from batchwright.writing.manifest import MANIFEST


def texts(folder: Path) -> dict[str, str]:
    """The text of every file in a folder, but for batchwright's and Python's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
        and path.name != MANIFEST
        and path.parent.name != "__pycache__"
    }


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything in a folder: when a file was written, and what into it.

    Two states are equal only if nobody has written anything, not even the same again.
    """
    return {
        path.relative_to(folder).as_posix(): (
            (0, b"") if path.is_dir() else (path.lstat().st_mtime_ns, _content(path))
        )
        for path in folder.rglob("*")
    }


def _content(path: Path) -> bytes:
    return str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
