"""What a batch does to the records: checked first, then done.

A batch is refused as a whole, or each of its inputs comes to a result or to a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..batch.batching import Batching
from .described import Record, RecordType
from .store import Commit, Store, StoredRecord

__all__ = ["Batch", "Done", "Problem", "Refusal", "Rules", "perform"]

Json: TypeAlias = dict[str, Any]
# Says what is wrong with the properties for a record of a type; None if nothing is.
Refuse: TypeAlias = Callable[[str, Mapping[str, Any]], str | None]

_KINDS: dict[str, Callable[[str], object]] = {"number": float, "integer": int}


@dataclass(slots=True, kw_only=True)
class Rules:
    """What the test says of the records, by type.

    Attributes:
        properties: the properties that there are, each with its kind (string, number,
            integer, boolean).
    """

    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refuse: Refuse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a request asks for.

    Attributes:
        archived: whether a read is about archived records.
        number: of the request.
        picked: positions of inputs that are refused though nothing is wrong with them.
        is_unnamed: whether errors are not to say which inputs they are about.
    """

    batching: Batching[Any, Any]
    record: Record
    record_type: str
    known: RecordType
    body: Json
    archived: bool
    number: int
    picked: Collection[int] = ()
    is_unnamed: bool = False

    @property
    def inputs(self) -> list[Json]:
        found: list[Json] = self.body.get(self.batching.inputs, [])
        return found

    @property
    def is_labelled(self) -> bool:
        return bool(self.inputs) and all(self.label(item) for item in self.inputs)

    def label(self, item: Json) -> str | None:
        label = self.batching.correlation
        return None if label is None else item.get(label.input) or None

    def id(self, item: Json) -> Any:
        identity = self.batching.identity
        return None if identity is None else item.get(identity.input)

    def property(self, item: Json) -> str | None:
        """The unique property that an input's id is a value of."""
        identity = self.batching.identity
        if identity is None or identity.property is None:
            return None
        return item.get(identity.property) or self.body.get(identity.property) or None

    def values(self, item: Json) -> Json:
        """The properties that an input gives."""
        if self.record.properties is not None:
            return item.get(self.record.properties) or {}
        label = self.batching.correlation
        other = {label.input} if label else set()
        return {name: value for name, value in item.items() if name not in other}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something is not done: an input, or the whole request.

    Attributes:
        message: None for what the API says of the status.
        alone: whether others are done all the same.
        existing: the id of the record that is in the way.
    """

    status: int
    message: str | None
    alone: bool = False
    existing: str | None = None


class Refusal(Exception):
    """Nothing of a request is done."""

    def __init__(self, problem: Problem, item: Json | None = None) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.item = item


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch came to: records with their inputs, and problems with theirs."""

    results: list[tuple[StoredRecord, Json, bool]]
    problems: list[tuple[Problem, Json]]


def perform(batch: Batch, store: Store, rules: Rules) -> Done:
    """
    Raises:
        Refusal: nothing was done.
    """
    _check(batch, store)
    claimed: set[tuple[str, str]] = set()
    problems = {
        position: problem
        for position, item in enumerate(batch.inputs)
        if (problem := _problem(batch, position, item, store, rules, claimed))
    }
    for position, problem in problems.items():
        if not problem.alone:
            raise Refusal(problem, batch.inputs[position])
    nothing = batch.batching.none_found
    if nothing and problems and len(problems) == len(batch.inputs):
        raise Refusal(Problem(status=nothing, message="None of them was found"))
    results = []
    for position, item in enumerate(batch.inputs):
        if position not in problems:
            record, is_new = _do(batch, item, store)
            if record is not None:
                results.append((record, item, is_new))
    return Done(results, [(each, batch.inputs[at]) for at, each in problems.items()])


def _check(batch: Batch, store: Store) -> None:
    """What is wrong with the request, whatever records there are."""
    batching, count = batch.batching, len(batch.inputs)
    limit, smaller = batching.max_items, batching.smaller_limit
    if smaller is not None and batch.body.get(smaller.when):
        limit = smaller.max_items
    if limit is not None and count > limit:
        raise _bad(f"{count} inputs in a request, where {limit} are allowed")
    labels = [label for item in batch.inputs if (label := batch.label(item))]
    if len(set(labels)) != len(labels):
        raise _bad("Duplicate labels in the inputs")
    identity = batching.identity
    if identity is None or batching.effect == "create":
        return
    keys: set[tuple[str | None, str]] = set()
    for item in batch.inputs:
        name = batch.property(item)
        if name is None and identity.property_required:
            raise _bad(f"{identity.property} is required", item)
        if name in identity.refused_properties:
            raise _bad(f"{name} cannot be used as {identity.property}", item)
        if name is not None and not store.claims_unique(batch.record_type, name):
            raise _bad(f"Property {name} does not have unique values", item)
        keys.add((name, str(batch.id(item)).casefold()))
    if len(keys) != count:
        raise _bad("Duplicate ids in the inputs")


def _problem(
    batch: Batch,
    position: int,
    item: Json,
    store: Store,
    rules: Rules,
    claimed: set[tuple[str, str]],
) -> Problem | None:
    """What is wrong with an input, given the records that there are.

    Args:
        claimed: unique values of the inputs before it; its own are added.
    """
    batching = batch.batching
    alone = _fails_alone(batch)
    if position in batch.picked:
        return Problem(status=400, message="Refused at random", alone=True)
    record = find(batch, item, store)
    if record is None and batching.effect in ("read", "update"):
        names = "Could not get some of the records: they do not exist"
        return Problem(status=404, message=names, alone=batching.errors is not None)
    if batching.effect in ("read", "archive"):
        return None
    values = batch.values(item)
    for complaint in _complaints(batch.record_type, values, rules):
        return Problem(status=400, message=complaint, alone=alone)
    named = batch.property(item)
    if named is not None:
        values = {named: batch.id(item), **values}
    own = {(n, str(v).casefold()) for n, v in values.items() if v != ""}
    unique = {pair for pair in own if store.is_unique(batch.record_type, pair[0])}
    for name, value in sorted(unique):
        owner = store.find(batch.record_type, name, value)
        if (owner is not None and owner is not record) or (name, value) in claimed:
            existing = None if owner is None else owner.id
            message = f"A record with this {name} exists already: {existing or value}"
            return Problem(status=409, message=message, alone=alone, existing=existing)
    claimed |= unique
    return None


def _fails_alone(batch: Batch) -> bool:
    said = batch.batching.partial
    if said is None:
        said = "never" if batch.batching.errors is None else "always"
    return said == "always" or (said == "labelled" and batch.is_labelled)


def _complaints(
    record_type: str, values: Mapping[str, Any], rules: Rules
) -> Iterator[str]:
    known = rules.properties.get(record_type)
    for name, value in values.items() if known is not None else ():
        kind = (known or {}).get(name)
        if kind is None:
            yield f"Property {name} does not exist"
        elif value != "" and not _fits(str(value), kind):
            yield f"{value} was not a valid {kind}: property {name}"
    if rules.refuse is not None:
        complaint = rules.refuse(record_type, values)
        if complaint is not None:
            yield complaint


def _fits(value: str, kind: str) -> bool:
    if kind == "boolean":
        return value in ("true", "false")
    try:
        _KINDS.get(kind, str)(value)
    except ValueError:
        return False
    return True


def find(batch: Batch, item: Json, store: Store) -> StoredRecord | None:
    """The record that an input means."""
    if batch.batching.effect == "create":
        return None
    name, id = batch.property(item), str(batch.id(item))
    wanted = batch.archived and batch.batching.effect == "read"
    if name is None:
        record = store.get(batch.record_type, id)
        if record is not None and record.archived != wanted:
            return None
        return record
    look = store.find_archived if wanted else store.find
    return look(batch.record_type, name, id)


def _do(batch: Batch, item: Json, store: Store) -> tuple[StoredRecord | None, bool]:
    """The record of an input after what is to be done to it, and whether it is new."""
    effect = batch.batching.effect or ""
    record, is_new = find(batch, item, store), False
    if effect == "read":
        return record, False
    values = batch.values(item)
    if record is None and effect in ("create", "upsert"):
        name, id = batch.property(item), batch.id(item)
        # Where no property is named, the client chooses the id.
        record, is_new = store.add(batch.record_type, None if name else id), True
        if name is not None:
            values = {name: id, **values}
    if record is None:
        return None, False
    if effect == "archive":
        store.archive(record)
    else:
        store.write(record, values)
    store.ledger.append(
        Commit(
            effect=effect,
            record_type=batch.record_type,
            id=record.id,
            input=item,
            request=batch.number,
            is_new=is_new,
        )
    )
    return record, is_new


def _bad(message: str, item: Json | None = None) -> Refusal:
    return Refusal(Problem(status=400, message=message), item)
