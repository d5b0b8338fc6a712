"""What a build has found, kept in the package, so that the next one need not generate.

An isolated build installs batchwright under a new path each time, and a wheel is built
from an sdist that was unpacked somewhere: so nothing in it depends on a place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from batchwright import fingerprint
from batchwright.caching.memory import diagnostic_of
from batchwright.caching.recall import Found
from batchwright.diagnostics import Diagnostic
from batchwright.writing.manifest import MANIFEST, RECORD


class Record(Struct, frozen=True, kw_only=True):
    """Of a build in the current folder, which has to be that of the project.

    `tool` is what `fingerprint.release` said before, or nothing; then it is not kept.
    The files of the package in `generated` were made from `sources`, and `findings` are
    what there was to say of it. `found` is None where nobody can tell whether the next
    build would find the same.
    """

    tool: str
    generated: tuple[str, ...]
    sources: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    found: Found | None


def read_record(package: Path, tool: str) -> Record | None:
    """What the last build has found, if this one would find it again."""
    root = os.path.realpath(os.curdir)
    try:
        content = json.loads((package / RECORD).read_text("utf-8"))
        found = _linked(content["found"], lambda path: os.path.join(root, path))
        record = Record(
            tool=content["tool"],
            generated=tuple(it for it in found.written if it != MANIFEST),
            sources=tuple(content["sources"]),
            findings=tuple(map(diagnostic_of, found.findings)),
            found=found,
        )
        same = record.tool == tool and found.output == str(package)
        return record if same and found.is_still_so() else None
    # Whatever is the matter with it: then it is none. It may nest without end, too.
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    except RecursionError:
        return None


def write_record(package: Path, record: Record) -> None:
    """Keep what a build has found, if that is so, and so in every copy of the project.

    In a folder that cannot be written to there is no record.
    """
    try:
        text = _text(record)
        if text is not None:
            beside = package / f"{RECORD}.{os.urandom(8).hex()}"
            beside.write_text(text, "utf-8")
            os.replace(beside, package / RECORD)
    except OSError:
        return


def _text(record: Record) -> str | None:
    """The record as it is kept. Raises OSError."""
    if record.found is None or record.tool != fingerprint.release():
        return None
    root = os.path.realpath(os.curdir)
    found = _linked(vars(record.found), lambda path: os.path.relpath(path, root))
    named = (*found.files, *found.trees, *found.links, *found.links.values())
    if any(map(_leads_out, named)) or not record.found.is_still_so():
        return None
    content = {
        "about": "What a build has found, for the next one. It can be removed.",
        "tool": record.tool,
        "sources": record.sources,
        "found": vars(found),
    }
    return json.dumps(content, indent=1) + "\n"


def _linked(content: Mapping[str, Any], way: Callable[[str], str]) -> Found:
    """What was found, with links as seen from the project, or from the root."""
    found = Found(**content)
    found.links = {
        way(path) if os.path.isabs(path) else path: way(real)
        for path, real in found.links.items()
    }
    return found


def _leads_out(path: str) -> bool:
    return os.path.isabs(path) or os.path.normpath(path).split(os.sep)[0] == os.pardir
