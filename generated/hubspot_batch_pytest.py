"""The fixture of hubspot-batch for pytest; it costs nothing where nobody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hubspot_batch.testing import FakeServer


@pytest.fixture
def fake_hubspot() -> FakeServer:
    """A fake of HubSpot's CRM batch API, new for each test; see `hubspot_batch.testing`."""
    from hubspot_batch.testing import FakeServer

    return FakeServer()
