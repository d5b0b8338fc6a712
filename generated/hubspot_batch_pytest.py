"""The fixture of hubspot-batch for pytest; it imports nothing until it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hubspot_batch.testing import FakeServer


@pytest.fixture
def fake_hubspot() -> FakeServer:
    """A fake of HubSpot's API, new for each test; see `hubspot_batch.testing`."""
    from hubspot_batch.testing import FakeServer

    return FakeServer()
