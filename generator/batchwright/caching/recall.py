"""Whether a run would find everything as the last one left it: then it need not be run.

A run that ends with the folder as generated is remembered: what it was asked, what it
read, what it said, and what was in the folder. The same question is answered from that,
if the content of every file is the same, byte for byte (but for the ends of lines in
what was written), and everything is still where it was. Whatever else there is, a file
more or less, a link, a version, leads to a run.
Light: nothing of the stages is imported here, nor are the libraries that they need.
"""

from __future__ import annotations

import os
import sys
import time

from batchwright import fingerprint
from batchwright.caching.cache import Cache, cache_folder

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long as the rest of the shortest run
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

# Options that a remembered run may have had, with and without a value. Those of the
# second kind change what is said, and not what is found.
_VALUED = (
    "--output",
    "--package",
    "--client",
    "--templates",
    "--config",
    "--include",
    "--exclude",
)
_SWITCHES = ("--check", "--quiet")

_CONFIGURATION = "pyproject.toml"


class Question:
    """A command line that can be answered from memory."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.check = "--check" in arguments
        self.quiet = "--quiet" in arguments
        self.asked = tuple(each for each in arguments if each not in _SWITCHES)


class Found:
    """What a run found and left behind.

    Args:
        files: digests of the files that were read, None for one that is not there.
        links: paths, with what they lead to when links are followed.
        trees: digests of folders that were read whole.
        output: the folder, `written` the digests of the files in it.
        told: the lines of progress.
        findings: the fields of each diagnostic.
    """

    def __init__(
        self,
        *,
        files: dict[str, str | None],
        links: dict[str, str],
        trees: dict[str, str],
        output: str,
        written: dict[str, str],
        told: tuple[str, ...],
        findings: tuple[tuple[Any, ...], ...],
    ) -> None:
        self.files = files
        self.links = links
        self.trees = trees
        self.output = output
        self.written = written
        self.told = told
        self.findings = findings

    def is_still_so(self) -> bool:
        """Whether a run would find all of it again. Raises OSError if not."""
        return (
            all(os.path.realpath(path) == real for path, real in self.links.items())
            and all(_contents(path) == known for path, known in self.files.items())
            and all(fingerprint.tree(path) == it for path, it in self.trees.items())
            and _has(self.output, self.written)
        )


def question(arguments: Sequence[str]) -> Question | None:
    """The command line as a question; None if it has to be run in any case."""
    if arguments[:1] != ["generate"]:
        return None
    rest = iter(arguments[1:])
    places = 0
    for argument in rest:
        if argument in _VALUED:
            if next(rest, "-").startswith("-"):
                return None
        elif argument.startswith("-"):
            if argument not in _SWITCHES and argument.split("=")[0] not in _VALUED:
                return None
        else:
            places += 1
    return Question(arguments) if places < 2 else None


def recall(arguments: Sequence[str]) -> tuple[int | None, str | None]:
    """Answer a command line from memory, if that can be done: the exit code.

    And what `fingerprint.tool` says, if that was asked.
    """
    start = time.perf_counter()
    asked = question(arguments)
    folder = cache_folder(os.environ)
    tool = None
    if asked is None or folder is None:
        return None, tool
    try:
        tool = fingerprint.tool()
        found = _read(Cache(folder).read(*_key(asked, tool)))
        if found is None or not found.is_still_so():
            return None, tool
    except (OSError, ValueError):
        return None, tool
    _tell(asked, found, time.perf_counter() - start)
    return 0, tool


def remember(asked: Question, tool: str, found: Found, cache: Cache) -> None:
    """Keep what a run found, which has ended with the folder as generated.

    What has changed since it was read is found when somebody asks.

    Args:
        tool: what `fingerprint.tool` said before the run.
    """
    try:
        if fingerprint.tool() == tool:
            cache.write(vars(found), *_key(asked, tool))
    except (OSError, ValueError):
        return


def configurations(directory: str, named: str | None) -> Iterable[str]:
    """The files in which a run looks for its configuration, those it skips, too."""
    if named is not None:
        yield os.path.join(directory, named)
        return
    while True:
        yield os.path.join(directory, _CONFIGURATION)
        above = os.path.dirname(directory)
        if above == directory:
            return
        directory = above


def digests(paths: Iterable[str]) -> dict[str, str | None]:
    """The digest of each file, None where there is none."""
    return {path: _contents(path) for path in paths}


def _key(asked: Question, tool: str) -> tuple[str, ...]:
    return ("run", tool, os.getcwd(), *asked.asked)


def _read(value: object) -> Found | None:
    return Found(**value) if isinstance(value, dict) else None


def _contents(path: str) -> str | None:
    try:
        return fingerprint.contents(path)
    except OSError:
        return None


def _has(folder: str, written: Mapping[str, str]) -> bool:
    """Whether the files are in the folder as they were written, under these very names.

    Other files may be there, too, as long as their names are not the same on any file
    system. Raises OSError where something is missing.
    """
    listings: dict[str, dict[str, str]] = {}
    for path, digest in written.items():
        above, _, name = path.rpartition("/")
        if above not in listings:
            if above and not _is_folder(folder, above, listings):
                return False
            listings[above] = _listing(os.path.join(folder, above))
        if listings[above].get(name) != "file":
            return False
        file = os.path.join(folder, path)
        if fingerprint.contents(file) != digest != fingerprint.text(file):
            return False
    return all(
        len({name.casefold() for name in listing}) == len(listing)
        and all(map(str.isascii, listing))
        for listing in listings.values()
    )


def _is_folder(folder: str, path: str, listings: dict[str, dict[str, str]]) -> bool:
    above, _, name = path.rpartition("/")
    if above not in listings:
        if above and not _is_folder(folder, above, listings):
            return False
        listings[above] = _listing(os.path.join(folder, above))
    return listings[above].get(name) == "folder"


def _listing(folder: str) -> dict[str, str]:
    with os.scandir(folder) as entries:
        return {entry.name: _kind(entry) for entry in entries}


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_file(follow_symlinks=False):
        return "file"
    return "folder" if entry.is_dir(follow_symlinks=False) else "other"


def _tell(asked: Question, found: Found, seconds: float) -> None:
    """What the run would say; it would end sooner or later by another second."""
    if asked.quiet:
        return
    for line in found.told:
        _print(line)
    if found.findings:
        from batchwright.caching.memory import show

        show(found.findings)
    if asked.check:
        _print(f"{found.output} is as generated ({seconds:.1f} s)")
    else:
        number = len(found.written) - 1  # the manifest is not counted
        _print(f"{found.output}: {number} unchanged ({seconds:.1f} s)")


def _print(line: str) -> None:
    try:
        sys.stderr.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        print(line, file=sys.stderr, flush=True)
    except (AttributeError, OSError):
        pass
