"""Where the files of a spec are read from: the disk, or something that is like it."""

from __future__ import annotations

import os
from typing import Protocol


class Reading(Protocol):
    """What reading a spec asks of a file system. Every method may raise OSError."""

    def real(self, path: str) -> str:
        """The one path of a file or folder, symbolic links followed."""

    def exists(self, path: str) -> bool:
        """Whether there is anything."""

    def is_folder(self, path: str) -> bool:
        """Whether it is a folder."""

    def is_file(self, path: str) -> bool:
        """Whether it is a regular file."""

    def read(self, path: str) -> bytes:
        """The bytes of a file."""

    def names(self, folder: str) -> list[str]:
        """What is in a folder."""


class _Disk:
    """The file system of the machine."""

    def real(self, path: str) -> str:
        return os.path.realpath(path)

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def is_folder(self, path: str) -> bool:
        return os.path.isdir(path)

    def is_file(self, path: str) -> bool:
        return os.path.isfile(path)

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def names(self, folder: str) -> list[str]:
        return os.listdir(folder)


DISK: Reading = _Disk()
