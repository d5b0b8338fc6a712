"""Another API with batches gets the same behaviour, out of its own description.

It is the invented one of the golden case `batch`, as its own fake has it: other names,
other limits, other waits, entries that are told apart by their sku in capitals or small
letters or by a tag, and a DELETE with a body.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from support.hubspot import Driver, SyncDriver
from support.hurry import hurried
from support.packages import WAREHOUSE, imported
from support.server import Answer, Received, RecordingServer

pytestmark = pytest.mark.xdist_group("the package for the other API")

PACKAGE = "other_api_warehouse"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What the generator makes of the description."""
    folder = tmp_path_factory.mktemp("generated")
    with imported(WAREHOUSE, PACKAGE, folder) as package:
        yield package


def complaint(record_type: str, values: Mapping[str, Any]) -> str | None:
    return "Less than none." if values.get("count", 0) < 0 else None


@pytest.fixture
def fake(package: Any) -> Any:
    """Items 0 to 15 lie on shelves already, their skus in capitals."""
    fake = importlib.import_module(f"{PACKAGE}.testing").FakeServer(refuse=complaint)
    for number in range(16):
        fake.add("items", {"shelf": f"shelf of sku-{number}"}, id=f"SKU-{number}")
    return fake


Call = Callable[..., Any]


@pytest.fixture
def options(fake: Any, over_socket: bool) -> Iterator[dict[str, Any]]:
    """What a client needs to speak with the fake."""
    if not over_socket:
        yield {"base_url": "http://fake", "transport": fake.transport}
        return
    with fake.serve() as url:
        yield {"base_url": url}


@pytest.fixture
def call(package: Any, driver: Driver, options: dict[str, Any]) -> Call:
    """Calls that are written for the sync client, made with either."""

    def call(use: Callable[[Any], Any], *, patient: bool = False) -> Any:
        with opened(package, driver, **options) as client:
            return driver.run(client if patient else hurried(client), use)

    return call


@contextmanager
def opened(package: Any, driver: Driver, **options: Any) -> Iterator[Any]:
    is_sync = isinstance(driver, SyncDriver)
    kind = package.Client if is_sync else package.AsyncClient
    client = kind(**options)
    try:
        yield client
    finally:
        driver.run(client, lambda client: client.close())


def entry(number: int, **more: Any) -> dict[str, Any]:
    return {"sku": f"Sku-{number}", "count": number, **more}


def skus(request: Any) -> list[str]:
    return [each["sku"] for each in request.inputs]


def shelves_of(result: Any) -> list[str | None]:
    """Where each item lies, in the order of the inputs; None where it is not said."""
    return [each.result and each.result.shelf for each in result.outcomes]


def expected_shelves(count: int) -> list[str]:
    return [f"shelf of sku-{number}" for number in range(count)]


@pytest.mark.parametrize(
    ("photos", "sizes"),
    [(None, [7, 7, 2]), ([], [7, 7, 2]), (["front"], [3, 3, 3, 3, 3, 1])],
)
def test_the_limits_are_its_own(
    photos: list[str] | None, sizes: list[int], call: Call, fake: Any
) -> None:
    more = {} if photos is None else {"with_photos": photos}
    result = call(
        lambda client: client.items.bulk_store(map(entry, range(16)), note="n", **more)
    )
    assert [len(request.inputs) for request in fake.requests] == sizes
    notes = [json.loads(request.body)["note"] for request in fake.requests]
    assert notes == ["n"] * len(sizes)
    assert shelves_of(result) == expected_shelves(16)


def test_results_are_matched_by_folded_sku(call: Call, fake: Any) -> None:
    fake.faults(lambda effect, inputs: "unlabelled")
    result = call(lambda client: client.items.bulk_store(map(entry, range(16))))
    assert shelves_of(result) == expected_shelves(16)
    assert [each.result.sku for each in result.outcomes][3] == "SKU-3"
    assert {request.fault for request in fake.requests} == {"unlabelled"}


def test_the_same_item_twice(call: Call, fake: Any) -> None:
    named = ["a", "b", "A", "c", "B", "a"]
    inputs = [{"sku": sku, "count": n} for n, sku in enumerate(named)]
    result = call(lambda client: client.items.bulk_store(inputs, concurrency=4))
    assert len(result.succeeded) == 6
    assert [each.input.sku for each in result.outcomes] == named
    assert [skus(request) for request in fake.requests] == [
        ["a", "b", "c"],
        ["A", "B"],
        ["a"],
    ]
    counts = {name: fake.record("items", name).properties["count"] for name in "abc"}
    assert counts == {"a": 5, "b": 4, "c": 3}


def test_a_refused_input_fails_alone(call: Call, fake: Any) -> None:
    inputs = [entry(n) if n % 5 else entry(-1 - n) for n in range(1, 16)]
    result = call(lambda client: client.items.bulk_store(inputs))
    assert [each.input.count for each in result.failed] == [-6, -11, -16]
    for failed in result.failed:
        assert type(failed.error).__name__ == "InputRejectedError"
        assert failed.error.status == 200
        assert "tags" not in failed.error.body
    assert len(result.succeeded) == 12
    assert len(fake.ledger) == 12


@pytest.fixture
def strict(package: Any, fake: Any) -> Any:
    """The fake, that refuses every request with a count above a thousand."""
    body = {"error": {"kind": "count", "text": "Impossible.", "ref": "r-1"}}
    fault = importlib.import_module(f"{PACKAGE}.testing").Fault
    refusal = fault(status=400, body=body, headers={"X-Ref": "r-1"})

    def script(effect: str | None, inputs: Sequence[Any]) -> Any:
        return refusal if any(each["count"] > 1000 for each in inputs) else None

    fake.faults(script)
    return fake


def test_a_bad_input_is_isolated(call: Call, strict: Any) -> None:
    inputs = [entry(n) for n in range(7)]
    inputs[4]["count"] = 5000
    result = call(lambda client: client.items.bulk_store(inputs))
    [failed] = result.failed
    assert failed.input.count == 5000
    assert failed.error.category == "count"
    assert failed.error.message == "Impossible."
    assert failed.error.correlation_id == "r-1"
    assert len(result.succeeded) == len(strict.ledger) == 6
    assert 3 <= len(strict.requests) <= 13


def test_isolation_can_be_turned_off(call: Call, strict: Any) -> None:
    inputs = [entry(n) for n in range(8)]
    inputs[4]["count"] = 5000
    result = call(lambda client: client.items.bulk_store(inputs, isolate=False))
    assert [each.input.count for each in result.failed] == [0, 1, 2, 3, 5000, 5, 6]
    assert [each.input.count for each in result.succeeded] == [7]
    assert len(strict.requests) == 2


@pytest.mark.parametrize("status", [500, 503])
def test_faults_after_which_it_is_sent_again(
    status: int, call: Call, fake: Any
) -> None:
    fake.fail(next=2, status=status, after_commit=True)
    result = call(lambda client: client.items.bulk_store(map(entry, range(7))))
    assert shelves_of(result) == expected_shelves(7)
    assert len(fake.ledger) == 3 * 7


def test_what_it_makes_no_rule_for(call: Call, fake: Any) -> None:
    # HubSpot has a rule for this one.
    fake.fail(status=423)
    result = call(lambda client: client.items.bulk_store(map(entry, range(7))))
    assert [each.error.status for each in result.failed] == [423] * 7
    assert len(fake.requests) == 1


def test_a_wait_of_its_own(call: Call, fake: Any) -> None:
    fake.fail(status=429)
    # It is five seconds that the API wants; the caller does not want to wait so long.
    result = call(
        lambda client: client.items.bulk_store([entry(1)], max_wait=4.9), patient=True
    )
    [failed] = result.failed
    assert failed.error.status == 429
    assert len(fake.requests) == 1
    fake.fail(status=429)
    result = call(lambda client: client.items.bulk_store([entry(1)], max_wait=4.9))
    assert len(result.succeeded) == 1
    assert len(fake.requests) == 3


def test_shelves_are_cleared_by_delete(call: Call, fake: Any) -> None:
    numbers = [str(n) for n in range(120)]
    for number in numbers:
        fake.add("shelves/north/2", id=number)
    result = call(lambda client: client.shelves("north/2").bulk_clear(numbers))
    assert [each.input.number for each in result.outcomes] == numbers
    assert [each.result for each in result.succeeded] == [None] * 120
    assert [request.method for request in fake.requests] == ["DELETE"] * 3
    assert [len(request.inputs) for request in fake.requests] == [50, 50, 20]
    path = "/halls/north%2F2/shelves:bulkClear"
    assert {request.path for request in fake.requests} == {path}
    assert [commit.id for commit in fake.ledger] == numbers
    assert fake.records("shelves/north/2") == []


def test_the_parameter_of_a_call_goes_with_each_request(call: Call, fake: Any) -> None:
    numbers = [str(n) for n in range(70)]
    result = call(lambda client: client.shelves("1").bulk_clear(numbers, dry_run=True))
    assert len(result.succeeded) == 70
    queries = [request.request.query for request in fake.requests]
    assert queries == ["dryRun=true"] * 2


def test_a_delete_is_sent_again(call: Call, fake: Any) -> None:
    fake.fail(fault="reset_before_commit")
    fake.fail(status=503, after_commit=True)
    for number in ("7", "8"):
        fake.add("shelves/1", id=number)
    result = call(lambda client: client.shelves("1").bulk_clear(["7", "8"]))
    assert len(result.succeeded) == 2
    assert [request.status for request in fake.requests] == [0, 503, 204]
    assert [len(request.inputs) for request in fake.requests] == [2, 2, 2]
    assert [commit.id for commit in fake.ledger] == ["7", "8"]


def test_its_budget_is_kept(package: Any, driver: Driver, over_socket: bool) -> None:
    fake = importlib.import_module(f"{PACKAGE}.testing").FakeServer(rate=True)
    inputs = [entry(number) for number in range(7 * 24)]

    def store(client: Any) -> Any:
        return client.items.bulk_store(inputs, concurrency=4)

    with ExitStack() as stack:
        options = (
            {"base_url": stack.enter_context(fake.serve())}
            if over_socket
            else {"base_url": "http://fake", "transport": fake.transport}
        )
        client = stack.enter_context(opened(package, driver, **options))
        result = driver.run(client, store)
    assert len(result.succeeded) == len(inputs)
    assert [request.status for request in fake.requests] == [200] * 24


class Unlimited:
    """A rate limiter of the user's own: it only counts."""

    def __init__(self) -> None:
        self.reserved = 0
        self.statuses: list[int | None] = []

    def reserve(self, now: float) -> float:
        self.reserved += 1
        return now

    def answered(
        self, now: float, status: int | None, headers: Mapping[str, str]
    ) -> None:
        self.statuses.append(status)

    def pause(self, until: float) -> None:
        raise AssertionError("nobody asked for a pause")


def test_a_limiter_of_the_users_own(
    package: Any, driver: Driver, fake: Any, options: dict[str, Any]
) -> None:
    limiter = Unlimited()
    fake.faults(
        lambda effect, inputs: (
            "reset_before_commit" if len(fake.requests) == 1 else None
        )
    )
    with opened(package, driver, **options, limiter=limiter) as client:
        inputs = [entry(n) for n in range(21)]
        items = client.items
        result = driver.run(hurried(client), lambda client: items.bulk_store(inputs))
    assert len(result.succeeded) == 21
    assert limiter.reserved == 4
    assert limiter.statuses == [200, None, 200, 200]


# What the fake does not do: answers as other servers could give them.


@pytest.fixture
def answering(
    package: Any, driver: Driver
) -> Iterator[Callable[[Callable[[list[Any]], Any]], tuple[RecordingServer, Call]]]:
    """A server that answers entries with what a function makes of them."""
    with RecordingServer() as server:

        def told(answer: Callable[[list[Any]], Any]) -> tuple[RecordingServer, Call]:
            def script(request: Received) -> Answer:
                return Answer(body=answer(request.json["entries"]))

            def call(use: Callable[[Any], Any]) -> Any:
                with opened(package, driver, base_url=server.url) as client:
                    return driver.run(hurried(client), use)

            server.follow(script)
            return server, call

        yield told


def renamed(entries: list[Any], *, with_tags: bool) -> Any:
    """Results in another order, under skus of the server's own."""
    stored = []
    for place, each in enumerate(reversed(entries)):
        result = {"sku": f"W-{place}", "shelf": f"shelf of {each['sku'].lower()}"}
        stored.append({**result, "tag": each["tag"]} if with_tags else result)
    return {"stored": stored}


@pytest.mark.parametrize("concurrency", [1, 4])
def test_results_are_matched_by_tag(concurrency: int, answering: Any) -> None:
    server, call = answering(lambda entries: renamed(entries, with_tags=True))
    inputs = [entry(n, **({"tag": f"mine-{n}"} if n % 2 else {})) for n in range(16)]
    result = call(
        lambda client: client.items.bulk_store(inputs, concurrency=concurrency)
    )
    assert shelves_of(result) == expected_shelves(16)
    for request in server.received:
        tags = [each["tag"] for each in request.json["entries"]]
        assert len(set(tags)) == len(tags)
    # Tags that nobody but the server was to see are not seen.
    tags = [getattr(each.result, "tag", None) for each in result.outcomes]
    assert tags[1::2] == [f"mine-{n}" for n in range(1, 16, 2)]
    assert not any(isinstance(tag, str) for tag in tags[::2])
    assert [each.input.sku for each in result.outcomes] == [i["sku"] for i in inputs]


def test_results_that_nothing_tells_apart(answering: Any) -> None:
    _, call = answering(lambda entries: renamed(entries, with_tags=False))
    result = call(lambda client: client.items.bulk_store(map(entry, range(8))))
    assert len(result.succeeded) == 8
    # The eighth was alone in its request, but its result says that it is another's.
    assert shelves_of(result) == [None] * 8
    assert sorted(each.shelf for each in result.unattributed) == expected_shelves(8)


def test_errors_can_name_inputs_by_sku(answering: Any) -> None:
    refusal = {"kind": "full", "text": "No room.", "skus": ["SKU-0", "sku-1"]}
    body = {"stored": [{"sku": "SKU-2"}], "refused": [refusal]}
    _, call = answering(lambda entries: body)
    result = call(lambda client: client.items.bulk_store(map(entry, range(3))))
    assert [each.input.sku for each in result.failed] == ["Sku-0", "Sku-1"]
    assert [each.input.sku for each in result.succeeded] == ["Sku-2"]
