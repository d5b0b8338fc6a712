"""What is no success raises an error of one short tree, with all that is known."""

from __future__ import annotations

import copy
import pickle
import socket
from typing import Any

import httpx2
import pytest

from hubspot_batch import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    CredentialError,
    DecodingError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    SDKError,
    ServerError,
    StatusError,
    TransportError,
    ValidationError,
)
from sdk.samples import UPDATE_PATH, envelope, update
from support.hubspot import Driver
from support.server import Answer, RecordingServer

REFUSAL = {
    "status": "error",
    "message": "Something is not as it should be",
    "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
    "category": "SOME_CATEGORY",
    "context": {"existingId": ["512"]},
    "links": {"help": "https://example.com"},
}
STATUSES: list[tuple[int, type[StatusError]]] = [
    (300, StatusError),
    (304, StatusError),
    (400, ValidationError),
    (401, AuthenticationError),
    (403, PermissionDeniedError),
    (404, NotFoundError),
    (405, StatusError),
    (409, ConflictError),
    (414, StatusError),
    (422, ValidationError),
    (423, StatusError),
    (429, RateLimitError),
    (477, StatusError),
    (500, ServerError),
    (502, ServerError),
    (503, ServerError),
    (504, ServerError),
    (521, ServerError),
    (523, ServerError),
    (524, ServerError),
]


def raised(server: RecordingServer, driver: Driver, answer: Answer) -> StatusError:
    server.tell(answer)
    with pytest.raises(StatusError) as caught:
        driver.call(update, base_url=server.url)
    assert len(server.received) == 1
    return caught.value


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_a_status_has_its_class(
    status: int, kind: type[StatusError], server: RecordingServer, driver: Driver
) -> None:
    # HTTP has no body with these.
    body = None if status == 304 else REFUSAL
    headers = {"X-HubSpot-Correlation-Id": "from-the-header", "Retry-After": "3"}
    error = raised(server, driver, Answer(status=status, body=body, headers=headers))

    assert type(error) is kind
    assert isinstance(error, SDKError)
    assert error.status == status
    assert error.headers is not None
    assert error.headers["retry-after"] == "3"
    assert error.request == f"POST {UPDATE_PATH}"
    assert error.delivered is True
    if body is None:
        assert error.correlation_id == "from-the-header"
        assert error.body is error.message is error.category is None
        return
    assert error.message == "Something is not as it should be"
    assert error.category == "SOME_CATEGORY"
    assert error.correlation_id == "aeb5f871-7f07-4993-9211-075dc63e7cbf"
    assert error.body == REFUSAL
    assert error.content == Answer(body=REFUSAL).content
    assert str(error) == (
        f"{status} SOME_CATEGORY: Something is not as it should be"
        f" (POST {UPDATE_PATH},"
        " correlation id aeb5f871-7f07-4993-9211-075dc63e7cbf)"
    )


def test_the_tree_is_short() -> None:
    for kind in {kind for _, kind in STATUSES}:
        assert issubclass(kind, StatusError)
    for lost in (ConnectionFailedError, RequestTimeoutError):
        assert issubclass(lost, TransportError)
    for other in (CredentialError, DecodingError, InvalidInputError):
        assert issubclass(other, SDKError)
        assert not issubclass(other, (StatusError, TransportError))
    assert issubclass(StatusError, SDKError)
    assert issubclass(TransportError, SDKError)
    assert not issubclass(ValidationError, ValueError)


def test_the_correlation_id_may_be_in_the_header_alone(
    server: RecordingServer, driver: Driver
) -> None:
    body = {"message": "m"}
    headers = {"X-HubSpot-Correlation-Id": "from-the-header"}
    error = raised(server, driver, Answer(status=400, body=body, headers=headers))
    assert error.correlation_id == "from-the-header"
    assert error.category is None


def test_a_429_may_have_a_form_of_its_own(
    server: RecordingServer, driver: Driver
) -> None:
    body = {
        "status": "error",
        "message": "You have reached your secondly limit.",
        "errorType": "RATE_LIMIT",
        "policyName": "SECONDLY",
        "requestId": "4d54",
    }
    error = raised(server, driver, Answer(status=429, body=body))
    assert type(error) is RateLimitError
    assert error.message == "You have reached your secondly limit."
    assert error.category is error.correlation_id is None
    assert isinstance(error.body, dict)
    assert error.body["policyName"] == "SECONDLY"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", None),
        (b"{}", None),
        (b"[1, 2]", None),
        (b'{"message": {"text": "x"}, "category": 7}', None),
        (b"<html>\n<h1>502 Bad Gateway</h1></html>", None),
        (b"upstream went away", "upstream went away"),
        (b"\xff\x00", "\ufffd\x00"),
        (b"[" * 100_000, ("[" * 100_000)[:300]),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_any_body_makes_an_error(
    content: bytes, message: str | None, server: RecordingServer, driver: Driver
) -> None:
    error = raised(server, driver, Answer(status=502, body=content))
    assert type(error) is ServerError
    assert error.content == content
    assert error.message == message
    assert str(error).startswith("502 ")
    assert str(error).isprintable()


def test_a_refusal_that_breaks_off_is_still_a_refusal(
    server: RecordingServer, driver: Driver
) -> None:
    error = raised(server, driver, Answer(status=400, body=REFUSAL, sent=25))
    assert type(error) is ValidationError
    assert error.content == Answer(body=REFUSAL).content[:25]


def test_no_connection(driver: Driver) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ConnectionFailedError) as caught:
            driver.call(update, base_url=url)
    assert caught.value.delivered is False
    assert caught.value.status is None
    assert url in str(caught.value)


def test_a_connection_that_breaks_before_an_answer(
    server: RecordingServer, driver: Driver
) -> None:
    server.tell(Answer(sent=-1))
    with pytest.raises(ConnectionFailedError) as caught:
        driver.call(update, base_url=server.url)
    # Nobody can tell whether the write has happened.
    assert caught.value.delivered is None
    assert len(server.received) == 1


def test_no_answer_in_time(server: RecordingServer, driver: Driver) -> None:
    server.tell(Answer(body=envelope(), delay=30))
    with pytest.raises(RequestTimeoutError) as caught:
        driver.call(update, base_url=server.url, timeout=httpx2.Timeout(20, read=0.1))
    assert caught.value.delivered is None
    assert caught.value.request == f"POST {UPDATE_PATH}"


@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(status=status, body=REFUSAL) for status, _ in STATUSES[2:]),
        Answer(status=200, body=b"?"),
        Answer(status=200, body=envelope(), sent=3),
        Answer(sent=-1),
        Answer(delay=30),
    ],
    ids=lambda answer: f"{answer.status}-{answer.sent}",
)
def test_every_error_survives_pickling(
    answer: Answer, server: RecordingServer, driver: Driver
) -> None:
    server.tell(answer)
    with pytest.raises(SDKError) as caught:
        driver.call(update, base_url=server.url, timeout=0.2 if answer.delay else 20)
    assert_survives(caught.value)


def test_errors_about_what_was_given_survive_pickling(driver: Driver) -> None:
    with pytest.raises(InvalidInputError) as invalid:
        driver.call(lambda hubspot: hubspot.deals.post_batch_update([{"id": 1}]))
    assert_survives(invalid.value)
    assert invalid.value.findings
    with pytest.raises(CredentialError) as missing:
        driver.call(update, token=None)
    assert_survives(missing.value)


def assert_survives(error: SDKError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert vars(again) == vars(error)
        assert str(again) == str(error)
        assert again.args == error.args


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("follows", [False, True], ids=["own", "following"])
def test_a_redirect_is_not_followed(
    status: int, follows: bool, server: RecordingServer, driver: Driver
) -> None:
    with RecordingServer() as other:
        target = f"{other.url}/crm/v3/objects/0-3/batch/update"
        server.tell(Answer(status=status, headers={"Location": target}))
        other.tell(Answer(body=envelope()))
        options: dict[str, Any] = {"base_url": server.url}
        with driver.own(follow_redirects=True) as http:
            if follows:
                options["http_client"] = http
            with pytest.raises(StatusError) as caught:
                driver.call(update, **options)
        assert other.received == []
    assert len(server.received) == 1
    assert caught.value.status == status
    assert target in str(caught.value)
    assert "redirect" in str(caught.value)


def test_an_error_of_the_caller_s_own_transport_passes(driver: Driver) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        driver.call(update, transport=httpx2.MockTransport(fail))
