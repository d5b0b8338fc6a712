"""All figures in one run: a table, and if wanted what the README shows of them.

    python bench/run.py [--peers] [--keep] [SPEC ...]

README.md beside this file says what each figure means.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import engine
import generating
import generating_peers
import importing
import peers
from batchwright.sharing import cores
from comparison import Comparison, collected, table
from shown import KEPT, show


def main() -> None:
    parser = argparse.ArgumentParser(description="measure everything")
    parser.add_argument("--peers", action="store_true", help="measure others, too")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep the figures, and draw and quote what README.md shows of them",
    )
    parser.add_argument(
        "specs", nargs="*", type=Path, metavar="SPEC", help="for the peers, too"
    )
    given = parser.parse_args()
    start = time.perf_counter()
    rows = collected(_rows(peered=given.peers, specs=given.specs))
    print(table(rows))
    print(f"\n{_machine()}; {time.perf_counter() - start:.0f} s")
    if given.keep:
        kept = {"machine": _machine(), "rows": [asdict(row) for row in rows]}
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        show()


def _rows(*, peered: bool, specs: list[Path]) -> Iterator[Comparison]:
    yield from engine.rows(engine.USUAL)
    yield from importing.rows(importing.USUAL)
    yield from generating.rows(generating.USUAL)
    if peered:
        yield from peers.rows(*peers.USUAL)
        yield from generating_peers.rows(specs, generating_peers.USUAL)


def _machine() -> str:
    """What it was measured on: only ratios can be compared with other machines."""
    return (
        f"{platform.python_implementation()} {platform.python_version()} on"
        f" {platform.system()} {platform.machine()} with {cores()} cores"
    )


if __name__ == "__main__":
    main()
