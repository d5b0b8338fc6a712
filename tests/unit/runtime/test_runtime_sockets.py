"""Clients over real sockets: what breaks, and what is known when it does."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from _runtime import (
    ConnectionFailedError,
    DecodingError,
    RequestTimeoutError,
    SDKError,
    ServerError,
    StatusError,
)
from runtime_server import Behaviour, answer, hang_up, reset, serving
from sample_api import (
    READ,
    TOKEN,
    AsyncDriver,
    AsyncShop,
    Batch,
    Driver,
    RecordId,
    Status,
)

GOOD = b'{"status":"COMPLETE","results":[{"id":"1"}]}'


def no_inputs(shop: Any) -> Any:
    return shop.pets.update([])


def sending(*parts: bytes, then: Behaviour | None = None) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)
        if then is not None:
            then(connection)

    return behave


def stall(connection: socket.socket) -> None:
    # Until the client has given up.
    connection.recv(1)


def failure(driver: Driver, behave: Behaviour, **options: Any) -> SDKError:
    with serving(behave) as server, pytest.raises(SDKError) as caught:
        driver.call(no_inputs, base_url=server.base_url, **options)
    assert len(server.requests) == 1
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert caught.value.request == "POST /update"
    return caught.value


def test_a_call_over_a_socket(driver: Driver) -> None:
    with serving(sending(answer(200, GOOD))) as server:
        batch = driver.call(
            lambda shop: shop.pets.update([{"id": "ü", "properties": {}}]),
            base_url=f"{server.base_url}/v1/",
        )

    assert batch == Batch(status=Status.COMPLETE, results=[RecordId(id="1")])
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/update HTTP/1.1\r\n")
    assert f"Authorization: Bearer {TOKEN}".encode() in head
    assert body == '{"inputs":[{"id":"ü","properties":{}}]}'.encode()


def test_a_connection_serves_more_than_one_call(driver: Driver) -> None:
    connections: set[int] = set()

    def behave(connection: socket.socket) -> None:
        connections.add(connection.getpeername()[1])
        connection.sendall(answer(200, GOOD))

    async def twice_async(shop: Any) -> None:
        await no_inputs(shop)
        await no_inputs(shop)

    def twice(shop: Any) -> Any:
        if isinstance(shop, AsyncShop):
            return twice_async(shop)
        no_inputs(shop)
        return no_inputs(shop)

    with serving(behave) as server:
        driver.call(twice, base_url=server.base_url)
    assert len(server.requests) == 2
    assert len(connections) == 1


def test_a_compressed_answer(driver: Driver) -> None:
    packed = gzip.compress(GOOD)
    behave = sending(answer(200, packed, "Content-Encoding: gzip"))
    with serving(behave) as server:
        assert driver.call(no_inputs, base_url=server.base_url).status == "COMPLETE"

    error = failure(driver, sending(answer(200, GOOD, "Content-Encoding: gzip")))
    assert isinstance(error, DecodingError)
    assert error.status == 200
    assert error.headers is not None
    assert error.headers["content-encoding"] == "gzip"


def test_nobody_listens(driver: Driver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionFailedError) as caught:
        driver.call(no_inputs, base_url=f"http://127.0.0.1:{port}")

    assert caught.value.delivered is False
    assert caught.value.status is None
    assert f"no answer from http://127.0.0.1:{port}: ConnectError" in str(caught.value)


def test_the_host_does_not_exist(driver: Driver) -> None:
    with pytest.raises(ConnectionFailedError) as caught:
        driver.call(no_inputs, base_url="http://nowhere.invalid")

    assert caught.value.delivered is False


def test_the_server_speaks_no_tls(driver: Driver) -> None:
    with (
        serving(sending(b"HTTP/1.1 400 no\r\n\r\n"), read_request=False) as server,
        pytest.raises(ConnectionFailedError) as caught,
    ):
        driver.call(no_inputs, base_url=server.base_url.replace("http:", "https:"))

    assert caught.value.delivered is False


def test_connecting_takes_too_long(driver: Driver) -> None:
    # A listener whose queue is full does not answer.
    with socket.socket() as listener, socket.socket() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting.connect(listener.getsockname())
        with pytest.raises(RequestTimeoutError) as caught:
            driver.call(
                no_inputs,
                base_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
                timeout=0.2,
            )

    assert caught.value.delivered is False
    assert "ConnectTimeout" in str(caught.value)


@pytest.mark.parametrize(
    "behave", [hang_up, reset, sending(b"HTTP/1.1 20"), sending(b"junk\r\n\r\n")]
)
def test_no_answer_comes(behave: Behaviour, driver: Driver) -> None:
    def then_close(connection: socket.socket) -> None:
        behave(connection)
        if connection.fileno() >= 0:
            connection.close()

    error = failure(driver, then_close)

    assert type(error) is ConnectionFailedError
    assert error.delivered is None
    assert error.status is None
    assert "whether the server got the request is not known" in str(error)


def test_the_answer_takes_too_long(driver: Driver) -> None:
    started = time.monotonic()
    error = failure(driver, stall, timeout=0.2)

    assert type(error) is RequestTimeoutError
    assert error.delivered is None
    assert "ReadTimeout" in str(error)
    assert time.monotonic() - started < 5


def test_a_timeout_for_one_call(driver: Driver) -> None:
    with serving(stall) as server, pytest.raises(RequestTimeoutError):
        driver.call(
            lambda shop: shop.pets.update([], timeout=0.2), base_url=server.base_url
        )


def test_waiting_for_a_connection_takes_too_long(driver: Driver) -> None:
    release = threading.Event()

    def slow(connection: socket.socket) -> None:
        release.wait(5)
        connection.sendall(answer(200, GOOD))

    with serving(slow) as server:
        outcomes = driver.call(
            lambda shop: two_at_once(shop, release),
            base_url=server.base_url,
            timeout=httpx2.Timeout(5, pool=0.2),
            http={"limits": httpx2.Limits(max_connections=1)},
        )

    (failed,) = [each for each in outcomes if isinstance(each, SDKError)]
    assert type(failed) is RequestTimeoutError
    assert failed.delivered is False
    assert [each.status for each in outcomes if isinstance(each, Batch)] == ["COMPLETE"]
    assert len(server.requests) == 1


def two_at_once(shop: Any, release: threading.Event) -> Any:
    """Two calls in threads, or in tasks; the one that fails lets the other end."""
    if isinstance(shop, AsyncShop):
        return two_tasks(shop, release)
    with ThreadPoolExecutor(2) as threads:

        def call() -> Any:
            try:
                return no_inputs(shop)
            except SDKError as error:
                release.set()
                return error

        calls = [threads.submit(call) for _ in range(2)]
        return [each.result(timeout=10) for each in calls]


async def two_tasks(shop: AsyncShop, release: threading.Event) -> list[Any]:
    async def call() -> Any:
        try:
            return await shop.pets.update([])
        except SDKError as error:
            release.set()
            return error

    return list(await asyncio.gather(call(), call()))


TRUNCATED = [
    pytest.param(
        sending(answer(200, GOOD[:20], length=len(GOOD)), then=hang_up),
        GOOD[:20],
        id="hangs up",
    ),
    pytest.param(
        sending(answer(200, GOOD[:20], length=len(GOOD)), then=reset),
        None,
        id="resets",
    ),
    pytest.param(
        sending(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"
            + GOOD[:5]
            + b"\r\n",
            then=hang_up,
        ),
        GOOD[:5],
        id="chunked",
    ),
    pytest.param(
        # All that is declared came, but not all that was promised.
        sending(answer(200, GOOD, length=len(GOOD) + 1), then=hang_up),
        GOOD,
        id="one byte short",
    ),
]


@pytest.mark.parametrize(("behave", "content"), TRUNCATED)
def test_a_success_breaks_off(
    behave: Behaviour, content: bytes | None, driver: Driver
) -> None:
    error = failure(driver, behave)

    assert type(error) is DecodingError
    assert error.truncated is True
    assert error.delivered is True
    assert error.status == 200
    assert error.headers is not None
    assert "the answer broke off: " in str(error)
    if content is None:
        # A reset may throw away what has not been read yet.
        assert error.content in (b"", GOOD[:20])
    else:
        assert error.content == content


def test_a_success_stalls(driver: Driver) -> None:
    behave = sending(
        answer(200, GOOD[:20], "X-Correlation-Id: c-1", length=99), then=stall
    )
    error = failure(driver, behave, timeout=0.3)

    assert type(error) is RequestTimeoutError
    assert error.delivered is True
    assert (error.status, error.content) == (200, GOOD[:20])
    assert error.correlation_id == "c-1"
    assert error.headers is not None
    assert error.headers["content-length"] == "99"


@pytest.mark.parametrize("then", [hang_up, stall])
def test_an_error_breaks_off(then: Behaviour, driver: Driver) -> None:
    behave = sending(answer(503, b'{"message":"d', length=99), then=then)
    error = failure(driver, behave, timeout=0.3)

    assert type(error) is ServerError
    assert (error.status, error.content) == (503, b'{"message":"d')


def test_a_redirect_takes_the_token_nowhere(driver: Driver) -> None:
    with serving(sending(answer(200, GOOD))) as other:
        location = f"Location: {other.base_url}/steal"
        for status in (301, 302, 303, 307, 308):
            for follow in (False, True):
                error = failure(
                    driver,
                    sending(answer(status, b"", location)),
                    http={"follow_redirects": follow},
                )
                assert type(error) is StatusError
                assert error.status == status
                assert f"redirects to {other.base_url}/steal;" in str(error)
    assert other.requests == []


def test_an_answer_that_is_no_json(driver: Driver) -> None:
    page = b"<html>a captive portal</html>"
    error = failure(driver, sending(answer(200, page)))

    assert type(error) is DecodingError
    assert error.truncated is False
    assert (error.status, error.content) == (200, page)


def test_a_cancelled_call_leaves_nothing_behind() -> None:
    async def main(base_url: str) -> BaseException:
        async with AsyncShop(TOKEN, base_url=base_url) as shop:
            call = asyncio.ensure_future(shop.pets.update([]))
            while not server.requests:
                await asyncio.sleep(0.01)
            call.cancel()
            (outcome,) = await asyncio.gather(call, return_exceptions=True)
            assert len(asyncio.all_tasks()) == 1
            assert (await shop.pets.update([])).status == "COMPLETE"
            assert isinstance(outcome, BaseException)
            return outcome

    def behave(connection: socket.socket) -> None:
        if len(server.requests) == 1:
            stall(connection)
        else:
            connection.sendall(answer(200, GOOD))

    with serving(behave) as server:
        outcome = asyncio.run(main(server.base_url))

    assert isinstance(outcome, asyncio.CancelledError)
    frames = traceback.TracebackException.from_exception(outcome, capture_locals=True)
    assert TOKEN not in "".join(frames.format())


def trickling(*parts: bytes) -> Behaviour:
    """Each read gets something at once, and the answer never comes to an end."""

    def behave(connection: socket.socket) -> None:
        try:
            for part in parts:
                connection.sendall(part)
            while True:
                time.sleep(0.005)
                connection.sendall(b" ")
        except OSError:
            return

    return behave


def read_within(seconds: float, driver: Driver, base_url: str) -> Any:
    arguments = {"object_type": "pets"}
    prepared = READ.prepare(arguments=arguments, fields={"inputs": [{"id": "1"}]})
    return driver.call(
        lambda shop: shop._exchange(READ, prepared, most=seconds), base_url=base_url
    )


def test_an_answer_that_trickles_is_given_up(driver: Driver) -> None:
    behave = trickling(answer(200, b"{", length=1_000_000))
    with serving(behave) as server, pytest.raises(RequestTimeoutError) as caught:
        read_within(0.1, driver, server.base_url)

    assert caught.value.delivered is not False
    assert "deadline" in str(caught.value)


def test_an_answer_within_its_time_is_taken(driver: Driver) -> None:
    with serving(sending(answer(200, GOOD))) as server:
        found = read_within(60, driver, server.base_url)

    assert found.content == GOOD


def test_a_head_that_trickles_is_given_up_by_the_async_client() -> None:
    behave = trickling(b"HTTP/1.1 200 OK\r\nX-Endless: ")
    with serving(behave) as server, pytest.raises(RequestTimeoutError) as caught:
        read_within(0.1, AsyncDriver(), server.base_url)

    assert caught.value.delivered is None
