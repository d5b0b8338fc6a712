"""Makes the runtime importable as `_runtime`, as it stands in templates/."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE), str(_HERE.parents[2] / "templates")]

from sample_api import AsyncDriver, Driver, SyncDriver  # noqa: E402


@pytest.fixture(params=[SyncDriver, AsyncDriver], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Driver:
    """Makes the same call with the sync and with the async client."""
    made: Driver = request.param()
    return made
