"""The token is seen nowhere but in its header: in no error, no log, nothing shown."""

from __future__ import annotations

import asyncio
import pickle
import signal
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from hubspot_batch import (
    AsyncHubSpot,
    BatchResponse,
    CredentialError,
    HubSpot,
    SDKError,
)
from sdk.samples import envelope, update
from support.hubspot import TOKEN, Driver, SyncDriver
from support.server import Answer, Received, RecordingServer

VARIABLE = "HUBSPOT_ACCESS_TOKEN"
BAD_TOKENS: dict[str, Any] = {
    "empty": "",
    "spaces": f"{TOKEN} {TOKEN}",
    "the scheme": f"Bearer {TOKEN}",
    "a line break": f"{TOKEN}\r\nX-Other: {TOKEN}",
    "beyond ASCII": f"{TOKEN}ü",
    "bytes": TOKEN.encode(),
    "a list": [TOKEN],
}


def raised(act: Callable[[], object]) -> BaseException:
    """What an act raises, with a traceback that ends before the test."""
    try:
        act()
    except BaseException as error:
        return error
    pytest.fail("nothing was raised")


def assert_hidden(error: BaseException) -> None:
    """The token is in nothing that is shown of an error, the variables of its frames
    included, nor in what these are made of.
    """
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    parts = ["".join(shown.format())]
    chain: BaseException | None = error
    while chain is not None:
        parts.append(f"{chain}{chain!r}{chain.args!r}{vars(chain)!r}")
        for frame, _ in traceback.walk_tb(chain.__traceback__):
            for value in frame.f_locals.values():
                parts.append(repr(getattr(value, "__dict__", None)))
        chain = chain.__cause__ or chain.__context__
    assert "HubSpot" in parts[0], "the variables are not there"
    leaks = [part for part in parts if TOKEN in part]
    assert not leaks


@pytest.mark.parametrize("name", BAD_TOKENS)
@pytest.mark.parametrize("client", [HubSpot, AsyncHubSpot])
def test_a_token_that_cannot_be_is_refused_without_showing_it(
    name: str, client: type[HubSpot] | type[AsyncHubSpot]
) -> None:
    error = raised(lambda: client(BAD_TOKENS[name]))
    assert isinstance(error, CredentialError)
    assert str(error).startswith("token ")
    assert_hidden(error)


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_callable_s_token_is_refused_without_showing_it(
    name: str, server: RecordingServer, driver: Driver
) -> None:
    def token() -> Any:
        return BAD_TOKENS[name]

    error = raised(lambda: driver.call(update, token=token, base_url=server.url))
    assert isinstance(error, CredentialError)
    assert_hidden(error)
    assert server.received == []


@pytest.mark.parametrize("client", [HubSpot, AsyncHubSpot])
@pytest.mark.parametrize(
    "options", [{}, {"token": "a b"}, {"token": "pat-1", "base_url": "?"}], ids=str
)
def test_a_traceback_shows_a_client_that_is_not_finished(
    client: Callable[..., object], options: dict[str, Any]
) -> None:
    assert_hidden(raised(lambda: client(**options)))


def broken(request: httpx2.Request) -> httpx2.Response:
    raise LookupError("a fault of the transport's own")


def interrupted(request: httpx2.Request) -> httpx2.Response:
    raise KeyboardInterrupt


def malformed(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.LocalProtocolError(f"bad headers: {request.headers.raw!r}")


@contextmanager
def unused_port() -> Iterator[str]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unused.getsockname()[1]}"


ANSWERS = {
    "redirect": Answer(status=302, headers={"Location": "https://example.com/"}),
    "refusal": Answer(status=401, body={"message": "expired", "category": "EXPIRED"}),
    "fault": Answer(status=503),
    "unreadable": Answer(body=b"?"),
    "cut": Answer(body=envelope(), sent=9),
    "hung up": Answer(sent=-1),
    "late": Answer(delay=30),
}
TRANSPORTS = {"broken": broken, "interrupted": interrupted, "malformed": malformed}


@pytest.mark.parametrize(
    "fault", [*ANSWERS, *TRANSPORTS, "no server", "bad input", "bad header", "closed"]
)
def test_no_error_and_no_log_shows_the_token(
    fault: str,
    server: RecordingServer,
    driver: Driver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    monkeypatch.setenv(VARIABLE, TOKEN)
    options: dict[str, Any] = {"base_url": server.url, "token": None}
    call = update
    if fault in ANSWERS:
        server.tell(ANSWERS[fault])
    if fault == "late":
        options["timeout"] = 0.2
    if fault in TRANSPORTS:
        options["transport"] = httpx2.MockTransport(TRANSPORTS[fault])
    if fault == "bad input":
        call = bad_input
    if fault == "bad header":
        call = bad_header

    with unused_port() as nowhere:
        if fault == "no server":
            options["base_url"] = nowhere
        error = raised(lambda: attempt(driver, options, call, fault == "closed"))

    assert_hidden(error)
    for record in caplog.records:
        assert TOKEN not in f"{record.getMessage()}{vars(record)!r}"
    if fault in ANSWERS:
        assert (
            fault == "late" or server.only.header("Authorization") == f"Bearer {TOKEN}"
        )
        assert isinstance(error, SDKError)
        assert TOKEN.encode() not in pickle.dumps(error)


def bad_input(hubspot: HubSpot) -> BatchResponse:
    return hubspot.deals.post_batch_update([{"id": 1}])


def bad_header(hubspot: HubSpot) -> BatchResponse:
    return hubspot.deals.post_batch_update([], headers={"a b": "c"})


def attempt(
    driver: Driver,
    options: dict[str, Any],
    use: Callable[[HubSpot], object],
    is_closed: bool,
) -> None:
    with driver.open(**options) as hubspot:
        if is_closed:
            driver.run(hubspot, lambda hubspot: hubspot.close())
        driver.run(hubspot, use)


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="needs the signals of Unix"
)
def test_no_interrupt_shows_the_token(server: RecordingServer) -> None:
    def interrupt(request: Received) -> Answer:
        # The caller waits for the answer, deep in the libraries.
        signal.pthread_kill(main, signal.SIGINT)
        return Answer(delay=30)

    main = threading.get_ident()
    server.follow(interrupt)
    # A variable that held the server would hold what it received.
    url = server.url
    error = raised(lambda: SyncDriver().call(update, base_url=url))
    assert type(error) is KeyboardInterrupt
    assert_hidden(error)


def test_no_cancellation_shows_the_token(server: RecordingServer) -> None:
    def arrive(request: Received) -> Answer:
        arrived.set()
        return Answer(delay=30)

    async def use() -> None:
        async with AsyncHubSpot(lambda: TOKEN, base_url=url) as hubspot:
            call = asyncio.create_task(hubspot.deals.post_batch_archive(["1"]))
            await asyncio.to_thread(arrived.wait)
            call.cancel()
            await call

    arrived = threading.Event()
    server.follow(arrive)
    url = server.url
    error = raised(lambda: asyncio.run(use()))
    assert type(error) is asyncio.CancelledError
    assert_hidden(error)


def test_no_success_shows_the_token(
    server: RecordingServer, driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    server.tell(Answer(body=envelope()))
    with driver.open(base_url=server.url) as hubspot:
        answer = driver.run(hubspot, update)
        shown = [hubspot, str(hubspot), hubspot.deals, answer, vars(hubspot)]
        shown += [getattr(part, "__dict__", None) for part in vars(hubspot).values()]
        assert TOKEN not in repr(shown)
    assert caplog.records
    for record in caplog.records:
        assert TOKEN not in f"{record.getMessage()}{vars(record)!r}"
    sent = server.only
    assert sent.header("Authorization") == f"Bearer {TOKEN}"
    elsewhere = [value for name, value in sent.headers if name != "Authorization"]
    assert TOKEN not in f"{sent.path}{sent.query}{elsewhere}"
    assert TOKEN.encode() not in sent.body
