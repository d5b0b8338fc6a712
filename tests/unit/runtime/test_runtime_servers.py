"""Operations that are not where all others are."""

from __future__ import annotations

from typing import Any

import pytest
from _runtime import ConnectionFailedError, Operation
from runtime_server import Server, answer, serving
from sample_api import TOKEN, Driver

UPLOAD = "https://upload.test/v1"
OWN: Operation[None] = Operation(
    method="PUT", path="/file", responses={204: None}, server=UPLOAD
)
BESIDE: Operation[None] = Operation(
    method="PUT", path="/file", responses={204: None}, server="/v0", security=()
)


def call(driver: Driver, operation: Operation[None], **options: Any) -> None:
    driver.call(lambda shop: shop.pets._send(operation), servers=(UPLOAD,), **options)


def heads(server: Server) -> list[bytes]:
    return [request.partition(b"\r\n\r\n")[0] for request in server.requests]


def test_an_operation_goes_to_its_own_server(driver: Driver) -> None:
    good = answer(204, b"")
    with (
        serving(lambda c: c.sendall(good)) as usual,
        serving(lambda c: c.sendall(good)) as own,
    ):
        call(
            driver,
            OWN,
            base_url=usual.base_url,
            server_urls={UPLOAD: f"{own.base_url}/v2/"},
        )
    assert usual.requests == []
    (head,) = heads(own)
    assert head.startswith(b"PUT /v2/file HTTP/1.1\r\n")
    host = own.base_url.removeprefix("http://")
    assert f"\r\nHost: {host}\r\n".encode() in head
    assert f"Authorization: Bearer {TOKEN}".encode() in head


def test_a_relative_server_is_on_the_host_of_the_client(driver: Driver) -> None:
    with serving(lambda c: c.sendall(answer(204, b""))) as server:
        call(driver, BESIDE, base_url=f"{server.base_url}/v1/deep")
    (head,) = heads(server)
    assert head.startswith(b"PUT /v0/file HTTP/1.1\r\n")
    assert b"Authorization" not in head


def test_the_documented_server_counts_whatever_the_base_url(driver: Driver) -> None:
    with pytest.raises(ConnectionFailedError, match="no answer from https://upload"):
        call(driver, OWN, base_url="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("server_urls", "message"),
    [
        ({"https://other.test": "https://a.test"}, "no operation has the server"),
        ({UPLOAD: "a.test"}, "must begin with https:// or http://"),
    ],
)
def test_servers_are_checked_at_once(
    driver: Driver, server_urls: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        driver.client(servers=(UPLOAD,), server_urls=server_urls)
