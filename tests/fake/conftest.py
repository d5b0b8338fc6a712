"""The fake, spoken to without a socket and over one: the results are the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hubspot_batch import HubSpot
from hubspot_batch.testing import FakeServer
from support.calls import ANSWER_TIMEOUT, Calls


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test speaks with the token of whoever runs it, nor through their proxy."""
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(params=["in process", "over a socket"])
def over_socket(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "over a socket")


@pytest.fixture(params=["sync", "async"])
def calls(request: pytest.FixtureRequest, over_socket: bool) -> Calls:
    return Calls(is_async=request.param == "async", over_socket=over_socket)


@pytest.fixture
def fake() -> FakeServer:
    return FakeServer(seed=7)


@pytest.fixture
def hubspot(fake: FakeServer, over_socket: bool) -> Iterator[HubSpot]:
    if not over_socket:
        with fake.client(timeout=ANSWER_TIMEOUT) as client:
            yield client
        return
    with (
        fake.serve() as url,
        HubSpot("token", base_url=url, timeout=ANSWER_TIMEOUT) as client,
    ):
        yield client
