"""Records to begin with: from mappings, JSON or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

__all__ = ["rows_of", "tables_of"]

Rows = Iterable[Mapping[str, Any]]


def rows_of(source: Rows | str | Path) -> list[Mapping[str, Any]]:
    """The rows of a table, or of a file: CSV with a head, or JSON.

    Raises:
        ValueError: the file is none of these.
    """
    if not isinstance(source, str | Path):
        return list(source)
    path = Path(source)
    if path.suffix not in (".csv", ".json"):
        raise ValueError(f"{path} is neither .csv nor .json")
    text = path.read_text("utf-8-sig")
    if path.suffix == ".csv":
        return list(csv.DictReader(StringIO(text, newline="")))
    rows = json.loads(text)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{path} does not hold a list of objects")
    return rows


def tables_of(path: Path) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The rows by type: of a JSON object with lists, else of a file named as its type.

    Raises:
        ValueError: the file is none of these.
    """
    if path.suffix == ".json":
        said = json.loads(path.read_text("utf-8-sig"))
        if isinstance(said, dict):
            yield from said.items()
            return
    yield path.stem, rows_of(path)
