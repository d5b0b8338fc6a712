"""What generating costs: with nothing to do, after an edit, and from nothing.

    python bench/generating.py [--rounds N] [--copies N]

README.md beside this file says what each figure means.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from commands import Cost, measured
from comparison import Comparison, collected, table
from specs import multiplied, rendered

PROJECT = Path(__file__).resolve().parents[1]
# Of our spec.
OPERATIONS = 161
EDITED = Path("spec/objects/deals.yaml")

# Reads and hashes what has to be known to be the same, and does nothing else.
HASHING = """
from batchwright import fingerprint
fingerprint.tool()
for folder in ("spec", "generated/hubspot_batch"):
    fingerprint.tree(folder)
"""


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        rounds: in which the contestants take turns.
        copies: of our spec in the largest one.
    """

    rounds: int
    copies: int


# What `make bench` has the time for.
USUAL = Extent(rounds=5, copies=4)


class Workshop:
    """A copy of our spec with a cache of its own, and commands that run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        shutil.copytree(PROJECT / "spec", folder / "spec")
        shutil.copy(PROJECT / "pyproject.toml", folder)
        (folder / "generated").mkdir()

    def run(self, *command: str) -> Cost:
        environment = {
            **os.environ,
            "BATCHWRIGHT_CACHE": str(self.cache),
            # An installed package is compiled, whatever is set here.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self.folder / "compiled"),
        }
        return measured(command, self.folder, environment)

    def generate(self, *arguments: str) -> Cost:
        return self.run(str(Path(sys.executable).with_name("batchwright")), *arguments)

    def forget(self) -> None:
        """As if nothing had ever been generated."""
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.rmtree(self.folder / "generated")
        (self.folder / "generated").mkdir()

    def edit(self, number: int) -> None:
        """Say something else of one object."""
        file = self.folder / EDITED
        text = (PROJECT / EDITED).read_text("utf-8")
        file.write_text(text.replace("Create deals", f"Create deals {number}"), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="measure what generating costs")
    parser.add_argument("--rounds", type=int, default=USUAL.rounds)
    parser.add_argument("--copies", type=int, default=USUAL.copies)
    given = parser.parse_args()
    print(table(collected(rows(Extent(given.rounds, given.copies)))))


def rows(extent: Extent) -> Iterator[Comparison]:
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder) / "sdk")
        workshop.generate("generate")
        yield from _of_our_spec(workshop, extent)
        yield from _of_growth(workshop, extent)


def _of_our_spec(workshop: Workshop, extent: Extent) -> Iterator[Comparison]:
    numbers = iter(range(10**6))
    raw = workshop.folder / "raw"
    rendered(PROJECT, raw)

    def bare() -> Cost:
        return workshop.run(sys.executable, "-c", "pass")

    def hashing() -> Cost:
        return workshop.run(sys.executable, "-c", HASHING)

    def unchanged(*more: str) -> Callable[[], Cost]:
        return lambda: workshop.generate("generate", *more)

    def after_an_edit() -> Cost:
        workshop.edit(next(numbers))
        return workshop.generate("generate")

    def from_nothing() -> Cost:
        workshop.forget()
        return workshop.generate("generate")

    def black() -> Cost:
        return _black(workshop, raw)

    # Short runs are measured more often, and long ones less.
    many, few = 3 * extent.rounds, max(1, extent.rounds // 3)
    for case, against, base, ours, rounds, aim in (
        ("nothing changed", "python -c pass", bare, unchanged(), many, None),
        ("nothing changed", "hashing alone", hashing, unchanged(), many, 2.5),
        ("same, --check", "hashing alone", hashing, unchanged("--check"), many, 2.5),
        ("one edit", "python -c pass", bare, after_an_edit, extent.rounds, None),
        ("from nothing", "black alone", black, from_nothing, few, 1.3),
    ):
        yield _compared(case, against, base, ours, rounds, aim)


def _black(workshop: Workshop, raw: Path) -> Cost:
    """black's own command, given what the templates print."""
    copy = workshop.folder / "blackened"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(raw, copy)
    shutil.rmtree(workshop.folder / "black", ignore_errors=True)
    os.environ["BLACK_CACHE_DIR"] = str(workshop.folder / "black")
    return workshop.run(
        sys.executable, "-m", "black", "--quiet", "--target-version=py311", str(copy)
    )


def _of_growth(workshop: Workshop, extent: Extent) -> Iterator[Comparison]:
    """Our spec many times over, in one file, against half as many times."""
    half: Cost | None = None
    copies = 1
    while copies <= extent.copies:
        file = workshop.folder / f"spec-{copies}.json"
        file.write_text(multiplied(PROJECT, copies), "utf-8")
        whole = workshop.generate(
            "generate", str(file), "--output", f"sdk_{copies}", "--no-cache"
        )
        if half is not None:
            for field, unit in (("cpu", "CPU s"), ("peak", "peak MiB")):
                yield Comparison(
                    what="generate",
                    case=f"{OPERATIONS * copies:,} operations",
                    unit=unit,
                    against="half of them",
                    theirs=getattr(half, field),
                    ours=getattr(whole, field),
                    aim=2,
                )
        half, copies = whole, copies * 2


def _compared(
    case: str,
    against: str,
    base: Callable[[], Cost],
    ours: Callable[[], Cost],
    rounds: int,
    aim: float | None,
) -> Comparison:
    """Medians of rounds in which both take turns; the first one is not counted."""
    found: tuple[list[Cost], list[Cost]] = ([], [])
    for turn in range(rounds + 1):
        for run, costs in zip((base, ours), found, strict=True):
            cost = run()
            if turn:
                costs.append(cost)
    theirs, own = (median(cost.cpu for cost in costs) * 1000 for costs in found)
    return Comparison(
        what="generate",
        case=case,
        unit="CPU ms",
        against=against,
        theirs=theirs,
        ours=own,
        aim=aim,
    )


if __name__ == "__main__":
    main()
