"""Work shared with copies of this process has the outcome that it has in one.

Each test has a process of its own: a copy of one that has threads, as that of a test
runner does, is not what the command makes.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"

COUNTING = """
import json, os, sys, threading, time
from batchwright.sharing import shared

copies = 0
fork = os.fork

def counted():
    global copies
    made = fork()
    copies += made > 0
    return made

os.fork = counted
first = os.getpid()
"""

WHOLE = """
from pathlib import Path
from batchwright import pipeline
from batchwright.formatting import blackened
from batchwright.rendering import render
from batchwright.formatting import style
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.results import Kept, Results

for module in (blackened, render, style):
    module._WORTH_A_PROCESS = 1
spec, templates = map(Path, sys.argv[1:])
form = templates / "resources" / "{resource}_too.py.jinja"
compiled = {}
for text in json.load(sys.stdin):
    form.write_text(text)
    for processes in (1, 3):
        report, results = Report(), Results(compiled=Kept(compiled))
        config = Config(spec=spec, package="a", distribution="a", templates=templates)
        before, files = copies, {}
        try:
            made = pipeline.make(config, report, results=results, processes=processes)
            files = made.files
        except SpecError:
            pass
        kept = [
            sorted(map(repr, results.rendered.kept.items())),
            sorted(map(repr, results.formatted.kept.items())),
            sorted(map(repr, results.compiled.everything)),
        ]
        found = [str(each) for each in report.diagnostics]
        print(copies - before, json.dumps([list(files.items()), found, kept]))
    # What takes the most time is compiled anew once for each number of processes.
    compiled = results.compiled.everything
"""


def said_by(script: str, *arguments: object, given: str = "") -> list[str]:
    """The lines that a script prints; nothing of it may be left behind."""
    ending = "\ntry:\n    os.waitpid(-1, os.WNOHANG)\nexcept ChildProcessError:\n    print('alone')\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", COUNTING + script + ending]
        + [str(argument) for argument in arguments],
        input=given,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    *lines, last = done.stdout.splitlines()
    assert last == "alone"
    return lines


TEMPLATES = [
    # Something for black, in each of several files.
    "x = [ {{ api.title|repr }}+1\n]\nlambda: ( {{ resource.module|repr }} )\n",
    "def broken(:\n",
    "{{ resource.nothing }}\n",
]


def test_any_number_of_processes(tmp_path: Path) -> None:
    """The same files, the same findings, and the same left for the next run."""
    (tmp_path / "resources").mkdir()
    spec = GOLDEN / "common-mistakes" / "spec.yaml"
    lines = said_by(WHOLE, spec, tmp_path, given=json.dumps(TEMPLATES))
    assert len(lines) == 2 * len(TEMPLATES)
    for one, several in zip(lines[::2], lines[1::2], strict=True):
        copies, outcome = several.split(" ", 1)
        assert int(copies) >= 2
        assert one == f"0 {outcome}"


def test_what_a_copy_does_not_bring_back() -> None:
    script = """
def ending(item):
    os._exit(0)

def killed(item):
    os.kill(os.getpid(), 9)

def failing(item):
    return item / 0

def strange(item):
    return lambda: item

for fail in (ending, killed, failing, strange):
    def work(item):
        time.sleep(0.001)
        return item * 2 if os.getpid() == first else fail(item)

    print(shared(work, range(60), [1] * 60, 1, 3) == [it * 2 for it in range(60)], copies)
"""
    assert said_by(script) == ["True 2", "True 4", "True 6", "True 8"]


def test_more_than_a_pipe_holds() -> None:
    script = """
items = range(20_000)
print(shared(str, items, items, 1, 2) == [str(item) for item in items], copies)
"""
    assert said_by(script) == ["True 1"]


def test_no_copies_beside_threads_or_of_little() -> None:
    script = """
print(shared(str, [1, 2, 3], [5, 5, 5], 8, 2), copies)
go_on = threading.Event()
thread = threading.Thread(target=go_on.wait)
thread.start()
print(shared(str, [1, 2, 3], [5, 5, 5], 1, 2), copies)
go_on.set()
thread.join()
print(shared(str, [1, 2, 3], [5, 5, 5], 1, 2), copies)
"""
    three = "['1', '2', '3']"
    assert said_by(script) == [f"{three} 0", f"{three} 0", f"{three} 1"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_one_that_is_stopped(how: signal.Signals) -> None:
    """Its copies have its output open: that ends with the last of them."""
    script = """
def late():
    made = counted()
    if copies and not made:  # the second: its parent is gone before it begins
        time.sleep(0.3)
    return made

os.fork = late

def work(item):
    if not item:
        print("begun", flush=True)
    time.sleep(0.02)

shared(work, range(4000), [1] * 4000, 1, 3)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", COUNTING + script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(how)
    process.communicate(timeout=15)
    assert process.returncode == (1 if how == signal.SIGINT else -how) or (
        how == signal.SIGINT and process.returncode == -how
    )
