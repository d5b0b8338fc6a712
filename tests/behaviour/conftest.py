"""Every test makes its calls with both clients, in process and over sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.hubspot import AsyncDriver, Driver, SyncDriver


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test speaks with the token of whoever runs it, nor through their proxy."""
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(params=[SyncDriver, AsyncDriver], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with request.param() as driver:
        yield driver


@pytest.fixture(params=[False, True], ids=["in process", "over a socket"])
def over_socket(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)
