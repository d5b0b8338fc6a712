"""Runs the fuzzer by hand, for as long as one likes."""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzz.cases import Case, case_of
from fuzz.injections import injection, injections
from fuzz.minimise import minimised
from fuzz.packages import type_faults
from fuzz.seeds import Seed, seeds
from fuzz.trial import Outcome, try_data, try_files

_TYPED_AT_A_TIME = 12
_SECONDS_TO_MINIMISE = 60


def main() -> int:
    """Run cases until the time is up; 1 if any shows a fault."""
    arguments = _arguments()
    started = seeds(with_corpus=True, others=arguments.spec)
    print(f"seed {arguments.seed}, {len(started)} specs to start from", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        run = _Run(started, arguments, Path(folder))
        end = time.monotonic() + arguments.minutes * 60
        number = arguments.first
        most = min(arguments.cases, run.number_of_cases - arguments.first)
        while time.monotonic() < end and number - arguments.first < most:
            run.take(number)
            number += 1
            if number % 200 == 0:
                print(run.summary(number - arguments.first), flush=True)
        print(run.summary(number - arguments.first))
    return 1 if run.faults else 0


class _Run:
    """What has been found so far; each kind of fault is kept once."""

    def __init__(
        self, started: list[Seed], arguments: argparse.Namespace, folder: Path
    ) -> None:
        self.faults: Counter[str] = Counter()
        self._started = started
        self._arguments = arguments
        self._folder = folder
        self._outcomes: Counter[str] = Counter()
        self._packages: dict[str, Outcome] = {}
        self._cases: dict[str, Case] = {}
        self._typed = 0
        self._refusals: Counter[str] = Counter()
        self._slowest = (0.0, 0)
        self._injections = injections(started) if arguments.injections else []
        # However early a run ends, it has seen places of all kinds.
        random.Random(arguments.seed).shuffle(self._injections)

    @property
    def number_of_cases(self) -> int:
        return len(self._injections) if self._arguments.injections else sys.maxsize

    def take(self, number: int) -> None:
        """Run one case."""
        case = self._case(number)
        styled = number % 20 == 0
        start = time.process_time()
        outcome = try_files(case.files, styled=styled)
        self._slowest = max(self._slowest, (time.process_time() - start, number))
        self._outcomes["refused" if outcome.files is None else "generated"] += 1
        if outcome.files is None:
            codes = {it.code for it in outcome.diagnostics if it.severity == "error"}
            self._refusals.update(codes)
        if outcome.fault is not None:
            self._keep(number, case, outcome.fault, styled)
        elif outcome.files is not None and self._is_typed():
            self._packages[f"case{number}"] = outcome
            self._cases[f"case{number}"] = case
            if len(self._packages) >= _TYPED_AT_A_TIME:
                self._check_types()

    def _case(self, number: int) -> Case:
        if self._arguments.injections:
            return injection(*self._injections[number])
        return case_of(self._started, self._arguments.seed, number)

    def _is_typed(self) -> bool:
        each: int = self._arguments.typed
        return self._outcomes["generated"] % each == 0

    def summary(self, cases: int) -> str:
        """One line about the run so far."""
        outcomes = ", ".join(f"{n} {it}" for it, n in sorted(self._outcomes.items()))
        codes = ", ".join(f"{it} {n}" for it, n in self._refusals.most_common(8))
        return (
            f"{cases} cases: {outcomes}, {self._typed} type-checked;"
            f" {len(self.faults)} kinds of fault in {self.faults.total()} cases;"
            f" {_seconds()} s of processor, {self._slowest[0]:.1f} s of them for case"
            f" {self._slowest[1]};"
            f" refused for {codes}"
        )

    def _keep(self, number: int, case: Case, fault: str, styled: bool) -> None:
        kind, _, details = fault.partition("\n")
        self.faults[kind] += 1
        if self.faults[kind] > 1:
            return
        print(f"case {number} ({case.seed}; {', '.join(case.changes)}): {kind}")
        print("\n".join(details.splitlines()[-8:]), flush=True)
        folder = self._arguments.keep / f"{self._arguments.seed}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fault.txt").write_text(f"{fault}\n", "utf-8", "replace")
        for name, content in case.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

        def shows(data: Any) -> bool:
            again = try_data(data, styled=styled).fault
            return again is not None and again.partition("\n")[0] == kind

        if shows(case.data):
            small = minimised(case.data, shows, seconds=_SECONDS_TO_MINIMISE)
            text = json.dumps(small, indent=1)
            (folder / "minimal.json").write_text(text, "utf-8")
            print(f"as small as it gets: {text if len(text) < 1500 else folder}")

    def _check_types(self) -> None:
        packages = {name: it.files or {} for name, it in self._packages.items()}
        faults = type_faults(packages, self._folder)
        for name, lines in _by_package(faults):
            case = self._cases.get(name) or next(iter(self._cases.values()))
            message = lines[0].rpartition("error: ")[2]
            code = message.rpartition("[")[2].rstrip("]")
            kind = f"does not type-check: {code}"
            self._keep(
                int(name.removeprefix("case") or 0) if name else 0,
                case,
                "\n".join([kind, *lines]),
                styled=False,
            )
        self._typed += len(packages)
        self._packages.clear()
        self._cases.clear()


def _seconds() -> int:
    """What this process and those that it started have taken."""
    own, theirs = (
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return round(own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime)


def _by_package(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if ": error: " in line or "/" not in line:
            found.setdefault(line.partition("/")[0], []).append(line)
    yield from found.items()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="default: 10")
    parser.add_argument(
        "--injections",
        action="store_true",
        help="put texts that could become code in each place, singly, until all are done",
    )
    parser.add_argument("--cases", type=int, default=sys.maxsize, help="at most")
    parser.add_argument("--seed", type=int, default=1, help="of the run; default: 1")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument(
        "--typed", type=int, default=8, help="hold each so-many-th package against mypy"
    )
    parser.add_argument(
        "--spec",
        type=Path,
        action="append",
        default=[],
        help="one more spec to start from; may be given many times",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        default=Path(tempfile.gettempdir()) / "batchwright-fuzz",
        help="folder for what shows a fault; default: %(default)s",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
