"""Reads a spec from disk: the root file, and the files that its `$ref`s name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

from batchwright.configuration.elsewhere import NOWHERE, Elsewhere, address_of
from batchwright.diagnostics import Location, Report, SpecError, excerpt
from batchwright.document import Document, Node, Source
from batchwright.reading.disk import DISK, Reading
from batchwright.reading.known_versions import of_known_version
from batchwright.reading.parse import parsed
from batchwright.resolving.references import LeavesOut, References
from batchwright.resolving.targets import is_url
from batchwright.results import Results


def load(
    path: Path,
    report: Report,
    disk: Reading = DISK,
    elsewhere: Elsewhere = NOWHERE,
    leaves_out: LeavesOut | None = None,
    results: Results | None = None,
) -> Document:
    """Read a spec. Problems of files that it refers to are reported where they show.

    Files that only operations refer to which are left out are not read.

    Raises SpecError where the root file cannot be read or is no OpenAPI 3 document.

    Args:
        results: files that were parsed already; others are added.
    """
    results = Results() if results is None else results
    reader = _Reader(path, report, disk, elsewhere, results)
    root = reader.read_root()
    reader.trees[root.file] = of_known_version(root, report)
    document = Document(
        root=root.file,
        sources=reader.sources,
        trees=reader.trees,
        links=reader.links,
    )
    if _names_other_files(root.data):
        references = tuple(References(document, reader.open, leaves_out).walk())
        if leaves_out is None:
            document.found[References] = references
    return document


def reload(
    root: str,
    links: Mapping[tuple[str, str], str],
    disk: Reading,
    elsewhere: Elsewhere,
    results: Results,
) -> Document | None:
    """Read a spec of which it is known which file of it refers to which others.

    None where that is so no more, or where there is anything to be said of a file.
    """
    report = Report()
    reader = _Reader(Path(root), report, disk, elsewhere, results)
    try:
        source = reader.read_root()
        reader.trees[root] = of_known_version(source, report)
        document = Document(
            root=root, sources=reader.sources, trees=reader.trees, links=reader.links
        )
        for (tree, file), name in links.items():
            if reader.open(tree, file, document.root) != name:
                return None
    except SpecError:
        return None
    return None if report.count else document


class _Reader:
    """Reads files within the folder of the root file, or allowed, each once."""

    def __init__(
        self,
        path: Path,
        report: Report,
        disk: Reading,
        elsewhere: Elsewhere,
        results: Results,
    ) -> None:
        self.sources: dict[str, Source] = {}
        self.trees: dict[str, object] = {}
        self.links: dict[tuple[str, str], str | None] = {}
        self._report = report
        self._disk = disk
        self._root = path.as_posix()
        # Where the files are on disk, symbolic links followed.
        self._paths: dict[str, str] = {}
        self._names: dict[str, str | None] = {}
        # Where paths lead: many files name the same ones.
        self._reals: dict[str, str] = {}
        self._folder = self._beside_root = ""
        self._elsewhere = elsewhere
        self._results = results
        self._roots: list[str] = []
        # The addresses of files that are copies.
        self._addresses: dict[str, str] = {}

    def read_root(self) -> Source:
        """The root file; raises SpecError where there is none to go on with."""
        path = self._root
        try:
            self._folder = self._disk.real(os.path.dirname(path) or ".")
            self._roots = self._elsewhere.roots(self._disk.real)
            real = self._disk.real(path)
            self._beside_root = os.path.dirname(real)
            if self._disk.is_folder(path):
                self._stop("not-a-file", f"{path} is a folder", self._files_in(path))
            if not self._disk.exists(path):
                hint = self._similar(path)
                self._stop("missing-file", f"there is no file {path}", hint)
            if not self._disk.is_file(path):
                self._stop("not-a-file", f"{path} is not a regular file", None)
            name = self._read(path, path, real)
        except (OSError, ValueError) as error:
            self._stop("cannot-read", f"cannot read {path}: {_reason(error)}", None)
        if name is None:
            self._report.stop_if_errors()
        return self.sources[path]

    def _stop(self, code: str, message: str, hint: str | None) -> NoReturn:
        self._report.error(code, message, Location(file=self._root), hint)
        self._report.stop_if_errors()
        raise AssertionError

    def open(self, tree: str, file: str, site: Node) -> str | None:
        """The file that a `$ref` within another one names, read if need be."""
        link = (tree, file)
        if link not in self.links:
            self.links[link] = self._follow(tree, file, site)
        return self.links[link]

    def _follow(self, tree: str, file: str, site: Node) -> str | None:
        at = site.get("$ref") or site
        address = address_of(file, self._addresses.get(tree), is_url(file))
        copy = None if address is None else self._elsewhere.copy_of(address)
        if copy is None and is_url(file):
            self._report.error(
                "remote-ref",
                f"{excerpt(file)} is not a file; nothing is fetched from elsewhere",
                at,
                "name a copy of it: `--map ADDRESS=FILE`, or `map` in"
                " [tool.batchwright]",
            )
            return None
        try:
            real = self._real(
                os.path.join(os.path.dirname(self._paths[tree]), unquote(file))
                if copy is None
                else unquote(copy)
            )
            if copy is not None and address is not None:
                self._addresses.setdefault(self._name_of(real), address)
            if real in self._names:
                return self._names[real]
            if not self._is_inside(real):
                self._refuse_outside(file, at)
                return None
            if not self._disk.is_file(real):
                self._refuse_missing(file, real, at)
                return None
            return self._read(self._name_of(real), real, real)
        except (OSError, ValueError) as error:
            message = f"cannot read {excerpt(file)}: {_reason(error)}"
            self._report.error("cannot-read", message, at)
            return None

    def _real(self, path: str) -> str:
        found = self._reals.get(path)
        if found is None:
            found = self._reals[path] = self._disk.real(path)
        return found

    def _name_of(self, real: str) -> str:
        """A file's path as the user would type it."""
        try:
            inside = self._linked(real) or os.path.relpath(real, self._folder)
        except ValueError:  # on another drive
            return Path(real).as_posix()
        name = os.path.join(os.path.dirname(self._root), inside)
        return Path(os.path.normpath(name)).as_posix()

    def _is_inside(self, real: str) -> bool:
        return (
            any(_is_within(root, real) for root in (self._folder, *self._roots))
            or self._linked(real) is not None
        )

    def _linked(self, real: str) -> str | None:
        """A file's path in the spec's folder, where links show what is beside the root.

        Sandboxes of build tools are made so: each file is a link to the real one.
        """
        if not _is_within(self._beside_root, real):
            return None
        path = os.path.relpath(real, self._beside_root)
        return (
            path if self._disk.real(os.path.join(self._folder, path)) == real else None
        )

    def _refuse_outside(self, file: str, at: Node) -> None:
        folder = os.path.dirname(self._root) or "."
        self._report.error(
            "outside-ref",
            f"{excerpt(file)} is outside of the spec's folder ({folder})",
            at,
            "move it into that folder, or allow it: `--allow PATH`, or `allow` in"
            " [tool.batchwright]",
        )

    def _refuse_missing(self, file: str, real: str, at: Node) -> None:
        if self._disk.exists(real):
            what = "a folder" if self._disk.is_folder(real) else "not a regular file"
            self._report.error("not-a-file", f"{excerpt(file)} is {what}", at)
            return
        hint = self._similar(real, file)
        if "/" not in file and "." not in file:
            hint = f'did you mean "#/components/schemas/{file}"?'
        message = f"there is no file {excerpt(file)}"
        self._report.error("missing-file", message, at, hint)

    def _read(self, name: str, path: str, real: str) -> str | None:
        """Read one file and store it under a name; None where it cannot be used."""
        self._names[real] = None
        content = self._disk.read(path)
        source = parsed(name, content, self._report, self._results)
        if source is None:
            return None
        # References of the root file start from its folder, even where that file is
        # a symbolic link to somewhere else.
        is_root = name == self._root
        here = os.path.join(self._folder, os.path.basename(path)) if is_root else real
        self._paths[name] = here
        self._names[real] = name
        self.sources[name] = source
        self.trees[name] = source.data
        return name

    def _similar(self, path: str, typed: str | None = None) -> str | None:
        """The name of a file that a missing one may have been meant to be."""
        folder, name = os.path.split(path)
        try:
            names = self._disk.names(folder or ".")
        except OSError:
            return None
        close = get_close_matches(name, sorted(names), n=1)
        if not close:
            return None
        return f"did you mean {os.path.join(os.path.dirname(typed or path), close[0])}?"

    def _files_in(self, folder: str) -> str | None:
        for name in ("openapi.yaml", "openapi.yml", "openapi.json"):
            if self._disk.exists(os.path.join(folder, name)):
                return f"did you mean {os.path.join(folder, name)}?"
        return "name the root file of the spec"


def _is_within(root: str, real: str) -> bool:
    try:
        return os.path.commonpath([root, real]) == root
    except ValueError:  # on another drive
        return False


def _names_other_files(data: object) -> bool:
    """Whether there is anything like a `$ref` that is not local (examples included)."""
    stack = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            ref = value.get("$ref")
            if isinstance(ref, str) and not ref.startswith("#"):
                return True
            # Discriminators map to files, too.
            if "mapping" in value:
                return True
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return False


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
