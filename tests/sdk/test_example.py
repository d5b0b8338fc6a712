"""The examples that everyone begins with, run as they stand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hubspot_batch
from sdk.readme import examples
from sdk.samples import RECORD, envelope
from support.server import Answer, Received, RecordingServer

SYNC = """\
from hubspot_batch import HubSpot, Succeeded, UpdateInput

with HubSpot() as hubspot:
    result = hubspot.deals.batch_update(
        UpdateInput(id=id_, properties={"amount": amount})
        for id_, amount in {"512": "1200", "513": "1300"}.items()
    )

for outcome in result.raise_for_failures():
    match outcome:
        case Succeeded(UpdateInput(id=id_), record) if record is not None:
            print(id_, record.properties["amount"], record.updated_at)
"""
ASYNC = """\
import asyncio

from hubspot_batch import AsyncHubSpot, UpdateInput

async def main() -> None:
    async with AsyncHubSpot() as hubspot:
        result = await hubspot.deals.batch_update(
            UpdateInput(id=id_, properties={"amount": amount})
            for id_, amount in {"512": "1200", "513": "1300"}.items()
        )
    for outcome in result.succeeded:
        record = outcome.result
        assert record is not None
        print(record.id, record.properties["amount"], record.updated_at)

asyncio.run(main())
"""


def echo(request: Received) -> Answer:
    """A record for each input, the last one first."""
    records = [
        {**RECORD, "id": each["id"], "properties": each.get("properties", {})}
        for each in reversed(request.json["inputs"])
    ]
    for name in request.json.get("properties", ()):
        for record in records:
            record["properties"].setdefault(name, f"the {name}")
    return Answer(body=envelope(*records))


def printed(script: str, server: RecordingServer, folder: Path) -> list[str]:
    """What a script prints that is run with a token, and against the server."""
    assert script.count("HubSpot()") == 1
    server.follow(echo)
    file = folder / "example.py"
    file.write_text(script.replace("HubSpot()", f"HubSpot(base_url={server.url!r})"))
    run = subprocess.run(
        # Anything left open, or not awaited, is a warning, and that an error.
        [sys.executable, "-W", "error", str(file)],
        env={
            **os.environ,
            "HUBSPOT_ACCESS_TOKEN": "pat-1",
            "PYTHONPATH": str(Path(hubspot_batch.__file__).parents[1]),
        },
        capture_output=True,
        text=True,
    )
    assert run.stderr == ""
    assert run.returncode == 0
    assert server.only.header("Authorization") == "Bearer pat-1"
    return run.stdout.splitlines()


@pytest.mark.parametrize("script", [SYNC, ASYNC], ids=["sync", "async"])
def test_the_example_runs(script: str, server: RecordingServer, tmp_path: Path) -> None:
    assert printed(script, server, tmp_path) == [
        "512 1200 2026-08-01 10:00:00+00:00",
        "513 1300 2026-08-01 10:00:00+00:00",
    ]
    assert server.only.json == {
        "inputs": [
            {"id": "512", "properties": {"amount": "1200"}, "objectWriteTraceId": "1"},
            {"id": "513", "properties": {"amount": "1300"}, "objectWriteTraceId": "2"},
        ]
    }


@pytest.mark.parametrize("name", examples())
def test_the_examples_of_the_readmes_run(
    name: str, server: RecordingServer, tmp_path: Path
) -> None:
    lines = printed(examples()[name], server, tmp_path)
    ids = [each["id"] for each in server.only.json["inputs"]]
    assert len(ids) > 1
    assert [line.split()[0] for line in lines] == ids
