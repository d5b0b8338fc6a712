"""What earlier runs found out, kept in the user's cache folder.

It is a shortcut and never a source: an entry that is missing, damaged or from another
version is none, a folder that cannot be written to is as good as none, and all of it
can be removed at any time. Nothing heavy is imported here: the shortest run needs it.
"""

from __future__ import annotations

import marshal
import os
import sys
from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long as the rest of the shortest run
    from collections.abc import Mapping
    from typing import Any

# The whole folder; what was written longest ago goes first.
MOST_BYTES = 256 * 1024 * 1024
MOST_ENTRIES = 256

_DIGEST = 32
_SUFFIX = ".cache"


def cache_folder(environment: Mapping[str, str]) -> str | None:
    """Where entries are kept; None where `BATCHWRIGHT_CACHE` is `off`.

    That variable can name a folder, too. By default it is `batchwright` in the
    system's folder for caches.
    """
    given = environment.get("BATCHWRIGHT_CACHE")
    if given:
        return None if given == "off" else os.path.abspath(given)
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = _home(environment, "Library/Caches")
    else:
        base = environment.get("XDG_CACHE_HOME")
        if not base or not os.path.isabs(base):
            base = _home(environment, ".cache")
    # Without a home, as in the sandbox of a build, there is no place to keep anything.
    if not base or not os.path.isabs(base):
        return None
    return os.path.join(base, "batchwright")


def _home(environment: Mapping[str, str], path: str) -> str | None:
    home = environment.get("HOME")
    return os.path.join(home, path) if home else None


class Cache:
    """Entries by name: plain values of Python, each in a file of its own.

    Entries are written to a file of another name, which is then renamed: runs at the
    same time read one or the other, and never half of one.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = folder

    @property
    def is_there(self) -> bool:
        """Whether anything is kept at all."""
        return self._folder is not None

    def read(self, *key: str) -> object:
        """The value that was written under the key, or None."""
        if self._folder is None:
            return None
        try:
            with open(self._path(key), "rb") as file:
                content = file.read()
        except OSError:
            return None
        value = memoryview(content)[_DIGEST:]
        if sha256(value).digest() != content[:_DIGEST]:
            return None
        try:
            found: object = marshal.loads(value)
        except (EOFError, ValueError, TypeError):  # written by another Python
            return None
        return found

    def write(self, value: Any, *key: str) -> None:
        """Keep a value of dict, list, tuple, str, bytes, int, bool and None."""
        if self._folder is None:
            return
        content = marshal.dumps(value)
        path = self._path(key)
        beside = f"{path}.{os.urandom(8).hex()}"
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            with open(beside, "wb") as file:
                file.write(sha256(content).digest() + content)
            os.replace(beside, path)
            self._make_room(self._folder, path)
        except OSError:
            self._remove(beside)

    def _path(self, key: tuple[str, ...]) -> str:
        assert self._folder is not None
        # The interpreter, since marshal's format is its own.
        text = "\0".join((sys.version, *key))
        name = sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        return os.path.join(self._folder, name + _SUFFIX)

    def _make_room(self, folder: str, newest: str) -> None:
        with os.scandir(folder) as entries:
            found = [(entry.stat(), entry.path) for entry in entries]
        found.sort(key=lambda each: (each[1] == newest, each[0].st_mtime_ns))
        size, count = sum(status.st_size for status, _ in found), len(found)
        for status, path in found[:-1]:
            if size <= MOST_BYTES and count <= MOST_ENTRIES:
                break
            self._remove(path)
            size, count = size - status.st_size, count - 1

    def _remove(self, path: str) -> None:
        try:
            os.unlink(path)
        except OSError:
            pass
