"""Hostile specs: what becomes of them, without writing anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.pipeline import make
from batchwright.results import Kept, Results
from support.specs import found, write

# Templates as code: to compile them takes ten times as long as a small spec does.
COMPILED = Kept[bytes]()


def attack(
    folder: Path, files: Mapping[str, str | bytes]
) -> tuple[dict[str, str] | None, list[str]]:
    """The generated files, None for a refusal, and what is said, a line for each."""
    report = Report()
    path = write(folder, dict(files))
    made: dict[str, str] | None = None
    try:
        config = Config(spec=path, package="sdk", distribution="sdk")
        made = make(config, report, results=Results(compiled=COMPILED)).files
    except SpecError:
        pass
    return made, found(report, folder)


def refusal(folder: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """The errors of a spec that has to be refused, each with a line and a column."""
    made, said = attack(folder, files)
    assert made is None
    errors = [line for line in said if ": error[" in line]
    assert errors
    for line in errors:
        _, number, column, _ = line.split(":", 3)
        assert (number + column).isdigit(), line
    return errors


def spec(schemas: Any = None, **more: Any) -> dict[str, Any]:
    """A small spec as plain data, in which everything can be replaced."""
    schemas = {
        "Pet": {"type": "object", "properties": {"name": {"type": "string"}}}
    } | (schemas or {})
    last = {"$ref": f"#/components/schemas/{list(schemas)[-1]}"}
    body = {"application/json": {"schema": last}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example"}],
        "tags": [{"name": "pets"}],
        "paths": {
            "/pets": {
                "get": {
                    "operationId": "getPet",
                    "tags": ["pets"],
                    "summary": "A pet.",
                    "responses": {"200": {"description": "It.", "content": body}},
                }
            }
        },
        "components": {"schemas": schemas},
    } | more
