"""Revisions of a git repository as something to read a spec from.

Only git's objects are read: neither the working tree nor the index is touched, and
nothing is fetched. What a user types is never an option of git.
"""

from __future__ import annotations

import os
import posixpath
import subprocess

from msgspec import Struct

_FILE, _FOLDER, _SUBMODULE = "blob", "tree", "commit"
# A link among the files, and how many in a row are followed.
_LINK, _LONGEST_CHAIN = "120000", 40


class GitError(Exception):
    """git could not do it; the message says why, in its words or ours."""


class _Entry(Struct, frozen=True):
    mode: str
    kind: str
    name: str


class Revision:
    """The files of a commit: a `Reading` whose paths are `REVISION:path`.

    As git has it, such a path is seen from the top of the repository.
    """

    def __init__(self, name: str, commit: str, folder: str) -> None:
        self._prefix = f"{name}:"
        self._folder = folder
        self._entries: dict[str, _Entry] = {"/": _Entry("040000", _FOLDER, commit)}
        listing = _git(folder, "ls-tree", "-r", "-t", "-z", "--full-tree", commit)
        for line in filter(
            None, listing.decode("utf-8", "surrogateescape").split("\0")
        ):
            what, _, path = line.partition("\t")
            mode, kind, name = what.split(" ")
            self._entries[f"/{path}"] = _Entry(mode, kind, name)

    def real(self, path: str) -> str:
        path = path.removeprefix(self._prefix)
        found = "/"
        parts = posixpath.normpath(f"/{path}").split("/")[1:]
        links = 0
        while parts:
            found = posixpath.normpath(posixpath.join(found, parts.pop(0)))
            entry = self._entries.get(found)
            if entry is not None and entry.mode == _LINK:
                links += 1
                if links > _LONGEST_CHAIN:
                    raise OSError(f"too many symbolic links: {path}")
                target = os.fsdecode(self._content(entry))
                if posixpath.isabs(target):
                    raise OSError(
                        f"a symbolic link leads out of the repository: {path}"
                    )
                parts = target.split("/") + parts
                found = posixpath.dirname(found)
        return found

    def exists(self, path: str) -> bool:
        return self.real(path) in self._entries

    def is_folder(self, path: str) -> bool:
        return self._kind(path) == _FOLDER

    def is_file(self, path: str) -> bool:
        return self._kind(path) == _FILE

    def read(self, path: str) -> bytes:
        entry = self._entries.get(self.real(path))
        if entry is None or entry.kind != _FILE:
            raise FileNotFoundError(2, "no such file", path)
        return self._content(entry)

    def submodule_of(self, path: str) -> str | None:
        """The submodule around a path, whose files are in another repository."""
        real = self.real(path)
        while real != "/":
            real = posixpath.dirname(real)
            if self._kind(real) == _SUBMODULE:
                return real[1:]
        return None

    def names(self, folder: str) -> list[str]:
        real = self.real(folder)
        return [
            posixpath.basename(path)
            for path in self._entries
            if path != "/" and posixpath.dirname(path) == real
        ]

    def _kind(self, path: str) -> str | None:
        entry = self._entries.get(self.real(path))
        return None if entry is None else entry.kind

    def _content(self, entry: _Entry) -> bytes:
        try:
            return _git(self._folder, "cat-file", _FILE, entry.name)
        except GitError as fault:
            raise OSError(str(fault)) from None


def open_revision(name: str, folder: str) -> Revision:
    """The commit that a name (`HEAD~1`, a tag, a hash) means in a folder's repository.

    Raises GitError where there is no git, no repository or no such commit.
    """
    if not name or "\0" in name:
        raise GitError("this is no name of a revision")
    try:
        found = _git(
            folder,
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{name}^{{commit}}",
        )
    except GitError as fault:
        told = str(fault) or "git knows no such revision"
        raise GitError(told + _shallowness(folder)) from None
    commit = found.decode("ascii", "replace").strip()
    return Revision(name, commit, folder)


def _shallowness(folder: str) -> str:
    """That the history is not all there, where it is not."""
    try:
        shallow = _git(folder, "rev-parse", "--is-shallow-repository") == b"true\n"
    except GitError:
        return ""
    return " (the clone is shallow: `git fetch --unshallow` brings the rest)" * shallow


def path_within(path: str, folder: str) -> str:
    """A path of the working copy as the repository around a folder has it.

    Raises GitError where it is in none.
    """
    top = os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).rstrip("\n")
    real = os.path.join(
        os.path.realpath(os.path.dirname(path) or "."), os.path.basename(path)
    )
    inside = os.path.relpath(real, os.path.realpath(top))
    if inside.split(os.sep)[0] == os.pardir:
        raise GitError(f"{path} is outside of the repository {top}")
    return inside.replace(os.sep, "/")


def _git(folder: str, *arguments: str) -> bytes:
    environment = {
        **os.environ,
        # Neither the network nor a lock: a commit that is not here is not here.
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            ["git", "--no-pager", "--no-replace-objects", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
    except FileNotFoundError:
        raise GitError("there is no git to ask") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise GitError(said.removeprefix("fatal: ").partition("\n")[0])
    return done.stdout
