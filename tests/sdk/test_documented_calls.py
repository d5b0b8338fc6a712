"""The calls of four reference pages: what is sent is their curl, what comes back is
their example, value by value.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from msgspec import to_builtins

from hubspot_batch import (
    UNSET,
    Association,
    AssociationCategory,
    AssociationTarget,
    AssociationType,
    BatchError,
    BatchResponse,
    BatchStatus,
    CreateInput,
    ErrorDetail,
    HubSpot,
    Record,
    UpdateInput,
)
from sdk.documented import PAGES, Page
from support.hubspot import TOKEN, Driver
from support.server import Answer, RecordingServer

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.operation)

UPDATE = UpdateInput(
    id="<string>",
    properties={},
    id_property="my_unique_property_name",
    object_write_trace_id="<string>",
)
CREATE = CreateInput(
    properties={},
    associations=[
        Association(
            to=AssociationTarget(id="<string>"),
            types=[
                AssociationType(
                    association_category=AssociationCategory.HUBSPOT_DEFINED,
                    association_type_id=123,
                )
            ],
        )
    ],
    object_write_trace_id="<string>",
)


def send_models(hubspot: HubSpot, page: Page) -> BatchResponse:
    match page.operation:
        case "deals.batch_update":
            return hubspot.deals.post_batch_update([UPDATE])
        case "partner_clients.batch_update":
            return hubspot.partner_clients.post_batch_update([UPDATE])
        case "notes.batch_update":
            return hubspot.notes.post_batch_update([UPDATE])
        case "services.batch_create":
            return hubspot.services.post_batch_create([CREATE])
    raise LookupError(page.operation)


def send_mappings(hubspot: HubSpot, page: Page) -> BatchResponse:
    inputs: list[Mapping[str, object]] = page.request["body"]["inputs"]
    match page.operation:
        case "deals.batch_update":
            return hubspot.deals.post_batch_update(inputs)
        case "partner_clients.batch_update":
            return hubspot.partner_clients.post_batch_update(inputs)
        case "notes.batch_update":
            return hubspot.notes.post_batch_update(inputs)
        case "services.batch_create":
            return hubspot.services.post_batch_create(inputs)
    raise LookupError(page.operation)


@pages
@pytest.mark.parametrize("send", [send_models, send_mappings])
def test_the_request_is_the_page_s_curl(
    page: Page, send: Any, server: RecordingServer, driver: Driver
) -> None:
    server.tell(Answer(body=page.answer))
    driver.call(lambda hubspot: send(hubspot, page), base_url=server.url)

    request = server.only
    assert request.method == page.request["method"]
    assert request.path == page.path
    assert request.query == ""
    assert request.json == page.request["body"]
    for name, value in page.expected_headers(TOKEN).items():
        assert request.header(name) == value
    # What the page does not show is what every HTTP client says of itself.
    assert request.header_names == {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }


@pages
def test_without_a_base_url_the_page_s_url_is_called(
    page: Page, driver: Driver
) -> None:
    urls: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        urls.append(str(request.url))
        return httpx2.Response(200, json=page.answer)

    driver.call(
        lambda hubspot: send_models(hubspot, page),
        transport=httpx2.MockTransport(answer),
    )
    assert urls == [page.request["url"]]


@pages
def test_the_answer_is_the_page_s_example(
    page: Page, server: RecordingServer, driver: Driver
) -> None:
    server.tell(Answer(body=page.answer))
    response = driver.call(
        lambda hubspot: send_models(hubspot, page), base_url=server.url
    )

    assert type(response) is BatchResponse
    assert type(response.status) is BatchStatus
    expected_status = {
        "deals.batch_update": BatchStatus.PENDING,
        "notes.batch_update": BatchStatus.CANCELED,
        "partner_clients.batch_update": BatchStatus.CANCELED,
        "services.batch_create": BatchStatus.PENDING,
    }
    assert response.status is expected_status[page.operation]
    at = dt.datetime(2023, 11, 7, 5, 31, 56, tzinfo=dt.UTC)
    assert (response.requested_at, response.started_at, response.completed_at) == (
        at,
        at,
        at,
    )
    assert response.num_errors == 123
    assert response.links == {}

    [record] = response.results
    check_record(record)
    assert response.errors is not UNSET
    [error] = response.errors
    check_error(error)
    check_context(error, page)


def check_record(record: Record) -> None:
    assert type(record) is Record
    assert record.id == "512"
    assert record.archived is False
    assert record.created_at == dt.datetime(
        2019, 10, 30, 3, 30, 17, 883_000, tzinfo=dt.UTC
    )
    assert record.updated_at == dt.datetime(
        2019, 12, 7, 16, 50, 6, 678_000, tzinfo=dt.UTC
    )
    assert record.created_at.tzinfo is dt.UTC
    assert record.properties == {
        "property_checkbox": "false",
        "property_date": "1572480000000",
        "property_dropdown": "choice_b",
        "property_multiple_checkboxes": "chocolate;strawberry",
        "property_number": "17",
        "property_radio": "option_1",
        "property_string": "value",
    }
    assert record.archived_at is UNSET
    assert record.object_write_trace_id is UNSET
    assert record.properties_with_history is UNSET
    assert record.url is UNSET
    assert record.warnings is UNSET


def check_error(error: BatchError) -> None:
    assert type(error) is BatchError
    assert error.status == "<string>"
    assert error.category == "<string>"
    assert error.sub_category == {}
    assert error.message == "<string>"
    assert error.context == {}
    assert error.id == "<string>"
    assert error.links == {}


def check_context(error: BatchError, page: Page) -> None:
    assert error.errors is not UNSET
    [detail] = error.errors
    assert type(detail) is ErrorDetail
    assert detail.sub_category == "<string>"
    assert detail.code == "<string>"
    assert detail.in_ == "<string>"
    assert detail.message == "<string>"
    # Wrongly typed, but an answer is not lost over it.
    erratum = page.erratum("answer.errors.0.errors.0.context")
    assert erratum is not None
    assert isinstance(detail.context, str)
    assert detail.context == erratum.page


@pages
def test_nothing_of_the_answer_is_lost(
    page: Page, server: RecordingServer, driver: Driver
) -> None:
    server.tell(Answer(body=page.answer))
    response = driver.call(
        lambda hubspot: send_models(hubspot, page), base_url=server.url
    )
    assert with_times(to_builtins(response)) == with_times(page.answer)


@pages
def test_the_answer_is_read_without_the_page_s_slip_as_well(
    page: Page, server: RecordingServer, driver: Driver
) -> None:
    erratum = page.erratum("answer.errors.0.errors.0.context")
    assert erratum is not None
    answer = json.loads(json.dumps(page.answer))
    answer["errors"][0]["errors"][0]["context"] = erratum.expected
    server.tell(Answer(body=answer))
    response = driver.call(
        lambda hubspot: send_models(hubspot, page), base_url=server.url
    )
    assert response.errors is not UNSET
    assert response.errors[0].errors is not UNSET
    assert response.errors[0].errors[0].context == {
        "missingScopes": ["scope1", "scope2"]
    }


def test_the_spelling_of_the_pages_prose_is_none_of_the_statuses() -> None:
    misspelt = [page.erratum("status") for page in PAGES]
    assert sum(erratum is not None for erratum in misspelt) == 2
    for erratum in filter(None, misspelt):
        assert erratum.expected in BatchStatus.__members__
        assert erratum.page not in BatchStatus.__members__


def with_times(value: Any) -> Any:
    """JSON's data, with every point in time as one, however it is written."""
    if isinstance(value, Mapping):
        return {key: with_times(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_times(item) for item in value]
    if isinstance(value, str) and value.endswith("Z") and "T" in value:
        return dt.datetime.fromisoformat(value)
    return value
