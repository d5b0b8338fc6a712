"""What the batch engine costs, against the least that can be done.

    python bench/engine.py [--records N] [--rounds N] [--stream N]

README.md beside this file says what each figure means.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from contestants.task import Task
from measuring import per_second, per_thousand, rounds, server, table, worker

OPERATIONS = ("create", "read", "update")
LATENCY = 0.1
REQUESTS_IN_FLIGHT = 8


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        records: in each round.
        streamed: the most that are streamed; also a tenth and a hundredth of it.
    """

    records: int
    rounds: int
    streamed: int


Row = tuple[str, str, str, str]


def main() -> None:
    extent = _extent()
    rows: list[Row] = [("", "base", "engine", "ratio")]
    for row in _all_rows(extent):
        rows.append(row)
        # Somebody waits.
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(table(rows))


def _extent() -> Extent:
    parser = argparse.ArgumentParser(description="measure the batch engine")
    parser.add_argument("--records", type=int, default=20_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--stream", type=int, default=1_000_000, help="at most")
    given = parser.parse_args()
    return Extent(given.records, given.rounds, given.stream)


def _all_rows(extent: Extent) -> Iterator[Row]:
    with server() as url:
        for operation in OPERATIONS:
            yield from _against_floor(url, operation, extent)
    with server(LATENCY) as url:
        for suffix, kind in (("", "sync"), ("_async", "async")):
            yield _of_concurrency(url, f"whole{suffix}", kind)
    with server() as url:
        for suffix, kind in (("", "sync"), ("_async", "async")):
            yield from _of_memory(url, f"stream{suffix}", kind, extent.streamed)


def _against_floor(url: str, operation: str, extent: Extent) -> Iterator[Row]:
    """The floor, the SDK's single requests and its whole calls, in turns."""
    names = ("floor", "single", "whole", "floor_async", "whole_async")
    task = Task(operation, extent.records)
    pythons = dict.fromkeys(names, sys.executable)
    found = rounds(pythons, url, task, extent.rounds)
    cpu = {name: per_thousand(found[name], task.records) for name in names}
    speed = {name: per_second(found[name], task.records) for name in names}
    for what, base, name in (
        ("sync", "floor", "whole"),
        ("sync, single requests", "floor", "single"),
        ("async", "floor_async", "whole_async"),
    ):
        yield (
            f"{operation}, {what}: CPU ms for 1,000 records",
            f"{cpu[base]:.2f}",
            f"{cpu[name]:.2f}",
            f"{cpu[name] / cpu[base]:.2f}",
        )
        yield (
            f"{operation}, {what}: records per second",
            f"{speed[base]:,.0f}",
            f"{speed[name]:,.0f}",
            f"{speed[name] / speed[base]:.2f}",
        )


def _of_concurrency(url: str, name: str, kind: str) -> Row:
    """One request at a time against several, to a server that takes its time."""
    speeds = []
    with worker(name, url) as started:
        started.run(Task("update", 100))
        for concurrency in (1, REQUESTS_IN_FLIGHT):
            # About three seconds each.
            task = Task("update", 3000 * concurrency, concurrency)
            speeds.append(task.records / started.run(task).seconds)
    one, many = speeds
    return (
        f"{LATENCY * 1000:.0f} ms latency, {kind}: records per second,"
        f" 1 and {REQUESTS_IN_FLIGHT} requests at a time",
        f"{one:,.0f}",
        f"{many:,.0f}",
        f"{many / one:.2f}",
    )


def _of_memory(url: str, name: str, kind: str, most: int) -> Iterator[Row]:
    """The peak memory of streams, against that of one a hundredth as long."""
    peaks = {}
    for count in (most // 100, most // 10, most):
        # A process for each: a peak does not go down again.
        with worker(name, url) as started:
            task = Task("create", count, REQUESTS_IN_FLIGHT)
            peaks[count] = started.run(task).peak
    first, *others = peaks
    for count in others:
        yield (
            f"stream, {kind}: peak MiB, of {first:,} and of {count:,} records",
            f"{peaks[first]:.1f}",
            f"{peaks[count]:.1f}",
            f"{peaks[count] / peaks[first]:.2f}",
        )


if __name__ == "__main__":
    main()
