"""Reads what a file says: JSON as JSON, and YAML as OpenAPI means it."""

from __future__ import annotations

import marshal
from contextlib import suppress
from hashlib import sha256
from typing import Any

from batchwright.diagnostics import Location, Report, excerpt
from batchwright.document import Source
from batchwright.parsing.json_text import read_json
from batchwright.parsing.positions import Positions
from batchwright.parsing.text import Unreadable, decode
from batchwright.parsing.yaml12 import read_yaml
from batchwright.results import Results


def parsed(
    name: str, content: bytes, report: Report, results: Results
) -> Source | None:
    """What a file says; it is parsed again only if that is not known.

    Problems are reported, with line and column; None where it cannot be used.
    """
    key = digest_of(name, content)
    known = results.parsed.get(key)
    if known is not None:
        format, data = known
        return Source(
            file=name, data=marshal.loads(data), content=content, format=format
        )
    before = len(report.diagnostics)
    source = _parse(name, content, report)
    if source and source.format and len(report.diagnostics) == before:
        plain: Any = source.data
        with suppress(ValueError):  # nested too deep
            kept = source.format, marshal.dumps(plain)
            results.parsed.add(key, kept)
    return source


def digest_of(name: str, content: bytes) -> bytes:
    """What `results.parsed` knows a file by."""
    ending = b"json" if _is_json(name) else b""
    return sha256(b"%s\0%s" % (ending, content)).digest()


def _parse(name: str, content: bytes, report: Report) -> Source | None:
    """The data of one file."""
    try:
        text = decode(content)
        data, repeated, format = _read_text(name, text)
    except Unreadable as unreadable:
        line, column = unreadable.place or (None, None)
        where = Location(file=name, line=line, column=column)
        report.error(unreadable.code, unreadable.message, where, unreadable.hint)
        return None
    if repeated:
        _report_duplicates(name, Positions(content, format), report)
    if not text.strip():
        report.error("empty-file", "the file is empty", Location(file=name))
        return None
    return Source(file=name, data=data, content=content, format=format)


def _read_text(name: str, text: str) -> tuple[object, bool, str]:
    """The data, whether keys stand twice, and the format ("json" or "yaml")."""
    if _is_json(name):
        return *(read_json(text) if text.strip() else (None, False)), "json"
    if text.lstrip().startswith("{"):
        # JSON by content: quicker, and exact. YAML in braces fails at once.
        try:
            return *read_json(text), "json"
        except Unreadable as unreadable:
            if unreadable.code != "json-syntax":
                raise
    return *read_yaml(text), "yaml"


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json")


def _report_duplicates(name: str, positions: Positions, report: Report) -> None:
    for key, (line, column), (first, _) in positions.duplicates:
        report.error(
            "duplicate-key",
            f"the mapping has the key {excerpt(key)} twice; first in line {first}",
            Location(file=name, line=line, column=column),
            "remove or rename one of them",
        )
