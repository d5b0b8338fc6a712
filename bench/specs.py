"""Specs to measure with: our own, many times over, and what templates print of it."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

from batchwright.configuration.config import read_config
from batchwright.diagnostics import Report
from batchwright.reading.load import load
from batchwright.rendering.render import render
from batchwright.rendering.templates import read_templates
from batchwright.resolving.resolve import resolve
from batchwright.translate import translate


def whole(project: Path) -> Any:
    """Our spec as one document."""
    report = Report()
    return resolve(load(project / "spec" / "openapi.yaml", report), report).root.value


def multiplied(project: Path, copies: int) -> str:
    """Our spec that many times over in one file, as JSON.

    Each copy has paths, tags, operations and components of its own.
    """
    one = whole(project)
    many = {**one, "paths": {}, "tags": [], "components": {}}
    for number in range(copies):
        part = _renamed(copy.deepcopy(one), number)
        many["paths"] |= part["paths"]
        many["tags"] += part["tags"]
        for section, entries in part["components"].items():
            many["components"].setdefault(section, {}).update(entries)
    return json.dumps(many)


def rendered(project: Path, folder: Path) -> None:
    """Write what templates print of our spec, before it is formatted."""
    before = Path.cwd()
    os.chdir(project)
    try:
        report = Report()
        config = read_config(Path.cwd(), {}, report)
        api = translate(resolve(load(config.spec, report), report), config, report)
        files = render(api, read_templates(None, report), report)
    finally:
        os.chdir(before)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _renamed(part: Any, number: int) -> Any:
    """A copy in which every name of the spec's own has the number at its end."""
    if not number:
        return part
    mark = f"X{number}"

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            found = {key: walk(item) for key, item in value.items()}
            if isinstance(found.get("$ref"), str):
                found["$ref"] += mark
            if isinstance(found.get("operationId"), str):
                found["operationId"] += mark
            if "operationId" in found and "tags" in found:
                found["tags"] = [tag + mark for tag in found["tags"]]
            return found
        return [walk(item) for item in value] if isinstance(value, list) else value

    part = walk(part)
    part["paths"] = {f"/{mark}{path}": item for path, item in part["paths"].items()}
    part["tags"] = [{**tag, "name": tag["name"] + mark} for tag in part["tags"]]
    shared = ("securitySchemes",)
    part["components"] = {
        section: entries if section in shared else _marked(entries, mark)
        for section, entries in part["components"].items()
    }
    return part


def _marked(entries: dict[str, Any], mark: str) -> dict[str, Any]:
    return {name + mark: entry for name, entry in entries.items()}
