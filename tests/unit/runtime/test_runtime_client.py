"""Clients over a transport that answers without a network."""

from __future__ import annotations

import importlib
import logging
import platform
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import _runtime
import httpx2
import pytest
from _runtime import InvalidInputError, NotFoundError, StatusError
from sample_api import (
    TOKEN,
    AsyncShop,
    Batch,
    Driver,
    Recorder,
    RecordId,
    Shop,
    Status,
)

ALL = {"status": "COMPLETE", "results": [{"id": "1", "new": True}]}


def no_inputs(shop: Any) -> Any:
    return shop.pets.update([])


def test_a_call_is_one_request_and_one_typed_answer(driver: Driver) -> None:
    recorder = Recorder(207, json=ALL)

    batch = driver.call(
        lambda shop: shop.pets.read(["1"], archived=False, headers={"X-Mine": "1"}),
        transport=recorder.transport,
        headers={"X-Ours": "2", "X-Mine": "2"},
    )

    assert batch == Batch(status=Status.COMPLETE, results=[RecordId(id="1")])
    request = recorder.request
    assert request.method == "POST"
    assert request.url == (
        "https://api.example.com/objects/pets/batch/read?archived=false"
    )
    assert request.content == b'{"inputs":[{"id":"1"}]}'
    assert dict(request.headers) == {
        "host": "api.example.com",
        "accept": "application/json",
        "accept-encoding": request.headers["accept-encoding"],
        "connection": "keep-alive",
        "content-length": "23",
        "content-type": "application/json",
        "authorization": f"Bearer {TOKEN}",
        "user-agent": (
            f"shop/1.2 httpx2/{httpx2.__version__} python/{platform.python_version()}"
        ),
        "x-mine": "1",
        "x-ours": "2",
    }


def test_every_kind_of_call(driver: Driver) -> None:
    recorder = Recorder(204, content=b"")
    assert (
        driver.call(lambda shop: shop.pets.archive(["1"]), transport=recorder.transport)
        is None
    )
    assert (
        driver.call(
            lambda shop: shop.pets.patch(3, {"name": "Ada"}, limit=5, session="s"),
            transport=recorder.transport,
        )
        is None
    )
    patch = recorder.requests[-1]
    assert (patch.method, patch.url.path, patch.url.query) == (
        "PATCH",
        "/pets/3",
        b"limit=5",
    )
    assert patch.headers["Content-Type"] == "application/merge-patch+json"
    assert patch.headers["Cookie"] == "session=s"
    assert (
        driver.call(lambda shop: shop.pets.patch(3), transport=recorder.transport)
        is None
    )
    assert recorder.requests[-1].content == b""
    assert "Content-Type" not in recorder.requests[-1].headers

    recorder = Recorder(200, content="grüße".encode())
    assert (
        driver.call(lambda shop: shop.pets.note("x"), transport=recorder.transport)
        == "grüße"
    )
    assert (
        driver.call(lambda shop: shop.pets.download(), transport=recorder.transport)
        == "grüße".encode()
    )


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://h", "https://h/update"),
        ("https://h/", "https://h/update"),
        ("https://h/a/b", "https://h/a/b/update"),
        ("https://h/a/b/", "https://h/a/b/update"),
        ("HTTP://H:8080/x%20y", "http://h:8080/x%20y/update"),
        ("http://[::1]:80/", "http://[::1]/update"),
    ],
)
def test_paths_are_put_behind_the_base_url(
    base_url: str, url: str, driver: Driver
) -> None:
    recorder = Recorder()
    driver.call(no_inputs, transport=recorder.transport, base_url=base_url)

    assert str(recorder.request.url) == url


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("", "must begin with https:// or http:// and a host"),
        ("api.example.com", "must begin with https:// or http:// and a host"),
        ("ftp://h", "must begin with https:// or http:// and a host"),
        ("https://", "must begin with https:// or http:// and a host"),
        ("https://u:p@h", "must not hold a user name or password"),
        ("https://h?x=1", "must not have a query or a fragment"),
        ("https://h#x", "must not have a query or a fragment"),
        ("https://h:port", "is no URL"),
        (None, "is no URL"),
    ],
)
def test_an_unusable_base_url_is_refused(
    base_url: str, message: str, driver: Driver
) -> None:
    with pytest.raises(ValueError, match=message):
        driver.client(base_url=base_url)


def timeouts(recorder: Recorder) -> dict[str, float]:
    found: dict[str, float] = recorder.requests[-1].extensions["timeout"]
    return found


def all_four(seconds: float | None) -> dict[str, float | None]:
    return dict.fromkeys(("connect", "read", "write", "pool"), seconds)


def test_a_timeout_is_sixty_seconds_unless_said_otherwise(driver: Driver) -> None:
    recorder = Recorder()
    client = driver.client(transport=recorder.transport)
    driver.run(client, no_inputs)
    assert timeouts(recorder) == all_four(60.0)
    driver.run(client, lambda shop: shop.pets.update([], timeout=2))
    assert timeouts(recorder) == all_four(2)
    driver.run(client, lambda shop: shop.pets.update([], timeout=None))
    assert timeouts(recorder) == all_four(None)
    driver.run(
        client,
        lambda shop: shop.pets.update([], timeout=httpx2.Timeout(5, connect=1)),
    )
    assert timeouts(recorder) == {**all_four(5), "connect": 1}
    driver.run(client, no_inputs)
    assert timeouts(recorder) == all_four(60.0)

    driver.call(no_inputs, transport=recorder.transport, timeout=7.5)
    assert timeouts(recorder) == all_four(7.5)
    driver.call(no_inputs, transport=recorder.transport, timeout=None)
    assert timeouts(recorder) == all_four(None)


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_has_to_be_above_zero(timeout: float, driver: Driver) -> None:
    recorder = Recorder()
    with pytest.raises(ValueError, match="timeout must be above zero"):
        driver.client(timeout=timeout)
    with pytest.raises(ValueError, match="timeout must be above zero"):
        driver.call(
            lambda shop: shop.pets.update([], timeout=timeout),
            transport=recorder.transport,
        )
    assert recorder.requests == []


def test_an_own_client_of_httpx2_is_used_and_stays_open(driver: Driver) -> None:
    recorder = Recorder()
    http = driver.http(
        transport=recorder.transport,
        headers={"X-Theirs": "1", "User-Agent": "theirs/1"},
        params={"tenant": "a b"},
        cookies={"session": "s"},
        timeout=3.0,
        follow_redirects=True,
        auth=("someone", "else"),
        base_url="https://elsewhere.example",
    )

    driver.call(lambda shop: shop.pets.read([], archived=True), http_client=http)

    assert not http.is_closed
    request = recorder.request
    assert request.url == (
        "https://api.example.com/objects/pets/batch/read?archived=true&tenant=a+b"
    )
    assert request.headers["X-Theirs"] == "1"
    assert request.headers["User-Agent"] == "theirs/1"
    assert request.headers["Cookie"] == "session=s"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert timeouts(recorder) == all_four(3.0)

    driver.call(no_inputs, http_client=http, timeout=4.0)
    assert timeouts(recorder) == all_four(4.0)
    # Where the API takes no credential, theirs is theirs.
    driver.call(lambda shop: shop.pets.note("x"), http_client=http)
    assert recorder.requests[-1].headers["Authorization"].startswith("Basic ")


def test_an_own_client_that_nobody_configured_gets_our_defaults(
    driver: Driver,
) -> None:
    recorder = Recorder()
    driver.call(no_inputs, http_client=driver.http(transport=recorder.transport))

    assert timeouts(recorder) == all_four(60.0)
    assert recorder.request.headers["User-Agent"].startswith("shop/1.2 httpx2/")


def test_a_redirect_is_not_followed_even_by_an_own_client(driver: Driver) -> None:
    recorder = Recorder(302, headers={"Location": "https://evil.example/"})
    http = driver.http(transport=recorder.transport, follow_redirects=True)

    with pytest.raises(StatusError, match=r"redirects to https://evil.example/;"):
        driver.call(no_inputs, http_client=http)
    assert recorder.request.url.host == "api.example.com"


def test_client_and_transport_exclude_each_other(driver: Driver) -> None:
    recorder = Recorder()
    with pytest.raises(ValueError, match="http_client or transport, not both"):
        driver.client(transport=recorder.transport, http_client=driver.http())


def test_a_closed_client_says_so(driver: Driver) -> None:
    recorder = Recorder()
    client = driver.client(transport=recorder.transport)
    driver.run(client, no_inputs)
    driver.run(client, lambda shop: shop.close())
    driver.run(client, lambda shop: shop.close())
    with pytest.raises(RuntimeError, match=r"this (Async)?Shop is closed; make a new"):
        driver.run(client, no_inputs)
    assert len(recorder.requests) == 1


def test_a_client_whose_own_client_was_closed_says_so(driver: Driver) -> None:
    recorder = Recorder()
    http = driver.http(transport=recorder.transport)
    client = driver.client(http_client=http)
    driver.run(http, lambda each: each.aclose() if is_async(each) else each.close())

    with pytest.raises(RuntimeError, match=r"this (Async)?Shop is closed; make a new"):
        driver.run(client, no_inputs)
    assert recorder.requests == []


def is_async(client: object) -> bool:
    return isinstance(client, httpx2.AsyncClient)


def test_closing_closes_the_connections(driver: Driver) -> None:
    class Transport(httpx2.MockTransport):
        closed = 0

        def close(self) -> None:
            self.closed += 1

        async def aclose(self) -> None:
            self.closed += 1

    transport = Transport(Recorder())
    client = driver.client(transport=transport)
    driver.run(client, lambda shop: shop.close())
    assert transport.closed == 1
    driver.call(no_inputs, transport=Transport(Recorder()))

    kept = Transport(Recorder())
    client = driver.client(http_client=driver.http(transport=kept))
    driver.run(client, no_inputs)
    driver.run(client, lambda shop: shop.close())
    assert kept.closed == 0
    with pytest.raises(RuntimeError, match="is closed; make a new"):
        driver.run(client, no_inputs)


def test_wrong_inputs_send_nothing(driver: Driver) -> None:
    recorder = Recorder()
    with pytest.raises(InvalidInputError) as caught:
        driver.call(
            lambda shop: shop.pets.update([{"id": "1", "propertys": {}}]),
            transport=recorder.transport,
        )

    assert recorder.requests == []
    assert caught.value.request == "POST /update"
    assert caught.value.findings[0].index == 0


def test_a_url_that_is_too_long_is_refused(driver: Driver) -> None:
    recorder = Recorder()
    with pytest.raises(InvalidInputError, match="URL too long"):
        driver.call(
            lambda shop: shop.pets.patch("x" * 70_000, {}),
            transport=recorder.transport,
        )
    assert recorder.requests == []


def test_headers_of_a_client_are_checked(driver: Driver) -> None:
    with pytest.raises(InvalidInputError, match=r"headers\['X'\]: must not hold line"):
        driver.client(headers={"X": "a\r\nY: b"})


def test_a_user_agent_of_ones_own_wins(driver: Driver) -> None:
    recorder = Recorder()
    driver.call(
        no_inputs, transport=recorder.transport, headers={"user-agent": "mine/1"}
    )

    assert recorder.request.headers["User-Agent"] == "mine/1"


def test_a_call_is_logged_in_one_line(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="_runtime")
    recorder = Recorder(headers={"X-Correlation-Id": "c-1"})
    driver.call(
        lambda shop: shop.pets.read([{"id": "5ecr3t"}], archived=True),
        transport=recorder.transport,
    )
    with pytest.raises(NotFoundError):
        driver.call(no_inputs, transport=Recorder(404).transport)
    with pytest.raises(_runtime.ConnectionFailedError):
        driver.call(no_inputs, transport=httpx2.MockTransport(refuse))

    ours = [record for record in caplog.records if record.name == "_runtime"]
    assert {record.levelname for record in ours} == {"INFO"}
    assert [re.sub(r"\d+ ms", "N ms", record.getMessage()) for record in ours] == [
        "POST /objects/pets/batch/read: 200 in N ms, correlation id c-1",
        "POST /update: 404 in N ms, correlation id -",
        "POST /update: ConnectionFailedError after N ms, correlation id -",
    ]
    assert "5ecr3t" not in caplog.text


def refuse(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused")


@pytest.mark.parametrize("client", [Shop, AsyncShop])
def test_clients_and_resources_say_what_they_are(client: Any) -> None:
    made = client(TOKEN)

    assert repr(made) == f"<{client.__name__} https://api.example.com>"
    assert repr(made.pets) == (
        f"<{type(made.pets).__name__} of <{client.__name__} https://api.example.com>>"
    )


def test_the_logger_has_the_name_of_the_package_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "vendored" / "acme"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    source = Path(_runtime.__file__).parent
    shutil.copytree(source, package / "_runtime")
    monkeypatch.syspath_prepend(tmp_path)

    core = importlib.import_module("vendored.acme._runtime.core")

    assert core._logger.name == "vendored.acme"
    # Without a handler of its own, Python would print to stderr.
    assert core._logger.handlers
    for name in [name for name in sys.modules if name.startswith("vendored")]:
        del sys.modules[name]
