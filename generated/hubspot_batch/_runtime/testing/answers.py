"""The bodies of answers: records as results, problems as errors, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from random import Random
from typing import Any, TypeAlias

import msgspec

from ..batch.paths import value_at
from .described import Described
from .effects import Batch, Done, Problem
from .store import StoredRecord

__all__ = ["Answers", "put"]

Json: TypeAlias = dict[str, Any]

# Where nobody knows what the API would say.
_OWN = "This is a fault of the test's own"


class Answers:
    """Puts into the API's words what came of a request."""

    def __init__(self, described: Described) -> None:
        self._described = described
        self._said = described.behaviour

    def body(self, batch: Batch, done: Done, now: datetime, random: Random) -> Json:
        """The answer to a batch, with its results in no particular order."""
        batching, envelope = batch.batching, self._said.envelope
        results = [self._result(batch, *each) for each in done.results]
        random.shuffle(results)
        body: Json = {**envelope.constants}
        if batching.results is not None:
            body[batching.results] = results
        for name in (envelope.started_at, envelope.completed_at):
            if name is not None:
                body[name] = moment(now)
        if done.problems and batching.errors is not None:
            errors = list(self._errors(batch, done))
            body[batching.errors] = errors
            if envelope.error_count is not None:
                body[envelope.error_count] = len(errors)
        return body

    def refusal(self, problem: Problem, correlation_id: str) -> Json:
        """The body of an answer that refuses the request."""
        body = self._complaint([problem])
        if self._described.correlation_id is not None:
            put(body, self._described.correlation_id, correlation_id)
        return body

    def _complaint(self, problems: list[Problem]) -> Json:
        """What the API says of problems that are alike."""
        first, errors = problems[0], self._said.errors
        body = deepcopy(errors.bodies.get(str(first.status), {}))
        path = self._described.message or "message"
        put(body, path, first.message or value_at(body, path) or _OWN)
        existing = [problem.existing for problem in problems if problem.existing]
        if existing and errors.existing is not None:
            put(body, errors.existing, existing)
        return body

    def _errors(self, batch: Batch, done: Done) -> Iterator[Json]:
        """One for each kind of problem that several inputs can share, or for each."""
        if batch.is_unnamed:
            yield from (self._complaint([problem]) for problem, _ in done.problems)
            return
        alike: dict[tuple[int, str | None], list[tuple[Problem, Json]]] = {}
        for problem, item in done.problems:
            alike.setdefault((problem.status, problem.message), []).append(
                (problem, item)
            )
        for group in alike.values():
            body = self._complaint([problem for problem, _ in group])
            self._name(batch, body, [item for _, item in group])
            yield body

    def _name(self, batch: Batch, body: Json, items: list[Json]) -> None:
        """Say in an error which inputs it is about."""
        label, identity = batch.batching.correlation, batch.batching.identity
        by_label = batch.batching.partial == "labelled" and batch.is_labelled
        if by_label and label is not None and label.error is not None:
            put(body, label.error, [batch.label(item) for item in items])
        elif identity is not None and identity.error is not None:
            put(body, identity.error, [str(batch.id(item)) for item in items])

    def _result(
        self, batch: Batch, stored: StoredRecord, item: Json, is_new: bool
    ) -> Json:
        record, identity = self._said.record, batch.batching.identity
        result: Json = {}
        if record.properties is None:
            fields = _fields(batch.batching.result)
            result |= {n: v for n, v in stored.properties.items() if n in fields}
        else:
            result[record.properties] = self._properties(batch, stored, item)
        id_field = identity.result if identity and identity.result else record.id
        named: list[tuple[str | None, Any]] = [
            (id_field, stored.id),
            (record.created_at, moment(stored.created_at)),
            (record.updated_at, moment(stored.updated_at)),
            (record.archived, stored.archived),
        ]
        if stored.archived_at is not None:
            named.append((record.archived_at, moment(stored.archived_at)))
        if batch.batching.effect == "upsert":
            named.append((record.is_new, is_new))
        label = batch.batching.correlation
        if label is not None and batch.label(item) is not None:
            named.append((label.result, batch.label(item)))
        asked = batch.body.get(record.history or "")
        if asked:
            named.append((record.history, dict(self._histories(stored, asked))))
        return result | {name: value for name, value in named if name is not None}

    def _properties(self, batch: Batch, stored: StoredRecord, item: Json) -> Json:
        """What is asked for; else what was written, or what the type has by default."""
        record, named = self._said.record, batch.property(item)
        known = {
            **stored.properties,
            **{
                name: stored.id if kind == "id" else moment(_time(stored, kind))
                for name, kind in record.computed.items()
            },
        }
        chosen: Iterable[str] = batch.body.get(record.chosen or "") or ()
        if batch.batching.effect != "read":
            chosen = (*batch.values(item), *([named] if named else []))
        elif not chosen:
            chosen = batch.known.default
        return {name: known.get(name) for name in (*record.always, *chosen)}

    def _histories(
        self, stored: StoredRecord, names: Iterable[str]
    ) -> Iterator[tuple[str, list[Json]]]:
        version = self._said.record.version
        for name in names:
            entries = stored.history.get(name)
            if entries is not None:
                yield name, [
                    {
                        version.value: entry.value,
                        version.timestamp: moment(entry.timestamp),
                        **version.constants,
                    }
                    for entry in entries
                ]


def moment(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _time(stored: StoredRecord, kind: str) -> datetime:
    return stored.created_at if kind == "createdAt" else stored.updated_at


def _fields(result: Any) -> Mapping[str, object]:
    """The fields of a result, by the names they have on the wire."""
    if not isinstance(result, type) or not issubclass(result, msgspec.Struct):
        return {}
    return {each.encode_name: each for each in msgspec.structs.fields(result)}


def put(body: Json, path: str, value: object) -> None:
    """Set what stands at a dotted path."""
    *parents, last = path.split(".")
    for name in parents:
        inner = body.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = body[name] = {}
        body = inner
    body[last] = value
