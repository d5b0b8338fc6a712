"""All operations, each called with both clients: what is sent, and what comes back.

operations.tsv is the table of what there is.
"""

from __future__ import annotations

import csv
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from hubspot_batch import (
    Association,
    AssociationCategory,
    AssociationTarget,
    AssociationType,
    AsyncHubSpot,
    BatchResponse,
    BatchStatus,
    CreateInput,
    HubSpot,
    RecordId,
    UpdateInput,
    UpsertBatchResponse,
    UpsertedRecord,
    UpsertInput,
)
from sdk.samples import RECORD, envelope
from support.hubspot import TOKEN, AsyncDriver, Driver, SyncDriver
from support.server import Answer, RecordingServer

Conversation: TypeAlias = tuple[Driver, HubSpot, RecordingServer]

HERE = Path(__file__).parent
FACTS = HERE.parents[2] / "shared" / "facts" / "objects.tsv"
# What the places in paths stand for: given by the caller, or known.
TYPES = {"objects": "2-3456", "appointments": "0-421"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    resource: str
    object: str
    method: str
    path: str
    operations: str

    def of(self, hubspot: HubSpot) -> Any:
        if self.resource == "objects":
            return hubspot.objects(TYPES[self.resource])
        return getattr(hubspot, self.resource)

    @property
    def sent_path(self) -> str:
        return self.path.replace("{objectType}", TYPES.get(self.resource, ""))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


ROWS = tuple(Row(**row) for row in table(HERE / "operations.tsv"))
CALLS = tuple((row, name) for row in ROWS for name in row.operations.split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A call of one kind of operation, and what goes over the wire for it."""

    call: Callable[[Any], Any]
    query: str = ""
    body: dict[str, Any]
    answer: Answer


CASES = {
    "archive": Case(
        call=lambda resource: resource.post_batch_archive([RecordId(id="512"), "513"]),
        body={"inputs": [{"id": "512"}, {"id": "513"}]},
        answer=Answer(status=204),
    ),
    "create": Case(
        call=lambda resource: resource.post_batch_create(
            [
                CreateInput(
                    properties={"amount": "1200"},
                    associations=[
                        Association(
                            to=AssociationTarget(id="77"),
                            types=[
                                AssociationType(
                                    association_category=AssociationCategory.WORK,
                                    association_type_id=5,
                                )
                            ],
                        )
                    ],
                    object_write_trace_id="row-1",
                ),
                {"properties": {"amount": "1300"}, "objectWriteTraceId": "row-2"},
            ]
        ),
        body={
            "inputs": [
                {
                    "properties": {"amount": "1200"},
                    "associations": [
                        {
                            "to": {"id": "77"},
                            "types": [
                                {"associationCategory": "WORK", "associationTypeId": 5}
                            ],
                        }
                    ],
                    "objectWriteTraceId": "row-1",
                },
                {"properties": {"amount": "1300"}, "objectWriteTraceId": "row-2"},
            ]
        },
        answer=Answer(status=201, body=envelope()),
    ),
    "read": Case(
        call=lambda resource: resource.post_batch_read(
            [RecordId(id="a@example.com"), {"id": "b@example.com"}],
            id_property="email",
            properties=["email", "amount"],
            properties_with_history=["amount"],
            archived=True,
        ),
        query="archived=true",
        body={
            "inputs": [{"id": "a@example.com"}, {"id": "b@example.com"}],
            "idProperty": "email",
            "properties": ["email", "amount"],
            "propertiesWithHistory": ["amount"],
        },
        answer=Answer(body=envelope()),
    ),
    "update": Case(
        call=lambda resource: resource.post_batch_update(
            [
                UpdateInput(id="512", properties={"amount": "1200"}),
                {"id": "A-7", "idProperty": "number", "properties": {"amount": ""}},
            ]
        ),
        body={
            "inputs": [
                {"id": "512", "properties": {"amount": "1200"}},
                {"id": "A-7", "idProperty": "number", "properties": {"amount": ""}},
            ]
        },
        answer=Answer(body=envelope()),
    ),
    "upsert": Case(
        call=lambda resource: resource.post_batch_upsert(
            [
                UpsertInput(id="A-7", id_property="number", properties={}),
                {"id": "A-8", "idProperty": "number", "properties": {"amount": "1"}},
            ]
        ),
        body={
            "inputs": [
                {"id": "A-7", "idProperty": "number", "properties": {}},
                {"id": "A-8", "idProperty": "number", "properties": {"amount": "1"}},
            ]
        },
        answer=Answer(body=envelope({**RECORD, "new": True})),
    ),
}


@pytest.fixture(scope="module", params=[SyncDriver, AsyncDriver], ids=["sync", "async"])
def conversation(
    request: pytest.FixtureRequest,
) -> Iterator[Conversation]:
    """One client makes all the calls, and one server hears them."""
    with (
        RecordingServer() as server,
        request.param() as driver,
        driver.open(base_url=server.url) as hubspot,
    ):
        yield driver, hubspot, server


@pytest.mark.parametrize(
    ("row", "name"),
    CALLS,
    ids=[f"{row.resource}.batch_{name}" for row, name in CALLS],
)
def test_an_operation(
    row: Row,
    name: str,
    conversation: Conversation,
) -> None:
    driver, hubspot, server = conversation
    case = CASES[name]
    server.received.clear()
    server.tell(case.answer)
    answer = driver.run(hubspot, lambda hubspot: case.call(row.of(hubspot)))

    sent = server.only
    assert sent.method == row.method
    assert sent.path == f"{row.sent_path}/batch/{name}"
    assert sent.query == case.query
    assert sent.json == case.body
    assert sent.header("Authorization") == f"Bearer {TOKEN}"
    assert sent.header("Content-Type") == "application/json"
    assert sent.header("Accept") == "application/json"

    if name == "archive":
        assert answer is None
        return
    shape = UpsertBatchResponse if name == "upsert" else BatchResponse
    assert type(answer) is shape
    assert answer.status is BatchStatus.COMPLETE
    [record] = answer.results
    assert record.id == "512"
    assert record.properties == RECORD["properties"]
    if isinstance(record, UpsertedRecord):
        assert record.new is True


def test_there_are_161_operations() -> None:
    assert len(ROWS) == 35
    assert len(CALLS) == 161
    assert len({row.path for row in ROWS}) == 35


def test_the_table_is_that_of_the_facts() -> None:
    if not FACTS.is_file():
        pytest.skip("the table of facts is not part of the repository")
    known = {
        (row["object"], row["path"], row["operations"])
        for row in table(FACTS)
        # They have shapes of their own.
        if row["object"] != "Deal Splits"
    }
    assert {(row.object, row.path, row.operations) for row in ROWS} == known


@pytest.mark.parametrize("client", [HubSpot, AsyncHubSpot])
def test_the_clients_have_these_operations_and_no_others(
    client: type[HubSpot] | type[AsyncHubSpot],
) -> None:
    resources = {name for name in vars(client) if not name.startswith("_")}
    assert resources == {row.resource for row in ROWS}
    with HubSpot(TOKEN) as hubspot:
        for row in ROWS:
            kind = type(row.of(hubspot))
            if client is AsyncHubSpot:
                kind = getattr(inspect.getmodule(kind), f"Async{kind.__name__}")
            methods = {name for name in vars(kind) if not name.startswith("_")}
            assert methods == {
                f"{prefix}batch_{name}"
                for name in row.operations.split(",")
                for prefix in ("", "iter_", "post_")
            }
            for method in methods:
                is_async = inspect.iscoroutinefunction(getattr(kind, method))
                awaited = client is AsyncHubSpot and not method.startswith("iter_")
                assert is_async is awaited


def test_the_connection_is_kept(
    conversation: Conversation,
) -> None:
    driver, hubspot, server = conversation
    server.received.clear()
    server.tell(Answer(status=204))
    for _ in range(3):
        driver.run(hubspot, lambda hubspot: hubspot.deals.post_batch_archive(["1"]))
    assert len({request.connection for request in server.received}) == 1
