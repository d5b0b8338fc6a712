"""A figure of ours beside that of something else, and a table of such."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One row: the same work, measured in turns with that of another.

    Attributes:
        what: was done.
        case: of that, among others that are measured in the same way.
        unit: of both figures.
        against: what the other one is.
        aim: the most that the ratio is to be, or the least where more is better.
    """

    what: str
    case: str = ""
    unit: str
    against: str
    theirs: float
    ours: float
    aim: float | None = None

    @property
    def ratio(self) -> float:
        """Ours by theirs."""
        return self.ours / self.theirs

    @property
    def is_more_better(self) -> bool:
        return self.unit.startswith("records per second")


HEADS = ("what", "case", "unit", "against", "theirs", "ours", "ratio", "aim")


def cells(row: Comparison) -> tuple[str, ...]:
    """A row as text, in the order of `HEADS`."""
    return (
        row.what,
        row.case,
        row.unit,
        row.against,
        _number(row.theirs),
        _number(row.ours),
        ratio(row),
        "" if row.aim is None else f"{row.aim:.2g}",
    )


def ratio(row: Comparison) -> str:
    """As text, with two digits at least that say something."""
    return f"{row.ratio:.2f}" if row.ratio >= 0.1 else f"{row.ratio:.2g}"


def table(rows: Iterable[Comparison]) -> str:
    """Rows as columns of text: words to the left, figures to the right."""
    lines: list[Sequence[str]] = [HEADS, *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at < 4 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def collected(rows: Iterable[Comparison]) -> list[Comparison]:
    """All rows; whoever waits sees a dot for each."""
    found = []
    for row in rows:
        found.append(row)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def _number(value: float) -> str:
    """Three digits or more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
