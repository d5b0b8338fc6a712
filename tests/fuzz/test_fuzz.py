"""A fixed number of cases of the fuzzer; `make fuzz` runs more of them, and others."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.cases import case_of
from fuzz.packages import type_faults
from fuzz.seeds import Seed
from fuzz.trial import Outcome, try_files

RUN = 20260101
CASES = 120
TYPED = 8


@pytest.fixture(scope="module")
def outcomes(started: list[Seed]) -> dict[int, Outcome]:
    return {
        number: try_files(case_of(started, RUN, number).files)
        for number in range(CASES)
    }


@pytest.mark.xdist_group("fuzz")
def test_each_case_becomes_a_package_or_is_refused_with_places(
    outcomes: dict[int, Outcome],
) -> None:
    assert {number: it.fault for number, it in outcomes.items() if it.fault} == {}


@pytest.mark.xdist_group("fuzz")
def test_there_are_enough_of_both(outcomes: dict[int, Outcome]) -> None:
    generated = sum(outcome.files is not None for outcome in outcomes.values())
    assert CASES / 4 < generated < CASES * 3 / 4


@pytest.mark.xdist_group("fuzz")
def test_packages_type_check(outcomes: dict[int, Outcome], tmp_path: Path) -> None:
    made = {f"case{n}": it.files for n, it in outcomes.items() if it.files is not None}
    chosen = dict(list(made.items())[:: len(made) // TYPED][:TYPED])
    assert type_faults(chosen, tmp_path) == []


def test_a_case_is_the_same_again(started: list[Seed]) -> None:
    one, other = case_of(started, RUN, 7), case_of(started, RUN, 7)
    assert one == other
    assert one != case_of(started, RUN, 8)
