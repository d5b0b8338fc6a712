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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from commands import Cost, measured
from measuring import table
from specs import multiplied, rendered

PROJECT = Path(__file__).resolve().parents[1]
EDITED = Path("spec/objects/deals.yaml")

# Reads and hashes what has to be known to be the same, and does nothing else.
HASHING = """
from batchwright import fingerprint
fingerprint.tool()
for folder in ("spec", "generated/hubspot_batch"):
    fingerprint.tree(folder)
"""

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        rounds: in which the contestants take turns.
        copies: of our spec in the largest one.
    """

    rounds: int
    copies: int


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
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=8)
    given = parser.parse_args()
    extent = Extent(given.rounds, given.copies)
    rows: list[Row] = [("", "base", "batchwright", "ratio")]
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder) / "sdk")
        for row in (*_of_our_spec(workshop, extent), *_of_growth(workshop, extent)):
            rows.append(row)
            print(".", end="", file=sys.stderr, flush=True)  # somebody waits
    print(file=sys.stderr)
    print(table(rows))


def _of_our_spec(workshop: Workshop, extent: Extent) -> Iterator[Row]:
    bare = (sys.executable, "-c", "pass")
    workshop.generate("generate")
    pairs: list[tuple[str, Callable[[], Cost], Callable[[], Cost]]] = [
        (
            "nothing changed, generate",
            lambda: workshop.run(*bare),
            lambda: workshop.generate("generate"),
        ),
        (
            "nothing changed, --check",
            lambda: workshop.run(*bare),
            lambda: workshop.generate("generate", "--check"),
        ),
    ]
    for what, base, ours in pairs:
        yield _row(f"{what}: CPU ms, bare Python", base, ours, 4 * extent.rounds)
    yield _row(
        "nothing changed, --check: CPU ms, Python that hashes the same",
        lambda: workshop.run(sys.executable, "-c", HASHING),
        lambda: workshop.generate("generate", "--check"),
        4 * extent.rounds,
    )
    numbers = iter(range(10**6))

    def after_an_edit() -> Cost:
        workshop.edit(next(numbers))
        return workshop.generate("generate")

    def from_nothing() -> Cost:
        workshop.forget()
        return workshop.generate("generate")

    workshop.generate("generate")
    yield _row(
        "one object edited: CPU ms, bare Python",
        lambda: workshop.run(*bare),
        after_an_edit,
        extent.rounds,
    )
    raw = workshop.folder / "raw"
    rendered(PROJECT, raw)
    yield _row(
        "from nothing: CPU ms, black alone on all cores",
        lambda: _black(workshop, raw),
        from_nothing,
        extent.rounds,
    )


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


def _of_growth(workshop: Workshop, extent: Extent) -> Iterator[Row]:
    """Our spec many times over, in one file: time and memory for each operation."""
    costs: dict[int, Cost] = {}
    operations = 161
    copies = 1
    while copies <= extent.copies:
        file = workshop.folder / f"spec-{copies}.json"
        file.write_text(multiplied(PROJECT, copies), "utf-8")
        costs[copies] = workshop.generate(
            "generate", str(file), "--output", f"sdk_{copies}", "--no-cache"
        )
        copies *= 2
    first, *others = costs
    for number in others:
        one, many = costs[first], costs[number]
        yield (
            f"from nothing, {operations * number:,} operations: CPU ms for each,"
            f" {operations} operations",
            f"{one.cpu * 1000 / operations:.1f}",
            f"{many.cpu * 1000 / operations / number:.1f}",
            f"{many.cpu / one.cpu / number:.2f}",
        )
        yield (
            f"…: peak MiB, {operations} operations",
            f"{one.peak:.0f}",
            f"{many.peak:.0f}",
            f"{many.peak / one.peak:.2f}",
        )


def _row(
    what: str, base: Callable[[], Cost], ours: Callable[[], Cost], rounds: int
) -> Row:
    """Medians of rounds in which both take turns; the first one is not counted."""
    found: tuple[list[Cost], list[Cost]] = ([], [])
    for turn in range(rounds + 1):
        for run, costs in zip((base, ours), found, strict=True):
            cost = run()
            if turn:
                costs.append(cost)
    one, other = map(_middle, found)
    return what, f"{one * 1000:.0f}", f"{other * 1000:.0f}", f"{other / one:.2f}"


def _middle(costs: Sequence[Cost]) -> float:
    return median(cost.cpu for cost in costs)


if __name__ == "__main__":
    main()
