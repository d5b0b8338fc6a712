"""What the modules of hostile specs share."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

# Seconds of a processor that a single attack may take, far more than any needs; what
# takes as long hangs.
_PATIENCE = 120
# Bytes of memory that a process may have.
_MEMORY = 4 * 1024**3


@pytest.fixture(autouse=True)
def _limits() -> Iterator[None]:
    """An attack that takes too much time or memory fails instead of hanging."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError("the attack makes it hang")

    before = resource.getrlimit(resource.RLIMIT_AS)
    most = _MEMORY if before[1] == resource.RLIM_INFINITY else min(_MEMORY, before[1])
    handler = signal.signal(signal.SIGPROF, stop)
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        resource.setrlimit(resource.RLIMIT_AS, before)
