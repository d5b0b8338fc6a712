"""Where the token comes from, and that it is sent as it should be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from hubspot_batch import AuthenticationError, CredentialError, SDKError
from sdk.samples import envelope, update
from support.hubspot import AsyncDriver, Driver, SyncDriver
from support.server import Answer, RecordingServer

VARIABLE = "HUBSPOT_ACCESS_TOKEN"


def authorization(server: RecordingServer) -> list[str | None]:
    return [request.header("Authorization") for request in server.received]


@pytest.fixture
def willing(server: RecordingServer) -> RecordingServer:
    server.tell(Answer(body=envelope()))
    return server


def test_the_token_may_be_an_argument(willing: RecordingServer, driver: Driver) -> None:
    driver.call(update, token="pat-1", base_url=willing.url)
    assert authorization(willing) == ["Bearer pat-1"]


def test_the_token_may_be_in_the_environment(
    willing: RecordingServer, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "pat-2\n")
    driver.call(update, token=None, base_url=willing.url)
    driver.call(update, token="pat-3", base_url=willing.url)
    assert authorization(willing) == ["Bearer pat-2", "Bearer pat-3"]


def test_a_callable_is_asked_for_each_request(
    willing: RecordingServer, driver: Driver
) -> None:
    tokens = iter(["pat-1", "pat-2", "pat-3"])
    with driver.open(token=lambda: next(tokens), base_url=willing.url) as hubspot:
        driver.run(hubspot, update)
        driver.run(hubspot, update)
    assert authorization(willing) == ["Bearer pat-1", "Bearer pat-2"]
    assert next(tokens) == "pat-3"


def renewing() -> Callable[[], Awaitable[str]]:
    tokens = iter(["pat-1", "pat-2"])

    async def renewed() -> str:
        return next(tokens)

    return renewed


def test_the_async_client_awaits_an_async_callable(willing: RecordingServer) -> None:
    with (
        AsyncDriver() as driver,
        driver.open(token=renewing(), base_url=willing.url) as hubspot,
    ):
        driver.run(hubspot, update)
        driver.run(hubspot, update)
    assert authorization(willing) == ["Bearer pat-1", "Bearer pat-2"]


def test_the_sync_client_refuses_an_async_callable(willing: RecordingServer) -> None:
    with SyncDriver() as driver, pytest.raises(CredentialError, match="async"):
        driver.call(update, token=renewing(), base_url=willing.url)
    assert willing.received == []


def test_an_error_of_the_callable_passes(
    willing: RecordingServer, driver: Driver
) -> None:
    def fail() -> str:
        raise LookupError("no refresh token")

    with pytest.raises(LookupError, match="no refresh token"):
        driver.call(update, token=fail, base_url=willing.url)
    assert willing.received == []


@pytest.mark.parametrize("variable", [None, "", "  \n"])
def test_a_missing_token_is_missed_at_once(
    variable: str | None, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable is not None:
        monkeypatch.setenv(VARIABLE, variable)
    with pytest.raises(CredentialError) as caught, driver.open(token=None):
        pass
    assert "token=" in str(caught.value)
    assert VARIABLE in str(caught.value)
    assert isinstance(caught.value, SDKError)
    assert caught.value.delivered is False


def test_the_token_of_one_client_is_not_that_of_another(
    willing: RecordingServer, driver: Driver
) -> None:
    with driver.own() as http:
        driver.call(update, token="pat-1", base_url=willing.url, http_client=http)
        driver.call(update, token="pat-2", base_url=willing.url, http_client=http)
        assert "authorization" not in http.headers
    assert authorization(willing) == ["Bearer pat-1", "Bearer pat-2"]


def test_a_refused_token_is_sent_once(server: RecordingServer, driver: Driver) -> None:
    server.tell(Answer(status=401, headers={"WWW-Authenticate": "Bearer"}))
    with pytest.raises(AuthenticationError):
        driver.call(update, base_url=server.url)
    assert len(server.received) == 1
