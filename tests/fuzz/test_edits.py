"""What is known of earlier versions of a spec never makes another SDK of this one."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from batchwright import ir
from batchwright.configuration.config import Config
from batchwright.diagnostics import Diagnostic, Report, SpecError
from batchwright.pipeline import understand
from batchwright.results import Kept, Results, Translation
from fuzz.cases import as_json
from fuzz.mutations import Mutator
from fuzz.seeds import Seed, piece_of

#: Versions of each spec, each an edit away from the one before.
VERSIONS = 3
RUN = 20261124
#: One in so many specs: each takes about as long as two runs of the tool for a version.
SHARE = 4


def api_of(
    data: Any, file: Path, results: Results | None
) -> tuple[ir.Api | None, tuple[Diagnostic, ...]]:
    """The SDK, None where there is none, and what was said; `file` is written."""
    report = Report()
    file.write_bytes(as_json(data))
    config = Config(spec=file, package="sdk", distribution="sdk")
    try:
        _, api = understand(config, report, results=results)
    except SpecError:
        return None, report.diagnostics
    return api, report.diagnostics


def versions(seed: Seed, others: list[Any], run: int, file: Path) -> int:
    """How many versions made an SDK, each the same as without what is known."""
    chance = random.Random(f"{run} {seed.name}")
    mutator = Mutator(chance, others)
    data, known, made = piece_of(seed, chance), Results(), 0
    for version in range(VERSIONS):
        changed = copy.deepcopy(data)
        if version:
            mutator.mutate(changed)
        results = as_in_another_process(known)
        anew, said_anew = api_of(changed, file, None)
        api, said = api_of(changed, file, results)
        assert (repr(api), said) == (repr(anew), said_anew)
        if api is not None:
            data, known, made = changed, results, made + 1
    return made


def as_in_another_process(known: Results) -> Results:
    """What the cache gives to the next one."""
    after = known.after()
    translated = {
        key: Translation(content=it.content)
        for key, it in known.translated.kept.items()
    }
    return replace(after, translated=Kept(translated))


@pytest.mark.xdist_group("fuzz")
def test_edits_make_what_would_be_made_anew(
    started: list[Seed], tmp_path: Path
) -> None:
    others, some = [seed.data for seed in started], started[::SHARE]
    file = tmp_path / "openapi.json"
    made = sum(versions(seed, others, RUN, file) for seed in some)
    assert made > len(some) * VERSIONS / 2


@pytest.mark.xdist_group("fuzz")
def test_what_is_not_edited_is_remembered(started: list[Seed], tmp_path: Path) -> None:
    """Another text for one schema: what does not lead there is not made again."""
    file = tmp_path / "openapi.json"
    data = copy.deepcopy(started[0].data)
    first = Results()
    api_of(data, file, first)
    data["components"]["schemas"]["UpsertInput"]["description"] = "Other words."
    second = first.after()
    api_of(data, file, second)
    before, after = first.translated.kept, second.translated.kept
    assert 0 < len(after.keys() - before.keys()) < len(after) / 2
