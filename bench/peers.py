"""What a batch costs with this SDK and with others for the same API.

    python bench/peers.py [--records N] [--rounds N]

The others are installed in environments of their own, in bench/.venv-peers; what cannot
be installed is left out, and it is said why. README.md beside this file says what each
figure means.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comparison import Comparison, collected, table
from contestants.task import Figure, Task
from measuring import HERE, per_second, per_thousand, rounds, server

OPERATIONS = ("create", "read", "update")


@dataclass(frozen=True)
class Peer:
    """Another SDK.

    Attributes:
        distribution: its name in the package index.
        options: of pip.
        contestants: the client of ours that each is compared with, by its module.
    """

    distribution: str
    options: tuple[str, ...]
    contestants: Mapping[str, str]

    @property
    def folder(self) -> Path:
        return HERE / ".venv-peers" / self.distribution

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")


PEERS = (
    Peer("hubspot-api-client", (), {"api_client": "whole"}),
    Peer(
        "hubspot-sdk",
        ("--pre",),
        {
            "official_sdk": "whole",
            "official_sdk_async": "whole_async",
        },
    ),
)


# Records in each round and rounds that `make bench-peers` has the time for.
USUAL = (1000, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description="measure other SDKs")
    parser.add_argument("--records", type=int, default=USUAL[0], help="in each round")
    parser.add_argument("--rounds", type=int, default=USUAL[1])
    given = parser.parse_args()
    print(table(collected(rows(given.records, given.rounds))))


def rows(records: int, turns: int) -> Iterator[Comparison]:
    present = [peer for peer in PEERS if is_installed(peer)]
    ours = ("floor", "floor_async", "whole", "whole_async")
    pythons = dict.fromkeys(ours, sys.executable)
    for peer in present:
        pythons |= dict.fromkeys(peer.contestants, peer.python)
    with server() as url:
        for operation in OPERATIONS:
            found = rounds(pythons, url, Task(operation, records), turns)
            for peer in present:
                yield from _of_peer(peer, operation, records, found)


def _of_peer(
    peer: Peer, operation: str, records: int, found: Mapping[str, Sequence[Figure]]
) -> Iterator[Comparison]:
    title = f"{peer.distribution} {version_of(peer)}"
    for theirs, ours in peer.contestants.items():
        kind = "async" if ours == "whole_async" else "sync"
        # No SDK on httpx2 and msgspec can be further ahead than the floor.
        for what, name, aim in (
            ("a batch", ours, 1 / 15),
            ("httpx2 and msgspec by hand", ours.replace("whole", "floor"), None),
        ):
            yield Comparison(
                what=f"{what}, {kind}",
                case=operation,
                unit="CPU ms for 1,000 records",
                against=title,
                theirs=per_thousand(found[theirs], records),
                ours=per_thousand(found[name], records),
                aim=aim,
            )
        yield Comparison(
            what=f"a batch, {kind}",
            case=operation,
            unit="records per second",
            against=title,
            theirs=per_second(found[theirs], records),
            ours=per_second(found[ours], records),
        )


def is_installed(peer: Peer) -> bool:
    """Install it if it is not; False, after saying why, where that is impossible."""
    if (peer.folder / "installed").exists():
        return True
    print(f"installing {peer.distribution} in {peer.folder}", file=sys.stderr)
    venv.create(peer.folder, with_pip=True, clear=True)
    done = subprocess.run(
        [
            peer.python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *peer.options,
            peer.distribution,
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:]
        print(f"{peer.distribution} is left out: {''.join(last)}", file=sys.stderr)
        return False
    (peer.folder / "installed").touch()
    return True


def version_of(peer: Peer) -> str:
    script = (
        "import sys; from importlib.metadata import version;"
        "print(version(sys.argv[1]))"
    )
    command = [peer.python, "-c", script, peer.distribution]
    return subprocess.check_output(command, text=True).strip()


if __name__ == "__main__":
    main()
