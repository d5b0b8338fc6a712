"""Every behaviour of the drivers is shown with both clients."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from support.drivers import AsyncDriver, Driver, SyncDriver


@pytest.fixture(params=[SyncDriver, AsyncDriver], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Driver:
    made: Driver = request.param()
    return made


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
