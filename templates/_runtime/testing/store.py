"""Records by type and id, and the ledger of all that was done to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .described import RecordType

__all__ = ["Commit", "Store", "StoredRecord", "Version"]

_FIRST_ID = 1_000_001


@dataclass(frozen=True, slots=True)
class Version:
    """A value that a property had from a moment on."""

    value: Any
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Something that was done.

    Attributes:
        effect: create, update, upsert or archive.
        id: of the record.
        input: what was to be done, as it was sent.
        request: the number of the request that did it, from 0 on.
        is_new: whether the record was created by it.
    """

    effect: str
    record_type: str
    id: str
    input: Mapping[str, Any]
    request: int
    is_new: bool = False


@dataclass(slots=True, kw_only=True)
class StoredRecord:
    """A record as the server has it.

    Attributes:
        properties: values by name, without those that the server computes.
        history: all values that each property had, the newest first.
        archived_at: when it was archived; None if it is not.
    """

    record_type: str
    id: str
    created_at: datetime
    updated_at: datetime
    properties: dict[str, Any] = field(default_factory=dict)
    history: dict[str, list[Version]] = field(default_factory=dict)
    archived_at: datetime | None = None

    @property
    def archived(self) -> bool:
        return self.archived_at is not None


class Store:
    """All records. Types go by one name each; ids are texts.

    Args:
        now: the time.
        unique: properties of which no two records have the same value, by type. What
            is said for a type is all; where nothing is said, a property is unique from
            the moment on that a request names it as such.
        record_types: what the API says of them.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        unique: Mapping[str, Collection[str]],
        record_types: Iterable[RecordType],
    ) -> None:
        self.ledger: list[Commit] = []
        self._now = now
        self._said = frozenset(unique)
        self._unique = {(kind, n) for kind, names in unique.items() for n in names}
        self._lower: set[tuple[str, str]] = set()
        for known in record_types:
            self._unique |= {(known.name, name) for name in known.unique}
            self._lower |= {(known.name, name) for name in known.lower_case}
        self._records: dict[tuple[str, str], StoredRecord] = {}
        # Ids of those that are not archived.
        self._owners: dict[tuple[str, str, str], str] = {}
        self._next = _FIRST_ID

    def records(self, record_type: str) -> Iterator[StoredRecord]:
        return (r for (name, _), r in self._records.items() if name == record_type)

    def get(self, record_type: str, id: str) -> StoredRecord | None:
        return self._records.get((record_type, id.casefold()))

    def find(self, record_type: str, name: str, value: object) -> StoredRecord | None:
        """The live record with a unique value."""
        id = self._owners.get((record_type, name, _key(value)))
        return None if id is None else self.get(record_type, id)

    def find_archived(
        self, record_type: str, name: str, value: object
    ) -> StoredRecord | None:
        for record in self.records(record_type):
            if record.archived and _key(record.properties.get(name)) == _key(value):
                return record
        return None

    def add(self, record_type: str, id: str | None = None) -> StoredRecord:
        """A new record without properties.

        Raises:
            ValueError: there is one with that id.
        """
        if id is None:
            while self.get(record_type, str(self._next)) is not None:
                self._next += 1
            id = str(self._next)
            self._next += 1
        old = self.get(record_type, id)
        if old is not None and not old.archived:
            raise ValueError(f"there is a record {id!r} of type {record_type!r}")
        now = self._now()
        record = StoredRecord(
            record_type=record_type, id=id, created_at=now, updated_at=now
        )
        self._records[record_type, id.casefold()] = record
        return record

    def write(self, record: StoredRecord, properties: Mapping[str, Any]) -> None:
        """Set properties; an empty text clears one."""
        now = self._now()
        record.updated_at = now
        for name, value in properties.items():
            kind = record.record_type
            if (kind, name) in self._lower and isinstance(value, str):
                value = value.lower()
            if (kind, name) in self._unique:
                self._owners.pop((kind, name, _key(record.properties.get(name))), None)
                if value not in ("", None):
                    self._owners[kind, name, _key(value)] = record.id
            record.properties[name] = None if value == "" else value
            record.history.setdefault(name, []).insert(0, Version(value, now))

    def archive(self, record: StoredRecord) -> None:
        record.archived_at = record.updated_at = self._now()
        for key in [k for k, id in self._owners.items() if _owns(record, k, id)]:
            del self._owners[key]

    def is_unique(self, record_type: str, name: str) -> bool:
        return (record_type, name) in self._unique

    def claims_unique(self, record_type: str, name: str) -> bool:
        """Whether a property that a request takes to be unique is."""
        if (record_type, name) in self._unique:
            return True
        if record_type in self._said:
            return False
        self._unique.add((record_type, name))
        for record in self.records(record_type):
            value = record.properties.get(name)
            if value is not None and not record.archived:
                self._owners.setdefault((record_type, name, _key(value)), record.id)
        return True


def _owns(record: StoredRecord, key: tuple[str, str, str], id: str) -> bool:
    return key[0] == record.record_type and id == record.id


def _key(value: object) -> str:
    return str(value).casefold()
