"""Changes to a spec that keep it a tree: each knows what a spec is made of."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from fuzz.palette import KEYWORDS, TEXTS, VALUES

Container: TypeAlias = Any  # dict[str, Any] | list[Any]

_SCHEMA_HINTS = frozenset({"type", "properties", "items", "allOf", "oneOf", "anyOf"})


@dataclass(frozen=True, slots=True)
class Place:
    """A value by the container that holds it and its key or index there."""

    container: Container
    key: Any

    @property
    def value(self) -> Any:
        return self.container[self.key]

    def put(self, value: Any) -> None:
        """Put another value there."""
        self.container[self.key] = value


def places(data: Any) -> list[Place]:
    """Every value of a tree but its root."""
    found: list[Place] = []
    stack = [data]
    while stack:
        container = stack.pop()
        keys = container if isinstance(container, dict) else range(len(container))
        for key in keys:
            found.append(Place(container, key))
            if isinstance(container[key], dict | list):
                stack.append(container[key])
    return found


class Mutator:
    """Changes trees, by chance but repeatably. `others` lend pieces of themselves."""

    def __init__(self, chance: random.Random, others: Sequence[Any]) -> None:
        self._chance = chance
        self._others = others
        self._kinds: tuple[tuple[int, Callable[[Any], None]], ...] = (
            (3, self._drop),
            (3, self._duplicate),
            (4, self._retype),
            (4, self._splice),
            (3, self._rename),
            (3, self._wrap),
            (5, self._point_elsewhere),
            (8, self._give_keyword),
            (4, self._give_text),
            (2, self._swap),
            (1, self._shuffle),
        )

    def mutate(self, data: Any) -> str:
        """Change a tree once, in place; the name of the kind of change."""
        weights = [weight for weight, _ in self._kinds]
        change = self._chance.choices(self._kinds, weights)[0][1]
        if data:
            change(data)
        return change.__name__.lstrip("_")

    def _place(self, data: Any) -> Place:
        """A place, as often near the root as deep within."""
        if self._chance.random() < 0.3:
            container = data
            for _ in range(self._chance.randint(0, 6)):
                inner = [it for it in _values(container) if it and _is_container(it)]
                if not inner:
                    break
                container = self._chance.choice(inner)
            return Place(container, self._chance.choice(_keys(container)))
        return self._chance.choice(places(data))

    def _schemas(self, data: Any) -> list[Any]:
        return [
            place.value
            for place in places(data)
            if isinstance(place.value, dict) and _SCHEMA_HINTS & place.value.keys()
        ]

    def _drop(self, data: Any) -> None:
        place = self._place(data)
        del place.container[place.key]

    def _duplicate(self, data: Any) -> None:
        place = self._place(data)
        twin = copy.deepcopy(place.value)
        if isinstance(place.container, list):
            place.container.insert(place.key, twin)
        else:
            place.container[self._twin_name(place.key)] = twin

    def _twin_name(self, name: str) -> str:
        return self._chance.choice(
            (name.upper(), name.lower(), f"{name}_", f"{name} ", f"{name}2", f"_{name}")
        )

    def _retype(self, data: Any) -> None:
        self._place(data).put(copy.deepcopy(self._chance.choice(VALUES)))

    def _splice(self, data: Any) -> None:
        """Put a piece of this spec or of another one in a place, often a like one."""
        source = self._chance.choice(self._others) if self._others else data
        if self._chance.random() < 0.5:
            source = data
        target = self._place(data)
        found = places(source)
        alike = [it for it in found if it.key == target.key]
        if alike and self._chance.random() < 0.7:
            found = alike
        if found:
            target.put(copy.deepcopy(self._chance.choice(found).value))

    def _rename(self, data: Any) -> None:
        mappings = [it for it in places(data) if isinstance(it.container, dict)]
        if not mappings:
            return
        place = self._chance.choice(mappings)
        new = self._chance.choice(TEXTS)
        if self._chance.random() < 0.4:
            new = str(self._chance.choice(mappings).key)
        if self._chance.random() < 0.2:
            new = self._twin_name(place.key)
        renamed = {
            new if key == place.key else key: value
            for key, value in place.container.items()
        }
        place.container.clear()
        place.container.update(renamed)

    def _wrap(self, data: Any) -> None:
        place = self._place(data)
        value = place.value
        wrapped = self._chance.choice(
            (
                [value],
                {"allOf": [value]},
                {"oneOf": [value, {"type": "null"}]},
                {"anyOf": [value, value]},
                {"type": "array", "items": value},
                {"type": "object", "additionalProperties": value},
                {"type": "object", "properties": {"a": value}, "required": ["a"]},
                {"not": value},
                {"a": value},
                {"schema": value},
                {"value": value},
            )
        )
        place.put(wrapped)

    def _point_elsewhere(self, data: Any) -> None:
        """Make a reference of a place, or lead one somewhere else."""
        refs = [it for it in places(data) if it.key == "$ref"]
        if refs and self._chance.random() < 0.7:
            self._chance.choice(refs).put(self._pointer(data))
            return
        schemas = self._schemas(data)
        ref = {"$ref": self._pointer(data)}
        if schemas and self._chance.random() < 0.7:
            schema = self._chance.choice(schemas)
            schema.clear()
            schema.update(ref)
        else:
            self._place(data).put(ref)

    def _pointer(self, data: Any) -> Any:
        if self._chance.random() < 0.1:
            return self._chance.choice((*TEXTS, None, 1, {}))
        schemas = _dict(_dict(data.get("components")).get("schemas"))
        if schemas and self._chance.random() < 0.6:
            name = self._chance.choice(list(schemas))
            return f"#/components/schemas/{token(name)}"
        container, pointer = data, "#"
        for _ in range(self._chance.randint(0, 9)):
            if not _is_container(container) or not container:
                break
            key = self._chance.choice(_keys(container))
            container, pointer = container[key], f"{pointer}/{token(str(key))}"
        return pointer

    def _give_keyword(self, data: Any) -> None:
        schemas = self._schemas(data)
        if not schemas:
            return
        keyword = self._chance.choice(list(KEYWORDS))
        value = copy.deepcopy(self._chance.choice(KEYWORDS[keyword]))
        if isinstance(value, list) and self._chance.random() < 0.3:
            value.append(copy.deepcopy(self._chance.choice(schemas)))
        self._chance.choice(schemas)[keyword] = value

    def _give_text(self, data: Any) -> None:
        texts = [it for it in places(data) if isinstance(it.value, str)]
        if texts:
            self._chance.choice(texts).put(self._chance.choice(TEXTS))

    def _swap(self, data: Any) -> None:
        one, other = self._place(data), self._place(data)
        copies = copy.deepcopy(one.value), copy.deepcopy(other.value)
        other.put(copies[0])
        if one.key in _keys(one.container):
            one.put(copies[1])

    def _shuffle(self, data: Any) -> None:
        """Another order of the keys of one mapping."""
        container = self._place(data).container
        if isinstance(container, dict):
            entries = list(container.items())
            self._chance.shuffle(entries)
            container.clear()
            container.update(entries)


def _is_container(value: Any) -> bool:
    return isinstance(value, dict | list)


def _keys(container: Container) -> list[Any]:
    return list(container) if isinstance(container, dict) else [*range(len(container))]


def _values(container: Container) -> list[Any]:
    return [container[key] for key in _keys(container)]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def token(name: str) -> str:
    """A name as a part of a reference."""
    return name.replace("~", "~0").replace("/", "~1")
