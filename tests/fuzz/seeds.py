"""What the fuzzer starts from: specs that are fine, in pieces that are quickly read."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batchwright.diagnostics import Report, SpecError
from batchwright.reading.load import load
from batchwright.resolving.resolve import resolve

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"

# A piece of a large spec has this many paths at most, with what they refer to.
_MOST_PATHS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A spec as plain data, in one piece."""

    name: str
    data: dict[str, Any]


def seeds(*, with_corpus: bool, others: Sequence[Path] = ()) -> list[Seed]:
    """Our own spec, those of tests, the corpus where it is present, and others.

    In an order that does not depend on the machine.
    """
    paths = [ROOT / "spec" / "openapi.yaml"]
    paths += sorted((ROOT / "tests" / "golden").glob("*/spec.*"))
    paths += sorted((ROOT / "tests" / "support").glob("*.yaml"))
    if with_corpus and CORPUS.is_dir():
        paths += sorted(CORPUS.glob("*.yaml")) + sorted(CORPUS.glob("*.json"))
    paths += others
    paths = [path for path in paths if not path.parent.name.startswith("refused-")]
    return [seed for path in paths if (seed := _read(path)) is not None]


def _read(path: Path) -> Seed | None:
    """The spec in one piece, faults and all; None for one that cannot be read."""
    report = Report()
    try:
        data = resolve(load(path, report), report).root.value
    except SpecError:
        return None
    if not isinstance(data, dict):
        return None
    name = path.parent.name if path.stem == "spec" else path.stem
    return Seed(name=name, data=data)


def piece_of(seed: Seed, chance: random.Random) -> dict[str, Any]:
    """A copy of some paths of a spec and of the components that these lead to."""
    data = seed.data
    paths = data.get("paths")
    if not isinstance(paths, dict) or len(paths) <= _MOST_PATHS:
        return copy.deepcopy(data)
    chosen = chance.sample(sorted(paths), chance.randint(1, _MOST_PATHS))
    whole = {key: value for key, value in data.items() if key != "components"}
    whole["paths"] = {path: paths[path] for path in chosen}
    components = data.get("components")
    if isinstance(components, dict):
        whole["components"] = _reachable(whole, components)
    return copy.deepcopy(whole)


def _reachable(whole: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The components that are referred to, and those of security."""
    kept: dict[str, Any] = {}
    if "securitySchemes" in components:
        kept["securitySchemes"] = components["securitySchemes"]
    stack: list[Any] = [whole]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, str) and value.startswith("#/components/"):
            section, _, name = value.removeprefix("#/components/").partition("/")
            name = name.replace("~1", "/").replace("~0", "~")
            found = components.get(section)
            if isinstance(found, dict) and name in found:
                section_kept = kept.setdefault(section, {})
                if name not in section_kept:
                    section_kept[name] = found[name]
                    stack.append(found[name])
    return kept
