"""Answers that are read as they come, sync and async, over a socket."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from _runtime import (
    BINARY,
    AsyncByteStream,
    ByteStream,
    ConnectionFailedError,
    DecodingError,
    NotFoundError,
    Operation,
    Parameter,
    RequestTimeoutError,
    SDKError,
)
from runtime_server import Behaviour, answer, hang_up, serving
from sample_api import TOKEN, AsyncDriver, Driver

LOG: Operation[bytes] = Operation(
    method="GET",
    path="/log/{object_type}",
    parameters=(Parameter("object_type", "path"), Parameter("since", "query")),
    responses={200: Annotated[bytes, BINARY]},
)
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Count: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)

Read = Callable[[Any], Any]


def stream(driver: Driver, **options: Any) -> Callable[[Any], Any]:
    """A call that gathers the pieces, or does what `read` says."""
    read: Read | None = options.pop("read", None)
    named = {"accept": "text/event-stream", "arguments": {"since": 7}, **options}

    async def gathered(shop: Any) -> Any:
        async with AsyncByteStream(shop.pets, LOG, **named) as opened:
            if read is not None:
                return read(opened)
            return [piece async for piece in opened]

    def sync(shop: Any) -> Any:
        with ByteStream(shop.pets, LOG, **named) as opened:
            return read(opened) if read is not None else list(opened)

    return gathered if isinstance(driver, AsyncDriver) else sync


def call(driver: Driver, behave: Behaviour, **options: Any) -> tuple[Any, bytes]:
    with serving(behave) as server:
        found = driver.call(stream(driver, **options), base_url=server.base_url)
    (request,) = server.requests
    return found, request


def test_pieces_come_as_they_are_sent(driver: Driver) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")

    pieces, request = call(driver, behave)
    assert b"".join(pieces) == b"onetwo"
    head = request.partition(b"\r\n\r\n")[0]
    assert head.startswith(b"GET /log/pets?since=7 HTTP/1.1\r\n")
    assert b"\r\nAccept: text/event-stream" in head
    assert f"Authorization: Bearer {TOKEN}".encode() in head


def test_a_stream_can_be_left_before_its_end(driver: Driver) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"3\r\none\r\n")
        # Until the client has left.
        assert connection.recv(1) == b""

    found, _ = call(driver, behave, read=lambda s: (s.status, s.headers["X-Count"]))
    assert found == (200, "3")


def test_an_answer_of_no_success_is_raised_on_entering(driver: Driver) -> None:
    missing = answer(404, b'{"message": "no such log"}')
    with pytest.raises(NotFoundError, match="no such log") as caught:
        call(driver, lambda c: c.sendall(missing))
    assert caught.value.request == "GET /log/pets"
    assert caught.value.__context__ is None


def failure(driver: Driver, behave: Behaviour, **options: Any) -> SDKError:
    with pytest.raises(SDKError) as caught:
        call(driver, behave, **options)
    assert caught.value.__context__ is None
    assert TOKEN not in repr(vars(caught.value))
    return caught.value


def test_a_body_that_breaks_off_is_told(driver: Driver) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"3\r\none\r\n")
        hang_up(connection)

    error = failure(driver, behave)
    assert isinstance(error, DecodingError)
    assert error.truncated
    assert error.status == 200


def test_no_answer_at_all_is_told(driver: Driver) -> None:
    assert isinstance(failure(driver, hang_up), ConnectionFailedError)


def test_a_body_that_stalls_is_told(driver: Driver) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"3\r\none\r\n")
        connection.recv(1)

    error = failure(driver, behave, timeout=0.2)
    assert isinstance(error, RequestTimeoutError)
    assert error.delivered


def test_a_stream_says_how_it_is_used(driver: Driver) -> None:
    shop = driver.client()
    kind: Any = AsyncByteStream if isinstance(driver, AsyncDriver) else ByteStream
    made = kind(shop.pets, LOG, accept="*/*")
    assert repr(made) == f"<{kind.__name__} of GET /log/pets>"
    with pytest.raises(RuntimeError, match="`with` statement"):
        _ = made.status
