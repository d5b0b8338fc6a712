"""Operations without any I/O: what a call sends, and what an answer means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from _runtime import (
    UNSET,
    DecodingError,
    InvalidInputError,
    Operation,
    ServerError,
    StatusError,
)
from _runtime.operation import Answer
from sample_api import (
    ARCHIVE,
    DOWNLOAD,
    ERROR_FIELDS,
    NOTE,
    PATCH,
    READ,
    UPDATE,
    Batch,
    Cat,
    Dog,
    RecordId,
    Status,
    UpdateInput,
)


def answer(
    status: int,
    content: bytes = b"",
    *,
    headers: Mapping[str, str] | None = None,
    broken: str | None = None,
) -> Answer:
    return Answer(
        status=status,
        headers=httpx2.Headers(headers),
        content=content,
        broken=broken,
    )


def test_a_call_becomes_a_request() -> None:
    prepared = PATCH.prepare(
        arguments={"pet_id": 7, "limit": 5, "if_match": '"v1"', "session": "s"},
        body={"name": None},
        headers={"X-Mine": "yes"},
    )

    assert (prepared.method, prepared.path) == ("PATCH", "/pets/7")
    assert prepared.query == "limit=5"
    assert prepared.content == b'{"name":null}'
    assert dict(prepared.headers) == {
        "Accept": "application/json",
        "Content-Type": "application/merge-patch+json",
        "If-Match": '"v1"',
        "Cookie": "session=s",
        "X-Mine": "yes",
    }
    assert str(prepared) == "PATCH /pets/7"
    assert "null" not in repr(prepared)


def test_fields_become_a_body() -> None:
    prepared = READ.prepare(
        arguments={"object_type": "2-34/56", "archived": True},
        fields={"inputs": ["1"], "properties": UNSET, "id_property": "email"},
    )

    assert (prepared.path, prepared.query) == (
        "/objects/2-34%2F56/batch/read",
        "archived=true",
    )
    assert json.loads(prepared.content or b"") == {
        "inputs": [{"id": "1"}],
        "idProperty": "email",
    }


def test_a_body_may_be_left_out_only_where_it_is_optional() -> None:
    prepared = PATCH.prepare(arguments={"pet_id": 1})
    assert prepared.content is None
    assert "Content-Type" not in dict(prepared.headers)

    with pytest.raises(InvalidInputError, match="body: is required"):
        UPDATE.prepare()
    with pytest.raises(InvalidInputError, match="inputs: is required"):
        UPDATE.prepare(fields={})

    optional: Operation[None] = Operation(
        method="POST",
        path="/x",
        body=dict[str, int],
        body_required=False,
        responses={204: None},
    )
    assert optional.prepare(fields={"a": UNSET}).content is None


def test_a_body_of_text_is_sent_as_it_is() -> None:
    prepared = NOTE.prepare(body="grüße")

    assert prepared.content == "grüße".encode()
    assert prepared.headers == (
        ("Accept", "text/plain"),
        ("Content-Type", "text/plain"),
    )
    with pytest.raises(InvalidInputError, match="body: expected str, got int"):
        NOTE.prepare(body=5)


def test_everything_wrong_with_a_call_is_said_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        PATCH.prepare(
            arguments={"pet_id": "", "session": "a", "if_match": "a\nb"},
            body={"name": 5},
            headers={"Content-Length": "1", "bad name": "x", "N": 5},  # type: ignore[dict-item]
        )

    assert [str(each) for each in caught.value.findings] == [
        "pet_id: must not be empty: it is part of the path",
        "if_match: must not hold line breaks or other control characters",
        "body.name: expected str, got int",
        "headers['Content-Length']: is set by the client",
        "headers['bad name']: is not the name of a header",
        "headers['N']: expected str, got int",
    ]
    assert caught.value.request == "PATCH /pets/{petId}"


def test_headers_of_a_call_come_last() -> None:
    prepared = UPDATE.prepare(
        fields={"inputs": []},
        headers={"accept": "application/vnd.x+json", "X-Both": "1"},
    )

    assert prepared.headers == (
        ("accept", "application/vnd.x+json"),
        ("Content-Type", "application/json"),
        ("X-Both", "1"),
    )


EXACT = Batch(status=Status.COMPLETE)
SHAPES: dict[int | str, Any] = {200: Batch, "2XX": Cat, 201: RecordId, "default": Dog}


CASES: list[tuple[dict[int | str, Any], int, bytes, object]] = [
    # The exact status, its range, the default for any.
    (SHAPES, 200, b'{"status":"COMPLETE","id":"1","kind":"k"}', EXACT),
    (SHAPES, 201, b'{"status":"COMPLETE","id":"1"}', RecordId(id="1")),
    (SHAPES, 207, b'{"status":"COMPLETE","kind":"k"}', Cat(kind="k")),
    ({200: Batch, "default": Cat}, 202, b'{"kind":"k"}', Cat(kind="k")),
    # What does not fit there may fit elsewhere.
    (SHAPES, 207, b'{"status":"COMPLETE"}', EXACT),
    (SHAPES, 200, b'{"id":"1"}', RecordId(id="1")),
    ({200: Batch}, 201, b'{"status":"COMPLETE"}', EXACT),
    ({201: Batch, 207: Cat}, 200, b'{"kind":"k"}', Cat(kind="k")),
    ({200: Batch, 204: None}, 202, b'{"status":"COMPLETE"}', EXACT),
    # No body where none is declared.
    ({204: None}, 204, b"", None),
    ({204: None}, 200, b'{"status":"COMPLETE"}', None),
    ({204: None}, 202, b"<not json>", None),
    ({200: Batch, 204: None}, 204, b"", None),
    ({200: Batch, 204: None}, 200, b"", None),
    ({200: Batch, 204: None}, 204, b"junk", None),
    ({}, 200, b"junk", None),
    ({"default": None}, 200, b"junk", None),
]


@pytest.mark.parametrize(("responses", "status", "content", "expected"), CASES)
def test_a_success_is_read_by_the_shape_that_fits(
    responses: dict[int | str, Any], status: int, content: bytes, expected: object
) -> None:
    operation: Operation[Any] = Operation(method="GET", path="/", responses=responses)

    assert operation.read(answer(status, content)) == expected


@pytest.mark.parametrize(
    ("status", "content", "reason"),
    [
        (200, b"{", "JSON is malformed|truncated"),
        (200, b"", "it is empty"),
        (204, b"", "it is empty"),
        (207, b'{"ok":true}', "missing required field `status`"),
        (200, b'[{"status":"a"}]', "got `array`"),
        (200, b"<html>", "malformed"),
        (200, b'{"status":"\xff"}', "utf-8|UTF-8"),
        (200, b'{"status":"a","results":' + b"[" * 200_000, "nested too deeply|array"),
    ],
)
def test_a_success_that_no_shape_fits_keeps_everything(
    status: int, content: bytes, reason: str
) -> None:
    headers = {"X-Correlation-Id": "c-7", "Content-Type": "application/json"}
    with pytest.raises(DecodingError, match=reason) as caught:
        UPDATE.read(
            answer(status, content, headers=headers),
            error_fields=ERROR_FIELDS,
            request="POST /update",
        )

    error = caught.value
    assert (error.status, error.content) == (status, content)
    assert error.headers == httpx2.Headers(headers)
    assert (error.correlation_id, error.request) == ("c-7", "POST /update")
    assert error.delivered is True
    assert error.truncated is False
    assert error.__context__ is None
    assert str(error).startswith(f"{status} ")


@pytest.mark.parametrize(
    ("content", "status", "results"),
    [
        (b'{"results":[]}', UNSET, []),
        (b'{"status":5}', 5, UNSET),
        (b'{"status":null,"results":[]}', UNSET, []),
    ],
)
def test_a_success_is_read_as_far_as_it_goes(
    content: bytes, status: object, results: object
) -> None:
    batch = UPDATE.read(answer(207, content))
    assert isinstance(batch, Batch)
    assert (batch.status, batch.results) == (status, results)


def test_a_success_that_broke_off_is_said_to() -> None:
    whole_by_chance = b'{"status":"COMPLETE"}'
    with pytest.raises(DecodingError, match="broke off: ReadError: gone") as caught:
        UPDATE.read(answer(200, whole_by_chance, broken="ReadError: gone"))

    assert caught.value.truncated is True
    assert caught.value.content == whole_by_chance
    # Where nothing is read nothing can be missing.
    ARCHIVE.read(answer(204, b"", broken="ReadError: gone"))


def test_an_error_that_broke_off_is_the_error_it_is() -> None:
    with pytest.raises(ServerError) as caught:
        UPDATE.read(answer(503, b'{"mess', broken="ReadError: gone"))

    assert caught.value.content == b'{"mess'
    assert caught.value.body is None


def test_a_body_that_is_no_json_is_returned_as_it_is() -> None:
    assert DOWNLOAD.read(answer(200, b"\x00\xff")) == b"\x00\xff"
    assert DOWNLOAD.read(answer(200, b"")) == b""
    assert NOTE.read(answer(200, "grüße".encode())) == "grüße"
    with pytest.raises(DecodingError, match="utf-8"):
        NOTE.read(answer(200, b"\xff"))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/plain; charset=iso-8859-1", b"gr\xfc\xdfe"),
        ('text/plain; charset="UTF-16"', "grüße".encode("utf-16")),
        ("text/plain; charset=of-tomorrow", "grüße".encode()),
    ],
)
def test_a_text_is_in_the_charset_that_is_said(kind: str, content: bytes) -> None:
    # The bytes were unpacked when they came.
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}

    assert NOTE.read(answer(200, content, headers=headers)) == "grüße"


def test_a_charset_that_is_none_costs_no_traceback() -> None:
    headers = {"Content-Type": "text/plain; charset=hex"}

    with pytest.raises(DecodingError, match="hex"):
        NOTE.read(answer(200, b"00", headers=headers))


@pytest.mark.parametrize("status", [101, 301, 302, 303, 307, 308])
def test_a_status_that_is_no_success_is_an_error(status: int) -> None:
    operation: Operation[Any] = Operation(
        method="GET", path="/", responses={200: Batch, status: None, "default": Batch}
    )
    location = "https://evil.example/new?key=5ecr3t#x"
    with pytest.raises(StatusError) as caught:
        operation.read(
            answer(status, b'{"status":"COMPLETE"}', headers={"Location": location})
        )

    assert type(caught.value) is StatusError
    assert caught.value.status == status
    if status > 300:
        assert "redirects to https://evil.example/new; redirects are not" in str(
            caught.value
        )
        assert "give its new address as base_url" in str(caught.value)
        assert "5ecr3t" not in str(caught.value)


def test_operations_are_values_that_do_not_change() -> None:
    with pytest.raises(AttributeError):
        UPDATE.path = "/elsewhere"  # type: ignore[misc]
    assert UPDATE != READ
    assert hash(UPDATE) == hash(UPDATE)


def test_models_in_a_body_are_not_changed() -> None:
    given = UpdateInput(id="1", properties={"a": "b"})
    UPDATE.prepare(fields={"inputs": [given]})

    assert given == UpdateInput(id="1", properties={"a": "b"})
