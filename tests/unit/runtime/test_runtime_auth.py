"""Credentials: where they come from, where they go, and where they never show."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import traceback
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from _runtime import ApiKey, Basic, Bearer, CredentialError, SDKError
from _runtime.auth import Credential, Secret
from sample_api import (
    TOKEN,
    AsyncDriver,
    AsyncShop,
    Driver,
    Recorder,
    Shop,
    SyncDriver,
)


def placed(credential: Credential, url: str = "https://h/p?a=1") -> httpx2.Request:
    credential.check()
    request = httpx2.Request("GET", url, headers={"Cookie": "x=1"})
    credential.place(request, credential.resolve())
    return request


def problem(make: Callable[[], Credential]) -> str:
    with pytest.raises(CredentialError) as caught:
        make().check()
    assert caught.value.delivered is False
    return str(caught.value)


def bearer(value: object, environment: str | None = None) -> Bearer:
    return Bearer(value, argument="token", environment=environment)


def api_key(value: object, location: Any) -> ApiKey:
    return ApiKey(value, name="X-Key", location=location, argument="api_key")


def test_a_bearer_token_goes_into_its_header() -> None:
    assert placed(bearer("tok")).headers["Authorization"] == "Bearer tok"


def test_basic_goes_into_its_header() -> None:
    expected = "Basic " + b64encode("ü ser:pa:ss wörd ".encode()).decode()
    credential = Basic(("ü ser", "pa:ss wörd "), argument="login")

    assert placed(credential).headers["Authorization"] == expected


def test_an_api_key_goes_where_it_belongs() -> None:
    assert placed(api_key("k e", "header")).headers["X-Key"] == "k e"
    assert placed(api_key("k&=", "query")).url == "https://h/p?a=1&X-Key=k%26%3D"
    assert placed(api_key("ü", "query"), "https://h/p").url == (
        "https://h/p?X-Key=%C3%BC"
    )
    assert placed(api_key("k", "cookie")).headers["Cookie"] == "x=1; X-Key=k"


@pytest.mark.parametrize("text", ["tok\n", " tok\r\n", "\ttok "])
def test_space_around_a_token_is_not_part_of_it(text: str) -> None:
    assert placed(bearer(text)).headers["Authorization"] == "Bearer tok"
    assert placed(bearer(lambda: text)).headers["Authorization"] == "Bearer tok"
    assert placed(api_key(text, "header")).headers["X-Key"] == "tok"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "token is empty"),
        (" \n", "token is empty"),
        ("5ecr3t\nX: y", "token holds spaces, control characters or characters beyond"),
        ("5ecr3t ü", "token holds spaces, control characters or characters beyond"),
        ("Bearer 5ecr3t", "token must be the token alone, without the word Bearer"),
        (5, "token must be a string, got int"),
        (b"5ecr3t", "token must be a string, got bytes"),
        (("5ecr3t",), "token must be a string, got tuple"),
    ],
)
def test_a_token_that_cannot_be_sent_is_refused_unseen(
    value: object, message: str
) -> None:
    def refusal(credential: Bearer) -> CredentialError:
        # A frame without the value, such as the generated client's is.
        with pytest.raises(CredentialError) as caught:
            credential.check()
            credential.resolve()
        return caught.value

    for given in (value, lambda: value):
        error = refusal(bearer(given))
        assert str(error).startswith(message)
        assert_hidden("5ecr3t", error)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("user:pass", "login must be a pair of strings"),
        (("user",), "login must be a pair of strings"),
        (("user", None), "login must be a pair of strings"),
        (("us:er", "p"), "login has a user name with a colon"),
        (("user", "p\n"), "login holds control characters"),
    ],
)
def test_a_login_that_cannot_be_sent_is_refused(value: object, message: str) -> None:
    found = problem(lambda: Basic(value, argument="login"))
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("location", "value", "message"),
    [
        ("header", "k\nx", "api_key holds control characters or characters beyond"),
        ("header", "kü", "api_key holds control characters or characters beyond"),
        ("cookie", "k;x", "api_key holds characters that a cookie cannot carry"),
        ("query", "k\x00", "api_key holds control characters"),
    ],
)
def test_a_key_that_cannot_be_sent_is_refused(
    location: str, value: str, message: str
) -> None:
    assert problem(lambda: api_key(value, location)).startswith(message)


def test_what_is_not_given_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "first\n")
    credential = bearer(None, "SHOP_TOKEN")
    monkeypatch.setenv("SHOP_TOKEN", "second")

    assert placed(credential).headers["Authorization"] == "Bearer first"
    given = bearer("given", "SHOP_TOKEN")
    assert placed(given).headers["Authorization"] == "Bearer given"

    monkeypatch.setenv("SHOP_LOGIN", "me:pa:ss\n")
    login = Basic(None, argument="login", environment="SHOP_LOGIN")
    assert login.resolve().reveal() == ("me", "pa:ss")
    monkeypatch.setenv("SHOP_LOGIN", "me")
    assert "pair of strings" in problem(
        lambda: Basic(None, argument="login", environment="SHOP_LOGIN")
    )


@pytest.mark.parametrize("value", [None, "", " "])
def test_a_missing_credential_names_the_ways_to_give_it(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("SHOP_TOKEN", value)

    assert problem(lambda: bearer(None, "SHOP_TOKEN")) == (
        "no token: pass token= or set the environment variable SHOP_TOKEN"
    )
    assert problem(lambda: bearer(None)) == "no token: pass token="
    assert not bearer(None).is_given
    bearer("tok").check()
    Bearer(None, argument="token", required=False).check()


def test_a_client_without_its_credential_cannot_be_made(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_TOKEN", raising=False)

    with pytest.raises(CredentialError, match="variable SHOP_TOKEN"):
        driver.client(None)


def test_a_callable_is_asked_before_every_request(driver: Driver) -> None:
    tokens = iter(["one", "two"])
    recorder = Recorder()
    client = driver.client(lambda: next(tokens), transport=recorder.transport)

    for _ in range(2):
        driver.run(client, lambda shop: shop.pets.update([]))

    sent = [request.headers["Authorization"] for request in recorder.requests]
    assert sent == ["Bearer one", "Bearer two"]


def test_an_async_callable_is_awaited() -> None:
    async def renew() -> str:
        await asyncio.sleep(0)
        return "renewed"

    recorder = Recorder()
    AsyncDriver().call(
        lambda shop: shop.pets.update([]), token=renew, transport=recorder.transport
    )

    assert recorder.request.headers["Authorization"] == "Bearer renewed"


@pytest.mark.filterwarnings("error")
def test_an_async_callable_is_refused_by_the_sync_client() -> None:
    async def renew() -> str:
        return "never"

    recorder = Recorder()
    with pytest.raises(CredentialError, match="only the async client can use"):
        SyncDriver().call(
            lambda shop: shop.pets.update([]),
            token=renew,
            transport=recorder.transport,
        )
    assert recorder.requests == []


def test_an_error_in_a_callable_is_the_callers(driver: Driver) -> None:
    def renew() -> str:
        raise httpx2.ConnectError("the identity provider is away")

    with pytest.raises(httpx2.ConnectError, match="identity provider"):
        driver.call(lambda shop: shop.pets.update([]), token=renew)


def test_operations_say_which_credentials_they_take(driver: Driver) -> None:
    def sent(call: Callable[[Any], Any], status: int, **options: Any) -> Any:
        recorder = Recorder(status, content=b"")
        client = driver.client(transport=recorder.transport, **options)
        driver.run(client, call)
        return recorder.request

    # One of several, or nothing where the caller has none.
    request = sent(lambda shop: shop.pets.download(), 200, api_key="k3y")
    assert "Authorization" not in request.headers
    assert request.url.query == b"key=k3y"
    request = sent(lambda shop: shop.pets.download(), 200)
    assert "Authorization" not in request.headers
    assert request.url.query == b""
    # None at all, whatever the caller has.
    request = sent(lambda shop: shop.pets.note("x"), 200, api_key="k3y")
    assert "Authorization" not in request.headers
    assert request.url.query == b""
    # Two together.
    request = sent(lambda shop: shop.pets.signed(), 204, api_key="k3y")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.url.query == b"key=k3y"
    # All there are, where nothing is said.
    request = sent(lambda shop: shop.pets.archive([]), 204, api_key="k3y")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.url.query == b"key=k3y"


def test_a_call_without_the_credential_it_needs_is_refused(driver: Driver) -> None:
    recorder = Recorder(204, content=b"")
    with pytest.raises(CredentialError) as caught:
        driver.call(lambda shop: shop.pets.signed(), transport=recorder.transport)

    assert str(caught.value).startswith("DELETE /signed needs a credential: pass token")
    assert "pass api_key=" in str(caught.value)
    assert recorder.requests == []


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret("5ecr3t")

    assert secret.reveal() == "5ecr3t"
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]}"):
        assert "5ecr3t" not in shown
    assert copy.copy(secret) is secret
    assert copy.deepcopy(secret) is secret
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(secret)


def rendered(error: BaseException) -> str:
    """A traceback as tools print it that show local variables."""
    return "".join(
        traceback.TracebackException.from_exception(error, capture_locals=True).format()
    )


def shown(error: BaseException) -> str:
    """All that can be got out of an error without asking a secret."""
    parts = [rendered(error), repr(error), str(error), repr(vars(error))]
    for other in (error.__cause__, error.__context__):
        if other is not None:
            parts.append(shown(other))
    return "".join(parts)


def assert_hidden(secret: str, error: BaseException) -> None:
    # In a frame of its own: pytest keeps the parts of an assertion as variables.
    assert secret not in shown(error)


def raising(error: Exception) -> httpx2.MockTransport:
    def handle(request: httpx2.Request) -> httpx2.Response:
        error.request = request  # type: ignore[attr-defined]
        raise error

    return httpx2.MockTransport(handle)


FAILING: dict[str, Callable[[], httpx2.MockTransport]] = {
    "refused": lambda: raising(httpx2.ConnectError("refused")),
    "reset": lambda: raising(httpx2.ReadError("reset")),
    "timeout": lambda: raising(httpx2.ReadTimeout("slow")),
    "malformed": lambda: raising(
        httpx2.LocalProtocolError(f"Illegal header value b'Bearer {TOKEN}'")
    ),
    "bug": lambda: raising(ZeroDivisionError("a bug in the transport")),
    "401": lambda: Recorder(401, json={"message": "no"}).transport,
    "302": lambda: Recorder(
        302, headers={"Location": "https://evil.example/"}
    ).transport,
    "undecodable": lambda: Recorder(200, content=b"<html>").transport,
    "good": lambda: Recorder().transport,
}


@pytest.mark.parametrize("failing", FAILING)
def test_the_token_shows_nowhere(
    failing: str, driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def call() -> None:
        # The token is not a variable of this frame: that one would be the caller's.
        client = driver.client(transport=FAILING[failing]())
        assert TOKEN not in f"{client!r}{client.pets!r}{vars(client)!r}"
        driver.run(client, lambda shop: shop.pets.update([{"id": "1"}][:0]))

    if failing == "good":
        call()
    else:
        with pytest.raises(Exception) as caught:
            call()
        assert_hidden(TOKEN, caught.value)
        assert "httpx2" not in "".join(
            type(each).__module__
            for each in (caught.value.__cause__, caught.value.__context__)
        )
    assert caplog.records or failing != "good"
    for record in caplog.records:
        assert TOKEN not in f"{record.getMessage()}{vars(record)!r}"


@pytest.mark.parametrize("kind", [Shop, AsyncShop])
@pytest.mark.parametrize(
    "options", [{"base_url": "nowhere"}, {"timeout": -1}, {"headers": {"a b": "c"}}]
)
def test_a_token_is_not_shown_when_a_client_cannot_be_made(
    kind: Any, options: dict[str, Any]
) -> None:
    with pytest.raises(ValueError) as caught:
        kind(TOKEN, **options)
    assert_hidden(TOKEN, caught.value)


def test_an_interrupt_does_not_show_the_token(driver: Driver) -> None:
    def interrupt(request: httpx2.Request) -> httpx2.Response:
        headers = request.headers.raw
        assert (b"Authorization", f"Bearer {TOKEN}".encode()) in headers
        del headers
        raise KeyboardInterrupt

    client = driver.client(transport=httpx2.MockTransport(interrupt))
    with pytest.raises(KeyboardInterrupt) as caught:
        driver.run(client, lambda shop: shop.pets.update([]))

    text = shown(caught.value)
    assert TOKEN not in text
    assert "in interrupt" in text
    assert "httpx2/_client.py" not in text


@pytest.mark.parametrize("failing", ["refused", "timeout", "401", "undecodable"])
def test_a_key_in_the_query_is_not_shown_in_errors(
    failing: str, driver: Driver
) -> None:
    client = driver.client(api_key="k3y-5ecr3t", transport=FAILING[failing]())
    with pytest.raises(SDKError) as caught:
        driver.run(client, lambda shop: shop.pets.update([]))

    assert_hidden("5ecr3t", caught.value)
