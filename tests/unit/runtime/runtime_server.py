"""A server on a real socket that answers, or fails to, exactly as a test says."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


@dataclass
class Server:
    """Where the server is, and the requests that it has read in full."""

    base_url: str
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def serving(behave: Behaviour, *, read_request: bool = True) -> Iterator[Server]:
    """Run a server that does one thing to every request, each on a connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    stopping = threading.Event()

    def handle(connection: socket.socket) -> None:
        with connection:
            while not stopping.is_set():
                if read_request:
                    request = _read_request(connection)
                    if request is None:
                        return
                    server.requests.append(request)
                behave(connection)
                if not read_request:
                    return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stopping.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)


def answer(
    status: int, content: bytes, *headers: str, length: int | None = None
) -> bytes:
    """An answer as it goes over the wire; `length` may lie."""
    lines = [
        f"HTTP/1.1 {status} Whatever",
        "Content-Type: application/json",
        f"Content-Length: {len(content) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def reset(connection: socket.socket) -> None:
    """Break a connection off so that the other side sees a reset."""
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


def _read_request(connection: socket.socket) -> bytes | None:
    received = b""
    try:
        while b"\r\n\r\n" not in received:
            part = connection.recv(65536)
            if not part:
                return None
            received += part
        head, _, body = received.partition(b"\r\n\r\n")
        while not _is_whole(head.lower(), body):
            part = connection.recv(65536)
            if not part:
                return None
            body += part
    except OSError:
        return None
    return head + b"\r\n\r\n" + body


def _is_whole(head: bytes, body: bytes) -> bool:
    if b"\r\ntransfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= _content_length(head)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def hang_up(connection: socket.socket) -> None:
    """End a connection as a server does that is stopped."""
    connection.shutdown(socket.SHUT_RDWR)
