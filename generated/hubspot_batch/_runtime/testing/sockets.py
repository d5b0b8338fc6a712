"""The fake behind a port, for clients in any language."""

from __future__ import annotations

import contextlib
import http.server
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from .traffic import Ending, Reply, Request

__all__ = ["serving"]

# Closing with this drops what is unsent, and resets the connection.
_NO_LINGER = struct.pack("ii", 1, 0)
Handle = Callable[[Request], Reply]


@contextlib.contextmanager
def serving(handle: Handle, host: str, port: int) -> Iterator[str]:
    """The address of a server; a port of 0 stands for any that is free."""
    server = _Server(handle, host, port)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        place = f"[{host}]" if ":" in host else host
        yield f"http://{place}:{server.server_address[1]}"
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.disconnect()
        server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    # So that `server_close` waits for the threads.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, handle: Handle, host: str, port: int) -> None:
        self.handle = handle
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Connection)

    def server_bind(self) -> None:
        # The parent asks DNS for the name of the host, which can take long.
        super(http.server.HTTPServer, self).server_bind()
        self.server_name, self.server_port = "localhost", self.server_address[1]

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
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        try:
            body = self._body()
        except ValueError:
            self.send_error(400)
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = server.handle(
            Request(
                method=self.command,
                path=path,
                query=query,
                headers=headers,
                body=body,
            )
        )
        # Ends early when the server is closed: nobody waits for it any more.
        server.closing.wait(reply.delay)
        if reply.ending is Ending.RESET:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            return
        self._send(reply)

    def __getattr__(self, name: str) -> Any:
        # The parent looks for a method of its own for each method of HTTP.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD" and reply.status != 204:
            self.wfile.write(reply.sent)
        if reply.ending is Ending.HALF:
            self.close_connection = True

    def _body(self) -> bytes:
        """
        Raises:
            ValueError: it is not framed as a body has to be.
        """
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def log_message(self, format: str, *args: Any) -> None:
        pass
