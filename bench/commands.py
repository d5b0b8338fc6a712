"""Commands that are measured: their time, and what they and their children used."""

from __future__ import annotations

import marshal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Attributes:
        seconds: by the clock.
        cpu: seconds, user and system, of the command and of its children.
        peak: MiB, the most that one of these processes had.
    """

    seconds: float
    cpu: float
    peak: float


class CommandFailedError(Exception):
    """A command ended with another code than 0; the text is what it said."""


def measured(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Cost:
    """Run a command in a folder. Raises CommandFailedError."""
    launcher = _launcher()
    with NamedTemporaryFile("r", encoding="utf-8", errors="replace") as said:
        asked = [[*command], str(folder), {**environment}, said.name]
        marshal.dump(asked, launcher.stdin)
        launcher.stdin.flush()
        seconds, cpu, peak, code = marshal.load(launcher.stdout)
        if code:
            raise CommandFailedError(f"{' '.join(command)}: {said.read()}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(seconds, cpu, peak / unit)


@cache
def _launcher() -> Any:
    """A process that ends with this one, when its standard input is closed."""
    script = str(Path(__file__).with_name("launcher.py"))
    return subprocess.Popen(
        [sys.executable, "-I", "-S", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
