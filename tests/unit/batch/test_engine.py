"""Whatever a server does, and in whatever order its answers come: what the engine
says of each input is the truth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from _runtime import UNSET, BatchOperation, Failed, Succeeded, Unknown
from _runtime.batch.calls import call_of
from _runtime.batch.engine import Engine, Policy
from _runtime.batch.options import Settings
from _runtime.batch.preflight import Checked, Preflight
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.batches import ARCHIVE, CREATE, READ, RETRY_RULES, UPDATE, UPSERT
from support.simulation import (
    FIELDS,
    CountingLimiter,
    Fault,
    Manners,
    Server,
    Simulation,
)

OPERATIONS: dict[str, BatchOperation[Any, Any, Any]] = {
    "create": CREATE,
    "read": READ,
    "update": UPDATE,
    "upsert": UPSERT,
    "archive": ARCHIVE,
}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Everything that decides what happens in a call."""

    name: str
    limit: int
    ids: Sequence[str]
    labels: Sequence[str | None]
    bad: frozenset[int]
    faults: Sequence[Fault]
    manners: Manners
    options: Settings
    is_stream: bool
    seed: int

    @property
    def inputs(self) -> list[Any]:
        """What the caller gives; the row is the place in the table."""
        if self.name in ("read", "archive"):
            # Where an input is but an id, that is its row as well.
            return [{"id": each} for each in dict.fromkeys(self.ids)]
        made: list[Any] = []
        for row, (id, label) in enumerate(zip(self.ids, self.labels, strict=True)):
            one: dict[str, Any] = {"properties": {"row": str(row)}}
            if self.name != "create":
                one["id"] = id
            if self.name == "upsert":
                one["idProperty"] = "number"
                one["properties"]["number"] = id
            if label is not None:
                # The same twice is refused beforehand.
                one["traceId"] = f"{label}{row}"
            made.append(one)
        return made


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    count = draw(st.integers(0, 25))
    of_inputs: Any = {"min_size": count, "max_size": count}
    return Scenario(
        name=draw(st.sampled_from(sorted(OPERATIONS))),
        limit=draw(st.integers(1, 6)),
        ids=draw(
            st.lists(
                st.sampled_from(["1", "2", "3", "A", "a", "b", "c", "d"]), **of_inputs
            )
        ),
        labels=draw(st.lists(st.sampled_from([None, None, "mine", "1"]), **of_inputs)),
        bad=frozenset(draw(st.lists(st.integers(0, 25), max_size=5))),
        faults=draw(st.lists(st.sampled_from(Fault), max_size=15)),
        manners=Manners(
            rejects_all=draw(st.booleans()),
            names_bad=draw(st.booleans()),
            echoes=draw(st.booleans()),
            forgets=draw(st.sampled_from([0.0, 0.2])),
            strangers=draw(st.sampled_from([0.0, 0.2])),
        ),
        options=Settings(
            concurrency=draw(st.integers(1, 4)),
            isolate=draw(st.booleans()),
            attempts=draw(st.integers(1, 4)),
            deadline=draw(st.sampled_from([None, None, 5.0])),
            in_order=draw(st.booleans()),
        ),
        is_stream=draw(st.booleans()),
        seed=draw(st.integers(0, 10_000)),
    )


class Played:
    """A scenario that has been played."""

    def __init__(self, scenario: Scenario, *, steps: int | None = None) -> None:
        operation = OPERATIONS[scenario.name]
        batching = structs.replace(operation.batching, max_items=scenario.limit)
        operation = structs.replace(operation, batching=batching)
        call = call_of(operation, arguments={}, fields={}, headers=None)
        self.scenario = scenario
        self.batching = batching
        self.inputs = scenario.inputs
        self.limiter = CountingLimiter()
        random = Random(scenario.seed)
        folds = batching.identity is not None and batching.identity.fold_case
        self.engine: Engine[Any, Any] = Engine(
            call,
            scenario.options,
            Policy(rules=RETRY_RULES, fields=FIELDS, limiter=self.limiter),
            now=0.0,
            epoch=0.0,
            random=random.random,
            is_stream=scenario.is_stream,
        )
        self.server = Server(
            has_results=batching.results is not None,
            repeatable=batching.repeatable,
            bad=self._bad(),
            faults=iter(scenario.faults),
            manners=scenario.manners,
            random=random,
        )
        self.simulation = Simulation(
            engine=self.engine,
            pieces=self._pieces(Preflight(batching)),
            server=self.server,
            random=random,
            limit=scenario.limit,
            key=str.casefold if folds else str,
        )
        self.simulation.run(steps=steps)
        outcomes = self.simulation.outcomes
        if not scenario.is_stream:
            outcomes += self.engine.take_all().values()
        self.outcomes = outcomes

    def _bad(self) -> frozenset[str]:
        # Where there are no results, one bad input among others is not reported.
        if self.batching.results is None and not self.scenario.manners.rejects_all:
            return frozenset()
        count = len(self.inputs)
        return frozenset(self.row(at) for at in self.scenario.bad if at < count)

    def row(self, at: int) -> str:
        given = self.inputs[at]
        row: str = given.get("properties", {}).get("row", given.get("id"))
        return row

    def _pieces(self, preflight: Preflight) -> Iterator[Checked]:
        for start in range(0, len(self.inputs), self.scenario.limit):
            yield preflight.check(self.inputs[start : start + self.scenario.limit])


def row_of(model: Any) -> str:
    row: str = getattr(model, "properties", {}).get("row") or model.id
    return row


@settings(max_examples=600, deadline=None)
@given(scenarios())
def test_each_input_has_one_outcome_and_it_is_the_truth(scenario: Scenario) -> None:
    played = Played(scenario)
    rows = [played.row(at) for at in range(len(played.inputs))]
    found = [row_of(outcome.input) for outcome in played.outcomes]
    assert sorted(found) == sorted(rows)
    applied = played.server.applied
    for outcome in played.outcomes:
        row = row_of(outcome.input)
        if isinstance(outcome, Succeeded):
            assert applied[row]
        elif isinstance(outcome, Failed):
            # What changes nothing may fail though the server did what it could.
            assert played.batching.safe or not applied[row]
        else:
            assert not played.batching.safe
            assert row in played.server.doubtful or scenario.manners.is_vague
    if not played.batching.repeatable:
        assert max(applied.values(), default=0) <= 1


@settings(max_examples=300, deadline=None)
@given(scenarios())
def test_a_result_is_its_inputs_own(scenario: Scenario) -> None:
    # Nobody could tell a stranger in the place of the only result of a create.
    manners = replace(scenario.manners, forgets=0.0)
    played = Played(replace(scenario, manners=manners))
    for outcome in played.outcomes:
        if isinstance(outcome, Succeeded) and outcome.result is not None:
            assert outcome.result.properties["row"] == row_of(outcome.input)


@settings(max_examples=300, deadline=None)
@given(scenarios())
def test_labels_of_the_engine_are_seen_by_nobody(scenario: Scenario) -> None:
    played = Played(scenario)
    own = {each.get("traceId", UNSET) for each in played.inputs}
    for outcome in played.outcomes:
        assert getattr(outcome.input, "trace_id", UNSET) in own
        if isinstance(outcome, Succeeded) and outcome.result is not None:
            given_label = getattr(outcome.input, "trace_id", UNSET)
            assert outcome.result.trace_id in (given_label, UNSET)


@settings(max_examples=300, deadline=None)
@given(scenarios())
def test_inputs_about_one_record_take_effect_in_their_order(scenario: Scenario) -> None:
    played = Played(scenario)
    if scenario.name not in ("update", "upsert"):
        return
    ids = {str(row): id.casefold() for row, id in enumerate(scenario.ids)}
    done: dict[str, list[int]] = defaultdict(list)
    for row in played.server.log:
        done[ids[row]].append(int(row))
    assert all(rows == sorted(rows) for rows in done.values())


@settings(max_examples=300, deadline=None)
@given(scenarios())
def test_limits_are_kept(scenario: Scenario) -> None:
    played = Played(scenario)
    concurrency = scenario.options.concurrency
    assert played.simulation.most_in_flight <= concurrency
    if scenario.is_stream:
        assert played.simulation.most_held <= scenario.limit * (concurrency + 2)
    assert played.limiter.reserved == played.limiter.answers == played.server.requests
    assert played.server.requests <= 2 * len(played.inputs) * scenario.options.attempts


@settings(max_examples=300, deadline=None)
@given(scenarios())
def test_order_is_that_of_the_inputs_where_it_is_asked_for(scenario: Scenario) -> None:
    played = Played(scenario)
    if scenario.options.in_order or not scenario.is_stream:
        expected = [played.row(at) for at in range(len(played.inputs))]
        assert [row_of(outcome.input) for outcome in played.outcomes] == expected


@settings(max_examples=300, deadline=None)
@given(scenarios(), st.integers(0, 60))
def test_left_at_any_moment_it_still_tells_the_truth(
    scenario: Scenario, steps: int
) -> None:
    played = Played(scenario, steps=steps)
    fed = played.simulation.fed if steps else 0
    rows = [played.row(at) for at in range(min(fed, len(played.inputs)))]
    found = [row_of(outcome.input) for outcome in played.outcomes]
    assert sorted(found) == sorted(rows)
    applied = played.server.applied
    for outcome in played.outcomes:
        row = row_of(outcome.input)
        if isinstance(outcome, Succeeded):
            assert applied[row]
        elif isinstance(outcome, Failed):
            assert played.batching.safe or not applied[row]


def test_unknown_is_what_nobody_can_tell() -> None:
    scenario = Scenario(
        name="create",
        limit=2,
        ids=["1"] * 3,
        labels=[None] * 3,
        bad=frozenset(),
        faults=[Fault.BROKEN_AFTER],
        manners=Manners(),
        options=Settings(),
        is_stream=False,
        seed=1,
    )
    played = Played(scenario)
    assert [type(each) for each in played.outcomes] == [Unknown, Unknown, Succeeded]
    assert played.server.requests == 2
