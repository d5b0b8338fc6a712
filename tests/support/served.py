"""The fake as a client meets it: without a socket, or over one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from hubspot_batch.testing import FakeServer
from support.faults import FaultPlan


@dataclass(frozen=True)
class Served:
    """A fake that clients with these options speak with.

    Attributes:
        close: ends it, when all requests have been dealt with; without a socket they
            are anyway.
    """

    fake: FakeServer
    options: dict[str, Any]
    close: Callable[[], None] = field(repr=False)


@contextmanager
def served(
    over_socket: bool,
    plan: FaultPlan | None = None,
    *,
    latency: float = 0.0,
    **options: Any,
) -> Iterator[Served]:
    """A fake with a plan of faults; `options` are those of `FakeServer`.

    Args:
        latency: seconds before each answer that no fault of the plan meets.
    """
    fake = FakeServer(**options)
    fake.faults(plan, latency=(latency, latency))
    with ExitStack() as stack:
        address: dict[str, Any] = (
            {"base_url": stack.enter_context(fake.serve())}
            if over_socket
            else {"base_url": "http://fake", "transport": fake.transport}
        )
        yield Served(fake, address, stack.close)
