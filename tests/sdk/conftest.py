"""Every test has a server of its own, and makes its calls with both clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.hubspot import AsyncDriver, Driver, SyncDriver
from support.server import RecordingServer


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test speaks with the token of whoever runs it, nor through their proxy."""
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture(params=[SyncDriver, AsyncDriver], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with request.param() as driver:
        yield driver
