"""The fake behind a port, from the command line, and as a fixture."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from hubspot_batch.testing import FakeServer

GENERATED = Path(__file__).parents[2] / "generated"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(GENERATED),
    # The plugin is named on the command line, installed or not.
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}


def test_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("id,dealname\n7,A\n", "utf-8")
    command = [sys.executable, "-m", "hubspot_batch.testing", "--port", "0"]
    options = ["--load", "deals.csv", "--token", "secret", "--fault", "partial=0.0"]
    with subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=ENVIRONMENT,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().removeprefix("serving on ").strip()
            request = Request(
                f"{url}/crm/v3/objects/deals/batch/read",
                data=json.dumps({"inputs": [{"id": "7"}]}).encode(),
                headers={
                    "Authorization": "Bearer secret",
                    "Content-Type": "application/json",
                },
            )
            with urlopen(request) as answer:
                [found] = json.load(answer)["results"]
            assert found["properties"]["dealname"] == "A"
        finally:
            process.terminate()


@pytest.mark.parametrize(
    "arguments", [["--fault", "rain=1"], ["--load", "nowhere.csv"]]
)
def test_what_makes_no_sense_is_refused(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hubspot_batch.testing", *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "error:" in done.stderr


def test_bodies_in_chunks_and_connections_that_are_kept() -> None:
    import http.client

    fake = FakeServer()
    with fake.serve() as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        for _ in range(2):
            connection.request(
                "POST",
                "/crm/v3/objects/deals/batch/create",
                body=iter([b'{"inputs": [{"prop', b'erties": {}}]}']),
                headers={"Authorization": "Bearer token"},
                encode_chunked=True,
            )
            answer = connection.getresponse()
            assert answer.status == 201
            assert answer.read()
        connection.request("QUERY", "/crm/v3/objects/deals/batch/create")
        assert connection.getresponse().status == 405
        connection.close()
    assert len(fake.ledger) == 2


TEST = """
def test_it(fake_hubspot):
    with fake_hubspot.client() as hubspot:
        hubspot.deals.batch_create([{"properties": {"dealname": "A"}}])
    assert len(fake_hubspot.records("deals")) == 1

def test_again(fake_hubspot):
    assert fake_hubspot.records("deals") == []
"""
QUIET = """
import sys

def test_nothing_is_imported():
    assert "hubspot_batch" not in sys.modules
"""


@pytest.mark.parametrize(("text", "count"), [(TEST, 2), (QUIET, 1)])
def test_the_fixture(text: str, count: int, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "hubspot_batch_pytest"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    assert f"{count} passed" in done.stdout
