"""How much memory this process has had."""

from __future__ import annotations

import resource
import sys


def peak() -> float:
    """The most so far, in MiB.

    On Linux what the kernel tells of it beside `getrusage`, which also counts what the
    process had before it became this program.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)
