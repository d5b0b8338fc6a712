"""Servers that answer anything at all: results, or errors of the SDK's own kinds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx2
import pytest

from hubspot_batch import CreateInput, HubSpot, SDKError

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no-utf8": b"\xff\xfe",
    "no-utf8-within": b'{"results": [], "message": "\xff"}',
    "half-a-pair": b'{"message": "\\ud800", "results": [{"id": "\\udfff"}]}',
    "broken-off": b'{"results": [{"id": "1"',
    "something-behind": b'{"results": []} {}',
    "deep": b'{"results": ' + b"[" * 100_000,
    "deep-and-whole": b'{"results": ' + b"[" * 900 + b"]" * 900 + b"}",
    "huge-number": b'{"results": [{"id": ' + b"9" * 10_000 + b"}]}",
    "infinite": b'{"results": [{"id": 1e999}], "numErrors": 1e999}',
    "not-a-number": b'{"numErrors": NaN}',
    "wrong-types": b'{"results": {"id": []}, "errors": 5, "status": [], "message": {}}',
    "odd-results": b'{"results": [null, 5, "x", [], {}, {"id": {"a": 1}, "properties": 7}]}',
    "other-results": b'{"results": [{"id": "9"}, {"id": "9"}, {"id": "10"}]}',
    "odd-errors": b'{"errors": [null, 5, {"context": 5}, {"context": {"ids": [{}]}}]}',
    "control": b'{"message": "\\u001b[31m\\u202e\\u0000", "category": "\\u0007"}',
    "a-page": b"<html><script>alert(1)</script>",
    "binary": bytes(range(256)) * 4,
}
HEADERS: list[dict[str, str]] = [
    {"Content-Type": "application/json"},
    {"Content-Type": "text/plain; charset=nonsense"},
    {"Content-Type": "text/plain; charset=rot13", "Content-Encoding": "gzip"},
    {"Content-Type": "", "Content-Encoding": "identity, deflate", "Location": "//[::1"},
    {"Content-Length": "99999999999999999999", "Retry-After": "9" * 400},
]
INPUTS = [CreateInput(properties={"name": name}) for name in ("a", "b", "c")]


@dataclass
class Server:
    """Answers whatever it is told to."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        stream = httpx2.ByteStream(self.content)
        return httpx2.Response(self.status, headers=self.headers, stream=stream)

    def answers(self, content: bytes, *statuses: int) -> Iterator[int]:
        """Each status, with each of the headers."""
        self.content = content
        for self.status, self.headers in itertools.product(statuses, HEADERS):
            yield self.status


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def hubspot(server: Server) -> Iterator[HubSpot]:
    """A client of each test's own: so many requests of one would wait for the budget."""
    own = httpx2.Client(transport=httpx2.MockTransport(server))
    with HubSpot(token="t", http_client=own) as client:
        yield client


@pytest.mark.parametrize("body", BODIES)
def test_one_request(server: Server, hubspot: HubSpot, body: str) -> None:
    for status in server.answers(BODIES[body], 200, 207, 302, 400, 599):
        said = ""
        try:
            hubspot.contacts.post_batch_create(inputs=INPUTS)
        except SDKError as error:
            said = str(error)
        assert said.isprintable()
        assert said or status < 300


@pytest.mark.parametrize("body", BODIES)
def test_a_batch(server: Server, hubspot: HubSpot, body: str) -> None:
    for status in server.answers(BODIES[body], 200, 207, 400):
        result = hubspot.contacts.batch_create(INPUTS)
        assert [outcome.input for outcome in result.outcomes] == INPUTS
        assert not result.succeeded or status < 300
