"""How time and memory of generating grow with the size of a spec.

A real spec is multiplied: each copy has paths, tags, ids and schemas of its own. Each
size is generated in a process of its own, with all stages. Where the work is linear,
time and memory beyond those of the smallest run double when the spec does.

    python bench/growth.py [SPEC] [--fewest OPERATIONS] [--most OPERATIONS]
                           [--unformatted]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

from memory import peak

ROOT = Path(__file__).parents[1]


def main() -> int:
    arguments = _arguments()
    if arguments.work:
        print(json.dumps(_work(arguments.spec, formatted=not arguments.unformatted)))
        return 0
    from batchwright.diagnostics import Report
    from batchwright.reading.load import load
    from batchwright.resolving.resolve import resolve

    report = Report()
    data: Any = resolve(load(arguments.spec, report), report).root.value
    report.stop_if_errors()
    size = sum(_is_method(name) for item in data["paths"].values() for name in item)
    print("operations    CPU seconds of each stage (ratio to half the size), peak MiB")
    before: dict[str, float] | None = None
    copies = max(1, ceil(arguments.fewest / size))
    while before is None or copies * size <= arguments.most:
        figures = _measured(multiplied(data, copies), arguments)
        print(_line(copies * size, figures, before), flush=True)
        before, copies = figures, copies * 2
    return 0


def multiplied(data: dict[str, Any], copies: int) -> dict[str, Any]:
    """The spec so many times over; nothing is shared by the copies."""
    whole = {**data, "paths": {}, "tags": [], "components": {}}
    for number in range(copies):
        suffix = f"C{number}" if number else ""
        copy = _renamed(data, suffix)
        whole["paths"] |= copy["paths"]
        whole["tags"] += copy.get("tags", [])
        for section, entries in copy.get("components", {}).items():
            whole["components"].setdefault(section, {}).update(entries)
    return whole


def _renamed(data: dict[str, Any], suffix: str) -> dict[str, Any]:
    """The spec with a suffix at the names of all that has to be there once."""

    def rename(value: Any, key: str = "") -> Any:
        if isinstance(value, list):
            return [rename(it, key if key == "tags" else "") for it in value]
        if isinstance(value, dict):
            return {name: rename(it, name) for name, it in value.items()}
        is_ref = isinstance(value, str) and value.startswith("#/components/schemas/")
        is_name = key in ("operationId", "tags") and isinstance(value, str)
        return f"{value}{suffix}" if is_ref or is_name else value

    copy: dict[str, Any] = rename(data)
    if suffix:
        paths = copy["paths"].items()
        copy["paths"] = {f"/{suffix.lower()}{path}": item for path, item in paths}
        for tag in copy.get("tags", []):
            tag["name"] += suffix
        components = copy.get("components", {})
        if "schemas" in components:
            schemas = components["schemas"].items()
            components["schemas"] = {f"{name}{suffix}": it for name, it in schemas}
    return copy


def _is_method(name: str) -> bool:
    from batchwright.structure import METHODS

    return name in METHODS


def _measured(data: dict[str, Any], arguments: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder, "openapi.json")
        spec.write_text(json.dumps(data), "utf-8")
        command = [sys.executable, __file__, str(spec), "--work"]
        command += ["--unformatted"] if arguments.unformatted else []
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _work(spec: Path, *, formatted: bool) -> dict[str, float]:
    """CPU seconds of each stage in this process, and its peak memory."""
    from batchwright.checking.validate import validate
    from batchwright.configuration.config import Config
    from batchwright.diagnostics import Report
    from batchwright.formatting.style import style
    from batchwright.reading.load import load
    from batchwright.rendering.render import render
    from batchwright.rendering.templates import read_templates
    from batchwright.resolving.resolve import resolve
    from batchwright.translate import translate

    report = Report()
    config = Config(spec=spec, package="grown", distribution="grown", client="Grown")
    figures: dict[str, float] = {}

    def stage(name: str, run: Callable[[], Any]) -> Any:
        start = time.process_time()
        made = run()
        figures[name] = time.process_time() - start
        report.stop_if_errors()
        return made

    document = stage("load", lambda: load(spec, report))
    whole = stage("resolve", lambda: resolve(document, report))
    read = stage("validate", lambda: validate(whole, report))
    api = stage("translate", lambda: translate(read, config, report))
    templates = read_templates(None, report)
    files = stage("render", lambda: render(api, templates, report, whole=False))
    if formatted:
        stage("format", lambda: style(files, report))
    return figures | {"MiB": peak()}


def _line(size: int, now: dict[str, float], before: dict[str, float] | None) -> str:
    """The figures, each with its ratio to that of half the size."""
    parts = [
        f"{name} {figure:.2f}"
        + (f" (x{figure / before[name]:.2f})" if before and before[name] > 0.05 else "")
        for name, figure in now.items()
    ]
    return f"{size:10}    {'  '.join(parts)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    own = ROOT / "spec" / "openapi.yaml"
    parser.add_argument("spec", nargs="?", type=Path, default=own)
    parser.add_argument("--most", type=int, default=2000, help="operations; 2000")
    parser.add_argument("--fewest", type=int, default=0, help="those of the spec")
    parser.add_argument("--unformatted", action="store_true", help="leave black out")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
