"""What is imported to have a client at hand: only what that takes."""

from __future__ import annotations

import json
import subprocess
import sys

LISTED = "import json, sys; print(json.dumps(sorted(sys.modules)))"
# Each is imported when it is needed for the first time.
LATER = (
    "asyncio",
    "difflib",
    "hubspot_batch.testing",
    "hubspot_batch._runtime.testing",
    "hubspot_batch._runtime.batch.async_driver",
    "hubspot_batch._runtime.batch.engine",
    "hubspot_batch._runtime.batch.sync_driver",
)


def modules_after(code: str) -> set[str]:
    command = [sys.executable, "-c", f"{code}\n{LISTED}"]
    return set(json.loads(subprocess.check_output(command)))


def test_a_client_and_a_resource_take_little() -> None:
    libraries = modules_after("import httpx2, msgspec; httpx2.Client()")

    found = modules_after(
        "from hubspot_batch import HubSpot; hubspot = HubSpot(token='x').deals"
    )

    assert found.isdisjoint(LATER)
    resources = {name for name in found if name.startswith("hubspot_batch.resources.")}
    assert resources == {"hubspot_batch.resources.deals"}
    foreign = {each for each in found - libraries if each[:13] != "hubspot_batch"}
    assert foreign <= {"json"}


def test_the_engine_comes_with_the_first_batch() -> None:
    found = modules_after(
        "from hubspot_batch import HubSpot\n"
        "assert not HubSpot(token='x').deals.batch_archive([])"
    )

    assert "hubspot_batch._runtime.batch.sync_driver" in found
    assert "hubspot_batch._runtime.batch.async_driver" not in found
