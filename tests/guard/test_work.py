"""How much is done for fixed tasks, counted: nothing here looks at a clock.

`work.json` is what was counted when somebody last agreed to it. A count that has grown
by more than a twentieth fails; `pytest tests/guard --update-work` writes what is
counted now, and whoever reads the change sees what it costs.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

from batchwright import blackened, config, document, pipeline, style
from batchwright.diagnostics import Report
from batchwright.layout import laid_out
from batchwright.results import Results

PROJECT = Path(__file__).parents[2]
AGREED = Path(__file__).with_name("work.json")
TOLERANCE = 1.05

# Imported before any command says what it wants.
COUNT_MODULES = """
import sys
before = set(sys.modules)
from batchwright.start import main
code = main(sys.argv[1:])
print(*sorted({name for name in set(sys.modules) - before if "." not in name}
    | {name for name in sys.modules if name.startswith("batchwright.")}))
sys.exit(code)
"""


def hold(task: str, counted: dict[str, int], request: pytest.FixtureRequest) -> None:
    """Compare with what was agreed to, or write it."""
    agreed = json.loads(AGREED.read_text("utf-8")) if AGREED.exists() else {}
    if request.config.getoption("--update-work"):
        agreed[task] = counted
        text = json.dumps(agreed, indent=2, sort_keys=True) + "\n"
        AGREED.write_text(text, "utf-8")
        return
    assert counted.keys() == agreed[task].keys()
    grown = {
        what: (agreed[task][what], number)
        for what, number in counted.items()
        if number > agreed[task][what] * TOLERANCE
    }
    assert not grown, f"{task} does more than was agreed to: {grown}"


def counting(
    patch: pytest.MonkeyPatch, counts: Counter[str]
) -> Callable[[Results], dict[str, str]]:
    """A run on the spec in this folder; it counts what its stages do."""
    asked = blackened.blackened
    node, render = document.Node.__init__, jinja2.Template.render

    def counted_layout(text: str) -> str | None:
        counts["pieces laid out"] += 1
        return laid_out(text)

    def counted_black(
        texts: list[tuple[str, blackened.Kind]], processes: int = 1
    ) -> list[str | None]:
        counts["pieces for black"] += len(texts)
        counts["characters for black"] += sum(len(text) for text, _ in texts)
        return asked(texts, processes)

    def counted_node(self: document.Node, *arguments: object) -> None:
        counts["nodes of the spec looked at"] += 1
        node(self, *arguments)  # type: ignore[arg-type]

    def counted_render(self: jinja2.Template, context: dict[str, object]) -> str:
        counts["templates filled in"] += 1
        return render(self, context)

    patch.setattr(style, "laid_out", counted_layout)
    patch.setattr(style, "blackened", counted_black)
    patch.setattr(document.Node, "__init__", counted_node)
    patch.setattr(jinja2.Template, "render", counted_render)

    def run(results: Results) -> dict[str, str]:
        report = Report()
        settings = config.read_config(Path.cwd(), {}, report)
        return pipeline.make(settings, report, results=results).files

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(PROJECT / "spec", tmp_path / "spec")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_our_spec_from_nothing_and_after_an_edit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    counts: Counter[str] = Counter()
    run = counting(monkeypatch, counts)
    first = Results()
    files = run(first)
    hold("our spec from nothing", dict(counts), request)

    file = folder / "spec" / "objects" / "deals.yaml"
    text = file.read_text("utf-8")
    assert "summary: Create deals" in text
    file.write_text(text.replace("Create deals", "Create some deals"), "utf-8")
    counts.clear()
    counts["pieces for black"] = counts["characters for black"] = 0
    edited = run(first.after())
    assert {path for path in files if files[path] != edited[path]} == {
        "resources/deals.py"
    }
    hold("our spec with one object edited", dict(counts), request)


def test_nothing_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("BATCHWRIGHT_CACHE", str(folder / "cache"))
    generate = [sys.executable, "-c", COUNT_MODULES, "generate"]
    subprocess.run(generate, check=True, capture_output=True)
    for arguments in ([], ["--check"]):
        done = subprocess.run(
            [*generate, *arguments], check=True, capture_output=True, text=True
        )
        modules = done.stdout.split()
        heavy = {"argparse", "black", "jinja2", "jsonschema", "yaml", "re", "typing"}
        assert heavy.isdisjoint(modules)
        ours = [name for name in modules if name.startswith("batchwright.")]
        counted = {"modules of batchwright": len(ours), "modules": len(modules)}
        hold(f"nothing changed {' '.join(arguments)}".strip(), counted, request)
