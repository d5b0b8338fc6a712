"""What is known of earlier versions of a spec never makes another SDK of this one."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from batchwright import ir
from batchwright.config import Config
from batchwright.diagnostics import Diagnostic, Report, SpecError
from batchwright.load import load
from batchwright.resolve import resolve
from batchwright.results import Kept, Translation
from batchwright.translate import translate
from batchwright.validate import validate
from fuzz.cases import as_json
from fuzz.mutations import Mutator
from fuzz.seeds import Seed, piece_of

#: Versions of each spec, each an edit away from the one before.
VERSIONS = 3
RUN = 20261124
#: One in so many specs: each takes about as long as two runs of the tool for a version.
SHARE = 4
CONFIG = Config(spec=Path("openapi.yaml"), package="sdk", distribution="sdk")


def api_of(
    data: Any, file: Path, kept: Kept[Translation] | None
) -> tuple[ir.Api | None, tuple[Diagnostic, ...]]:
    """The SDK, None where there is none, and what was said; `file` is written."""
    report = Report()
    file.write_bytes(as_json(data))
    try:
        resolved = resolve(load(file, report), report)
        report.stop_if_errors()
        whole = validate(resolved, report)
        report.stop_if_errors()
        api = translate(whole, CONFIG, report, kept=kept)
        report.stop_if_errors()
    except SpecError:
        return None, report.diagnostics
    return api, report.diagnostics


def versions(seed: Seed, others: list[Any], run: int, file: Path) -> int:
    """How many versions made an SDK, each the same as without what is known."""
    chance = random.Random(f"{run} {seed.name}")
    mutator = Mutator(chance, others)
    data, known, made = piece_of(seed, chance), dict[bytes, Translation](), 0
    for version in range(VERSIONS):
        changed = copy.deepcopy(data)
        if version:
            mutator.mutate(changed)
        # As the cache gives them to another process.
        kept = Kept({key: Translation(content=it.content) for key, it in known.items()})
        anew, said_anew = api_of(changed, file, None)
        api, said = api_of(changed, file, kept)
        assert (repr(api), said) == (repr(anew), said_anew)
        if api is not None:
            data, known, made = changed, kept.everything, made + 1
    return made


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
    first = Kept[Translation]()
    api_of(data, file, first)
    data["components"]["schemas"]["UpsertInput"]["description"] = "Other words."
    second = Kept(first.kept)
    api_of(data, file, second)
    anew = second.kept.keys() - first.kept.keys()
    assert 0 < len(anew) < len(second.kept) / 2
