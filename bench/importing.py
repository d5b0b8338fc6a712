"""What it takes to begin: the SDK against its libraries, the tool against Python.

    python bench/importing.py [--rounds N]

README.md beside this file says what each figure means.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from commands import Cost, measured
from comparison import Comparison, collected, table

# What pip makes of the tool's entry point.
TOOL = str(Path(sys.executable).with_name("batchwright"))
PASS = ("-c", "pass")
LIBRARIES = ("-c", "import httpx2, msgspec; httpx2.Client()")
SDK = ("-c", "from hubspot_batch import HubSpot; HubSpot(token='x').deals")
HELP, VERSION = (TOOL, "--help"), (TOOL, "--version")
COMMAND_HELP = (TOOL, "generate", "--help")

# Rounds that `make bench` has the time for.
USUAL = 15


def main() -> None:
    parser = argparse.ArgumentParser(description="measure how processes begin")
    parser.add_argument("--rounds", type=int, default=USUAL)
    print(table(collected(rows(parser.parse_args().rounds))))


def rows(count: int) -> Iterator[Comparison]:
    found = starts((PASS, LIBRARIES, SDK, HELP, COMMAND_HELP, VERSION), count)
    for what, case, against, base, ours, aim in (
        ("the SDK is ready", "", "httpx2 and msgspec", LIBRARIES, SDK, 1.2),
        ("batchwright", "--help", "python -c pass", PASS, HELP, 2.5),
        ("batchwright", "generate --help", "python -c pass", PASS, COMMAND_HELP, 2.5),
        ("batchwright", "--version", "python -c pass", PASS, VERSION, 2.5),
    ):
        for field, unit, scale in (("cpu", "CPU ms", 1000), ("peak", "peak MiB", 1)):
            theirs, own = (
                median(getattr(each, field) for each in found[name]) * scale
                for name in (base, ours)
            )
            yield Comparison(
                what=what,
                case=case,
                unit=unit,
                against=against,
                theirs=theirs,
                ours=own,
                aim=aim,
            )


def starts(
    commands: Sequence[tuple[str, ...]], count: int
) -> Mapping[tuple[str, ...], Sequence[Cost]]:
    """What each command took, in rounds in which they take turns.

    The first round is not counted: it compiles what is not compiled yet.
    """
    found: dict[tuple[str, ...], list[Cost]] = {each: [] for each in commands}
    with tempfile.TemporaryDirectory() as compiled:
        # An installed package is compiled, whatever is set here.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for turn in range(count + 1):
            for command in commands:
                whole = (sys.executable, *command)
                cost = measured(whole, Path.cwd(), environment)
                if turn:
                    found[command].append(cost)
    return found


if __name__ == "__main__":
    main()
