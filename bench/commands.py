"""Commands that are measured: their time, and what they and their children used."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


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
    start = time.perf_counter()
    started = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stderr is not None
    said = started.stderr.read()
    _, status, used = os.wait4(started.pid, 0)
    seconds = time.perf_counter() - start
    started.stderr.close()
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise CommandFailedError(f"{' '.join(command)}: {said}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)
