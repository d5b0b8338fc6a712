"""The disk, and whether what was read from it has changed: what `watch` waits for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TypeAlias

from batchwright.configuration.config import Config
from batchwright.reading.disk import DISK

# What differs between two states of a file; None where there is none. Editors that save
# by renaming change the inode, others the time or the size.
_State: TypeAlias = tuple[int, int, int] | None


class Watched:
    """The disk as one run reads it: a `Reading` that remembers what it was asked for.

    A file counts from just before it is read, so that no change is missed; so does one
    that is not there, for it may come.
    """

    def __init__(self, config: Config) -> None:
        self._before: dict[str, _State] = {}
        for path in _settings(config):
            self._note(path)

    def real(self, path: str) -> str:
        return DISK.real(path)

    def exists(self, path: str) -> bool:
        self._note(path)
        return DISK.exists(path)

    def is_folder(self, path: str) -> bool:
        # A folder changes with everything in it: only whether it is one matters.
        return DISK.is_folder(path)

    def is_file(self, path: str) -> bool:
        self._note(path)
        return DISK.is_file(path)

    def read(self, path: str) -> bytes:
        self._note(path)
        return DISK.read(path)

    def names(self, folder: str) -> list[str]:
        return DISK.names(folder)

    def has_changed(self) -> bool:
        """Whether anything is not as it was."""
        return any(_state(path) != state for path, state in self._before.items())

    def _note(self, path: str) -> None:
        self._before.setdefault(path, _state(path))


def _settings(config: Config) -> Iterator[str]:
    """What a run reads beside the spec."""
    yield str(config.spec)
    if config.file is not None:
        yield config.file
    if config.templates is not None:
        for folder, _, names in os.walk(config.templates):
            yield folder
            yield from (os.path.join(folder, name) for name in names)


def _state(path: str) -> _State:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
