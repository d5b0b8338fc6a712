"""Clients and tools that others wrote find in the fake what they expect of the API.

They are installed into environments of their own; where that cannot be done, as without
a network, there is nothing to test.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from batchwright.diagnostics import Report
from batchwright.reading.load import load
from batchwright.resolving.resolve import resolve
from hubspot_batch.testing import FakeServer

pytestmark = [pytest.mark.foreign, pytest.mark.xdist_group("foreign")]

HERE = Path(__file__).parent
SPEC = HERE.parents[1] / "spec" / "openapi.yaml"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
)


def installed(folder: Path, *requirements: str) -> Path:
    """The programs of a new environment."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / "bin"
    done = subprocess.run(
        [programs / "python", "-m", "pip", "--quiet", "install", *requirements],
        capture_output=True,
    )
    if done.returncode != 0:
        pytest.skip(f"{requirements[-1]} cannot be installed here")
    return programs


@pytest.mark.parametrize(
    ("script", "requirements"),
    [
        ("with_hubspot_api_client.py", ["hubspot-api-client==12.*"]),
        ("with_hubspot_sdk.py", ["--pre", "hubspot-sdk"]),
    ],
)
def test_clients_get_what_they_expect(
    script: str, requirements: list[str], tmp_path: Path
) -> None:
    python = installed(tmp_path / "environment", *requirements) / "python"
    fake = FakeServer(seed=1)
    with fake.serve() as url:
        done = subprocess.run(
            [python, HERE / "foreign" / script, url], capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    *families, refusal = json.loads(done.stdout)
    expected: dict[str, Any] = {
        "created": ["0", "1", "2"],
        "updated": "changed",
        "history": {"changed": ["changed", "0"], "1": ["1"]},
        "missing": ["OBJECT_NOT_FOUND"],
        "new": [True, False],
        "same": True,
    }
    assert families == [expected] * 4
    assert (refusal["status"], refusal["category"]) == (400, "VALIDATION_ERROR")
    for name in ("deals", "contacts", "notes", "2-3456"):
        assert len(fake.records(name)) == 3
        assert len(fake.records(name, archived=True)) == 1


def test_nothing_contradicts_the_spec(tmp_path: Path) -> None:
    programs = installed(tmp_path / "environment", "schemathesis>=4")
    report = Report()
    spec = resolve(load(SPEC, report), report)
    (tmp_path / "openapi.json").write_text(json.dumps(spec.root.value), "utf-8")
    fake = FakeServer(tokens={"token": None})
    with fake.serve() as url:
        done = subprocess.run(
            [
                programs / "schemathesis",
                "run",
                "openapi.json",
                *("--url", url, "--header", "Authorization: Bearer token"),
                *("--include-path-regex", "0-3|objectType|contacts"),
                # That a good body is accepted is no check: that no record may stand
                # twice in a request is nothing that a schema could say.
                *("--checks", ",".join(CHECKS)),
                *("--phases", "examples,coverage,fuzzing", "--seed", "1"),
                *("--max-examples", "8", "--no-color"),
                # How quick it is depends on what else the machine does.
                "--suppress-health-check=too_slow",
            ],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    assert done.returncode == 0, done.stdout
    statuses = {request.status for request in fake.requests}
    assert statuses >= {200, 201, 204, 207, 400, 401, 404, 405}
    assert max(statuses) < 500
