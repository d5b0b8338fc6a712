"""What the tests of this folder begin with."""

from __future__ import annotations

import pytest

from fuzz.seeds import Seed, seeds


@pytest.fixture(scope="session")
def started() -> list[Seed]:
    # The corpus is not everywhere, and the cases have to be the same everywhere.
    return seeds(with_corpus=False)
