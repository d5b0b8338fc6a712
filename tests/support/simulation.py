"""An engine driven against a server that is only imagined, in a time of its own.

The server knows what it did, whatever it says of it; so what the engine makes of its
answers can be compared with the truth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import Any, TypeAlias

import httpx2
from _runtime import (
    ConnectionFailedError,
    ErrorFields,
    Outcome,
    RequestTimeoutError,
    SDKError,
)
from _runtime.batch.engine import Engine
from _runtime.batch.preflight import Checked
from _runtime.batch.sending import lost, unsent
from _runtime.batch.traffic import Shipment
from _runtime.operation import Answer
from msgspec import structs

Json: TypeAlias = dict[str, Any]

FIELDS = ErrorFields(message="message", category="category")


class Fault(Enum):
    """What becomes of a request."""

    NONE = auto()
    TOO_MANY = auto()
    TOO_MANY_FOR = auto()
    TOO_MANY_FOR_LONG = auto()
    SPENT = auto()
    LOCKED = auto()
    UNAVAILABLE_BEFORE = auto()
    UNAVAILABLE_AFTER = auto()
    BROKEN_BEFORE = auto()
    BROKEN_AFTER = auto()
    REFUSED_CONNECTION = auto()
    TIMED_OUT_AFTER = auto()
    TRUNCATED = auto()
    NOT_JSON = auto()
    FORBIDDEN = auto()
    MISSING = auto()


# After these nobody who is not the server can tell whether it did anything.
AMBIGUOUS = frozenset(
    {
        Fault.UNAVAILABLE_BEFORE,
        Fault.UNAVAILABLE_AFTER,
        Fault.BROKEN_BEFORE,
        Fault.BROKEN_AFTER,
        Fault.TIMED_OUT_AFTER,
        Fault.TRUNCATED,
        Fault.NOT_JSON,
    }
)
_AFTER = frozenset(
    {
        Fault.UNAVAILABLE_AFTER,
        Fault.BROKEN_AFTER,
        Fault.TIMED_OUT_AFTER,
        Fault.TRUNCATED,
        Fault.NOT_JSON,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the server answers.

    Attributes:
        rejects_all: one bad input has the whole request refused.
        names_bad: errors say which inputs they are about.
        echoes: results repeat labels.
        forgets: the chance that a result is missing from an answer.
        strangers: the chance that a result is in it that nobody asked for.
    """

    rejects_all: bool = False
    names_bad: bool = True
    echoes: bool = True
    forgets: float = 0.0
    strangers: float = 0.0

    @property
    def is_vague(self) -> bool:
        """Whether answers may leave open what became of an input."""
        return bool(self.forgets or self.strangers) or not self.names_bad


@dataclass
class Server:
    """The server, and what it knows.

    Every input says in which row of the caller's table it stands: in its property
    "row", or with its id where it has no properties.

    Attributes:
        bad: rows that are refused.
        faults: what becomes of each request; nothing special after the last.
        applied: how often each row took effect.
        log: the rows that took effect, one after the other.
        doubtful: rows of which the client cannot know whether they did.
    """

    has_results: bool
    repeatable: bool
    bad: frozenset[str]
    faults: Iterator[Fault]
    manners: Manners
    random: Random
    applied: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    requests: int = 0

    def answer(self, inputs: Sequence[Json]) -> Answer | SDKError:
        self.requests += 1
        rows = [row_of(each) for each in inputs]
        repeated = self.doubtful.intersection(rows)
        assert (
            self.repeatable or not repeated
        ), "sent again, though it may have happened"
        fault = next(self.faults, Fault.NONE)
        is_done = fault is Fault.NONE or fault in _AFTER
        said = _spoilt(fault, self._do(inputs)) if is_done else _refusal(fault)
        is_refusal = isinstance(said, Answer) and 400 <= said.status < 500
        if fault in AMBIGUOUS and not is_refusal:
            self.doubtful.update(rows)
        return said

    def _do(self, inputs: Sequence[Json]) -> Answer:
        bad = [each for each in inputs if row_of(each) in self.bad]
        if bad and self.manners.rejects_all:
            return _answer(400, {"message": "bad", "errors": self._errors(bad)})
        done = [each for each in inputs if row_of(each) not in self.bad]
        for each in done:
            self.applied[row_of(each)] += 1
            self.log.append(row_of(each))
        if not self.has_results:
            return _answer(204, None)
        results = [self._result(each) for each in done]
        kept = [
            each for each in results if self.random.random() >= self.manners.forgets
        ]
        if self.random.random() < self.manners.strangers:
            kept.append({"id": "stranger", "properties": {"row": "none"}})
        self.random.shuffle(kept)
        body = {"status": "COMPLETE", "results": kept, "errors": self._errors(bad)}
        return _answer(207 if bad else 200, body)

    def _result(self, given: Json) -> Json:
        result = {
            "id": given.get("id") or f"new {row_of(given)}",
            "properties": {**given.get("properties", {}), "row": row_of(given)},
            "unknown": 1,
        }
        if self.manners.echoes and "traceId" in given:
            result["traceId"] = given["traceId"]
        return result

    def _errors(self, bad: Sequence[Json]) -> list[Json]:
        return [{"message": "is bad", "context": self._context(each)} for each in bad]

    def _context(self, given: Json) -> Json:
        if not self.manners.names_bad:
            return {}
        if "traceId" in given:
            return {"traceId": [given["traceId"]]}
        return {"ids": [given["id"].upper()]}


@dataclass
class Simulation:
    """One call, from its first input to its last outcome.

    Attributes:
        outcomes: as they were handed out.
        most_in_flight: how many requests there ever were at a time.
        most_held: how many inputs had been fed and not handed out again, at most.
    """

    engine: Engine[Any, Any]
    pieces: Iterator[Checked]
    server: Server
    random: Random
    limit: int
    key: Callable[[str], str]
    now: float = 0.0
    fed: int = 0
    outcomes: list[Outcome[Any, Any]] = field(default_factory=list)
    most_in_flight: int = 0
    most_held: int = 0

    def run(self, *, steps: int | None = None) -> None:
        """Go on until all is done, or for so many steps."""
        flights: dict[Shipment, Answer | SDKError | None] = {}
        taken = 0
        while not self.engine.is_done and taken != steps:
            taken += 1
            assert taken < 20_000, "it does not come to an end"
            self._step(flights)
        if self.engine.is_done:
            self.outcomes += self.engine.take()
        else:
            self._leave()

    def _step(self, flights: dict[Shipment, Answer | SDKError | None]) -> None:
        engine = self.engine
        shipment = engine.next(self.now)
        if shipment is not None:
            self._check(shipment, flights)
            # What the server does may be done long before its answer comes.
            is_early = self.random.random() < 0.5
            flights[shipment] = self._processed(shipment) if is_early else None
            self.most_in_flight = max(self.most_in_flight, len(flights))
        elif engine.wanted:
            self._feed()
        elif flights and (engine.wake_at is None or self.random.random() < 0.8):
            shipment = self.random.choice(list(flights))
            answer = flights.pop(shipment) or self._processed(shipment)
            self.now += self.random.random()
            engine.receive(shipment, answer, self.now)
        elif engine.wake_at is not None:
            self.now = max(self.now, engine.wake_at)
        elif not engine.is_done:
            # It must be that it waits for outcomes to be taken.
            taken = engine.take()
            assert taken, "it waits for nothing"
            self.outcomes += taken
        if self.random.random() < 0.5:
            self.outcomes += engine.take()

    def _feed(self) -> None:
        wanted = self.engine.wanted
        assert 0 < wanted <= self.limit
        piece = next(self.pieces, None)
        if piece is None:
            self.engine.finish()
            return
        self.engine.feed(piece)
        self.fed += len(piece.given)
        self.most_held = max(self.most_held, self.fed - len(self.outcomes))

    def _processed(self, shipment: Shipment) -> Answer | SDKError:
        return self.server.answer(inputs_of(shipment))

    def _check(self, shipment: Shipment, others: Mapping[Shipment, Any]) -> None:
        inputs = inputs_of(shipment)
        assert 0 < len(inputs) <= self.limit
        labels = [each["traceId"] for each in inputs if "traceId" in each]
        assert len(set(labels)) == len(labels)
        mine = [self.key(each["id"]) for each in inputs if "id" in each]
        theirs = [
            self.key(each["id"])
            for other in others
            for each in inputs_of(other)
            if "id" in each
        ]
        assert len(set(mine)) == len(mine), "a record twice in a request"
        assert not set(mine) & set(theirs), "a record in two requests at a time"

    def _leave(self) -> None:
        """As a driver does that is interrupted."""
        self.engine.finish()
        self.engine.halt(unsent())
        for shipment in self.engine.in_flight:
            self.engine.receive(shipment, lost(), self.now)
        self.outcomes += self.engine.take_all().values()


def inputs_of(shipment: Shipment) -> list[Json]:
    found: list[Json] = json.loads(shipment.prepared.content or b"")["inputs"]
    return found


def row_of(given: Json) -> str:
    row: str = given.get("properties", {}).get("row", given.get("id"))
    return row


class CountingLimiter:
    """Lets everything pass, and counts."""

    def __init__(self) -> None:
        self.reserved = 0
        self.answers = 0
        self.paused_until = 0.0

    def reserve(self, now: float) -> float:
        if self.paused_until > now:
            return self.paused_until
        self.reserved += 1
        return now

    def answered(
        self, now: float, status: int | None, headers: Mapping[str, str]
    ) -> None:
        self.answers += 1

    def pause(self, until: float) -> None:
        self.paused_until = max(self.paused_until, until)


def _answer(
    status: int,
    body: object,
    headers: Mapping[str, str] | None = None,
    broken: str | None = None,
) -> Answer:
    content = b"" if body is None else json.dumps(body).encode()
    return Answer(
        status=status,
        headers=httpx2.Headers(dict(headers or {})),
        content=content,
        broken=broken,
    )


def _spoilt(fault: Fault, said: Answer) -> Answer | SDKError:
    if fault is Fault.NONE:
        return said
    if fault is Fault.UNAVAILABLE_AFTER:
        return _answer(503, {"message": "try again"})
    if fault is Fault.BROKEN_AFTER:
        return ConnectionFailedError("reset", delivered=None)
    if fault is Fault.TIMED_OUT_AFTER:
        return RequestTimeoutError("too slow", delivered=None)
    if said.status >= 300:
        # What is spoilt on its way is a refusal all the same.
        return said
    if fault is Fault.TRUNCATED:
        content = said.content[: len(said.content) // 2]
        return structs.replace(said, content=content, broken="it broke off")
    return structs.replace(said, content=b"<html>")


def _refusal(fault: Fault) -> Answer | SDKError:
    made: dict[Fault, Callable[[], Answer | SDKError]] = {
        Fault.TOO_MANY: lambda: _answer(429, {"message": "slow down"}),
        Fault.TOO_MANY_FOR: lambda: _answer(429, {}, {"Retry-After": "3"}),
        Fault.TOO_MANY_FOR_LONG: lambda: _answer(429, {}, {"Retry-After": "9999"}),
        Fault.SPENT: lambda: _answer(429, {"policyName": "DAILY"}),
        Fault.LOCKED: lambda: _answer(423, {"message": "locked"}),
        Fault.UNAVAILABLE_BEFORE: lambda: _answer(503, {"message": "try again"}),
        Fault.BROKEN_BEFORE: lambda: ConnectionFailedError("reset", delivered=None),
        Fault.REFUSED_CONNECTION: lambda: ConnectionFailedError(
            "refused", delivered=False
        ),
        Fault.FORBIDDEN: lambda: _answer(403, {"message": "no"}),
        Fault.MISSING: lambda: _answer(404, {"message": "nothing there"}),
    }
    return made[fault]()
