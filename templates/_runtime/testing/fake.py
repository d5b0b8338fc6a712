"""The server as a test sees it: records, requests, faults."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from ..batch.clients import AsyncBatchApi, SyncBatchApi
from .access import Access
from .clock import Clock
from .described import Described
from .effects import Refuse, Rules
from .faults import Fault, Faults, Script, fault_of
from .handling import Handler
from .rates import Meter, Rate
from .routes import Routes
from .seeding import Rows, rows_of, tables_of
from .sockets import serving
from .store import Commit, Store, StoredRecord
from .traffic import Seen
from .transport import FakeTransport

__all__ = ["Fake"]

Api = TypeVar("Api", bound=SyncBatchApi | AsyncBatchApi)
# Types of records with what is said of each of them.
Records = Mapping[str, Rows]


class Fake:
    """A server that behaves as the API does, and fails as it is told.

    Args:
        seed: of all that happens by chance.
        records: what there is to begin with, by type: mappings of property names to
            values, or with the fields that a record of the API has.
        tokens: the tokens that are accepted, each with its scopes (None for all of
            them). Left out, any token will do.
        rate: how many requests are taken. Left out, any number; True stands for what
            the API takes.
        unique: properties by type of which no two records have the same value. For a
            type that is not mentioned, any property that a request takes to be unique
            is.
        properties: the properties by type that there are, each with its kind: string,
            number, integer or boolean. A type that is not mentioned has any.
        refuse: is asked, with type and properties, what is wrong with an input; None
            if nothing is.
        generation: the release of the API to be, by name.
        now: the time; that of the machine unless said otherwise.
    """

    _described: ClassVar[Described]

    def __init__(
        self,
        *,
        seed: int = 0,
        records: Records | None = None,
        tokens: Mapping[str, Collection[str] | None] | None = None,
        rate: Rate | bool | None = None,
        unique: Mapping[str, Collection[str]] | None = None,
        properties: Mapping[str, Mapping[str, str]] | None = None,
        refuse: Refuse | None = None,
        generation: str | None = None,
        now: datetime | None = None,
    ) -> None:
        described = self._described
        routes = Routes(described)
        self._name = routes.name_of
        if rate is True:
            rate = Rate(described.requests, described.per_seconds)
        known = {g.name: g for g in described.behaviour.generations}
        if generation is not None and generation not in known:
            names = ", ".join(known)
            raise ValueError(f"no generation {generation!r}; there are: {names}")

        def time() -> datetime:
            return now or datetime.now(UTC)

        self._store = Store(
            time,
            {self._name(kind): names for kind, names in (unique or {}).items()},
            described.record_types,
        )
        kinds = {self._name(kind): its for kind, its in (properties or {}).items()}
        self._rules = Rules(properties=kinds, refuse=refuse)
        self._faults = Faults(seed)
        self._clock = Clock()
        self._handle = Handler(
            described=described,
            routes=routes,
            store=self._store,
            rules=self._rules,
            access=Access(described, tokens),
            meter=Meter(rate or None, described, self._clock.now),
            faults=self._faults,
            seed=seed,
            now=time,
            generation=known.get(generation or ""),
        )
        self._tokens = tokens
        self.transport = FakeTransport(self._handle)
        self.load(records or {})

    @property
    def refuse(self) -> Refuse | None:
        """Is asked, with type and properties, what is wrong with an input."""
        return self._rules.refuse

    @refuse.setter
    def refuse(self, refuse: Refuse | None) -> None:
        self._rules.refuse = refuse

    @property
    def requests(self) -> tuple[Seen, ...]:
        """What was asked for, in the order it came."""
        return tuple(self._handle.seen)

    @property
    def ledger(self) -> tuple[Commit, ...]:
        """Everything that was done, each time it was."""
        return tuple(self._store.ledger)

    def records(
        self, record_type: str, *, archived: bool = False
    ) -> list[StoredRecord]:
        """The records of a type that are there, or that are archived."""
        found = self._store.records(self._name(record_type))
        return [record for record in found if record.archived == archived]

    def record(self, record_type: str, id: str) -> StoredRecord:
        """
        Raises:
            KeyError: there is none with that id.
        """
        found = self._store.get(self._name(record_type), id)
        if found is None:
            raise KeyError(f"no record {id!r} of type {record_type!r}")
        return found

    def add(
        self,
        record_type: str,
        properties: Mapping[str, Any] | None = None,
        *,
        id: str | None = None,
    ) -> StoredRecord:
        """A record that is there already; the ledger does not mention it.

        Raises:
            ValueError: there is one with that id.
        """
        record = self._store.add(self._name(record_type), id)
        self._store.write(record, properties or {})
        return record

    def load(
        self, source: Records | str | Path, record_type: str | None = None
    ) -> None:
        """Records that are there already.

        Args:
            source: rows by type, or a file: CSV, or JSON with a list or with lists by
                type.
            record_type: of the records in a file that does not say it; left out, the
                file is named after it.
        """
        tables: Iterable[tuple[str, Rows]]
        if isinstance(source, Mapping):
            tables = source.items()
        elif record_type is not None:
            tables = [(record_type, rows_of(source))]
        else:
            tables = tables_of(Path(source))
        for name, rows in tables:
            for row in rows:
                self._load_row(name, row)

    def _load_row(self, record_type: str, row: Mapping[str, Any]) -> None:
        said = self._described.behaviour.record
        rest = {name: value for name, value in row.items() if name != said.id}
        inner = rest.get(said.properties or "")
        values = inner if isinstance(inner, Mapping) else rest
        id = row.get(said.id or "")
        self.add(record_type, values, id=None if id is None else str(id))

    def fail(
        self,
        next: int = 1,
        *,
        status: int | None = None,
        fault: str | Fault | None = None,
        after_commit: bool = False,
        body: Any = None,
        retry_after: float | None = None,
        latency: float = 0.0,
        on: str | None = None,
    ) -> None:
        """Do not answer the next requests as they deserve.

        Args:
            next: how many of them.
            status: what to answer instead.
            fault: another fault, by name: see `faults`.
            after_commit: whether they take effect all the same.
            body: what to say, as JSON or as a text; left out, what the API says.
            retry_after: seconds, said in the header of that name.
            latency: seconds to wait before the answer.
            on: only requests with this effect, or for this type of records.

        Raises:
            ValueError: there is no such fault.
        """
        if fault is not None:
            fault = fault_of(fault)
        else:
            wait = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
            fault = Fault(
                name="latency" if status is None else f"status_{status}",
                status=status,
                body=body,
                headers=wait,
                after_commit=after_commit,
                latency=latency,
            )
        self._faults.expect(fault, next, on and self._name(on))

    def faults(
        self,
        script: Script | None = None,
        *,
        latency: tuple[float, float] = (0.0, 0.0),
        **probabilities: float,
    ) -> None:
        """From now on, let requests fail; without arguments, no longer.

        Args:
            script: is asked, with the effect and the inputs of a request, which fault
                it meets: one by name, a `Fault`, or None to leave it to chance.
            latency: seconds to wait before an answer, at least and at most.
            **probabilities: of `reset_before_commit`, `reset_after_commit`,
                `truncated`, `invalid_json`, `unknown_values`, `unlabelled`, `unnamed`,
                `misfit`, `partial`, `status_503` and `status_503_after_commit` (any
                status).

        Raises:
            ValueError: there is no such fault, or the probabilities cannot be.
        """
        chances = [(fault_of(name), chance) for name, chance in probabilities.items()]
        self._faults.spread(script, chances, latency)

    def serve(
        self, *, host: str = "127.0.0.1", port: int = 0
    ) -> AbstractContextManager[str]:
        """The fake behind a port, in a `with` statement that gives its address."""
        return serving(self._handle, host, port)

    def _hurried(self, client: Api) -> Api:
        """The client, that no longer really waits between its attempts."""
        client._timing = self._clock.timing
        return client

    def _client_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What a client needs to speak with this server, and no other."""
        token = next(iter(self._tokens or ()), "token")
        own: dict[str, Any] = {"base_url": "http://fake", "transport": self.transport}
        for credential in self._described.credentials.values():
            pair = token.partition(":")[::2]
            is_pair = credential.kind == "Basic"
            own[credential.argument] = pair if is_pair else token
        return {**own, **options}
