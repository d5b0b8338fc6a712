"""What the batch engine costs, against the least that can be done.

    python bench/engine.py [--records N] [--rounds N] [--stream N]

README.md beside this file says what each figure means.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from comparison import Comparison, collected, table
from contestants.task import Task
from measuring import per_second, per_thousand, rounds, server, worker

OPERATIONS = ("create", "read", "update")
LATENCY = 0.1
REQUESTS_IN_FLIGHT = 8


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        records: in each round.
        streamed: the most that are streamed; also a hundredth of it.
    """

    records: int
    rounds: int
    streamed: int


# What `make bench` has the time for.
USUAL = Extent(records=2000, rounds=9, streamed=100_000)


def main() -> None:
    print(table(collected(rows(_extent()))))


def _extent() -> Extent:
    parser = argparse.ArgumentParser(description="measure the batch engine")
    parser.add_argument("--records", type=int, default=USUAL.records)
    parser.add_argument("--rounds", type=int, default=USUAL.rounds)
    parser.add_argument("--stream", type=int, default=USUAL.streamed)
    given = parser.parse_args()
    return Extent(given.records, given.rounds, given.stream)


def rows(extent: Extent) -> Iterator[Comparison]:
    with server() as url:
        for operation in OPERATIONS:
            yield from _against_floor(url, operation, extent)
    with server(LATENCY) as url:
        for suffix, kind in (("", "sync"), ("_async", "async")):
            yield _of_concurrency(url, f"whole{suffix}", kind)
    with server() as url:
        for suffix, kind in (("", "sync"), ("_async", "async")):
            yield _of_memory(url, f"stream{suffix}", kind, extent.streamed)


def _against_floor(url: str, operation: str, extent: Extent) -> Iterator[Comparison]:
    """The floor, the SDK's single requests and its whole calls, in turns."""
    names = ("floor", "single", "whole", "floor_async", "whole_async")
    task = Task(operation, extent.records)
    pythons = dict.fromkeys(names, sys.executable)
    found = rounds(pythons, url, task, extent.rounds)
    for what, base, name, aim in (
        ("sync", "floor", "whole", 1.3),
        ("sync, single requests", "floor", "single", None),
        ("async", "floor_async", "whole_async", 1.3),
    ):
        yield Comparison(
            what=f"a batch, {what}",
            case=operation,
            unit="CPU ms for 1,000 records",
            against="httpx2 and msgspec by hand",
            theirs=per_thousand(found[base], task.records),
            ours=per_thousand(found[name], task.records),
            aim=aim,
        )
        yield Comparison(
            what=f"a batch, {what}",
            case=operation,
            unit="records per second",
            against="httpx2 and msgspec by hand",
            theirs=per_second(found[base], task.records),
            ours=per_second(found[name], task.records),
        )


def _of_concurrency(url: str, name: str, kind: str) -> Comparison:
    """One request at a time against several, to a server that takes its time."""
    speeds = []
    with worker(name, url) as started:
        started.run(Task("update", 100))
        for concurrency in (1, REQUESTS_IN_FLIGHT):
            # About two seconds each.
            task = Task("update", 2000 * concurrency, concurrency)
            speeds.append(task.records / started.run(task).seconds)
    one, many = speeds
    return Comparison(
        what=f"{REQUESTS_IN_FLIGHT} requests at a time",
        case=kind,
        unit=f"records per second at {LATENCY * 1000:.0f} ms latency",
        against="one at a time",
        theirs=one,
        ours=many,
        aim=7,
    )


def _of_memory(url: str, name: str, kind: str, most: int) -> Comparison:
    """The peak memory of a stream, against that of one a hundredth as long."""
    peaks = []
    for count in (most // 100, most):
        # A process for each: a peak does not go down again.
        with worker(name, url) as started:
            task = Task("create", count, REQUESTS_IN_FLIGHT)
            peaks.append(started.run(task).peak)
    return Comparison(
        what=f"a stream of {most:,} records",
        case=kind,
        unit="peak MiB",
        against=f"one of {most // 100:,}",
        theirs=peaks[0],
        ours=peaks[1],
        aim=1.1,
    )


if __name__ == "__main__":
    main()
