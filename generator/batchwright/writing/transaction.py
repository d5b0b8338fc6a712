"""Changing several files of a folder as one: all of them, or none."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from batchwright.files import parents

STAGING = ".batchwright-staging-"


@contextmanager
def created(folder: Path) -> Iterator[None]:
    """Make a folder, with those above it; unmake them if the block fails."""
    missing = [
        above for above in (folder, *folder.parents) if not os.path.lexists(above)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for above in missing:
            with suppress(OSError):
                above.rmdir()
        raise


@contextmanager
def locked(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the folder against other runs, after waiting for those that hold it.

    The lock is on the folder itself: there is no file that a killed run could leave
    behind. Windows knows no such locks; there two runs are not kept apart.
    """
    if sys.platform == "win32":
        yield
    else:
        import fcntl

        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        while True:
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, kind)
                # Else somebody has replaced the folder while we were waiting for it.
                if os.path.samestat(os.fstat(handle), os.stat(folder)):
                    yield
                    return
            finally:
                os.close(handle)


def clear(folder: Path) -> None:
    """Remove what killed runs have left. Only for who holds the folder."""
    for left_over in folder.glob(STAGING + "*"):
        shutil.rmtree(left_over, ignore_errors=True)


def change(
    folder: Path, writes: Iterable[tuple[str, str]], removals: Collection[str]
) -> None:
    """Remove files, then write texts in the given order (a path may come twice).

    Everything is on disk beside its place before the first file is touched; from there
    on it is only renamed. If anything fails, an interrupt included, the folder is as it
    was. A killed run leaves its staging folder, which the next one clears away.
    """
    clear(folder)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
    undo: list[Callable[[], None]] = []
    try:
        staged = [(path, _stage(staging, text)) for path, text in writes]
        for path in removals:
            _set_aside(folder / path, staging, undo)
            (folder / path).unlink(missing_ok=True)
        for path, source in staged:
            _make_parents(folder, path, undo)
            _set_aside(folder / path, staging, undo)
            os.replace(source, folder / path)
        undo.clear()
    finally:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        shutil.rmtree(staging, ignore_errors=True)
    for path in removals:
        with suppress(OSError):
            _sweep(folder, path)


def _stage(staging: Path, text: str) -> Path:
    file = staging / f"new-{len(os.listdir(staging))}"
    # Opened as any file is, so that it has the permissions which the user's umask says.
    with file.open("x", encoding="utf-8", newline="") as stream:
        stream.write(text)
    return file


def _set_aside(file: Path, staging: Path, undo: list[Callable[[], None]]) -> None:
    """Keep what is at a path for the way back; a step of it is said first."""
    if not os.path.lexists(file):
        undo.append(lambda: file.unlink(missing_ok=True))
        return
    kept = staging / f"old-{len(undo)}"

    def restore() -> None:
        if os.path.lexists(kept):
            os.replace(kept, file)

    undo.append(restore)
    try:
        # With a link, a reader of the folder never finds the file missing.
        os.link(file, kept, follow_symlinks=False)
    except (OSError, NotImplementedError):
        os.replace(file, kept)


def _make_parents(folder: Path, path: str, undo: list[Callable[[], None]]) -> None:
    for name in parents(path):
        above = folder / name
        if not above.is_dir():

            undo.append(above.rmdir)
            above.mkdir()


def _sweep(folder: Path, path: str) -> None:
    """Clear away what Python made of a removed module, and folders left empty."""
    file = folder / path
    if file.suffix == ".py":
        cache = file.parent / "__pycache__"
        for compiled in cache.glob(f"{file.stem}.*.pyc"):
            compiled.unlink(missing_ok=True)
        if cache.is_dir() and not any(cache.iterdir()):
            cache.rmdir()
    for name in reversed(list(parents(path))):
        (folder / name).rmdir()  # fails, and ends the sweep, where it is not empty
