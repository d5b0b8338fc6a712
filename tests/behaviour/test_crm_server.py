"""The CRM that the other tests here rely on behaves as HubSpot's is known to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import httpx2
import pytest

from support.crm import Crm
from support.crm_server import Budget, CrmServer
from support.faults import HARMLESS, UNCLEAR, UNDONE, Fault, FaultPlan

Json: TypeAlias = dict[str, Any]
Post: TypeAlias = Callable[..., httpx2.Response]

TIMEOUT = 0.3


class One(FaultPlan):
    """The same fault for every request."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(0)
        self._fault = fault

    def deal(self, kind: str, first: int) -> Fault | None:
        return self._fault


def poster(server: CrmServer, http: httpx2.Client) -> Post:
    def post(operation: str, *inputs: Json, **more: Any) -> httpx2.Response:
        query = more.pop("query", "")
        return http.post(
            f"{server.url}/crm/v3/objects/contacts/batch/{operation}{query}",
            json={"inputs": inputs, **more},
            headers={"Authorization": "Bearer token"},
        )

    return post


@pytest.fixture
def server() -> Iterator[CrmServer]:
    with CrmServer() as server:
        yield server


@pytest.fixture
def crm(server: CrmServer) -> Crm:
    return server.crm


@pytest.fixture
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=TIMEOUT) as http:
        yield http


@pytest.fixture
def post(server: CrmServer, http: httpx2.Client) -> Post:
    return poster(server, http)


def contact(number: int, **more: Any) -> Json:
    return {"properties": {"row": str(number)}, **more}


def labelled(number: int, **properties: str) -> Json:
    return {
        "properties": {"row": str(number), **properties},
        "objectWriteTraceId": f"t{number}",
    }


def rows(response: httpx2.Response) -> list[int]:
    return [int(result["properties"]["row"]) for result in response.json()["results"]]


def test_what_is_created_comes_back_in_another_order(post: Post, crm: Crm) -> None:
    response = post("create", *[labelled(n) for n in range(100)])
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"status", "results", "startedAt", "completedAt"}
    assert sorted(rows(response)) == list(range(100))
    assert rows(response) != list(range(100))
    for result in body["results"]:
        properties = result["properties"]
        assert result["objectWriteTraceId"] == f"t{properties['row']}"
        assert properties["hs_object_id"] == result["id"]
    assert [commit.input for commit in crm.commits] == [labelled(n) for n in range(100)]
    ids = {result["id"] for result in body["results"]}
    assert {commit.id for commit in crm.commits} == ids
    assert len(ids) == 100


def test_a_create_that_is_sent_twice_makes_two_records(post: Post, crm: Crm) -> None:
    post("create", labelled(1))
    post("create", labelled(1))
    assert len({commit.id for commit in crm.commits}) == 2


def test_without_labels_one_bad_input_rejects_all(post: Post, crm: Crm) -> None:
    response = post("create", labelled(1), contact(2), labelled(3, amount="much"))
    assert response.status_code == 400
    assert response.json()["category"] == "VALIDATION_ERROR"
    assert response.json()["correlationId"]
    assert crm.commits == []


def test_with_labels_a_bad_input_fails_alone(post: Post, crm: Crm) -> None:
    bad = labelled(3, amount="much"), labelled(4, no_such_name="x")
    response = post("create", labelled(1), *bad, labelled(2))
    assert response.status_code == 207
    assert sorted(rows(response)) == [1, 2]
    body = response.json()
    assert body["numErrors"] == 2
    assert {error["category"]: error["context"] for error in body["errors"]} == {
        "VALIDATION_ERROR": {"objectWriteTraceId": ["t3"]},
        "PROPERTY_DOESNT_EXIST": {"objectWriteTraceId": ["t4"]},
    }
    assert len(crm.commits) == 2


def test_a_unique_value_cannot_be_created_twice(post: Post, crm: Crm) -> None:
    taken = crm.add("contacts", {"email": "a@example.com"}).id
    alone = {"properties": {"email": "A@example.com"}}
    response = post("create", alone)
    assert response.status_code == 409
    assert response.json()["category"] == "CONFLICT"
    assert response.json()["context"] == {"existingId": [taken]}
    response = post("create", {**alone, "objectWriteTraceId": "t"}, labelled(1))
    assert response.status_code == 207
    [error] = response.json()["errors"]
    assert error["context"] == {"objectWriteTraceId": ["t"], "existingId": [taken]}


def test_the_same_id_twice_is_refused(post: Post, crm: Crm) -> None:
    record = {"id": crm.add("contacts", {}).id, "properties": {}}
    for operation in ("read", "update", "archive"):
        assert post(operation, record, record).status_code == 400
    people: list[Json] = [
        {"id": email, "idProperty": "email", "properties": {}}
        for email in ("a@example.com", "A@example.com")
    ]
    assert post("upsert", *people).status_code == 400
    assert crm.commits == []


def test_there_are_limits(post: Post, crm: Crm) -> None:
    inputs = [{"id": crm.add("contacts", {}).id} for _ in range(101)]
    assert post("read", *inputs[:100]).status_code == 200
    assert post("read", *inputs).status_code == 400
    assert post("read").status_code == 400
    history = {"propertiesWithHistory": ["row"]}
    assert post("read", *inputs[:50], **history).status_code == 200
    assert post("read", *inputs[:51], **history).status_code == 400


def test_a_read_tells_what_is_missing(post: Post, crm: Crm) -> None:
    known = {"id": crm.add("contacts", {"row": "1"}).id}
    response = post("read", {"id": "8"}, known, {"id": "9"})
    assert response.status_code == 207
    assert rows(response) == [1]
    [error] = response.json()["errors"]
    assert error["category"] == "OBJECT_NOT_FOUND"
    assert error["context"] == {"ids": ["8", "9"]}
    assert post("read", {"id": "8"}, {"id": "9"}).status_code == 404
    assert post("read", known, query="?archived=true").status_code == 404


def test_a_read_answers_what_it_is_asked_for(post: Post, crm: Crm) -> None:
    record = crm.add("contacts", {"row": "1", "email": "A@example.com"})
    asked = {"properties": ["email"], "propertiesWithHistory": ["row"]}
    response = post("read", {"id": "a@EXAMPLE.com"}, idProperty="email", **asked)
    [result] = response.json()["results"]
    assert result["id"] == record.id
    assert result["properties"]["email"] == "a@example.com"
    assert "row" not in result["properties"]
    assert result["propertiesWithHistory"]["row"][0]["value"] == "1"
    unknown = {"properties": ["no_such_property"]}
    assert post("read", {"id": record.id}, **unknown).status_code == 400


def test_an_update_writes_what_there_is(post: Post, crm: Crm) -> None:
    record = crm.add("contacts", {"row": "1", "city": "Ulm"})
    change = {"id": record.id, "properties": {"city": "Bonn"}}
    response = post("update", {"id": "9", "properties": {}}, change)
    assert response.status_code == 207
    assert response.json()["errors"][0]["context"] == {"ids": ["9"]}
    [result] = response.json()["results"]
    assert result["properties"]["city"] == "Bonn"
    assert record.properties["row"] == "1"
    [commit] = crm.commits
    assert commit.input == change


def test_an_update_is_refused_for_one_bad_input(post: Post, crm: Crm) -> None:
    ids = [crm.add("contacts", {}).id for _ in range(2)]
    response = post(
        "update",
        {"id": ids[0], "properties": {}, "objectWriteTraceId": "a"},
        {"id": ids[1], "properties": {"amount": "x"}, "objectWriteTraceId": "b"},
    )
    assert response.status_code == 400
    assert crm.commits == []


def test_an_upsert_creates_or_updates(post: Post, crm: Crm) -> None:
    known = crm.add("contacts", {"email": "a@example.com"})
    response = post(
        "upsert",
        {"id": "A@example.com", "idProperty": "email", "properties": {"row": "1"}},
        {"id": "B@example.com", "idProperty": "email", "properties": {"row": "2"}},
    )
    assert response.status_code == 200
    found = {
        result["properties"]["row"]: result for result in response.json()["results"]
    }
    assert found["1"]["id"] == known.id
    assert found["1"]["new"] is False
    assert found["2"]["new"] is True
    assert found["2"]["properties"]["email"] == "b@example.com"
    assert len(crm.commits) == 2


@pytest.mark.parametrize("property", [None, "row", "hs_object_id"])
def test_an_upsert_needs_a_unique_property(
    property: str | None, post: Post, crm: Crm
) -> None:
    item = {"id": "1", "properties": {}}
    named = item if property is None else {**item, "idProperty": property}
    assert post("upsert", named).status_code == 400
    assert crm.commits == []


def test_an_archive_says_nothing(post: Post, crm: Crm) -> None:
    record = crm.add("contacts", {})
    response = post("archive", {"id": record.id}, {"id": "9"})
    assert response.status_code == 204
    assert response.content == b""
    assert record.archived
    assert [commit.id for commit in crm.commits] == [record.id]
    assert post("read", {"id": record.id}).status_code == 404
    archived = post("read", {"id": record.id}, query="?archived=true")
    assert archived.json()["results"][0]["archived"] is True


def test_what_makes_no_sense_is_refused(server: CrmServer, http: httpx2.Client) -> None:
    path = f"{server.url}/crm/v3/objects/contacts/batch"
    headers = {"Authorization": "Bearer token"}
    assert http.post(f"{path}/create", json={}).status_code == 401
    assert http.post(f"{path}/merge", json={}, headers=headers).status_code == 404
    assert http.get(f"{path}/create", headers=headers).status_code == 404
    for content in (b"{", b"[1]"):
        response = http.post(f"{path}/create", content=content, headers=headers)
        assert response.status_code == 400
    other = f"{server.url}/crm/objects/v3/0-421/batch/create"
    created = http.post(other, json={"inputs": [contact(1)]}, headers=headers)
    assert created.status_code == 201
    assert server.crm.commits[0].object_type == "0-421"


def test_there_is_a_budget(http: httpx2.Client) -> None:
    with CrmServer(budget=Budget(requests=2, seconds=60)) as server:
        answers = [poster(server, http)("create", contact(n)) for n in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        name = "X-HubSpot-RateLimit-"
        assert [a.headers[f"{name}Remaining"] for a in answers] == ["1", "0", "0"]
        assert {a.headers[f"{name}Max"] for a in answers} == {"2"}
        interval = f"{name}Interval-Milliseconds"
        assert {a.headers[interval] for a in answers} == {"60000"}
        assert answers[2].json()["policyName"] == "TEN_SECONDLY_ROLLING"
        assert "category" not in answers[2].json()
        assert len(server.crm.commits) == 2
        assert [handled.status for handled in server.handled] == [201, 201, 429]


def test_there_is_a_budget_for_the_day(http: httpx2.Client) -> None:
    with CrmServer(budget=Budget(daily=2)) as server:
        answers = [poster(server, http)("create", contact(n)) for n in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        name = "X-HubSpot-RateLimit-Daily-Remaining"
        assert [answer.headers[name] for answer in answers] == ["1", "0", "0"]
        assert answers[2].json()["policyName"] == "DAILY"
        assert len(server.crm.commits) == 2


def seen(post: Post) -> str:
    """What a client without ambition sees of a batch of ten, one of them bad."""
    inputs = [labelled(number) for number in range(9)]
    try:
        response = post("create", *inputs, labelled(9, amount="much"))
    except httpx2.TransportError as error:
        return type(error).__name__
    try:
        return f"{response.status_code} {len(response.json()['results'])}"
    except ValueError:
        return f"{response.status_code} no JSON"
    except KeyError:
        return str(response.status_code)


SEEN = {
    Fault.RATE_LIMITED: "429",
    Fault.RATE_LIMITED_FOR: "429",
    Fault.LOCKED: "423",
    Fault.UNAVAILABLE: "503 no JSON",
    Fault.UNAVAILABLE_AFTER: "503 no JSON",
    Fault.RESET_BEFORE: "ReadError",
    Fault.RESET_AFTER: "ReadError",
    Fault.SLOW: "ReadTimeout",
    Fault.TRUNCATED: "RemoteProtocolError",
    Fault.INVALID_JSON: "207 no JSON",
    Fault.PARTIAL: "207 8",
    Fault.UNKNOWN: "207 9",
    Fault.UNLABELLED: "207 9",
    Fault.MISFIT: "207 9",
}


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_what_its_name_says(fault: Fault, http: httpx2.Client) -> None:
    with CrmServer(faults=One(fault)) as server:
        assert seen(poster(server, http)) == SEEN[fault]
        done = 0 if fault in UNDONE else 8 if fault is Fault.PARTIAL else 9
        assert len(server.crm.commits) == done
        [handled] = server.handled
        assert handled.fault is fault
        assert len(handled.inputs) == 10
        # The next one is answered over a connection that works.
        assert seen(poster(server, http)) == SEEN[fault]


def test_faults_are_of_three_kinds() -> None:
    assert not HARMLESS & UNCLEAR
    assert set(Fault) - HARMLESS - UNCLEAR == {
        Fault.PARTIAL,
        Fault.UNKNOWN,
        Fault.UNLABELLED,
        Fault.MISFIT,
    }


def test_a_wait_is_asked_for_by_one_fault_only(http: httpx2.Client) -> None:
    found: dict[Fault, str | None] = {}
    for fault in HARMLESS:
        with CrmServer(faults=One(fault), retry_after="7") as server:
            answer = poster(server, http)("create", contact(1))
            found[fault] = answer.headers.get("Retry-After")
    assert found == {**dict.fromkeys(HARMLESS), Fault.RATE_LIMITED_FOR: "7"}


@pytest.mark.parametrize(
    ("first", "contexts"),
    [
        (0, [["t3"], ["t4"], ["t5"]]),
        (100, [["t3", "t4"], ["t5"]]),
        (200, [None, None, None]),
    ],
)
def test_errors_name_their_inputs_in_several_ways(
    first: int, contexts: list[list[str] | None], post: Post
) -> None:
    bad = [labelled(n, amount="much") for n in (3, 4)]
    response = post("create", labelled(first), *bad, labelled(5, no_such_x="x"))
    errors = response.json()["errors"]
    found = [error["context"].get("objectWriteTraceId") for error in errors]
    assert found == contexts


def test_fields_that_nobody_has_heard_of(http: httpx2.Client) -> None:
    with CrmServer(faults=One(Fault.UNKNOWN)) as server:
        body = poster(server, http)("create", labelled(1)).json()
    assert body["status"] == "FOLDED"
    assert body["results"][0]["colour"] == "green"
    assert body["results"][0]["objectWriteTraceId"] == "t1"


def test_results_without_labels(http: httpx2.Client) -> None:
    with CrmServer(faults=One(Fault.UNLABELLED)) as server:
        [result] = poster(server, http)("create", labelled(1)).json()["results"]
    assert "objectWriteTraceId" not in result


def test_each_fault_comes_once_in_twenty() -> None:
    plan = FaultPlan(seed=1)
    dealt = Counter(plan.deal("create", 100 * n) for n in range(40))
    assert dealt.pop(None) == 12
    assert dealt == dict.fromkeys(Fault, 2)


def test_faults_do_not_depend_on_when_a_request_comes() -> None:
    keys = [(kind, 100 * n) for kind in ("a", "b") for n in range(40)] * 3
    forwards, backwards = FaultPlan(seed=1), FaultPlan(seed=1)
    dealt: dict[tuple[str, int], list[object]] = {key: [] for key in keys}
    again: dict[tuple[str, int], list[object]] = {key: [] for key in keys}
    for key in keys:
        dealt[key].append(forwards.deal(*key))
    for key in reversed(keys):
        again[key].append(backwards.deal(*key))
    assert dealt == again
    assert len({tuple(dealt["a", 100 * n]) for n in range(40)}) > 20
    other = FaultPlan(seed=2)
    assert [other.deal(*key) for key in keys[:40]] != [d[0] for d in dealt.values()][
        :40
    ]
