"""What a run leaves for the next one: see `recall`, which answers from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from msgspec.structs import fields

from batchwright import fingerprint
from batchwright.caching.cache import Cache, cache_folder
from batchwright.caching.recall import (
    Found,
    configurations,
    digests,
    question,
    remember,
)
from batchwright.configuration.config import Config
from batchwright.diagnostics import Diagnostic, Location, Severity
from batchwright.results import Kept, Results, Translation
from batchwright.writing.manifest import MANIFEST, digest, manifest_of

if TYPE_CHECKING:
    from batchwright.pipeline import Made

_STAGES = tuple(field.name for field in fields(Results))
_TRANSLATED = "translated"

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
        tool: what `fingerprint.tool` said just before, if anything.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None,
        named: str | None,
        tool: str | None = None,
    ) -> None:
        folder = None if environment is None else cache_folder(environment)
        self.told: list[str] = []
        self._cache = Cache(folder)
        self._asked = None if folder is None else question(arguments)
        self._files = digests(configurations(os.getcwd(), named))
        self._trees: dict[str, str] = {}
        self._tool = self._formatter = ""
        try:
            self._tool = tool or fingerprint.tool()
            self._formatter = fingerprint.formatter()
        except OSError:  # in a zip file, say
            self._cache, self._asked = Cache(None), None

    def results(self, config: Config) -> Results:
        """What the last run for the same folder has found out."""
        if config.templates is not None:
            folder = str(config.templates)
            try:
                self._trees[folder] = fingerprint.tree(folder)
            except OSError:  # which the run will tell
                self._asked = None
        known = {stage: self._read(stage, config) for stage in _STAGES}
        known[_TRANSLATED] = {
            key: Translation(None, content)
            for key, content in known[_TRANSLATED].items()
        }
        return Results(**{stage: Kept(found) for stage, found in known.items()})

    def keep(self, config: Config, results: Results) -> None:
        """Keep what this run has found out, if that is anything new."""
        for stage in _STAGES:
            kept: Kept[Any] = getattr(results, stage)
            if stage == _TRANSLATED:
                self._keep_translated(config, results.translated)
            elif stage == "compiled":
                # No run needs all templates, and there are few.
                if kept.has_more:
                    self._cache.write(kept.everything, *self._entry(stage, config))
            elif kept.has_news:
                self._cache.write(kept.kept, *self._entry(stage, config))

    def _keep_translated(self, config: Config, kept: Kept[Translation]) -> None:
        if kept.has_news and self._cache.is_there:
            self._cache.write(
                {key: known.content for key, known in kept.kept.items()},
                *self._entry(_TRANSLATED, config),
            )

    def remember(
        self, config: Config, made: Made, findings: Iterable[Diagnostic]
    ) -> None:
        """Keep what the run has found; the folder is as generated now."""
        if self._asked is None:
            return
        found = found_by(config, made, findings, self._files, self._trees)
        if found is not None:
            found.told = tuple(self.told)
            remember(self._asked, self._tool, found, self._cache)

    def _read(self, stage: str, config: Config) -> dict[bytes, Any]:
        found = self._cache.read(*self._entry(stage, config))
        return found if isinstance(found, dict) else {}

    def _entry(self, stage: str, config: Config) -> tuple[str, ...]:
        """Its name: each stage depends on the tool, but formatting on little of it."""
        if stage == "compiled":
            return stage, self._tool
        tool = self._formatter if stage == "formatted" else self._tool
        return stage, tool, os.path.abspath(str(config.output))


def found_by(
    config: Config,
    made: Made,
    findings: Iterable[Diagnostic],
    files: Mapping[str, str | None],
    trees: dict[str, str],
) -> Found | None:
    """What a run has found that left the folder as generated; None if that is open.

    Args:
        files, trees: what was read beside the spec, as it was before the run.
    """
    if None in made.links.values():
        return None
    read = {name: sha256(text).hexdigest() for name, text in made.spec.items()}
    return Found(
        files={**files, **read},
        links=_links(tuple(made.spec), made.links),
        trees=trees,
        output=str(config.output),
        written={
            **{path: digest(text) for path, text in made.files.items()},
            MANIFEST: digest(manifest_of(made.files).text),
        },
        told=(),
        findings=tuple(map(finding_of, findings)),
    )


def show(findings: Iterable[Finding]) -> None:
    """The diagnostics of a remembered run, as that run has shown them."""
    from batchwright.console import Console

    Console(sys.stderr).show(map(diagnostic_of, findings), fold=True)


def _links(
    spec: tuple[str, ...], links: Mapping[tuple[str, str], str | None]
) -> dict[str, str]:
    """Where the spec's files and the folder around them are, symbolic links followed.

    A `$ref` names a file as seen from the place of the file that it is in, or by an
    address: which file is the copy of that, the configuration says alone.
    """
    from batchwright.resolving.targets import is_url

    root = spec[0]
    folder = os.path.dirname(root) or "."
    found = {path: os.path.realpath(path) for path in (folder, *spec)}
    seen_from = {name: os.path.dirname(found[name]) for name in spec}
    seen_from[root] = found[folder]
    for (tree, file), name in links.items():
        assert name is not None
        if not is_url(file):
            found[os.path.join(seen_from[tree], unquote(file))] = found[name]
    return found


def finding_of(found: Diagnostic) -> Finding:
    where = found.location
    place = where and (where.file, where.line, where.column, where.pointer)
    return (str(found.severity), found.code, found.message, found.hint, place)


def diagnostic_of(finding: Finding) -> Diagnostic:
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
