"""The cases of a run: which spec the number of a case stands for."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from fuzz.mutations import Mutator, places
from fuzz.seeds import Seed, piece_of

# How many changes are made to a spec; many make it likely that it is refused.
_CHANGES = (1, 1, 1, 2, 2, 3, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A spec that has been changed: its seed, the changes, and its files."""

    seed: str
    changes: tuple[str, ...]
    data: Any
    files: dict[str, bytes]


def case_of(seeds: Sequence[Seed], run: int, number: int) -> Case:
    """Case so-and-so of a run: the same for the same seeds."""
    chance = random.Random(f"{run}/{number}")
    seed = chance.choice(seeds)
    data = piece_of(seed, chance)
    lender = piece_of(chance.choice(seeds), chance)
    mutator = Mutator(chance, [lender])
    changes = [mutator.mutate(data) for _ in range(chance.choice(_CHANGES))]
    files = _written(data, chance)
    return Case(seed=seed.name, changes=tuple(changes), data=data, files=files)


def as_json(data: Any) -> bytes:
    """A spec as its text; what is no character stays an escape."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(data, indent=1).encode()


def _written(data: Any, chance: random.Random) -> dict[str, bytes]:
    """The files of a spec: mostly one of JSON, at times YAML, several, or broken."""
    way = chance.random()
    if way < 0.05:
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        return {"openapi.yaml": text.encode()}
    if way < 0.1:
        return _split(data, chance)
    content = as_json(data)
    if way < 0.13:
        content = _damaged(content, chance)
    return {"openapi.json": content}


def _split(data: Any, chance: random.Random) -> dict[str, bytes]:
    """Some mappings moved to files of their own; what is within moves with them."""
    files: dict[str, bytes] = {}
    for number in range(chance.randint(1, 3)):
        mappings = [
            it for it in places(data) if isinstance(it.value, dict) and it.value
        ]
        if not mappings:
            break
        place = chance.choice(mappings)
        name = f"parts/part{number}.json"
        files[name] = as_json(place.value).replace(b'"#/', b'"../openapi.json#/')
        place.put({"$ref": chance.choice((name, f"./{name}", f"{name}#"))})
    return {"openapi.json": as_json(data), **files}


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes lost, changed or doubled."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(damaged) or 1)
        end = start + chance.randint(1, 20)
        middle = chance.choice(
            (b"", chance.randbytes(3), bytes(damaged[start:end]) * 2, b"\xef\xbb\xbf")
        )
        damaged[start:end] = middle
    return bytes(damaged)
