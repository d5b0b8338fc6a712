"""What README.md shows of the figures of one run: a table and a plot.

    python bench/shown.py

`bench/run.py --keep` keeps the figures in `figures.json`, and does this as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from comparison import Comparison, ratio
from plot import svg

HERE = Path(__file__).resolve().parent
KEPT = HERE / "figures.json"
PLOT = HERE / "figures.svg"
README = HERE.parent / "README.md"

BEGIN, END = "<!-- figures of bench/figures.json -->\n", "<!-- end of figures -->\n"


def main() -> None:
    show()


def show() -> None:
    """Draw the plot and quote the table, from the figures that are kept."""
    machine, rows = kept()
    PLOT.write_text(svg(rows), "utf-8")
    README.write_text(quoting(README.read_text("utf-8"), machine, rows), "utf-8")


def kept() -> tuple[str, list[Comparison]]:
    """The machine, and the rows of the run that is kept."""
    found = json.loads(KEPT.read_text("utf-8"))
    return found["machine"], [Comparison(**row) for row in found["rows"]]


def quoting(text: str, machine: str, rows: Iterable[Comparison]) -> str:
    """A page with the table of these figures between its marks.

    Raises ValueError where a mark is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the marks around the figures are missing")
    shown = (
        "![Each ratio on a logarithmic axis, with its aim](bench/figures.svg)",
        markdown(rows),
        f"On {machine}; all rows are of one run.",
    )
    return "\n\n".join((before + BEGIN.rstrip(), *shown, END + after))


def markdown(rows: Iterable[Comparison]) -> str:
    """A table of those figures that have an aim, the cases of one kind in one row."""
    kinds: dict[tuple[str, ...], list[Comparison]] = {}
    for row in rows:
        if row.aim is not None and "clock" not in row.unit:
            aim = f"{'≥' if row.is_more_better else '≤'} {row.aim:.2g}"
            kind = (row.what, row.unit, row.against, aim)
            kinds.setdefault(kind, []).append(row)
    lines = [
        "| | against | ratio | aim |",
        "|---|---|---|---|",
        *(
            f"| {what}: {unit} | {against} | {_ratios(found)} | {aim} |"
            for (what, unit, against, aim), found in kinds.items()
        ),
    ]
    return "\n".join(lines)


def _ratios(rows: Sequence[Comparison]) -> str:
    return ", ".join(f"{row.case} {ratio(row)}".strip() for row in rows)


if __name__ == "__main__":
    main()
