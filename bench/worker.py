"""Runs one contestant in a process of its own, and says what it took.

    python bench/worker.py CONTESTANT ADDRESS

It reads tasks from its standard input and prints a figure for each, as lines of JSON.
It needs nothing but the standard library and what the contestant needs.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from time import perf_counter, process_time
from typing import Any, Protocol, cast

from contestants.task import Figure, Task
from memory import peak


class Contestant(Protocol):
    """A way of sending batches."""

    def prepare(self, task: Task) -> Callable[[], Any]:
        """Make all inputs; what is returned is measured."""

    def count(self, found: Any) -> int:
        """How many records came back, according to what that has returned."""


def run(contestant: Contestant, task: Task) -> Figure:
    """
    Raises:
        RuntimeError: not all was done.
    """
    work = contestant.prepare(task)
    gc.collect()
    clock, cpu = perf_counter(), process_time()
    found = work()
    seconds, used = perf_counter() - clock, process_time() - cpu
    done = contestant.count(found)
    if done != task.records:
        raise RuntimeError(f"{done} of {task.records} records came back")
    return Figure(seconds, used, peak())


def main() -> None:
    name, url = sys.argv[1:]
    module = importlib.import_module(f"contestants.{name}")
    contestant = cast("Contestant", module.Entry(url))
    print("ready", flush=True)
    for line in sys.stdin:
        figure = run(contestant, Task(**json.loads(line)))
        print(json.dumps(asdict(figure)), flush=True)


if __name__ == "__main__":
    main()
