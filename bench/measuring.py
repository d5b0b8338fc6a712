"""Processes that are measured, and the rounds in which they take turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median

from contestants.task import Figure, Task

HERE = Path(__file__).parent


class WorkerFailedError(Exception):
    """A contestant could not be started, or not do its task. Its text says why."""


class Worker:
    """A contestant in a process of its own."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self._process = process

    def run(self, task: Task) -> Figure:
        self._write(json.dumps(asdict(task)))
        return Figure(**json.loads(self.read()))

    def read(self) -> str:
        """The next line that it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise WorkerFailedError(f"{self.name} ended with {self._process.wait()}")
        return line.strip()

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


@contextmanager
def process(name: str, *command: str) -> Iterator[Worker]:
    """A process that ends when its standard input is closed."""
    started = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_PROXY": "*", "PYTHONPATH": _path()},
    )
    with started:
        yield Worker(name, started)


@contextmanager
def server(latency: float = 0.0) -> Iterator[str]:
    """The address of a server in a process of its own."""
    script = str(HERE / "server.py")
    options = [f"--latency={latency}"] if latency else []
    with process("server", sys.executable, script, *options) as started:
        yield started.read()


@contextmanager
def worker(name: str, url: str, python: str = sys.executable) -> Iterator[Worker]:
    """A contestant that is ready.

    Args:
        name: of its module in `contestants`.
        python: the interpreter that has what it needs.
    """
    with process(name, python, str(HERE / "worker.py"), name, url) as started:
        started.read()
        yield started


def rounds(
    contestants: Mapping[str, str], url: str, task: Task, count: int
) -> dict[str, list[Figure]]:
    """Figures of several contestants, which take turns.

    The first round is not counted: modules are imported, and connections made.

    Args:
        contestants: the interpreter of each.
    """
    with ExitStack() as stack:
        workers = [
            stack.enter_context(worker(name, url, python))
            for name, python in contestants.items()
        ]
        found: dict[str, list[Figure]] = {name: [] for name in contestants}
        for turn in range(count + 1):
            for each in workers:
                figure = each.run(task)
                if turn:
                    found[each.name].append(figure)
    return found


def per_thousand(figures: Sequence[Figure], records: int) -> float:
    """The median of CPU, in milliseconds for a thousand records."""
    return median(figure.cpu for figure in figures) / records * 1e6


def per_second(figures: Sequence[Figure], records: int) -> float:
    """The median of records in a second."""
    return records / median(figure.seconds for figure in figures)


def _path() -> str:
    """Where contestants find what they import: here, and what else there was."""
    return os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))
