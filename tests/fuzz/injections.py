"""One text in the place of another: each place where a spec can have a text, singly."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from batchwright.structure import Kind, Shape, part_at
from fuzz.cases import Case, as_json
from fuzz.mutations import token
from fuzz.seeds import Seed
from support.injection import PAYLOADS

# How the text is put: alone or behind what is there, and there or wherever the same is.
WAYS = (("alone", "there"), ("behind", "everywhere"), ("behind", "there"), ("alone", "everywhere"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A text in a spec: a value, or the key (`is_key`) at the end of a path.

    `kind` is the same for all texts that mean the same: "operation/tags/*".
    """

    kind: str
    seed: Seed
    path: tuple[Any, ...]
    is_key: bool


def text_places(seeds: Sequence[Seed]) -> list[TextPlace]:
    """One place of each kind that the specs have."""
    found: dict[str, TextPlace] = {}
    # The smallest spec that has such a place, since each is read often.
    for seed in sorted(seeds, key=lambda seed: len(repr(seed.data))):
        for path, value in _everything(seed.data, ()):
            if isinstance(value, str):
                kind = _kind(seed.data, path)
                found.setdefault(kind, TextPlace(kind, seed, path, is_key=False))
            if not _is_field(path):
                kind = f"{_kind(seed.data, path)} (key)"
                found.setdefault(kind, TextPlace(kind, seed, path, is_key=True))
    return [found[kind] for kind in sorted(found)]


def injection(place: TextPlace, name: str, way: tuple[str, str]) -> Case:
    """The case of one of the `PAYLOADS` in a place."""
    data = injected(place, PAYLOADS[name], way)
    return Case(
        seed=place.seed.name,
        changes=(place.kind, name, *way),
        data=data,
        files={"openapi.json": as_json(data)},
    )


def injections(seeds: Sequence[Seed]) -> list[tuple[TextPlace, str, tuple[str, str]]]:
    """Each of the `PAYLOADS` in each place, in one of the `WAYS`, which take turns."""
    return [
        (place, name, WAYS[(row + column) % len(WAYS)])
        for row, place in enumerate(text_places(seeds))
        for column, name in enumerate(PAYLOADS)
    ]


def injected(place: TextPlace, text: str, way: tuple[str, str]) -> dict[str, Any]:
    """The spec with a text there, put in one of the `WAYS`."""
    data: dict[str, Any] = copy.deepcopy(place.seed.data)
    container = data
    for step in place.path[:-1]:
        container = container[step]
    last = place.path[-1]
    old = last if place.is_key else container[last]
    new = text if way[0] == "alone" else old + text
    if way[1] == "everywhere":
        return dict(_replaced(data, old, new))
    if place.is_key:
        renamed = {new if key == old else key: it for key, it in container.items()}
        container.clear()
        container.update(renamed)
    else:
        container[last] = new
    return data


def _everything(
    data: Any, path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in entries:
        yield (*path, key), value
        if isinstance(value, dict | list):
            yield from _everything(value, (*path, key))


def _kind(data: Any, path: tuple[Any, ...]) -> str:
    """What a text at a place means: which object of OpenAPI has it, within which other
    one, what that says it is, in which of its fields, and how deep in there."""
    pointer = tuple(map(str, path))
    around, field, part = [_described(Kind.OPENAPI, data)], 0, None
    value = data
    for length, step in enumerate(path, start=1):
        value, part = value[step], part_at(pointer[:length])
        if part and part.shape is Shape.ONE and part.kind is not Kind.EXTENSION:
            around, field = [*around, _described(part.kind, value)], length
    name, *inner = map(str, [*path[field:], ""])
    if part is None or part.kind is not Kind.EXTENSION:
        inner = ["*" for _ in inner[:4]]
    return " / ".join([*around[-2:], name, *inner])


def _described(kind: Kind, value: Any) -> str:
    """A kind of object, with the field that tells what one of them is."""
    said = [value.get(key) for key in ("in", "type")] if isinstance(value, dict) else []
    return " ".join([kind, *(it for it in said if isinstance(it, str))])


def _is_field(path: tuple[Any, ...]) -> bool:
    """Whether the end of a path is an index or a name that OpenAPI itself gives."""
    part = part_at(tuple(map(str, path[:-1])))
    if isinstance(path[-1], int):
        return True
    if part is None or part.shape is not Shape.ONE:
        return False
    return part.kind is not Kind.CALLBACK


def _replaced(data: Any, old: str, new: str) -> Any:
    """The data with another text wherever one is; references lead where they did."""
    if isinstance(data, dict):
        return {
            _replaced(key, old, new): (
                _redirected(value, old, new)
                if key == "$ref" and isinstance(value, str)
                else _replaced(value, old, new)
            )
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [_replaced(value, old, new) for value in data]
    if isinstance(data, str):
        return new if data == old else data.replace("{" + old + "}", "{" + new + "}")
    return data


def _redirected(ref: str, old: str, new: str) -> str:
    parts = ref.split("/")
    return "/".join(token(new) if part == token(old) else part for part in parts)
