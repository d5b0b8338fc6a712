"""A quick HTTP server on this machine, which can also break off in the middle.

It reads no more of HTTP/1.1 than clients of an API need: bodies have a length, and a
connection is kept until one side closes it.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, Self

_HOST = "127.0.0.1"
# Closing with this drops what is unsent, and resets the connection.
_NO_LINGER = struct.pack("ii", 1, 0)
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class Ending(Enum):
    """How much of an answer is sent before the connection is closed."""

    WHOLE = auto()
    """All of it, and the connection is kept."""
    HALF = auto()
    """The head, and half of the body it promises."""
    RESET = auto()
    """Nothing: the connection is reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent.

    Attributes:
        headers: by their names in lower case.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to send back.

    Attributes:
        delay: seconds to wait before the first byte.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    ending: Ending = Ending.WHOLE

    @property
    def content(self) -> bytes:
        """The reply as it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Unknown')}"]
        if self.body and "Content-Type" not in self.headers:
            lines.append("Content-Type: application/json")
        if self.status != 204:
            lines.append(f"Content-Length: {len(self.body)}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        body = self.body
        if self.ending is Ending.HALF:
            body = body[: len(body) // 2]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class WireServer:
    """A server on a port that was free, with a thread for each connection.

    Args:
        answer: called for each request, by several threads at a time.
    """

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self._tcp = _Tcp(answer)
        self._thread = threading.Thread(
            target=self._tcp.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self._tcp.server_address[1]}"

    def close(self) -> None:
        """Close the port and all connections, and wait for the threads."""
        self._tcp.closing.set()
        self._tcp.shutdown()
        self._thread.join()
        self._tcp.disconnect()
        self._tcp.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Tcp(ThreadingTCPServer):
    # So that `server_close` waits for them.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__((_HOST, 0), _Connection)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        # Not shut down in good order before: a reset is to be one.
        self._open.discard(request)
        self.close_request(request)

    def disconnect(self) -> None:
        for connection in tuple(self._open):
            # The client may have gone already.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up is no error of the server's.
        pass


class _Connection(StreamRequestHandler):
    disable_nagle_algorithm = True
    server: _Tcp

    def handle(self) -> None:
        while (request := self._read()) is not None:
            reply = self.server.answer(request)
            # Ends early when the server is closed: nobody waits for it any more.
            self.server.closing.wait(reply.delay)
            if reply.ending is Ending.RESET:
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER
                )
                return
            self.connection.sendall(reply.content)
            if reply.ending is not Ending.WHOLE:
                return

    def _read(self) -> Request | None:
        """The next request; None when the client has closed the connection."""
        first = self.rfile.readline().decode("latin-1").split()
        if len(first) != 3:
            return None
        headers: dict[str, str] = {}
        while (line := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        method, target, _ = first
        path, _, query = target.partition("?")
        return Request(
            method=method,
            path=path,
            query=query,
            headers=headers,
            body=self.rfile.read(int(headers.get("content-length", 0))),
        )
