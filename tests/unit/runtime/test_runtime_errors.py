"""The tree of errors: what each one says, keeps, and survives."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import httpx2
import pytest
from _runtime import (
    AmbiguousAnswerError,
    AuthenticationError,
    BatchFailedError,
    CallStoppedError,
    ConflictError,
    ConnectionFailedError,
    CredentialError,
    DeadlineError,
    DecodingError,
    ErrorFields,
    Finding,
    InputRejectedError,
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
from _runtime.errors import status_error
from sample_api import ERROR_FIELDS, Driver, Recorder

HEADERS = httpx2.Headers({"X-Correlation-Id": "c-1", "Content-Type": "text/plain"})
ANSWER: dict[str, Any] = {
    "status": 409,
    "category": "CONFLICT",
    "correlation_id": "c-1",
    "body": {"message": "exists", "context": {"id": ["7"]}},
    "headers": HEADERS,
    "content": b'{"message": "exists"}',
    "request": "POST /x",
}
TRANSPORT: dict[str, Any] = {
    "delivered": True,
    "status": 200,
    "correlation_id": "c-1",
    "headers": HEADERS,
    "content": b"par",
    "request": "POST /x",
}
FINDINGS = (Finding(index=3, field="inputs[3].id", message="is required"),)

ONE_OF_EACH: list[SDKError] = [
    SDKError("m", **ANSWER),
    CredentialError("no token"),
    InvalidInputError(findings=FINDINGS, request="POST /x"),
    TransportError("m", **TRANSPORT),
    ConnectionFailedError("m", delivered=False),
    ConnectionFailedError("m", **TRANSPORT),
    RequestTimeoutError("m", **TRANSPORT),
    DecodingError(
        "m",
        status=200,
        correlation_id="c-1",
        body=[1],
        headers=HEADERS,
        content=b"[1",
        request="POST /x",
        truncated=True,
    ),
    *(
        kind("m", **ANSWER)
        for kind in (
            StatusError,
            AuthenticationError,
            PermissionDeniedError,
            NotFoundError,
            ConflictError,
            RateLimitError,
            ValidationError,
            ServerError,
            InputRejectedError,
            AmbiguousAnswerError,
        )
    ),
    DeadlineError("m"),
    CallStoppedError("m", delivered=False),
]


def state(error: SDKError) -> dict[str, Any]:
    return {**vars(error), "args": error.args, "delivered": error.delivered}


def test_one_of_each_is_there() -> None:
    def below(kind: type[SDKError]) -> set[type[SDKError]]:
        return {kind}.union(*(below(each) for each in kind.__subclasses__()))

    # That one is made from a result, and is tested with results.
    assert {type(error) for error in ONE_OF_EACH} == below(SDKError) - {
        BatchFailedError
    }


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=lambda e: type(e).__name__)
def test_errors_survive_copying_with_everything(error: SDKError) -> None:
    for again in (
        pickle.loads(pickle.dumps(error)),
        copy.copy(error),
        copy.deepcopy(error),
    ):
        assert type(again) is type(error)
        assert state(again) == state(error)
        assert str(again) == str(error)


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=lambda e: type(e).__name__)
def test_every_error_has_every_attribute(error: SDKError) -> None:
    for name in ("status", "category", "correlation_id", "message", "body"):
        assert hasattr(error, name)
    bare = type(error)()
    assert (bare.status, bare.category, bare.correlation_id) == (None, None, None)
    assert (bare.body, bare.headers, bare.content) == (None, None, None)
    assert "\n" not in str(bare)


def test_an_error_reads_as_one_line() -> None:
    assert str(ConflictError("exists", **ANSWER)) == (
        "409 CONFLICT: exists (POST /x, correlation id c-1)"
    )
    assert str(NotFoundError(None, status=404)) == "404 Not Found"
    assert str(StatusError("odd", status=799)) == "799: odd"
    assert str(SDKError("a\n  b\t\x1b[31mc\u202e", status=500)) == (
        "500 Internal Server Error: a b \\x1b[31mc\\u202e"
    )


def test_no_builtin_is_shadowed() -> None:
    import builtins

    assert not [e for e in ONE_OF_EACH if hasattr(builtins, type(e).__name__)]


def test_findings_are_counted_where_there_are_many() -> None:
    findings = [
        Finding(index=i, field=f"inputs[{i}].id", message="is required")
        for i in range(8)
    ]
    error = InvalidInputError(findings=findings)

    assert isinstance(error, ValueError)
    assert error.findings == tuple(findings)
    assert str(error).startswith("nothing was sent: inputs[0].id: is required; ")
    assert str(error).endswith("inputs[4].id: is required; and 3 more")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ValidationError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (422, ValidationError),
        (429, RateLimitError),
        (414, StatusError),
        (423, StatusError),
        (477, StatusError),
        (500, ServerError),
        (503, ServerError),
        (524, ServerError),
        (304, StatusError),
        (600, StatusError),
    ],
)
def test_a_status_has_its_kind(
    status: int, kind: type[StatusError], driver: Driver
) -> None:
    body = {"message": "no", "category": "BAD", "correlationId": "c-9", "more": [1]}
    recorder = Recorder(status, json=body, headers={"Retry-After": "3"})

    with pytest.raises(SDKError) as caught:
        driver.call(lambda shop: shop.pets.update([]), transport=recorder.transport)

    error = caught.value
    assert type(error) is kind
    assert (error.status, error.category, error.message) == (status, "BAD", "no")
    assert error.correlation_id == "c-9"
    assert error.body == body
    assert error.headers is not None
    assert error.headers["retry-after"] == "3"
    assert json.loads(error.content or b"") == body
    assert error.request == "POST /update"
    assert error.delivered is True


def error_for(body: object, fields: ErrorFields = ERROR_FIELDS) -> StatusError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return status_error(400, HEADERS, content, fields=fields)


def test_the_correlation_id_is_found_in_the_header_too() -> None:
    assert error_for({"message": "no"}).correlation_id == "c-1"
    assert error_for({}, ErrorFields()).correlation_id is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"detail": "d", "title": "t"}, "d"),
        ({"title": "t"}, "t"),
        ({"message": "m", "title": "t"}, "m"),
        ({"error": {"message": "deep"}}, "deep"),
        ({"error": "flat"}, "flat"),
        ({"message": {"a": 1}}, None),
        ({"message": ""}, None),
        ({"message": 5}, "5"),
        ({"message": True}, None),
        ([1, 2], None),
        ("text", None),
        (None, None),
        (b"plain words", "plain words"),
        (b"<html><body>Bad gateway</body></html>", None),
        (b"\xff\xfe{", "\ufffd\ufffd{"),
        (b'{"message": "\xff"}', '{"message": "\ufffd"}'),
        (b"", None),
        (b"[" * 100_000, "[" * 300),
    ],
)
def test_a_message_is_found_without_being_told(
    body: object, message: str | None
) -> None:
    assert error_for(body, ErrorFields()).message == message


def test_dotted_paths_lead_into_a_body() -> None:
    fields = ErrorFields(
        message="error.text", category="error.code", correlation_id="trace.id"
    )
    error = error_for(
        {"error": {"text": "no", "code": 17}, "trace": {"id": "t"}}, fields
    )

    assert (error.message, error.category, error.correlation_id) == ("no", "17", "t")
    assert error_for({"error": "no"}, fields).message == "no"
    assert error_for({"error": "no"}, fields).category is None
