"""Which operation a request is for, and which type of records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ..batch.batching import BatchOperation
from .described import Described, Generation, RecordType, Scopes

__all__ = ["Match", "Route", "Routes"]

_PLACEHOLDER = re.compile(r"\\{([^/]+?)\\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An operation at its path."""

    operation: BatchOperation[Any, Any, Any]
    record_type: RecordType
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    scopes: Scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a request asks for; `record_type` is the one name that its type goes by."""

    route: Route
    record_type: str
    known: RecordType
    scopes: Scopes
    generation: Generation | None


class Routes:
    """All batch operations of an API that have an effect."""

    def __init__(self, described: Described) -> None:
        self._generations = described.behaviour.generations
        self._routes = sorted(_routes(described), key=lambda route: len(route.names))
        self._types: dict[str, RecordType] = {}
        for record_type in described.record_types:
            if record_type.parameter is None or record_type.names:
                for name in (record_type.name, *record_type.names):
                    self._types[name] = record_type

    def name_of(self, record_type: str) -> str:
        """The one name of a type that may have several."""
        head, *rest = record_type.split("/")
        known = self._types.get(head)
        return "/".join([known.name if known else head, *rest])

    def known(self, record_type: str) -> RecordType | None:
        return self._types.get(record_type.split("/")[0])

    def match(self, method: str, path: str) -> Match | str:
        """The operation, or the methods that there are at the path."""
        allowed: set[str] = set()
        for generation, here in self._translated(path):
            for route in self._routes:
                found = route.pattern.fullmatch(here)
                if found is None:
                    continue
                if route.operation.method == method:
                    values = [unquote(value) for value in found.groups()]
                    arguments = dict(zip(route.names, values, strict=True))
                    return self._matched(route, arguments, generation)
                allowed.add(route.operation.method)
        return ", ".join(sorted(allowed))

    def _translated(self, path: str) -> Iterator[tuple[Generation | None, str]]:
        yield None, path
        for generation in self._generations:
            place = generation.path
            if place is not None and path.startswith(place.there):
                yield generation, place.here + path.removeprefix(place.there)

    def _matched(
        self, route: Route, arguments: Mapping[str, str], generation: Generation | None
    ) -> Match:
        own = route.record_type
        named = arguments.get(own.parameter or "", own.name)
        rest = [text for name, text in arguments.items() if name != own.parameter]
        known = self._types.get(named, own)
        scopes = route.scopes
        if known is not own:
            # What a type needs, it needs at a path for all types as well.
            effect = route.operation.batching.effect
            for other in self._routes:
                if other.record_type is known:
                    if other.operation.batching.effect == effect:
                        scopes = other.scopes
        return Match(
            route=route,
            record_type="/".join([self.name_of(named), *rest]),
            known=known,
            scopes=scopes,
            generation=generation,
        )


def _routes(described: Described) -> Iterator[Route]:
    for record_type in described.record_types:
        scopes = {name: s for names, s in record_type.scopes for name in names}
        for constant, operation in vars(record_type.module).items():
            if not isinstance(operation, BatchOperation):
                continue
            if operation.batching.effect is None:
                continue
            escaped = re.escape(operation.path)
            yield Route(
                operation=operation,
                record_type=record_type,
                pattern=re.compile(_PLACEHOLDER.sub("([^/]+)", escaped)),
                names=tuple(re.findall(r"{([^/]+?)}", operation.path)),
                scopes=scopes.get(constant, ()),
            )
