"""What is built can be installed into an empty environment, and works there."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest

from batchwright import __version__
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.pipeline import generate
from support.distributions import ROOT, Wheelhouse, build, packages, run, unpacked
from support.folders import texts

pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("packaging")]

SDK = ROOT / "generated"
CASES = ROOT / "tests" / "golden"


def members(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_has_the_tool_and_its_templates(tool_wheel: Path) -> None:
    names = members(tool_wheel)
    assert {name.split("/")[0] for name in names} == {
        "batchwright",
        f"batchwright-{__version__}.dist-info",
    }
    templates = {
        f"batchwright/templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {it for it in names if it.startswith("batchwright/templates/")} == templates
    assert f"batchwright-{__version__}.dist-info/licenses/LICENSE" in names


def test_a_wheel_from_the_sdist_is_the_same(
    tool_sdist: Path, tool_wheel: Path, tmp_path: Path
) -> None:
    project = unpacked(tool_sdist, tmp_path / "unpacked")
    again = build(project, tmp_path / "again", "--wheel")
    assert again.name == tool_wheel.name
    assert again.read_bytes() == tool_wheel.read_bytes()


NEEDS = "import importlib.metadata as it; print(it.requires('batchwright'))"


@pytest.mark.parametrize("way", ["wheel", "sdist", "editable"])
def test_the_installed_tool_generates(
    way: str,
    installed_tool: Path,
    tool_sdist: Path,
    wheelhouse: Wheelhouse,
    tmp_path: Path,
) -> None:
    ways: dict[str, list[str | Path]] = {
        "sdist": [tool_sdist],
        "editable": ["--editable", ROOT],
    }
    bin_ = installed_tool
    if way in ways:
        bin_ = wheelhouse.install(tmp_path, *ways[way])
    needs = (bin_ / "python", "-c", NEEDS)
    assert run(*needs, folder=tmp_path) == (
        run(installed_tool / "python", *needs[1:], folder=tmp_path)
    )
    version = f"batchwright {__version__}\n"
    assert run(bin_ / "batchwright", "--version", folder=tmp_path) == version
    assert run(bin_ / "python", "-m", "batchwright", "--version", folder=tmp_path) == (
        version
    )

    script = "import batchwright as it; print(it.__file__)"
    module = Path(run(bin_ / "python", "-c", script, folder=tmp_path).strip())
    assert (module.parent / "templates").is_dir() == (way != "editable")
    place = ROOT / "generator" if way == "editable" else packages(bin_)
    assert module.parent.parent == place

    spec = CASES / "smallest" / "spec.yaml"
    output = tmp_path / "pet_shop"
    run(bin_ / "batchwright", "generate", spec, "--output", output, folder=tmp_path)
    config = Config(spec=spec, package="pet_shop", distribution="pet-shop")
    assert texts(output) == generate(config, Report())

    bad = CASES / "refused-bad-extension" / "spec.yaml"
    done = subprocess.run(
        [bin_ / "batchwright", "validate", bad], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"error[bad-extension]" in done.stderr


def test_the_sdk_has_what_was_generated(
    sdk_wheel: Path, sdk_sdist: Path, tmp_path: Path
) -> None:
    information = f"{'-'.join(sdk_wheel.name.split('-')[:2])}.dist-info"
    generated = {f"hubspot_batch/{path}" for path in texts(SDK / "hubspot_batch")}
    generated.add("hubspot_batch_pytest.py")
    names = members(sdk_wheel)
    assert {it for it in names if not it.startswith(information)} == generated
    assert f"{information}/licenses/LICENSE" in names
    with ZipFile(sdk_wheel) as archive:
        entries = archive.read(f"{information}/entry_points.txt").decode()
        assert entries == "[pytest11]\nhubspot_batch = hubspot_batch_pytest\n"
        assert sum(it.file_size for it in archive.infolist()) < 1_000_000
        licence = archive.read(f"{information}/licenses/LICENSE")
    assert licence == (ROOT / "LICENSE").read_bytes()

    project = unpacked(sdk_sdist, tmp_path / "unpacked")
    again = build(project, tmp_path / "again", "--wheel")
    assert again.read_bytes() == sdk_wheel.read_bytes()


class Api(BaseHTTPRequestHandler):
    """Answers any request with one record, and keeps what it was asked."""

    asked: list[tuple[str, str, str | None]]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.rfile.read(length)
        agent = self.headers["User-Agent"]
        self.asked.append((self.path, agent, self.headers["Authorization"]))
        time = "2026-01-01T00:00:00Z"
        record = {"id": "41", "properties": {"amount": "7"}, "archived": False}
        record |= {"createdAt": time, "updatedAt": time}
        answer = {"status": "COMPLETE", "startedAt": time, "completedAt": time}
        body = json.dumps({**answer, "results": [record]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """The test says what was asked."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    Api.asked = []
    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


CALL = """
import importlib.metadata as metadata, json, sys
from hubspot_batch import HubSpot

with HubSpot("secret", base_url=sys.argv[1]) as hubspot:
    answer = hubspot.deals.post_batch_read([{"id": "41"}], properties=["amount"])
    result = hubspot.deals.batch_read(["41"], properties=["amount"])
print(json.dumps({
    "place": sys.modules["hubspot_batch"].__file__,
    "amounts": [deal.properties["amount"] for deal in answer.results],
    "outcomes": [each.result.properties["amount"] for each in result.succeeded],
    "requires": sorted(metadata.requires("hubspot-batch")),
    "installed": sorted(it.name for it in metadata.distributions()),
    "version": metadata.version("hubspot-batch"),
}))
"""


@pytest.fixture(scope="module")
def installed_sdk(
    wheelhouse: Wheelhouse, sdk_wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The programs of an environment that has the SDK, and what it needs."""
    return wheelhouse.install(tmp_path_factory.mktemp("sdk"), sdk_wheel)


@pytest.mark.parametrize("way", ["wheel", "sdist"])
def test_the_installed_sdk_calls(
    way: str,
    installed_sdk: Path,
    sdk_sdist: Path,
    wheelhouse: Wheelhouse,
    tmp_path: Path,
    server: HTTPServer,
) -> None:
    bin_ = installed_sdk
    if way == "sdist":
        bin_ = wheelhouse.install(tmp_path, sdk_sdist)
    address = f"http://127.0.0.1:{server.server_port}"
    said = json.loads(run(bin_ / "python", "-c", CALL, address, folder=tmp_path))
    assert Path(said["place"]).is_relative_to(packages(bin_))
    assert said["amounts"] == said["outcomes"] == ["7"]
    needed = [it for it in said["requires"] if "extra ==" not in it]
    assert [re.split("[<>]", it)[0] for it in needed] == ["httpx2", "msgspec"]
    assert not {"batchwright", "black", "jinja2", "rich"} & set(said["installed"])
    [(path, agent, authorization), again] = Api.asked
    assert again == (path, agent, authorization)
    assert path == "/crm/v3/objects/0-3/batch/read"
    assert agent.startswith(f"hubspot-batch/{said['version']}")
    assert authorization == "Bearer secret"
