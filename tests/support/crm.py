"""A CRM that keeps records, and knows what has been done to them.

It behaves as HubSpot's batch API is known to behave, for objects of any type. Values of
`amount` have to be whole numbers, and properties whose names begin with `no_such_` do
not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

_MOMENT: Final = "2026-08-01T10:00:00Z"
_FIRST_ID: Final = 1_000_000
_LIMIT: Final = 100
_LIMIT_WITH_HISTORY: Final = 50
# They answer for each input, if the inputs have labels.
_LABELLED: Final = frozenset({"create", "upsert"})
_ALWAYS_READ: Final = ("hs_object_id", "createdate", "lastmodifieddate")


@dataclass(frozen=True, slots=True)
class Batch:
    """What a request asks for.

    Attributes:
        operation: create, read, update, upsert or archive.
        archived: whether a read is about archived records.
        refused: positions of inputs that are refused, although nothing is wrong with
            them.
    """

    operation: str
    object_type: str
    body: Json
    archived: bool = False
    refused: frozenset[int] = frozenset()

    @property
    def inputs(self) -> list[Json]:
        found = self.body.get("inputs")
        return found if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Commit:
    """Something that has been done.

    Attributes:
        id: of the record.
        input: what was to be done, as it was sent.
    """

    operation: str
    object_type: str
    id: str
    input: Json


@dataclass(slots=True)
class StoredRecord:
    id: str
    properties: dict[str, str | None]
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is not done: one input, or the whole request.

    Attributes:
        alone: whether others are done all the same.
    """

    status: int
    category: str
    message: str
    context: Mapping[str, Sequence[str]]
    alone: bool = False

    @property
    def body(self) -> Json:
        return {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": self.context,
        }


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch came to.

    Attributes:
        results: in no particular order.
        problems: each with the input that it is about.
    """

    results: list[Json]
    problems: list[tuple[Problem, Json]]


class Refusal(Exception):
    """Nothing of a request is done."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Crm:
    """Records by type and id, and the ledger of all that was done.

    Args:
        seed: for the order of results.
        unique: names of properties by whose values records can be told apart.
    """

    def __init__(self, *, seed: int = 0, unique: Sequence[str] = ("email",)) -> None:
        self.commits: list[Commit] = []
        self._unique = tuple(unique)
        self._random = Random(seed)
        self._records: dict[tuple[str, str], StoredRecord] = {}
        self._ids: dict[tuple[str, str, str], str] = {}

    def add(self, object_type: str, properties: Mapping[str, str]) -> StoredRecord:
        """A record that is there already; the ledger does not mention it."""
        record = StoredRecord(str(_FIRST_ID + len(self._records)), {})
        record.properties["hs_object_id"] = record.id
        record.properties.update(dict.fromkeys(_ALWAYS_READ[1:], _MOMENT))
        self._records[object_type, record.id] = record
        self._write(object_type, record, properties)
        return record

    def record(self, object_type: str, id: str) -> StoredRecord | None:
        return self._records.get((object_type, id))

    def perform(self, batch: Batch) -> Done:
        """
        Raises:
            Refusal: nothing was done.
        """
        self._check(batch)
        is_labelled = batch.operation in _LABELLED and all(map(_label, batch.inputs))
        problems = {
            position: problem
            for position, item in enumerate(batch.inputs)
            if (problem := self._problem(batch, position, is_labelled)) is not None
        }
        for problem in problems.values():
            if not problem.alone:
                raise Refusal(problem)
        if batch.operation == "read" and len(problems) == len(batch.inputs):
            raise Refusal(_bad("OBJECT_NOT_FOUND", "none of them exists", status=404))
        results = [
            result
            for position, item in enumerate(batch.inputs)
            if position not in problems
            for result in self._do(batch, item)
        ]
        self._random.shuffle(results)
        refused = [(found, batch.inputs[at]) for at, found in problems.items()]
        return Done(results, refused)

    def _check(self, batch: Batch) -> None:
        inputs, body = batch.inputs, batch.body
        with_history = batch.operation == "read" and body.get("propertiesWithHistory")
        limit = _LIMIT_WITH_HISTORY if with_history else _LIMIT
        if not 0 < len(inputs) <= limit:
            raise Refusal(_bad("VALIDATION_ERROR", f"not 1 to {limit} inputs"))
        keys: set[tuple[str, str]] = set()
        for item in inputs if batch.operation != "create" else []:
            property = self._property(batch, item)
            if not isinstance(item.get("id"), str):
                raise Refusal(_bad("VALIDATION_ERROR", "an input without an id"))
            if property == "hs_object_id":
                raise Refusal(_bad("VALIDATION_ERROR", "hs_object_id is no idProperty"))
            if batch.operation == "upsert" and property not in self._unique:
                raise Refusal(_bad("VALIDATION_ERROR", f"{property} is not unique"))
            keys.add((property, item["id"].casefold()))
        if batch.operation != "create" and len(keys) != len(inputs):
            raise Refusal(_bad("VALIDATION_ERROR", "Duplicate IDs in batch input"))
        for name in body.get("properties", ()):
            if name.startswith("no_such_"):
                raise Refusal(_bad("PROPERTY_DOESNT_EXIST", f"no property {name}"))
        labels = [label for item in inputs if (label := _label(item))]
        if len(set(labels)) != len(labels):
            raise Refusal(_bad("VALIDATION_ERROR", "a trace id twice"))

    def _problem(
        self, batch: Batch, position: int, is_labelled: bool
    ) -> Problem | None:
        """What is wrong with an input."""
        item = batch.inputs[position]
        names = {"ids": [item["id"]]} if "id" in item else {}
        if is_labelled:
            names = {"objectWriteTraceId": [_label(item)]}
        if position in batch.refused:
            return _bad("VALIDATION_ERROR", "refused by a rule", names, alone=True)
        if batch.operation in ("read", "update") and not self._find(batch, item):
            return _bad("OBJECT_NOT_FOUND", "not found", names, status=404, alone=True)
        for name, value in item.get("properties", {}).items():
            if name.startswith("no_such_"):
                message = f"Property {name} does not exist"
                return _bad("PROPERTY_DOESNT_EXIST", message, names, alone=is_labelled)
            if name == "amount" and not value.isdigit():
                message = f"{value} was not a valid number"
                return _bad("VALIDATION_ERROR", message, names, alone=is_labelled)
            taken = self._ids.get((batch.object_type, name, value.casefold()))
            if batch.operation == "create" and taken is not None:
                names = {**names, "existingId": [taken]}
                message = f"Contact already exists. Existing ID: {taken}"
                return _bad("CONFLICT", message, names, status=409, alone=is_labelled)
        return None

    def _do(self, batch: Batch, item: Json) -> list[Json]:
        """The result of doing what an input says, if it has one."""
        record = self._find(batch, item)
        is_new = record is None and batch.operation in _LABELLED
        if record is None and is_new:
            record = self.add(batch.object_type, {})
            if batch.operation == "upsert":
                named = {self._property(batch, item): item["id"]}
                self._write(batch.object_type, record, named)
        if record is None:
            return []
        if batch.operation == "archive":
            record.archived = True
        if batch.operation == "read":
            return [_result(record, batch.body)]
        self.commits.append(Commit(batch.operation, batch.object_type, record.id, item))
        if batch.operation == "archive":
            return []
        self._write(batch.object_type, record, item.get("properties", {}))
        result = _result(record, {})
        if _label(item):
            result["objectWriteTraceId"] = _label(item)
        return [{**result, "new": is_new} if batch.operation == "upsert" else result]

    def _write(
        self, object_type: str, record: StoredRecord, properties: Mapping[str, str]
    ) -> None:
        for name, value in properties.items():
            record.properties[name] = value.lower() if name == "email" else value
            if name in self._unique:
                self._ids[object_type, name, value.casefold()] = record.id

    def _find(self, batch: Batch, item: Json) -> StoredRecord | None:
        if batch.operation == "create":
            return None
        property = self._property(batch, item)
        key = (batch.object_type, property, item["id"].casefold())
        id = self._ids.get(key, "") if property else item["id"]
        record = self._records.get((batch.object_type, id))
        if record is None or record.archived != batch.archived:
            return None
        return record

    def _property(self, batch: Batch, item: Json) -> str:
        holder = batch.body if batch.operation == "read" else item
        return str(holder.get("idProperty") or "")


def _label(item: Json) -> str:
    return str(item.get("objectWriteTraceId", ""))


def _bad(
    category: str,
    message: str,
    context: Mapping[str, Sequence[str]] | None = None,
    *,
    status: int = 400,
    alone: bool = False,
) -> Problem:
    return Problem(status, category, message, context or {}, alone)


def _result(record: StoredRecord, body: Json) -> Json:
    names = body.get("properties")
    properties = record.properties
    if names:
        chosen = (*_ALWAYS_READ, *names)
        properties = {name: properties.get(name) for name in chosen}
    result: Json = {
        "id": record.id,
        "properties": dict(properties),
        "createdAt": _MOMENT,
        "updatedAt": _MOMENT,
        "archived": record.archived,
    }
    if body.get("propertiesWithHistory"):
        result["propertiesWithHistory"] = {
            name: [{"value": value, "timestamp": _MOMENT, "sourceType": "API"}]
            for name in body["propertiesWithHistory"]
            if (value := record.properties.get(name)) is not None
        }
    return result
