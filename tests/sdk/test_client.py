"""What a client can be told, and how long it lives."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx2
import pytest

from hubspot_batch import (
    AsyncHubSpot,
    BatchResponse,
    HubSpot,
    InvalidInputError,
    RequestTimeoutError,
)
from sdk.samples import RECORD, UPDATE, UPDATE_PATH, envelope, update
from support.hubspot import TOKEN, Driver
from support.server import Answer, Received, RecordingServer


class Transport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Keeps the requests, and knows whether it has been closed."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.is_closed = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return httpx2.Response(200, json=envelope())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.handle_request(request)

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


@pytest.fixture
def transport() -> Transport:
    return Transport()


@pytest.mark.parametrize("ending", ["", "/", "//"])
@pytest.mark.parametrize("prefix", ["", "/proxy/hub%20spot"])
def test_a_base_url_may_have_a_path(
    prefix: str, ending: str, server: RecordingServer, driver: Driver
) -> None:
    server.tell(Answer(body=envelope()))
    driver.call(update, base_url=f"{server.url}{prefix}{ending}")
    assert server.only.path == f"{prefix}{UPDATE_PATH}"


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.example.com",
        "ftp://example.com",
        "https://",
        "https://example.com?a=b",
        "https://example.com/#a",
        "https://user:hunter2@example.com",
        "https://example.com:port",
        None,
    ],
)
def test_an_unusable_base_url_is_refused(base_url: Any, driver: Driver) -> None:
    with pytest.raises(ValueError, match="base_url") as caught:
        driver.call(update, base_url=base_url)
    assert "hunter2" not in str(caught.value)


def seconds(transport: Transport) -> list[dict[str, float | None]]:
    return [request.extensions["timeout"] for request in transport.requests]


def update_within(
    timeout: float | httpx2.Timeout | None,
) -> Callable[[HubSpot], BatchResponse]:
    return lambda hubspot: hubspot.deals.post_batch_update([UPDATE], timeout=timeout)


def every(timeout: float | None) -> dict[str, float | None]:
    return dict.fromkeys(("connect", "read", "write", "pool"), timeout)


def test_the_timeout_is_a_minute(driver: Driver, transport: Transport) -> None:
    driver.call(update, transport=transport)
    assert seconds(transport) == [every(60)]


def test_a_call_can_have_a_timeout_of_its_own(
    driver: Driver, transport: Transport
) -> None:
    with driver.open(transport=transport, timeout=7) as hubspot:
        driver.run(hubspot, update)
        for timeout in (1.5, None, httpx2.Timeout(2, read=9)):
            driver.run(hubspot, update_within(timeout))
    parts = {**every(2), "read": 9}
    assert seconds(transport) == [every(7), every(1.5), every(None), parts]


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_that_is_none_is_refused(
    timeout: float, driver: Driver, transport: Transport
) -> None:
    with pytest.raises(ValueError, match="timeout"):
        driver.call(update, transport=transport, timeout=timeout)
    with pytest.raises(ValueError, match="timeout"):
        driver.call(update_within(timeout), transport=transport)
    assert transport.requests == []


def slow_if_asked(request: Received) -> Answer:
    return Answer(body=envelope(), delay=30 if request.header("X-Slow") else 0)


def test_the_timeout_of_a_call_ends_it(server: RecordingServer, driver: Driver) -> None:
    server.follow(slow_if_asked)
    with driver.open(base_url=server.url) as hubspot:
        with pytest.raises(RequestTimeoutError):
            driver.run(
                hubspot,
                lambda hubspot: hubspot.deals.post_batch_update(
                    [UPDATE], timeout=0.1, headers={"X-Slow": "yes"}
                ),
            )
        # The client is as good as before.
        assert driver.run(hubspot, update).results


def test_headers_are_added(server: RecordingServer, driver: Driver) -> None:
    server.tell(Answer(body=envelope()))
    headers = {"X-Client": "client", "X-Both": "client"}
    with driver.open(base_url=server.url, headers=headers) as hubspot:
        driver.run(
            hubspot,
            lambda hubspot: hubspot.deals.post_batch_update(
                [UPDATE], headers={"x-both": "call", "X-Call": "call"}
            ),
        )
        driver.run(hubspot, update)
    first, second = server.received
    assert first.header("X-Client") == second.header("X-Client") == "client"
    assert first.header("X-Both") == first.header("X-Call") == "call"
    assert second.header("X-Both") == "client"
    assert second.header("X-Call") is None
    assert first.header("Content-Type") == "application/json"


@pytest.mark.parametrize(
    "headers",
    [{"X-A": "a\r\nX-B: b"}, {"X A": "a"}, {"X-A": 1}, {"Content-Length": "1"}],
    ids=str,
)
def test_headers_that_cannot_be_are_refused(
    headers: Any, driver: Driver, transport: Transport
) -> None:
    with pytest.raises(InvalidInputError, match="headers"):
        driver.call(update, transport=transport, headers=headers)
    with pytest.raises(InvalidInputError, match="headers"):
        driver.call(
            lambda hubspot: hubspot.deals.post_batch_update([UPDATE], headers=headers),
            transport=transport,
        )
    assert transport.requests == []


def test_the_user_agent_is_truthful(server: RecordingServer, driver: Driver) -> None:
    server.tell(Answer(body=envelope()))
    driver.call(update, base_url=server.url)
    found = re.fullmatch(
        r"hubspot-batch(?:/(\S+))? httpx2/(\S+) python/3\.\d+\.\d+",
        server.only.header("User-Agent") or "",
    )
    assert found is not None
    try:
        installed: str | None = version("hubspot-batch")
    except PackageNotFoundError:
        installed = None
    assert found.groups() == (installed, httpx2.__version__)


def test_an_own_client_sends_and_stays_open(
    server: RecordingServer, driver: Driver
) -> None:
    server.tell(Answer(body=envelope()))
    with driver.own(
        headers={"X-Own": "own", "User-Agent": "own/1"},
        timeout=9,
        cookies={"c": "d"},
        params={"e": "f"},
    ) as http:
        for _ in range(2):
            driver.call(update, base_url=server.url, http_client=http)
        assert not http.is_closed
    first, second = server.received
    assert first.connection == second.connection
    assert first.header("X-Own") == "own"
    assert first.header("User-Agent") == "own/1"
    assert first.header("Cookie") == "c=d"
    assert first.query == "e=f"
    assert first.header("Authorization") == f"Bearer {TOKEN}"
    assert first.json == {"inputs": [{"id": "512", "properties": {"amount": "1200"}}]}


def test_an_own_client_keeps_its_timeout(driver: Driver, transport: Transport) -> None:
    with driver.own(transport=transport, timeout=9) as chosen:
        driver.call(update, http_client=chosen)
        driver.call(update, http_client=chosen, timeout=8)
    # httpx2's own five seconds were nobody's choice.
    with driver.own(transport=transport) as unchosen:
        driver.call(update, http_client=unchosen)
    assert seconds(transport) == [every(9), every(8), every(60)]


def test_event_hooks_of_an_own_client_are_called(
    server: RecordingServer,
) -> None:
    server.tell(Answer(body=envelope()))
    seen: list[int] = []
    hooks = {"response": [lambda response: seen.append(response.status_code)]}
    with httpx2.Client(event_hooks=hooks) as http:
        update(HubSpot(TOKEN, base_url=server.url, http_client=http))
    assert seen == [200]


def test_an_own_client_and_a_transport_exclude_each_other(
    driver: Driver, transport: Transport
) -> None:
    with driver.own() as http, pytest.raises(ValueError, match="not both"):
        driver.call(update, http_client=http, transport=transport)


def test_a_transport_sends_and_is_closed(driver: Driver, transport: Transport) -> None:
    with driver.open(transport=transport) as hubspot:
        assert driver.run(hubspot, update).results
        assert not transport.is_closed
    assert transport.is_closed
    [request] = transport.requests
    assert request.url == f"https://api.hubapi.com{UPDATE_PATH}"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_closed_client_says_so(driver: Driver, transport: Transport) -> None:
    with driver.open(transport=transport) as hubspot:
        pass
    with pytest.raises(RuntimeError, match="is closed"):
        driver.run(hubspot, update)
    assert transport.requests == []


def test_a_client_is_closed_though_its_own_client_is_open(
    driver: Driver, transport: Transport
) -> None:
    with driver.own(transport=transport) as http:
        with driver.open(http_client=http) as hubspot:
            pass
        with pytest.raises(RuntimeError, match="HubSpot is closed"):
            driver.run(hubspot, update)
    assert transport.requests == []


def test_a_client_whose_own_client_is_closed_says_so(driver: Driver) -> None:
    with driver.own() as http:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        driver.call(update, http_client=http)


def test_the_sync_client_closes(transport: Transport) -> None:
    with HubSpot(TOKEN, transport=transport) as hubspot:
        assert isinstance(hubspot, HubSpot)
    assert transport.is_closed
    hubspot.close()

    other = Transport()
    with pytest.raises(LookupError), HubSpot(TOKEN, transport=other):
        raise LookupError
    assert other.is_closed


def test_the_async_client_closes(transport: Transport) -> None:
    async def use() -> None:
        async with AsyncHubSpot(TOKEN, transport=transport) as hubspot:
            assert isinstance(hubspot, AsyncHubSpot)
        assert transport.is_closed
        await hubspot.aclose()
        await hubspot.close()

        other = Transport()
        with pytest.raises(LookupError):
            async with AsyncHubSpot(TOKEN, transport=other):
                raise LookupError
        assert other.is_closed

    asyncio.run(use())


def echo(request: Received) -> Answer:
    """The ids that were asked for, the later ones sooner."""
    ids = [each["id"] for each in request.json["inputs"]]
    records = [{**RECORD, "id": id_} for id_ in ids]
    return Answer(body=envelope(*records), delay=0.05 if int(ids[0]) < 5 else 0)


def test_threads_can_share_a_client(server: RecordingServer) -> None:
    server.follow(echo)
    with (
        HubSpot(TOKEN, base_url=server.url) as hubspot,
        ThreadPoolExecutor(10) as threads,
    ):
        answers = threads.map(
            lambda id_: hubspot.deals.post_batch_read([id_]), map(str, range(10))
        )
        assert [answer.results[0].id for answer in answers] == [*map(str, range(10))]


def test_tasks_can_share_a_client(server: RecordingServer) -> None:
    server.follow(echo)

    async def use() -> list[str]:
        async with AsyncHubSpot(TOKEN, base_url=server.url) as hubspot:
            calls = [hubspot.deals.post_batch_read([str(id_)]) for id_ in range(10)]
            return [each.results[0].id for each in await asyncio.gather(*calls)]

    assert asyncio.run(use()) == [*map(str, range(10))]


def test_a_call_can_be_cancelled(server: RecordingServer) -> None:
    server.follow(slow_if_asked)

    async def use() -> None:
        async with AsyncHubSpot(TOKEN, base_url=server.url) as hubspot:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await hubspot.deals.post_batch_update(
                        [UPDATE], headers={"X-Slow": "y"}
                    )
            assert (await hubspot.deals.post_batch_update([UPDATE])).results

    asyncio.run(use())


def test_resources_are_told_apart(driver: Driver) -> None:
    with driver.open() as hubspot:
        assert hubspot.deals is hubspot.deals
        assert repr(hubspot.deals) != repr(hubspot.notes)
        assert "Deals" in repr(hubspot.deals)
        assert repr(hubspot) in repr(hubspot.deals)
