"""Changing several files as one: when it fails, is killed, or is not alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from batchwright.diagnostics import Report, SpecError
from batchwright.files import Files
from batchwright.writing import output
from support.folders import state, texts

FIRST: Files = {
    "client.py": "class Client: ...\n",
    "resources/deals.py": "DEALS = 1\n",
    "resources/old/notes.py": "NOTES = 1\n",
}
SECOND: Files = {
    "client.py": "class Client:\n    pass\n",
    "resources/deals.py": "DEALS = 1\n",
    "resources/tickets/new.py": "TICKETS = 1\n",
}
FULL = OSError(28, "No space left on device")


class Failing:
    """A function of `os` that fails at one call, before or after it has worked."""

    def __init__(self, name: str, at: int, fault: BaseException, *, late: bool) -> None:
        self._function: Callable[..., object] = getattr(os, name)
        self._at, self._fault, self._late = at, fault, late
        self.calls = 0

    def __call__(self, *arguments: object, **options: object) -> object:
        self.calls += 1
        fails = self.calls == self._at
        if fails and not self._late:
            raise self._fault
        result = self._function(*arguments, **options)
        if fails:
            raise self._fault
        return result


def write(files: Files, folder: Path) -> None:
    output.write(files, folder, Report())


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("replace", FULL),
        ("replace", KeyboardInterrupt()),
        ("link", KeyboardInterrupt()),
    ],
)
def test_whatever_fails_leaves_everything_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    fault: BaseException,
    late: bool,
) -> None:
    write(FIRST, tmp_path)
    (tmp_path / "client.py").write_text("class Client: pass  # mine\n")
    before = state(tmp_path)
    at = 1
    while True:
        failing = Failing(name, at, fault, late=late)
        with monkeypatch.context() as patch:
            patch.setattr(os, name, failing)
            try:
                write(SECOND, tmp_path)
            except (SpecError, KeyboardInterrupt):
                assert state(tmp_path) == before
            else:
                break
        at += 1
    # It failed at each of the steps: there is one for each file, and for the manifest.
    assert at > 3
    assert failing.calls == at - 1
    assert texts(tmp_path) == SECOND


def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*arguments: object, **options: object) -> None:
        raise OSError(1, "Operation not permitted")

    write(FIRST, tmp_path)
    monkeypatch.setattr(os, "link", link)
    write(SECOND, tmp_path)
    assert texts(tmp_path) == SECOND


def test_a_failed_first_run_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing("replace", 3, FULL, late=False)
    monkeypatch.setattr(os, "replace", failing)
    report = Report()
    with pytest.raises(SpecError):
        output.write(FIRST, tmp_path / "a" / "sdk", report)
    [found] = report.diagnostics
    assert found.code == "cannot-write"
    assert "No space left on device" in found.message
    assert list(tmp_path.iterdir()) == []


def start(script: str, folder: Path, *trees: Files) -> subprocess.Popen[bytes]:
    """A run in a process of its own; the script has `write`, `folder` and `trees`."""
    head = """
import json, os, sys
from pathlib import Path
from batchwright.writing import output
from batchwright.diagnostics import Report

folder, trees = Path(sys.argv[1]), json.loads(sys.argv[2])

def write(files):
    output.write(files, folder, Report())
"""
    command = [sys.executable, "-c", head + script, str(folder), json.dumps(trees)]
    path = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path})


DIE = """
replace, calls = os.replace, 0

def die(source, target):
    global calls
    calls += 1
    if calls == {at}:
        os._exit(9)
    replace(source, target)

os.replace = die
write(trees[0])
"""

WRITE_OFTEN = """
for _ in range(40):
    write(trees[0])
    write({})
write(trees[0])
"""


@pytest.mark.parametrize("at", [2, 3, 4])
def test_the_run_after_a_killed_one_puts_things_right(tmp_path: Path, at: int) -> None:
    write(FIRST, tmp_path)
    assert start(DIE.format(at=at), tmp_path, SECOND).wait() == 9
    assert texts(tmp_path) != SECOND
    third = {path: f"third = {len(path)}\n" for path in SECOND}
    report = Report()
    output.write(third, tmp_path, report)
    # What the killed run left is neither refused nor taken for somebody's edits.
    assert report.diagnostics == ()
    assert texts(tmp_path) == third


def test_runs_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    folder = tmp_path / "sdk"
    trees = [
        {f"{letter}/{n}.py": f"{letter}{run} = 1\n" for letter in "abc" for n in "12"}
        | {f"only_{run}.py": ""}
        for run in range(3)
    ]
    runs = [start(WRITE_OFTEN, folder, tree) for tree in trees]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert texts(folder) in trees
    assert output.compare(texts(folder), folder, Report()) == ()
