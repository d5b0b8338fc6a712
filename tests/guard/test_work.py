"""How much is done for fixed tasks, counted: nothing here looks at a clock.

`work.json` is what was counted when somebody last agreed to it: a count that has grown
by more than a twentieth fails, and `pytest tests/guard --update-work` writes what is
counted now. Against the base revision a count may grow only where `work.json` says why.
"""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import jinja2
import pytest

from batchwright import document, ir, pipeline
from batchwright.configuration import config
from batchwright.diagnostics import Report
from batchwright.formatting import blackened, style
from batchwright.formatting.layout import laid_out
from batchwright.reading.load import load
from batchwright.resolving.resolve import resolve
from batchwright.results import Kept, Results
from batchwright.surface import changes
from batchwright.translate import translate
from hubspot_batch import RecordId, UpdateInput, testing
from support.base_revision import agreed_at, base_revision, unexplained

PROJECT = Path(__file__).parents[2]
sys.path.append(str(PROJECT / "bench"))

from growth import multiplied  # noqa: E402

AGREED = Path(__file__).with_name("work.json")
TOLERANCE = 1.05

IF_MEANT = "It is a regression, or it is meant: then `pytest tests/guard --update-work` agrees."

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
    agreed = json.loads(AGREED.read_text("utf-8"))
    if request.config.getoption("--update-work"):
        agreed["counts"][task] = counted
        text = json.dumps(agreed, indent=2, sort_keys=True) + "\n"
        AGREED.write_text(text, "utf-8")
        return
    known = agreed["counts"].get(task, {})
    told = [
        f"  {what}: {known.get(what)} agreed, {number} counted"
        for what, number in counted.items()
        if number > known.get(what, -1) * TOLERANCE
    ]
    told += [f"  {what}: not counted any more" for what in known.keys() - counted]
    assert not told, "\n".join(
        (f"{task}: more work than was agreed to", *told, IF_MEANT)
    )


def counting(
    patch: pytest.MonkeyPatch, counts: Counter[str]
) -> Callable[[Results], dict[str, str]]:
    """A run on the spec in this folder; it counts what its stages do."""
    asked = blackened.blackened
    render = jinja2.Template.render

    def counted_layout(text: str) -> str | None:
        counts["pieces laid out"] += 1
        return laid_out(text)

    def counted_black(
        texts: list[tuple[str, blackened.Kind]], processes: int = 1
    ) -> list[str | None]:
        counts["pieces for black"] += len(texts)
        counts["characters for black"] += sum(len(text) for text, _ in texts)
        return asked(texts, processes)

    class CountedNode(document.Node, eq=False):
        def __post_init__(self) -> None:
            counts["nodes of the spec looked at"] += 1

    def counted_render(self: jinja2.Template, context: dict[str, object]) -> str:
        counts["templates filled in"] += 1
        return render(self, context)

    patch.setattr(style, "laid_out", counted_layout)
    patch.setattr(style, "blackened", counted_black)
    patch.setattr(document, "Node", CountedNode)
    patch.setattr(jinja2.Template, "render", counted_render)

    def run(results: Results) -> dict[str, str]:
        report = Report()
        settings = config.read_config(Path.cwd(), {}, report)
        return pipeline.make(settings, report, results=results).files

    return run


@contextmanager
def calls_counted(package: str, counts: Counter[str]) -> Iterator[None]:
    """Count calls of functions in the files of a package, but for its fake."""
    folder = str(Path(importlib.import_module(package).__file__ or "").parent)
    files: dict[str, bool] = {}

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            name = frame.f_code.co_filename
            if name not in files:
                is_fake = any(part in name for part in ("testing", "fake"))
                files[name] = name.startswith(folder) and not is_fake
            counts["calls of functions"] += files[name]

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield
    finally:
        sys.setprofile(before)


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


def test_a_small_spec(request: pytest.FixtureRequest) -> None:
    spec = Path(__file__).with_name("spec.yaml")
    settings = config.Config(spec=spec, package="a", distribution="a", client="A")
    pipeline.validate_only(settings, Report())  # some tables are made once
    counts: Counter[str] = Counter()
    with calls_counted("batchwright", counts):
        pipeline.validate_only(settings, Report())
    hold("a small spec understood", dict(counts), request)


def calls_of_a_run(spec: Path, known: Results) -> Counter[CodeType]:
    """How often each function is called."""
    counts: Counter[CodeType] = Counter()
    settings = config.Config(spec=spec, package="a", distribution="a", client="A")

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            counts[frame.f_code] += 1

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        pipeline.make(settings, Report(), results=known)
    finally:
        sys.setprofile(before)
    return counts


def test_twice_as_much_takes_no_more_than_twice_as_much(tmp_path: Path) -> None:
    """A loop over all within a loop over all would be four times as many calls."""
    report = Report()
    spec = Path(__file__).with_name("spec.yaml")
    data = resolve(load(spec, report), report).root.value
    assert isinstance(data, dict)
    counted, known = [], Results()
    for copies in (1, 2, 4):
        file = tmp_path / f"{copies}.json"
        file.write_text(json.dumps(multiplied(data, copies)), "utf-8")
        counted.append(calls_of_a_run(file, known))
        # What is compiled and made once is not counted.
        known = Results(compiled=Kept(known.compiled.everything))
    _, some, more = counted
    assert some.total() > 50_000
    told = {
        f"{code.co_filename} {code.co_qualname}": (some[code], number)
        for code, number in more.items()
        if number > 2.1 * some[code] + 100
    }
    assert not told


def a_union_of(number: int, added: str) -> ir.Api:
    """An SDK of as many models, a field that can be each of them, and a field more."""
    every: dict[str, object] = {
        f"M{it}": {"properties": {f"a{it}": {}}} for it in range(number)
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in every]
    owner = {"properties": {"of": {"oneOf": refs}, added: {}}}
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": {**every, "Owner": owner}},
    }
    settings = config.Config(spec=Path(), package="a", distribution="a", client="A")
    return translate(document.Document.of(data), settings, Report())


def test_a_diff_of_twice_as_much_takes_no_more_than_twice_as_much() -> None:
    counted = []
    for number in (40, 80):
        old, new = a_union_of(number, "old"), a_union_of(number, "new")
        counts: Counter[str] = Counter()
        with calls_counted("batchwright", counts):
            told = changes(old, new)
        assert [change.code for change in told] == ["field-removed", "field-added"]
        counted.append(counts["calls of functions"])
    assert counted[1] <= 2.1 * counted[0]


@pytest.mark.parametrize("operation", ["batch_update", "batch_read"])
def test_a_thousand_records(operation: str, request: pytest.FixtureRequest) -> None:
    fake = testing.FakeServer(rate=False)
    ids = [fake.add("deals", {"amount": "0"}).id for _ in range(1000)]
    inputs = (
        [UpdateInput(id=each, properties={"amount": "1"}) for each in ids]
        if operation == "batch_update"
        else [RecordId(id=each) for each in ids]
    )
    counts: Counter[str] = Counter()
    with fake.client() as hubspot:
        call = getattr(hubspot.deals, operation)
        call(inputs[:1])  # modules are imported by the first batch
        with calls_counted("hubspot_batch", counts):
            done = call(inputs)
    assert len(done.succeeded) == 1000
    hold(f"{operation} of 1,000 records", dict(counts), request)


def test_the_sdk_is_ready(request: pytest.FixtureRequest) -> None:
    script = (
        "import sys, httpx2, msgspec; before = set(sys.modules)\n"
        "from hubspot_batch import HubSpot; HubSpot(token='x').deals\n"
        "print(len(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    hold("the SDK is ready", {"modules": int(done.stdout)}, request)


def test_what_has_grown_since_the_base_says_why() -> None:
    """A reason is a line in `grown` of `work.json`, by the name that is told here."""
    base = base_revision(PROJECT)
    if base is None:
        pytest.skip("git has no revision that this one is based on")
    before = agreed_at(PROJECT, base, AGREED.relative_to(PROJECT).as_posix())
    if before is None:
        pytest.skip(f"nothing was counted in {base}")
    told = unexplained(json.loads(AGREED.read_text("utf-8")), before, TOLERANCE)
    assert not told, "\n".join(
        (
            f"more work than in {base[:12]}, on which this is based:",
            *told,
            f"If it is meant, say why in {AGREED.name}, in `grown`, under that name.",
        )
    )


def test_growth_needs_a_reason_of_its_own() -> None:
    before = {"counts": {"task": {"calls": 100, "gone": 1}}, "grown": {}}
    grown = {"task": {"calls": 106, "new": 5}}
    name = "task: calls"
    assert unexplained({"counts": grown, "grown": {}}, before, TOLERANCE) == [
        f"{name}: 100 there, 106 here"
    ]
    now = {"counts": grown, "grown": {name: "it does more"}}
    assert not unexplained(now, before, TOLERANCE)
    assert unexplained(now, {**before, "grown": now["grown"]}, TOLERANCE)
    less = {"counts": {"task": {"calls": 105}}, "grown": {}}
    assert not unexplained(less, before, TOLERANCE)


def test_a_branch_is_based_on_where_it_left(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        command = ["git", "-C", str(tmp_path), *who, *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, text=True
        ).stdout.strip()

    assert base_revision(tmp_path) is None
    git("init", "--quiet", "--initial-branch=main")
    (tmp_path / "work.json").write_text('{"task": {"calls": 1}}')
    git("add", ".")
    git("commit", "--quiet", "--message=one")
    assert base_revision(tmp_path) is None
    one = git("rev-parse", "HEAD")
    (tmp_path / "work.json").write_text('{"counts": {}, "grown": {}}')
    git("commit", "--quiet", "--all", "--message=two")
    assert base_revision(tmp_path) == one
    git("checkout", "--quiet", "-b", "branch", one)
    git("commit", "--quiet", "--allow-empty", "--message=three")
    git("commit", "--quiet", "--allow-empty", "--message=four")
    assert base_revision(tmp_path) == one
    assert agreed_at(tmp_path, one, "work.json") == {
        "counts": {"task": {"calls": 1}},
        "grown": {},
    }
    assert agreed_at(tmp_path, "main", "work.json") == {"counts": {}, "grown": {}}
    assert agreed_at(tmp_path, one, "other.json") is None
