"""A small HTTP server on this machine: it records what it is asked, and answers what
it was told.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request, as it came over the wire.

    Attributes:
        path: percent-encoded, without the query.
        query: percent-encoded; empty where there is none.
        headers: names and values in the order they came.
        connection: the same number for requests over the same connection.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def header_names(self) -> set[str]:
        return {name.lower() for name, _ in self.headers}

    def header(self, name: str) -> str | None:
        """The value of a header; None where it is missing.

        Raises:
            ValueError: it came more than once.
        """
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        if len(found) > 1:
            raise ValueError(f"{name} came {len(found)} times: {found}")
        return found[0] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What to answer.

    Attributes:
        body: bytes as they are; anything else but None as JSON.
        delay: seconds to wait before the first byte.
        sent: how many bytes of the body to send before the connection is closed, where
            the answer is to break off; -1 closes it without a word.
    """

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    sent: int | None = None

    @property
    def content(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        given = {name.lower() for name in self.headers}
        is_json = self.body is not None and not isinstance(self.body, bytes)
        own = {"Content-Type": "application/json"} if is_json else {}
        if self.status != 204:
            own["Content-Length"] = str(len(self.content))
        kept = {name: own[name] for name in own if name.lower() not in given}
        return {**kept, **self.headers}


Script = Callable[[Received], Answer]


class RecordingServer:
    """A server with a thread for each connection, on a port that was free.

    `received` holds all requests so far, in the order they came. Before it is told
    anything it answers 500, so that no test passes by accident.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._script: Script = lambda request: Answer(status=500)
        self._http = _Http(self)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.005}
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self._http.server_port}"

    @property
    def only(self) -> Received:
        """The request, where there was one and no more."""
        [request] = self.received
        return request

    def tell(self, *answers: Answer) -> None:
        """Answer these in turn, and the last one from then on."""
        remaining = _then_last(answers)
        self.follow(lambda request: next(remaining))

    def follow(self, script: Script) -> None:
        """Answer what a function of the request says."""
        self._script = script

    def respond(self, request: Received) -> Answer:
        with self._lock:
            self.received.append(request)
            answer = self._script(request)
        # Ends early when the server is closed: nobody waits for it any more.
        self._closing.wait(answer.delay)
        return answer

    def close(self) -> None:
        """Close the port and all connections, and wait for the threads."""
        self._closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.disconnect()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _then_last(answers: Sequence[Answer]) -> Iterator[Answer]:
    yield from answers
    while True:
        yield answers[-1]


class _Http(ThreadingHTTPServer):
    # So that `server_close` waits for them.
    daemon_threads = False
    # Many connections at once; one too many waits for a second.
    request_queue_size = 128

    def __init__(self, owner: RecordingServer) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        super().__init__((_HOST, 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def disconnect(self) -> None:
        for connection in tuple(self._open):
            # The client may have gone already.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up is no error of the server's.
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        request = Received(
            method=self.command,
            path=path,
            query=query,
            headers=tuple(self.headers.items()),
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
            connection=self.client_address[1],
        )
        answer = self.server.owner.respond(request)
        if answer.sent is not None:
            self.close_connection = True
        if answer.sent == -1:
            return
        self.send_response(answer.status)
        for name, value in answer.all_headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content[: answer.sent])

    do_DELETE = do_GET = do_PATCH = do_POST = do_PUT = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass
