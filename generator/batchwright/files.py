"""A generated tree before it is on disk, and which paths such a tree may have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeAlias

# Relative path with forward slashes -> text with "\n" at the ends of lines.
Files: TypeAlias = dict[str, str]

# What some file system reads as something else: separators, drives, streams, wildcards.
_UNSAFE = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f]')
# In bytes: that of encrypted folders is the least.
_LONGEST_NAME = 143
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def path_fault(path: str) -> str | None:
    """Why a path could lead out of its folder or differs between systems, if so."""
    for part in path.split("/"):
        if part == "..":
            return "it leads out of the folder"
        if part in ("", "."):
            return "it is not a plain relative path"
        if _UNSAFE.search(part):
            return "it has a character that means something to a file system"
        if _DEVICES.fullmatch(part) or part.endswith((".", " ")):
            return "Windows cannot have a file of that name"
        if len(part.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
            return "some file systems cannot have a name that long"
    return None


def folded(path: str) -> str:
    """The path as a file system sees it that ignores case and Unicode forms."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def parents(path: str) -> Iterator[str]:
    """The folders above a path, the outermost first: a/b/c.py -> a, a/b."""
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def collisions(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of paths that cannot be in one folder on every file system.

    Two that differ only in case or Unicode form, be they files or folders, or one
    that is a file and another that has it as a folder.
    """
    ordered = sorted(paths)
    names: dict[str, str] = {}
    for path in ordered:
        for name in (*parents(path), path):
            other = names.setdefault(folded(name), name)
            if other != name:
                yield other, path
    files = set(ordered)
    for path in ordered:
        for folder in parents(path):
            if folder in files:
                yield folder, path


def lines_of(text: str | None) -> list[str]:
    """Lines with their ends, cut at "\\n" alone: str.splitlines cuts at more."""
    lines = (text or "").split("\n")
    return [line + "\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
