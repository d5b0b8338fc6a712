"""What a run leaves for the next one: see `recall`, which answers from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from batchwright import fingerprint
from batchwright.cache import Cache, cache_folder
from batchwright.config import Config
from batchwright.diagnostics import Diagnostic, Location, Severity
from batchwright.manifest import MANIFEST, digest, manifest_of
from batchwright.recall import Found, configurations, digests, question, remember
from batchwright.style import Formatted

if TYPE_CHECKING:
    from batchwright.pipeline import Made

# The fields of a diagnostic, as the cache can keep them.
Finding: TypeAlias = tuple[Any, ...]


class Memory:
    """The cache as one run uses it.

    Made before anything is read, so that what changes while the run is at work is not
    taken for what it has read.

    Args:
        arguments: the command line.
        environment: where it is told where the cache is; None to do without one.
        named: the file that the command line names as its configuration.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None,
        named: str | None,
    ) -> None:
        folder = None if environment is None else cache_folder(environment)
        self.told: list[str] = []
        self._cache = Cache(folder)
        self._asked = None if folder is None else question(arguments)
        self._files = digests(configurations(os.getcwd(), named))
        self._trees: dict[str, str] = {}
        self._compiled: dict[str, bytes] = {}
        self._tool = self._formatter = ""
        try:
            self._tool = fingerprint.tool()
            self._formatter = fingerprint.formatter()
        except OSError:  # in a zip file, say
            self._cache, self._asked = Cache(None), None

    def formatted(self, config: Config) -> Formatted:
        """The texts that were formatted for the same folder the last time."""
        if config.templates is not None:
            folder = str(config.templates)
            try:
                self._trees[folder] = fingerprint.tree(folder)
            except OSError:  # which the run will tell
                self._asked = None
        kept = self._cache.read(*self._texts(config))
        return Formatted(kept if isinstance(kept, dict) else {})

    def compiled(self) -> dict[str, bytes]:
        """The templates that were compiled by earlier runs of the same tool."""
        kept = self._cache.read("compiled", self._tool)
        self._compiled = dict(kept) if isinstance(kept, dict) else {}
        return dict(self._compiled)

    def keep(
        self, config: Config, formatted: Formatted, compiled: dict[str, bytes]
    ) -> None:
        """Keep what this run has formatted and compiled, if that is anything new."""
        if formatted.has_news:
            self._cache.write(formatted.kept, *self._texts(config))
        if compiled.keys() - self._compiled.keys():
            self._cache.write(compiled, "compiled", self._tool)

    def remember(
        self, config: Config, made: Made, findings: Iterable[Diagnostic]
    ) -> None:
        """Keep what the run has found; the folder is as generated now."""
        if self._asked is None or None in made.links.values():
            return
        read = {name: sha256(text).hexdigest() for name, text in made.spec.items()}
        found = Found(
            files={**self._files, **read},
            links=_links(tuple(made.spec), made.links),
            trees=self._trees,
            output=str(config.output),
            written={
                **{path: digest(text) for path, text in made.files.items()},
                MANIFEST: digest(manifest_of(made.files).text),
            },
            told=tuple(self.told),
            findings=tuple(map(_finding, findings)),
        )
        remember(self._asked, self._tool, found, self._cache)

    def _texts(self, config: Config) -> tuple[str, ...]:
        return ("formatted", self._formatter, os.path.abspath(str(config.output)))


def show(findings: Iterable[Finding]) -> None:
    """The diagnostics of a remembered run, as that run has shown them."""
    from batchwright.console import Console

    Console(sys.stderr).show(map(_diagnostic, findings), fold=True)


def _links(
    spec: tuple[str, ...], links: Mapping[tuple[str, str], str | None]
) -> dict[str, str]:
    """Where the spec's files and the folder around them are, symbolic links followed.

    A `$ref` names a file as seen from the place of the file that it is in.
    """
    root = spec[0]
    folder = os.path.dirname(root) or "."
    found = {path: os.path.realpath(path) for path in (folder, *spec)}
    seen_from = {name: os.path.dirname(found[name]) for name in spec}
    seen_from[root] = found[folder]
    for (tree, file), name in links.items():
        assert name is not None
        found[os.path.join(seen_from[tree], unquote(file))] = found[name]
    return found


def _finding(found: Diagnostic) -> Finding:
    where = found.location
    place = where and (where.file, where.line, where.column, where.pointer)
    return (str(found.severity), found.code, found.message, found.hint, place)


def _diagnostic(finding: Finding) -> Diagnostic:
    severity, code, message, hint, place = finding
    where = None
    if place is not None:
        file, line, column, pointer = place
        where = Location(file=file, line=line, column=column, pointer=pointer)
    return Diagnostic(
        severity=Severity(severity),
        code=code,
        message=message,
        hint=hint,
        location=where,
    )
