"""The requests that a client makes: as httpx2 would, in fewer steps."""

from __future__ import annotations

import httpx2
import pytest
from _runtime.exchange import RequestBuilder
from _runtime.operation import PreparedRequest
from sample_api import AsyncDriver, Driver, Recorder

ANSWER = {"status": "COMPLETE", "results": []}
TIMEOUT = httpx2.Timeout(5.0)


def prepared(content: bytes | None, *headers: tuple[str, str]) -> PreparedRequest:
    return PreparedRequest(
        method="POST", path="/pets", headers=headers, content=content
    )


@pytest.mark.parametrize("content", [None, b"", b"{}", b"x" * 1000])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"headers": {"X-Own": "1", "accept": "text/plain"}},
        {"headers": {"Host": "other.example"}},
        {"headers": {"Transfer-Encoding": "chunked"}},
        {"headers": {"Content-Length": "7"}},
        {"cookies": {"session": "s"}},
        {"params": {"trial": "1"}},
    ],
)
def test_a_request_is_the_one_that_httpx2_makes(
    settings: dict[str, dict[str, str]], content: bytes | None
) -> None:
    http = httpx2.Client(**settings)  # type: ignore[arg-type]
    ours = (("User-Agent", "shop"), ("Content-Type", "application/json"))
    builder = RequestBuilder("https://shop.example/v1", ours[:1])

    for _ in range(2):
        built = builder.build(http, prepared(content, ours[1]), TIMEOUT)
        expected = http.build_request(
            "POST",
            "https://shop.example/v1/pets",
            headers=dict(ours),
            content=content,
            timeout=TIMEOUT,
        )
        assert built.method == expected.method
        assert built.url == expected.url
        assert built.headers == expected.headers
        assert built.content == expected.content
        assert built.extensions == expected.extensions


def test_what_changes_between_requests_is_seen() -> None:
    http = httpx2.Client()
    builder = RequestBuilder("https://shop.example", ())
    first = builder.build(http, prepared(b"1"), TIMEOUT)
    first.headers["Authorization"] = "Bearer secret"
    http.headers["X-Own"] = "later"

    second = builder.build(http, prepared(b"22", ("X-Call", "2")), TIMEOUT)
    third = builder.build(http, prepared(b"333"), TIMEOUT)

    assert [each.headers["Content-Length"] for each in (first, second, third)] == [
        "1",
        "2",
        "3",
    ]
    assert "X-Own" not in first.headers
    assert (second.headers["X-Own"], second.headers["X-Call"]) == ("later", "2")
    assert third.headers["X-Own"] == "later"
    assert "X-Call" not in third.headers
    assert "Authorization" not in third.headers


def test_a_body_that_a_hook_has_read_is_there_all_the_same(driver: Driver) -> None:
    seen: list[bytes] = []

    def read(response: httpx2.Response) -> None:
        seen.append(response.read())

    async def aread(response: httpx2.Response) -> None:
        seen.append(await response.aread())

    recorder = Recorder(200, json=ANSWER)
    hook = aread if isinstance(driver, AsyncDriver) else read

    batch = driver.call(
        lambda shop: shop.pets.read(["1"]),
        http={"transport": recorder.transport, "event_hooks": {"response": [hook]}},
    )

    assert batch.results == []
    assert seen == [httpx2.Response(200, json=ANSWER).content]
