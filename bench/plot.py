"""The ratios of comparisons as an SVG: how far each is from the other, and its aim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from math import log10

from comparison import Comparison, ratio

_WIDTH, _ROW, _TOP, _BOTTOM = 860, 18, 34, 28
_LABELS, _VALUES = 430, 60
_LEAST, _MOST = 0.01, 10.0
_TICKS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)

# Readable on white and on black.
_STYLE = """
text { font: 11px system-ui, sans-serif; fill: #24292f; }
.grid { stroke: #d0d7de; } .even { stroke: #57606a; stroke-width: 1.5; }
.bar { stroke: #0969da; stroke-width: 3; } .dot { fill: #0969da; }
.aim { stroke: #bc4c00; stroke-width: 2; } .end { text-anchor: end; }
.middle { text-anchor: middle; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .grid { stroke: #30363d; } .even { stroke: #9198a1; }
  .bar { stroke: #4493f8; } .dot { fill: #4493f8; } .aim { stroke: #f0883e; }
}"""


def svg(rows: Iterable[Comparison]) -> str:
    """A picture of those figures that have an aim, each ratio on a line of its own."""
    shown = [row for row in rows if row.aim is not None and "clock" not in row.unit]
    height = _TOP + _ROW * len(shown) + _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' role="img">',
        "<title>What batchwright and its SDK cost, by what others cost</title>",
        f"<style>{_STYLE}</style>",
        _text(0, 14, "ours divided by theirs, on a logarithmic axis; | is the aim"),
        *_axis(height),
        *(part for at, row in enumerate(shown) for part in _row(at, row)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axis(height: int) -> Iterator[str]:
    bottom = height - _BOTTOM
    for tick in _TICKS:
        kind = "even" if tick == 1 else "grid"
        yield _line(kind, _x(tick), _TOP - 6, _x(tick), bottom)
        yield _text(_x(tick), bottom + 14, f"{tick:g}", "middle")


def _row(at: int, row: Comparison) -> Sequence[str]:
    assert row.aim is not None
    middle = _TOP + _ROW * at + _ROW / 2
    label = " ".join(filter(None, (row.what, row.case)))
    return (
        _text(_LABELS - 12, middle + 4, f"{label}: {row.unit} / {row.against}", "end"),
        _line("bar", _x(1), middle, _x(row.ratio), middle),
        f'<circle class="dot" cx="{_x(row.ratio):.1f}" cy="{middle:.1f}" r="4"/>',
        _line("aim", _x(row.aim), middle - 7, _x(row.aim), middle + 7),
        _text(_WIDTH, middle + 4, ratio(row), "end"),
    )


def _x(ratio: float) -> float:
    """Where a ratio is; what is beyond the axis is at its end."""
    within = min(max(ratio, _LEAST), _MOST)
    share = log10(within / _LEAST) / log10(_MOST / _LEAST)
    return _LABELS + share * (_WIDTH - _LABELS - _VALUES)


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line class="{kind}" {ends}/>'


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
