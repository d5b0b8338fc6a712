"""An answer about a write that has happened is read, whatever is odd about it."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from typing import Any

import pytest

from hubspot_batch import (
    UNSET,
    BatchResponse,
    BatchStatus,
    CreateInput,
    DecodingError,
    HubSpot,
    PropertyVersion,
    Record,
    UpsertBatchResponse,
    UpsertInput,
)
from sdk.samples import RECORD, envelope, update
from support.hubspot import Driver
from support.server import Answer, RecordingServer

INPUT = CreateInput(properties={"dealname": "Roof"})


def answered(
    server: RecordingServer, driver: Driver, body: object, status: int = 200
) -> BatchResponse:
    server.tell(Answer(status=status, body=body))
    return driver.call(update, base_url=server.url)


@pytest.mark.parametrize("status", [200, 201, 202, 207, 299])
@pytest.mark.parametrize("operation", ["create", "read", "update", "upsert"])
def test_every_success_is_read(
    operation: str, status: int, server: RecordingServer, driver: Driver
) -> None:
    record = {**RECORD, "new": False}
    server.tell(Answer(status=status, body=envelope(record)))

    def call(hubspot: HubSpot) -> BatchResponse | UpsertBatchResponse:
        match operation:
            case "create":
                return hubspot.deals.post_batch_create([INPUT])
            case "read":
                return hubspot.deals.post_batch_read(["512"])
            case "upsert":
                return hubspot.deals.post_batch_upsert(
                    [UpsertInput(id="A", properties={})]
                )
        return update(hubspot)

    answer = driver.call(call, base_url=server.url)
    assert answer.status is BatchStatus.COMPLETE
    assert [each.id for each in answer.results] == ["512"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=204),
        Answer(status=200),
        Answer(status=202, body=b"accepted"),
        Answer(status=200, body={"status": "COMPLETE"}),
        Answer(status=204, headers={"Content-Type": "application/json"}),
    ],
)
def test_an_archive_succeeds_whatever_it_is_told(
    answer: Answer, server: RecordingServer, driver: Driver
) -> None:
    server.tell(answer)
    returned: object = driver.call(
        lambda hubspot: archive(hubspot), base_url=server.url
    )
    assert returned is None
    assert server.only.json == {"inputs": [{"id": "1"}]}


def archive(hubspot: HubSpot) -> object:
    # The async client's has to be awaited.
    method: Any = hubspot.deals.post_batch_archive
    return method(["1"])


def test_a_partial_failure_is_read(server: RecordingServer, driver: Driver) -> None:
    failures = [
        {
            "status": "error",
            "category": "VALIDATION_ERROR",
            "message": "Property values were not valid",
            "context": {"ids": ["7", "8"]},
            "errors": [
                {
                    "message": "12oo is no number",
                    "code": "INVALID_INTEGER",
                    "in": "amount",
                    "subCategory": "x",
                    "context": {"propertyName": ["amount"]},
                }
            ],
        },
        {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": "Not there",
            "context": {"objectWriteTraceId": ["549b1c2a9351"]},
            "subCategory": "crm.objects.NOT_FOUND",
            "id": "e-1",
            "links": {"help": "https://example.com"},
        },
    ]
    body = envelope(errors=failures, numErrors=3)
    answer = answered(server, driver, body, status=207)

    assert answer.num_errors == 3
    assert answer.errors is not UNSET
    first, second = answer.errors
    assert first.category == "VALIDATION_ERROR"
    assert first.message == "Property values were not valid"
    assert first.status == "error"
    assert first.context == {"ids": ["7", "8"]}
    assert first.errors is not UNSET
    [detail] = first.errors
    assert (detail.code, detail.in_) == ("INVALID_INTEGER", "amount")
    assert detail.context == {"propertyName": ["amount"]}
    assert second.context == {"objectWriteTraceId": ["549b1c2a9351"]}
    assert second.sub_category == "crm.objects.NOT_FOUND"
    assert (second.id, second.links) == ("e-1", {"help": "https://example.com"})
    assert second.errors is UNSET
    assert [each.id for each in answer.results] == ["512"]


def test_a_failure_of_which_nothing_is_said_is_read(
    server: RecordingServer, driver: Driver
) -> None:
    answer = answered(server, driver, envelope(errors=[{}, {"message": "m"}]))
    assert answer.errors is not UNSET
    nothing, message = answer.errors
    assert nothing.category is nothing.context is nothing.message is UNSET
    assert message.message == "m"
    assert answer.num_errors is UNSET


def test_an_unknown_status_is_kept(server: RecordingServer, driver: Driver) -> None:
    answer = answered(server, driver, envelope(status="PAUSED"))
    assert answer.status == "PAUSED"
    assert type(answer.status) is BatchStatus
    assert answer.status not in list(BatchStatus)


def test_unknown_fields_are_ignored(server: RecordingServer, driver: Driver) -> None:
    record = {**RECORD, "tomorrow": {"a": [1]}}
    answer = answered(server, driver, envelope(record, tomorrow=None))
    known = answered(server, driver, envelope())
    assert answer == known


def test_what_is_left_out_is_unset(server: RecordingServer, driver: Driver) -> None:
    answer = answered(server, driver, envelope())
    assert answer.errors is answer.num_errors is UNSET
    assert answer.requested_at is answer.links is UNSET
    [record] = answer.results
    assert record.archived_at is record.url is record.warnings is UNSET
    assert record.object_write_trace_id is record.properties_with_history is UNSET
    assert not UNSET


def test_null_is_none(server: RecordingServer, driver: Driver) -> None:
    record = {**RECORD, "properties": {"a": None, "b": "", "c": "null"}}
    [read] = answered(server, driver, envelope(record)).results
    assert read.properties == {"a": None, "b": "", "c": "null"}


def test_a_record_can_have_everything(server: RecordingServer, driver: Driver) -> None:
    versions = [
        {
            "value": "1200",
            "timestamp": "2026-07-02T03:04:05.678Z",
            "sourceType": "CRM_UI",
            "sourceId": "userId:1",
            "sourceLabel": "label",
            "updatedByUserId": 9,
        },
        {"value": "", "timestamp": "2026-07-01T00:00:00Z", "sourceType": "API"},
    ]
    warnings = [{"category": "c", "message": "m", "context": {"a": ["b"]}}]
    record = {
        **RECORD,
        "archived": True,
        "archivedAt": "2026-08-01T12:00:00+02:00",
        "objectWriteTraceId": "row-1",
        "url": "https://app.example.com/record/0-3/512",
        "propertiesWithHistory": {"amount": versions},
        "warnings": warnings,
    }
    [read] = answered(server, driver, envelope(record)).results
    assert read == Record(
        id="512",
        properties={"hs_object_id": "512", "amount": None},
        created_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
        updated_at=dt.datetime(2026, 8, 1, 10, tzinfo=dt.UTC),
        archived=True,
        archived_at=dt.datetime(2026, 8, 1, 10, tzinfo=dt.UTC),
        object_write_trace_id="row-1",
        url="https://app.example.com/record/0-3/512",
        properties_with_history={
            "amount": [
                PropertyVersion(
                    value="1200",
                    timestamp=dt.datetime(2026, 7, 2, 3, 4, 5, 678_000, tzinfo=dt.UTC),
                    source_type="CRM_UI",
                    source_id="userId:1",
                    source_label="label",
                    updated_by_user_id=9,
                ),
                PropertyVersion(
                    value="",
                    timestamp=dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
                    source_type="API",
                ),
            ]
        },
        warnings=warnings,
    )


def test_no_results_are_no_error(server: RecordingServer, driver: Driver) -> None:
    body = {**envelope(), "results": []}
    assert answered(server, driver, body).results == []


def test_text_beyond_ascii_comes_and_goes_unchanged(
    server: RecordingServer, driver: Driver
) -> None:
    text = 'Zoë\u2028 "\\" 株式会社 \U0001f355'
    server.tell(Answer(body=envelope({**RECORD, "properties": {"dealname": text}})))
    answer = driver.call(
        lambda hubspot: hubspot.deals.post_batch_create(
            [CreateInput(properties={"dealname": text})]
        ),
        base_url=server.url,
    )
    assert server.only.json["inputs"][0]["properties"] == {"dealname": text}
    assert answer.results[0].properties == {"dealname": text}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  ",
        b"<html>It worked!</html>",
        b'{"status": "COMPLETE", "results": [',
        b"[]",
        b"null",
        b"{}",
        b'{"ok": true}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_cannot_be_read_is_handed_over(
    content: bytes, server: RecordingServer, driver: Driver
) -> None:
    headers = {"Content-Type": "text/plain", "X-HubSpot-Correlation-Id": "c-1"}
    server.tell(Answer(status=201, body=content, headers=headers))
    with pytest.raises(DecodingError) as caught:
        driver.call(update, base_url=server.url)

    error = caught.value
    assert error.status == 201
    assert error.content == content
    assert error.headers is not None
    assert error.headers["content-type"] == "text/plain"
    assert error.correlation_id == "c-1"
    assert error.delivered is True
    assert error.truncated is False
    assert error.request == "POST /crm/v3/objects/0-3/batch/update"
    assert "cannot be read" in str(error)


@pytest.mark.parametrize("name", ["archivedAt", "url", "warnings"])
def test_null_for_what_may_be_left_out_loses_no_answer(
    name: str, server: RecordingServer, driver: Driver
) -> None:
    answer = answered(server, driver, envelope({**RECORD, name: None}, errors=None))
    assert [record.id for record in answer.results] == ["512"]


@pytest.mark.parametrize("name", ["status", "startedAt", "completedAt"])
def test_what_is_missing_loses_no_answer(
    name: str, server: RecordingServer, driver: Driver
) -> None:
    body = {key: value for key, value in envelope().items() if key != name}
    answer = answered(server, driver, body)
    assert [record.id for record in answer.results] == ["512"]
    assert getattr(answer, re.sub("A", "_a", name).lower()) is UNSET


def test_what_is_of_another_type_is_kept_as_it_came(
    server: RecordingServer, driver: Driver
) -> None:
    record = {**RECORD, "createdAt": "yesterday", "properties": {"amount": 7}}
    body = {**envelope(record), "numErrors": "none"}
    # The types tell what the API promised, which is not what came.
    answer: Any = answered(server, driver, body)
    assert answer.num_errors == "none"
    assert answer.status is BatchStatus.COMPLETE
    [result] = answer.results
    assert (result.id, result.created_at) == ("512", "yesterday")
    assert result.properties == {"amount": 7}
    assert result.updated_at.year == 2026


def test_an_answer_may_be_compressed(server: RecordingServer, driver: Driver) -> None:
    content = gzip.compress(Answer(body=envelope()).content)
    server.tell(Answer(body=content, headers={"Content-Encoding": "gzip"}))
    assert driver.call(update, base_url=server.url).results[0].id == "512"


def test_a_success_that_breaks_off_says_so(
    server: RecordingServer, driver: Driver
) -> None:
    server.tell(Answer(status=200, body=envelope(), sent=30))
    with pytest.raises(DecodingError) as caught:
        driver.call(update, base_url=server.url)
    assert caught.value.truncated is True
    assert caught.value.delivered is True
    assert caught.value.content == Answer(body=envelope()).content[:30]
