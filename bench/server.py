"""A server that answers batches as quickly as Python can, in a process of its own.

    python bench/server.py [--latency SECONDS]

It prints its address, and serves until its standard input is closed. It keeps nothing:
every input is taken as done, and results come back in another order.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from typing import Any, Final

import msgspec

_MOMENT: Final = "2026-08-01T10:00:00.000Z"
_STATUSES: Final = {b"create": b"201 Created"}
_HEAD: Final = (
    b"HTTP/1.1 %b\r\n"
    b"Content-Type: application/json;charset=utf-8\r\n"
    b"X-HubSpot-RateLimit-Max: 999999\r\n"
    b"X-HubSpot-RateLimit-Remaining: 999999\r\n"
    b"X-HubSpot-RateLimit-Interval-Milliseconds: 1000\r\n"
    b"X-HubSpot-Correlation-Id: 0c8cd2c3-4cf9-4b0d-9f7d-2f0b0c4a9e11\r\n"
    b"Content-Length: %d\r\n"
    b"\r\n"
)
# What a read finds, and what the others add to.
_PROPERTIES: Final = {
    "hs_object_id": "",
    "createdate": _MOMENT,
    "lastmodifieddate": _MOMENT,
    "dealname": "A deal",
    "amount": "1200",
    "dealstage": "contractsent",
    "pipeline": "default",
    "closedate": _MOMENT,
}


class _Input(msgspec.Struct):
    id: str | None = None
    properties: dict[str, str] = {}
    objectWriteTraceId: str | None = None  # noqa: N815


class _Body(msgspec.Struct):
    inputs: list[_Input]


_decode = msgspec.json.Decoder(_Body).decode
_encode = msgspec.json.Encoder().encode
_ids = iter(range(10_000_000_000, sys.maxsize))


def answer_to(operation: bytes, body: bytes) -> bytes:
    """The whole answer to the body of a request."""
    if operation == b"archive":
        return b"HTTP/1.1 204 No Content\r\n\r\n"
    results = [_result(each) for each in _decode(body).inputs]
    random.shuffle(results)
    content = _encode(
        {
            "status": "COMPLETE",
            "results": results,
            "startedAt": _MOMENT,
            "completedAt": _MOMENT,
        }
    )
    status = _STATUSES.get(operation, b"200 OK")
    return _HEAD % (status, len(content)) + content


def _result(each: _Input) -> dict[str, Any]:
    id = each.id or str(next(_ids))
    result: dict[str, Any] = {
        "id": id,
        "properties": {**_PROPERTIES, **each.properties, "hs_object_id": id},
        "createdAt": _MOMENT,
        "updatedAt": _MOMENT,
        "archived": False,
    }
    if each.objectWriteTraceId is not None:
        result["objectWriteTraceId"] = each.objectWriteTraceId
    return result


class Connection(asyncio.Protocol):
    """One client, with one request at a time."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        lines = bytes(head).lower().split(b"\r\n")
        sizes = [line[15:] for line in lines if line.startswith(b"content-length:")]
        if len(rest) < int(sizes[0]):
            return
        self._received.clear()
        operation = lines[0].split()[1].partition(b"?")[0].rpartition(b"/")[2]
        answer = answer_to(operation, bytes(rest))
        if self._latency:
            loop = asyncio.get_running_loop()
            loop.call_later(self._latency, self._send, answer)
        else:
            self._send(answer)

    def _send(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


async def serve(latency: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(latency), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="answer batches")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    asyncio.run(serve(parser.parse_args().latency))


if __name__ == "__main__":
    main()
