"""What goes wrong on purpose, and that a failing run can be repeated."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import httpx2
import pytest

from hubspot_batch import StatusError
from hubspot_batch.testing import FakeServer, Fault, Rate
from support.calls import Calls

TIMEOUT = 0.3


def seen(fake: FakeServer, over_socket: bool) -> str:
    """What a client without ambition sees of a batch of ten."""
    inputs = [
        {"properties": {"row": str(n)}, "objectWriteTraceId": str(n)} for n in range(10)
    ]

    def post(http: httpx2.Client) -> str:
        path = "/crm/v3/objects/deals/batch/create"
        headers = {"Authorization": "Bearer token"}
        try:
            response = http.post(path, json={"inputs": inputs}, headers=headers)
        except httpx2.TransportError as error:
            return type(error).__name__
        try:
            return f"{response.status_code} {len(response.json()['results'])}"
        except ValueError:
            return f"{response.status_code} no JSON"
        except KeyError:
            return f"{response.status_code} {response.json().get('category')}"

    if over_socket:
        with fake.serve() as url, httpx2.Client(base_url=url, timeout=TIMEOUT) as http:
            return post(http)
    with httpx2.Client(
        base_url="http://fake", transport=fake.transport, timeout=TIMEOUT
    ) as http:
        return post(http)


FAULTS = [
    ({"status": 503}, "503 None", 0),
    ({"status": 503, "body": "<html>"}, "503 no JSON", 0),
    ({"status": 429}, "429 None", 0),
    ({"status": 409}, "409 CONFLICT", 0),
    ({"status": 500, "after_commit": True}, "500 None", 10),
    ({"fault": "reset_before_commit"}, "ReadError", 0),
    ({"fault": "reset_after_commit"}, "ReadError", 10),
    ({"fault": "truncated"}, "RemoteProtocolError", 10),
    ({"fault": "invalid_json"}, "201 no JSON", 10),
    ({"fault": "unknown_values"}, "201 10", 10),
    ({"fault": "unlabelled"}, "201 10", 10),
    ({"fault": "partial"}, "207 9", 9),
    ({"fault": "unnamed"}, "207 9", 9),
    ({"fault": "misfit"}, "201 10", 10),
    ({"latency": 5.0}, "ReadTimeout", 10),
    ({"fault": Fault(name="mine", truncated=True)}, "RemoteProtocolError", 10),
]


@pytest.mark.parametrize(("told", "expected", "done"), FAULTS)
def test_a_fault_is_what_its_name_says(
    told: dict[str, Any], expected: str, done: int, over_socket: bool
) -> None:
    fake = FakeServer()
    fake.fail(**told)
    assert seen(fake, over_socket) == expected
    assert len(fake.ledger) == done
    assert fake.requests[0].fault is not None
    # The next one is answered as it should be.
    assert seen(fake, over_socket) == "201 10"
    assert [request.fault is None for request in fake.requests] == [False, True]


@pytest.mark.parametrize(
    "status", [414, 418, 500, 423, 429, 477, 502, 503, 504, 521, 523, 524]
)
def test_what_the_api_says_of_a_status(status: int) -> None:
    fake = FakeServer()
    fake.fail(status=status)
    [answer] = answers(fake, 1)
    assert answer.status_code == status
    assert len(answer.json()["message"]) > 20
    assert answer.json()["correlationId"] == answer.headers["X-HubSpot-Correlation-Id"]
    wait = "3600" if status == 477 else None
    assert answer.headers.get("Retry-After") == wait


def test_a_move_of_the_account_is_not_waited_for() -> None:
    fake = FakeServer()
    fake.fail(status=477)
    with fake.client() as hubspot:
        result = hubspot.deals.batch_update([{"id": "1", "properties": {}}])
    assert result.failed[0].error.status == 477
    assert len(fake.requests) == 1


def test_a_script_decides() -> None:
    def script(effect: str | None, inputs: Sequence[Any]) -> str | Fault | None:
        if len(inputs) == 2:
            return Fault(name="mine", status=418)
        return "status_502" if effect == "read" else None

    fake = FakeServer()
    fake.faults(script)
    fake.fail(status=500)
    new: dict[str, Any] = {"properties": {}}
    with fake.client() as hubspot:
        deals = hubspot.deals
        for inputs in ([new], [new, new], [new]):
            with contextlib.suppress(StatusError):
                deals.post_batch_create(inputs)
        with contextlib.suppress(StatusError):
            deals.post_batch_read(["1"])
    statuses = [(seen.status, seen.fault) for seen in fake.requests]
    # What is told for the next request comes first.
    assert statuses == [
        (500, "status_500"),
        (418, "mine"),
        (201, None),
        (502, "status_502"),
    ]


def test_which_inputs_were_refused(fake: FakeServer) -> None:
    fake.add("deals", id="7")
    with fake.client() as hubspot:
        hubspot.deals.post_batch_read(["8", "7"])
        hubspot.deals.post_batch_read(["7"])
    assert [request.refused for request in fake.requests] == [({"id": "8"},), ()]


def test_errors_that_name_nobody_are_one_for_each(calls: Calls) -> None:
    fake = FakeServer()
    fake.fail(fault="unnamed")
    inputs = [{"properties": {"row": str(n)}} for n in range(30)]
    result = calls(fake, lambda hubspot: hubspot.deals.batch_create(inputs))
    done = {commit.input["properties"]["row"] for commit in fake.ledger}
    assert len(done) == 27
    assert {o.input.properties["row"] for o in result.succeeded} == done
    assert len(result.failed) == 3


def test_a_result_of_another_form_is_not_lost(calls: Calls) -> None:
    fake = FakeServer()
    fake.fail(fault="misfit")
    result = calls(fake, lambda h: h.deals.batch_create([{"properties": {}}]))
    [done] = result.succeeded
    assert done.result.id == fake.records("deals")[0].id


def test_a_fault_can_be_meant_for_some_requests() -> None:
    fake = FakeServer()
    fake.fail(status=503, on="archive")
    fake.fail(status=502, on="contacts")
    fake.fail(next=2, status=500, on="0-3")
    assert [seen(fake, False)[:3] for _ in range(3)] == ["500", "500", "201"]


def test_a_wait_can_be_asked_for() -> None:
    fake = FakeServer()
    fake.fail(status=429, retry_after=7)
    with fake.client() as hubspot:
        result = hubspot.deals.batch_create([{"properties": {}}], max_wait=1)
    assert "429" in str(result.failed[0].error)
    assert len(fake.requests) == 1


def test_unknown_values_do_not_hide_a_result() -> None:
    fake = FakeServer()
    fake.fail(fault="unknown_values")
    with fake.client() as hubspot:
        answer = hubspot.deals.post_batch_create([{"properties": {}}])
    assert answer.status == "VALUE_OF_TOMORROW"
    assert answer.results[0].id == fake.records("deals")[0].id


CHANCES: dict[str, Any] = {
    "reset_before_commit": 0.1,
    "reset_after_commit": 0.1,
    "status_503": 0.1,
    "status_503_after_commit": 0.1,
    "status_429": 0.1,
    "truncated": 0.1,
    "invalid_json": 0.1,
    "partial": 0.1,
}


def chaos(fake: FakeServer, calls: Calls) -> Any:
    fake.faults(**CHANCES)
    inputs = [{"properties": {"row": str(n)}} for n in range(3000)]
    return calls(fake, lambda hubspot: hubspot.deals.batch_create(inputs))


def test_by_chance_and_the_same_for_the_same_seed(
    calls: Calls, expected_outcomes: list[str]
) -> None:
    fake = FakeServer(seed=3)
    result = chaos(fake, calls)
    assert [type(outcome).__name__ for outcome in result.outcomes] == expected_outcomes
    done = Counter(commit.input["properties"]["row"] for commit in fake.ledger)
    assert set(done.values()) == {1}
    for outcome in result.outcomes:
        row = outcome.input.properties["row"]
        match type(outcome).__name__:
            case "Succeeded":
                assert done[row] == 1
            case "Failed":
                assert done[row] == 0
    assert {type(each).__name__ for each in result.outcomes} == {
        "Succeeded",
        "Failed",
        "Unknown",
    }


@pytest.fixture(scope="module")
def expected_outcomes() -> list[str]:
    """What comes of it in process, with the sync client."""
    result = chaos(FakeServer(seed=3), Calls(is_async=False, over_socket=False))
    return [type(outcome).__name__ for outcome in result.outcomes]


def test_another_seed_is_another_run(expected_outcomes: list[str]) -> None:
    result = chaos(FakeServer(seed=4), Calls(is_async=False, over_socket=False))
    assert [type(each).__name__ for each in result.outcomes] != expected_outcomes


def test_latency_by_chance_and_an_end_to_faults() -> None:
    fake = FakeServer()
    fake.faults(latency=(5, 6), status_503=1.0)
    assert seen(fake, False) == "ReadTimeout"
    fake.faults()
    assert seen(fake, False) == "201 10"


@pytest.mark.parametrize(
    "chances", [{"sunshine": 0.1}, {"truncated": 2.0}, {"truncated": -0.1}]
)
def test_faults_that_cannot_be(chances: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"fault|probability"):
        FakeServer().faults(**chances)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="together"):
        FakeServer().faults(truncated=0.6, status_500=0.6)


def answers(fake: FakeServer, count: int) -> list[httpx2.Response]:
    with httpx2.Client(base_url="http://fake", transport=fake.transport) as http:
        return [
            http.post(
                "/crm/v3/objects/deals/batch/create",
                json={"inputs": []},
                headers={"Authorization": "Bearer token"},
            )
            for _ in range(count)
        ]


def headers(response: httpx2.Response, *names: str) -> list[str | None]:
    return [response.headers.get(f"X-HubSpot-RateLimit-{name}") for name in names]


def test_rate_limits() -> None:
    first, second, third = answers(FakeServer(rate=Rate(2, 60.0, daily=9)), 3)
    assert [first.status_code, second.status_code, third.status_code] == [201, 201, 429]
    names = ("Max", "Remaining", "Interval-Milliseconds", "Daily", "Daily-Remaining")
    assert headers(first, *names) == ["2", "1", "60000", "9", "8"]
    assert headers(third, *names) == ["2", "0", "60000", "9", "7"]
    body = third.json()
    assert (body["errorType"], body["policyName"]) == (
        "RATE_LIMIT",
        "TEN_SECONDLY_ROLLING",
    )
    assert "category" not in body
    spent = answers(FakeServer(rate=Rate(100, daily=1)), 2)[1]
    assert (spent.status_code, spent.json()["policyName"]) == (429, "DAILY")
    documented = answers(FakeServer(rate=True), 101)
    assert [documented[99].status_code, documented[100].status_code] == [201, 429]
    # By default there is none, and clients are told that there is plenty.
    [free] = answers(FakeServer(), 1)
    assert headers(free, "Max", "Daily") == ["1000000", None]


Ask = Callable[[Any], Any]


def test_tokens_and_scopes(calls: Calls) -> None:
    scoped = FakeServer(tokens={"token": ["crm.objects.deals.read"], "other": None})
    scoped.add("deals", id="7")
    for use, status in READ_AND_WRITE:
        result = calls(scoped, use)
        found = [*result.succeeded, *result.failed]
        assert len(found) == 1
        assert scoped.requests[-1].status == status
    calls(scoped, READ_AND_WRITE[1][0], token="other")
    assert scoped.requests[-1].status == 201
    calls(scoped, READ_AND_WRITE[0][0], token="unknown")
    assert scoped.requests[-1].status == 401


READ_AND_WRITE: list[tuple[Ask, int]] = [
    (lambda hubspot: hubspot.deals.batch_read(["7"]), 200),
    (lambda hubspot: hubspot.deals.batch_create([{"properties": {}}]), 403),
    (lambda hubspot: hubspot.objects("deals").batch_create([{"properties": {}}]), 403),
    (lambda hubspot: hubspot.objects("2-1").batch_create([{"properties": {}}]), 201),
]


def test_generations_of_the_api(calls: Calls) -> None:
    fake = FakeServer(generation="2025-09", properties={"deals": {"amount": "number"}})
    inputs = [
        {"properties": {"amount": "1"}, "objectWriteTraceId": "a"},
        {"properties": {"amount": "x"}, "objectWriteTraceId": "b"},
    ]
    result = calls(fake, lambda hubspot: hubspot.deals.batch_create(inputs))
    assert [len(result.succeeded), len(result.failed)] == [1, 1]
    assert [request.status for request in fake.requests] == [200]
    with pytest.raises(ValueError, match="2025-09"):
        FakeServer(generation="1999")


def test_a_path_of_another_generation() -> None:
    fake = FakeServer()
    with httpx2.Client(base_url="http://fake", transport=fake.transport) as http:
        statuses = [
            http.post(
                f"/crm/objects/{release}/{name}/batch/create",
                json={"inputs": [{"properties": {}}]},
                headers={"Authorization": "Bearer token"},
            ).status_code
            for release in ("2026-03", "2025-09", "2019-01")
            for name in ("deals", "0-3")
        ]
        assert http.get("/crm/v3/objects/deals/batch/create").status_code == 405
    assert statuses == [201, 201, 200, 200, 404, 404]
    assert len(fake.records("deals")) == 4
