"""Another API with batches gets the same behaviour, out of its own description.

It is the invented one of the golden case `batch`: other names, other limits, other
waits, entries that are told apart by their sku in capitals or small letters or by a tag,
and a DELETE with a body.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from batchwright.config import Config
from batchwright.diagnostics import Report
from batchwright.pipeline import generate
from support.hubspot import Driver, SyncDriver
from support.hurry import hurried
from support.server import Answer, Received, RecordingServer
from support.warehouse import Warehouse, refusal

pytestmark = pytest.mark.xdist_group("the package for the other API")

PACKAGE = "other_api_warehouse"
SPEC = Path(__file__).parents[1] / "golden" / "batch" / "spec.yaml"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What the generator makes of the description."""
    folder = tmp_path_factory.mktemp("generated")
    config = Config(
        spec=SPEC,
        output=folder / PACKAGE,
        package=PACKAGE,
        client="Client",
        distribution="warehouse",
    )
    for path, text in generate(config, Report()).items():
        file = folder / PACKAGE / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module(PACKAGE)
        for name in [each for each in sys.modules if each.startswith(PACKAGE)]:
            patch.delitem(sys.modules, name)


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse()


@pytest.fixture
def server(warehouse: Warehouse) -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        server.follow(warehouse.answer)
        yield server


Call = Callable[..., Any]


@pytest.fixture
def call(package: Any, server: RecordingServer, driver: Driver) -> Call:
    """Calls that are written for the sync client, made with either."""

    def call(use: Callable[[Any], Any], *, patient: bool = False) -> Any:
        with opened(package, driver, server.url) as client:
            return driver.run(client if patient else hurried(client), use)

    return call


@contextmanager
def opened(package: Any, driver: Driver, url: str, **options: Any) -> Iterator[Any]:
    is_sync = isinstance(driver, SyncDriver)
    kind = package.Client if is_sync else package.AsyncClient
    client = kind(base_url=url, **options)
    try:
        yield client
    finally:
        driver.run(client, lambda client: client.close())


def entry(number: int, **more: Any) -> dict[str, Any]:
    return {"sku": f"Sku-{number}", "count": number, **more}


def sent(request: Received) -> list[str]:
    return [each["sku"] for each in request.json["entries"]]


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
    photos: list[str] | None, sizes: list[int], call: Call, server: RecordingServer
) -> None:
    more = {} if photos is None else {"with_photos": photos}
    result = call(
        lambda client: client.items.bulk_store(map(entry, range(16)), note="n", **more)
    )
    assert [len(sent(request)) for request in server.received] == sizes
    assert [request.json["note"] for request in server.received] == ["n"] * len(sizes)
    assert shelves_of(result) == expected_shelves(16)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_results_are_matched_by_tag(
    concurrency: int, call: Call, server: RecordingServer, warehouse: Warehouse
) -> None:
    warehouse.renames = True
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


def test_results_are_matched_by_folded_sku(call: Call, warehouse: Warehouse) -> None:
    warehouse.repeats_tags = False
    result = call(lambda client: client.items.bulk_store(map(entry, range(16))))
    assert shelves_of(result) == expected_shelves(16)
    assert [each.result.sku for each in result.outcomes][3] == "SKU-3"


def test_results_that_nothing_tells_apart(call: Call, warehouse: Warehouse) -> None:
    warehouse.repeats_tags = False
    warehouse.renames = True
    result = call(lambda client: client.items.bulk_store(map(entry, range(8))))
    assert len(result.succeeded) == 8
    # The eighth was alone in its request, but its result says that it is another's.
    assert shelves_of(result) == [None] * 8
    assert sorted(each.shelf for each in result.unattributed) == expected_shelves(8)


def test_the_same_item_twice(
    call: Call, server: RecordingServer, warehouse: Warehouse
) -> None:
    skus = ["a", "b", "A", "c", "B", "a"]
    inputs = [{"sku": sku, "count": n} for n, sku in enumerate(skus)]
    result = call(lambda client: client.items.bulk_store(inputs, concurrency=4))
    assert len(result.succeeded) == 6
    assert [each.input.sku for each in result.outcomes] == skus
    assert [sent(request) for request in server.received] == [
        ["a", "b", "c"],
        ["A", "B"],
        ["a"],
    ]
    assert warehouse.counts == {"a": 5, "b": 4, "c": 3}


def test_a_refused_input_fails_alone(call: Call, warehouse: Warehouse) -> None:
    inputs = [entry(n) if n % 5 else entry(-1 - n) for n in range(1, 16)]
    result = call(lambda client: client.items.bulk_store(inputs))
    assert [each.input.count for each in result.failed] == [-6, -11, -16]
    for failed in result.failed:
        assert type(failed.error).__name__ == "InputRejectedError"
        assert failed.error.status == 200
        assert "tags" not in failed.error.body
    assert len(result.succeeded) == 12
    assert len(warehouse.stored) == 12


def test_errors_can_name_inputs_by_sku(call: Call, warehouse: Warehouse) -> None:
    answer = {
        "stored": [{"sku": "SKU-2"}],
        "refused": [{"kind": "full", "text": "No room.", "skus": ["SKU-0", "sku-1"]}],
    }
    warehouse.trouble = lambda number: Answer(body=answer)
    result = call(lambda client: client.items.bulk_store(map(entry, range(3))))
    assert [each.input.sku for each in result.failed] == ["Sku-0", "Sku-1"]
    assert [each.input.sku for each in result.succeeded] == ["Sku-2"]


def test_a_bad_input_is_isolated(call: Call, warehouse: Warehouse) -> None:
    inputs = [entry(n) for n in range(7)]
    inputs[4]["count"] = 5000
    result = call(lambda client: client.items.bulk_store(inputs))
    [failed] = result.failed
    assert failed.input.count == 5000
    assert failed.error.category == "count"
    assert failed.error.message == "A count is impossible."
    assert failed.error.correlation_id == "r-1"
    assert len(result.succeeded) == len(warehouse.stored) == 6
    assert 3 <= warehouse.requests <= 13


def test_isolation_can_be_turned_off(call: Call, warehouse: Warehouse) -> None:
    inputs = [entry(n) for n in range(8)]
    inputs[4]["count"] = 5000
    result = call(lambda client: client.items.bulk_store(inputs, isolate=False))
    assert [each.input.count for each in result.failed] == [0, 1, 2, 3, 5000, 5, 6]
    assert [each.input.count for each in result.succeeded] == [7]
    assert warehouse.requests == 2


@pytest.mark.parametrize("status", [500, 503])
def test_faults_after_which_it_is_sent_again(
    status: int, call: Call, warehouse: Warehouse
) -> None:
    trouble = refusal(status, "trouble", "Try again.")
    warehouse.trouble_after = lambda number: trouble if number < 2 else None
    result = call(lambda client: client.items.bulk_store(map(entry, range(7))))
    assert shelves_of(result) == expected_shelves(7)
    assert len(warehouse.stored) == 3 * 7


def test_what_it_makes_no_rule_for(call: Call, warehouse: Warehouse) -> None:
    # HubSpot has a rule for this one.
    warehouse.trouble = lambda number: refusal(423, "locked", "Somebody is at it.")
    result = call(lambda client: client.items.bulk_store(map(entry, range(7))))
    assert [each.error.status for each in result.failed] == [423] * 7
    assert warehouse.requests == 1


def test_a_wait_of_its_own(call: Call, warehouse: Warehouse) -> None:
    limited = refusal(429, "hurry", "Not so fast.")
    warehouse.trouble = lambda number: None if number else limited
    # It is five seconds that the API wants; the caller does not want to wait so long.
    result = call(
        lambda client: client.items.bulk_store([entry(1)], max_wait=4.9), patient=True
    )
    [failed] = result.failed
    assert failed.error.status == 429
    assert warehouse.requests == 1
    warehouse.trouble = lambda number: None if number > 1 else limited
    result = call(lambda client: client.items.bulk_store([entry(1)], max_wait=4.9))
    assert len(result.succeeded) == 1
    assert warehouse.requests == 3


def test_shelves_are_cleared_by_delete(
    call: Call, server: RecordingServer, warehouse: Warehouse
) -> None:
    numbers = [str(n) for n in range(120)]
    result = call(lambda client: client.shelves("north/2").bulk_clear(numbers))
    assert [each.input.number for each in result.outcomes] == numbers
    assert [each.result for each in result.succeeded] == [None] * 120
    assert [request.method for request in server.received] == ["DELETE"] * 3
    found = [len(request.json["shelves"]) for request in server.received]
    assert found == [50, 50, 20]
    path = "/halls/north%2F2/shelves:bulkClear"
    assert {request.path for request in server.received} == {path}
    assert warehouse.cleared == [("north%2F2", number) for number in numbers]


def test_the_parameter_of_a_call_goes_with_each_request(
    call: Call, server: RecordingServer, warehouse: Warehouse
) -> None:
    numbers = [str(n) for n in range(70)]
    result = call(lambda client: client.shelves("1").bulk_clear(numbers, dry_run=True))
    assert len(result.succeeded) == 70
    assert [request.query for request in server.received] == ["dryRun=true"] * 2
    assert warehouse.cleared == []


def test_a_delete_is_sent_again(call: Call, warehouse: Warehouse) -> None:
    def trouble(number: int) -> Answer | None:
        return [Answer(sent=-1), refusal(503, "", ""), None][min(number, 2)]

    warehouse.trouble_after = trouble
    result = call(lambda client: client.shelves("1").bulk_clear(["7", "8"]))
    assert len(result.succeeded) == 2
    assert Counter(warehouse.cleared) == {("1", "7"): 3, ("1", "8"): 3}


def test_its_budget_is_kept(call: Call, warehouse: Warehouse) -> None:
    count = 7 * 24
    result = call(
        lambda client: client.items.bulk_store(map(entry, range(count)), concurrency=4)
    )
    assert shelves_of(result) == expected_shelves(count)
    assert warehouse.requests == 24
    assert warehouse.turned_away == 0


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
    package: Any, server: RecordingServer, driver: Driver, warehouse: Warehouse
) -> None:
    limiter = Unlimited()
    warehouse.trouble = lambda number: Answer(sent=-1) if number == 1 else None
    with opened(package, driver, server.url, limiter=limiter) as client:
        items, inputs = hurried(client).items, [entry(n) for n in range(21)]
        result = driver.run(client, lambda client: items.bulk_store(inputs))
    assert len(result.succeeded) == 21
    assert limiter.reserved == 4
    assert limiter.statuses == [200, None, 200, 200]
