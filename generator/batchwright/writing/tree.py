"""What is on disk below a folder: by exact names, and without following links."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from batchwright.files import folded

Kind: TypeAlias = Literal["file", "folder", "other"]


class Tree:
    """The entries of a folder and of the folders in it, each listed when asked for.

    A file system that ignores case would find `Deals.py` under the name `deals.py`;
    a listing knows the difference. Links are "other": whatever is behind them is not in
    this folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listings: dict[str, dict[str, Kind]] = {}
        # The names in a folder, by how a file system sees them that ignores case.
        self._alike: dict[str, dict[str, list[str]]] = {}

    def names(self) -> Collection[str]:
        """What is directly in the folder."""
        return self._listing("").keys()

    def files(self, folder: str = "") -> Iterator[str]:
        """Everything that is no folder, in a folder and in those below it."""
        for name, kind in self._listing(folder).items():
            path = f"{folder}/{name}" if folder else name
            if kind == "folder":
                yield from self.files(path)
            else:
                yield path

    def kind(self, path: str) -> Kind | None:
        """What is at a path (relative, with forward slashes), or None."""
        above, _, name = path.rpartition("/")
        if above and self.kind(above) != "folder":
            return None
        return self._listing(above).get(name)

    def obstacle(self, path: str, *, ignoring: Collection[str]) -> str | None:
        """What keeps a file from being at a path, even where nothing is at it.

        That is a file or a link in the place of a folder, or a name that differs only
        in case or Unicode form, unless it is one of `ignoring`.
        """
        above = ""
        for name in path.split("/"):
            here = above + name
            for other in self._same_name(above, name):
                if above + other not in ignoring:
                    return above + other
            kind = self.kind(here)
            if here != path and kind in ("file", "other") and here not in ignoring:
                return here
            above = here + "/"
        return None

    def text(self, path: str) -> str | None:
        """The text of a file as `read_text` gives it; None if it is no file."""
        return read_text(self._folder / path) if self.kind(path) == "file" else None

    def _same_name(self, above: str, name: str) -> list[str]:
        if above and self.kind(above.rstrip("/")) != "folder":
            return []
        alike = self._alike.get(above)
        if alike is None:
            alike = self._alike[above] = {}
            for other in self._listing(above.rstrip("/")):
                alike.setdefault(folded(other), []).append(other)
        return [other for other in alike.get(folded(name), ()) if other != name]

    def _listing(self, path: str) -> dict[str, Kind]:
        if path not in self._listings:
            with os.scandir(self._folder / path) as entries:
                self._listings[path] = {entry.name: _kind(entry) for entry in entries}
        return self._listings[path]


def _kind(entry: os.DirEntry[str]) -> Kind:
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "other"


def read_text(file: Path) -> str | None:
    """The text of a file, as `normalised` gives it, or None where there is none."""
    try:
        return normalised(file.read_bytes())
    except FileNotFoundError:
        return None


def normalised(content: bytes) -> str:
    """The text of a file's content.

    Git may have checked it out with the system's own line ends: those are not a
    difference. Bytes that are no UTF-8 come as lone surrogates, so that none is lost.
    """
    return content.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
