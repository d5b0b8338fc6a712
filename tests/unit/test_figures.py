"""What README.md shows of measured figures: see `bench/shown.py`."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

BENCH = Path(__file__).parents[2] / "bench"
sys.path.append(str(BENCH))

import shown  # noqa: E402
from comparison import Comparison, table  # noqa: E402
from plot import svg  # noqa: E402

ROWS = [
    Comparison(
        what="a batch",
        case=case,
        unit="CPU ms",
        against="a <loop> & more",
        theirs=theirs,
        ours=12.5,
        aim=1.3,
    )
    for case, theirs in (("create", 10.0), ("read", 10_000.0))
] + [
    Comparison(
        what="eight requests",
        unit="records per second",
        against="one",
        theirs=10.0,
        ours=75,
        aim=7,
    ),
    Comparison(what="an edit", unit="CPU ms", against="Python", theirs=1, ours=1),
]


def test_cases_of_one_kind_share_a_row_and_what_has_no_aim_is_left_out() -> None:
    assert shown.markdown(ROWS).splitlines()[2:] == [
        "| a batch: CPU ms | a <loop> & more | create 1.25, read 0.0013 | ≤ 1.3 |",
        "| eight requests: records per second | one | 7.50 | ≥ 7 |",
    ]
    assert len(table(ROWS).splitlines()) == 5


def test_the_plot_is_an_image_with_a_line_for_each() -> None:
    root = ElementTree.fromstring(svg(ROWS))
    dots = root.findall("{http://www.w3.org/2000/svg}circle")
    places = [float(dot.attrib["cx"]) for dot in dots]
    assert len(places) == 3
    assert places[1] < places[0] < places[2]


def test_a_page_is_quoted_between_its_marks() -> None:
    page = f"before\n{shown.BEGIN}old\n{shown.END}after\n"
    once = shown.quoting(page, "a machine", ROWS)
    assert once.startswith(f"before\n{shown.BEGIN}")
    assert once.endswith(f"\n{shown.END}after\n")
    assert "old" not in once
    assert shown.quoting(once, "a machine", ROWS) == once
    with pytest.raises(ValueError, match="marks"):
        shown.quoting("before\nafter\n", "a machine", ROWS)


def test_readme_shows_the_figures_that_are_kept() -> None:
    page = shown.README.read_text("utf-8")
    assert shown.BEGIN in page
    assert shown.END in page
    if shown.KEPT.exists():
        machine, rows = shown.kept()
        assert shown.quoting(page, machine, rows) == page
        assert shown.PLOT.read_text("utf-8") == svg(rows)
