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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contestants.task import Figure, Task
from measuring import HERE, per_second, per_thousand, rounds, server, table

OPERATIONS = ("create", "read", "update")
OURS = {
    "floor": "httpx2 and msgspec, by hand",
    "floor_async": "httpx2 and msgspec, by hand, async",
    "whole": "this SDK",
    "whole_async": "this SDK, async",
}


@dataclass(frozen=True)
class Peer:
    """Another SDK.

    Attributes:
        distribution: its name in the package index.
        options: of pip.
        contestants: what is added to its title, by the name of their module.
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
    Peer("hubspot-api-client", (), {"api_client": ""}),
    Peer(
        "hubspot-sdk",
        ("--pre",),
        {
            "official_sdk": "",
            "official_sdk_async": ", async",
        },
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="measure other SDKs")
    parser.add_argument("--records", type=int, default=10_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    present = [peer for peer in PEERS if is_installed(peer)]
    pythons = dict.fromkeys(OURS, sys.executable)
    titles = dict(OURS)
    for peer in present:
        named = f"{peer.distribution} {version_of(peer)}"
        titles |= {name: named + more for name, more in peer.contestants.items()}
        pythons |= dict.fromkeys(peer.contestants, peer.python)
    rows: list[Sequence[str]] = [
        (
            "",
            "CPU ms for 1,000 records",
            "of this SDK's",
            "of the floor's",
            "records per second",
        )
    ]
    with server() as url:
        for operation in OPERATIONS:
            task = Task(operation, given.records)
            found = rounds(pythons, url, task, given.rounds)
            rows += rows_of(task, found, titles)
            print(f"measured: {operation}", file=sys.stderr, flush=True)
    print(table(rows))


def rows_of(
    task: Task, found: Mapping[str, Sequence[Figure]], titles: Mapping[str, str]
) -> list[Sequence[str]]:
    """What is async is held against what is async, the rest against the rest."""
    cpu = {name: per_thousand(found[name], task.records) for name in found}
    kinds = {name: "_async" if name.endswith("_async") else "" for name in found}
    return [
        (
            f"{task.operation}: {titles[name]}",
            f"{cpu[name]:.2f}",
            f"{cpu[name] / cpu['whole' + kinds[name]]:.2f}",
            f"{cpu[name] / cpu['floor' + kinds[name]]:.2f}",
            f"{per_second(figures, task.records):,.0f}",
        )
        for name, figures in found.items()
    ]


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
