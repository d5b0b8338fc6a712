"""The projects in examples/ are built as their pages say, and what is built works."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from zipfile import ZipFile

import pytest

from batchwright.writing.manifest import MANIFEST, RECORD
from support.distributions import ROOT, Wheelhouse, run
from support.folders import state

pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("packaging")]

EXAMPLES = ROOT / "examples"


# How Python begins a line about a module that it loads, if asked for them.
_IMPORT = "import time:"


class Shop:
    """A place to build in: what builds install is in a house, and there is no network.

    `home` is where programs that write outside of their project would write. `bin` has
    batchwright for those who run it themselves, and what SDKs need.
    """

    def __init__(self, house: Wheelhouse, folder: Path) -> None:
        self._house = house
        self.bin = house.install(folder, "batchwright", "httpx2", "msgspec")
        self.home = folder / "home"
        self.home.mkdir()

    def run(
        self, *command: str | Path, folder: Path, code: int = 0, **variables: str
    ) -> str:
        """What a command prints on both streams; it has to end with a code."""
        told = self._house.environment(self.home, self.bin) | variables
        return run(*command, folder=folder, environment=told, code=code)

    def build(self, project: Path, *what: str, code: int = 0) -> tuple[str, int]:
        """In isolation, each distribution in a new environment of its own.

        What is said, and how many processes have loaded what generates.
        """
        command = (sys.executable, "-m", "build", "--installer", "uv", *what)
        variables = {"PYTHONPROFILEIMPORTTIME": "1"}
        lines = self.run(*command, folder=project, code=code, **variables).splitlines()
        loaded = [it.split("|")[-1].strip() for it in lines if it.startswith(_IMPORT)]
        said = "\n".join(it for it in lines if not it.startswith(_IMPORT))
        return said, loaded.count("batchwright.pipeline")

    def distributions(self, project: Path) -> tuple[set[str], set[str]]:
        """The files in an sdist, and in the wheel that is built from it."""
        said, runs = self.build(project)
        assert " new (" in said
        assert "* Building wheel from sdist" in said
        assert runs == 1  # not again for the wheel
        assert list(self.home.iterdir()) == []
        [sdist] = (project / "dist").glob("*.tar.gz")
        with tarfile.open(sdist) as archive:
            sources = {
                it.name.partition("/")[2] for it in archive.getmembers() if it.isfile()
            }
        with ZipFile(self.wheel(project)) as archive:
            return sources, set(archive.namelist())

    def wheel(self, project: Path) -> Path:
        [wheel] = (project / "dist").glob("*.whl")
        return wheel

    def install(self, *what: str | Path) -> None:
        """Into the environment, or elsewhere, and with what is required for it."""
        self._house.add(self.bin, *what)


@pytest.fixture(scope="module")
def shop(wheelhouse: Wheelhouse, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(wheelhouse, tmp_path_factory.mktemp("shop"))


def example(name: str, folder: Path) -> Path:
    """A copy of an example as it is under version control."""
    done = run("git", "ls-files", "-z", name, folder=EXAMPLES)
    for path in filter(None, done.split("\0")):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(EXAMPLES / path, folder / path)
    return folder / name


class Api(BaseHTTPRequestHandler):
    """Answers every GET with the JSON that a path has."""

    answers: ClassVar = {
        "/items": {"items": [{"sku": "A-1", "count": 2}, {"sku": "A-2", "count": 9}]},
        "/readings": {"readings": [{"station": "Sonnblick", "celsius": -7.5}]},
    }

    def do_GET(self) -> None:
        body = json.dumps(self.answers[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """The programs print what they were told."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


STORE = """
from acme_warehouse.testing import FakeServer
from acme_warehouse import Warehouse

fake = FakeServer()
with fake.client() as warehouse:
    assert type(warehouse) is Warehouse
    result = warehouse.items.store({"sku": f"A-{n}", "count": n} for n in range(60))
result.raise_for_failures()
print(len(result.succeeded), warehouse.__class__.__module__)
"""


def test_hatchling(shop: Shop, tmp_path: Path) -> None:
    project = example("hatchling", tmp_path)
    before = set(state(project))
    sources, modules = shop.distributions(project)
    package = "src/acme_warehouse"
    generated = {
        path.relative_to(project / "src").as_posix()
        for path in (project / package).rglob("*")
        if path.is_file() and path.name not in (MANIFEST, RECORD)
    }
    assert {f"{package}/{MANIFEST}", f"{package}/{RECORD}"} <= sources
    assert {"spec/openapi.yaml", "pyproject.toml"} <= sources
    assert {f"src/{path}" for path in generated} <= sources
    assert {it for it in modules if ".dist-info/" not in it} == generated
    outside = {it for it in set(state(project)) - before if not it.startswith("dist")}
    assert all(f"{it}/".startswith("src/") for it in outside)

    once = state(project / package)
    wheel = shop.wheel(project).read_bytes()
    shutil.rmtree(project / "dist")
    (project / ".gitignore").unlink()  # as where the package is under version control
    said, runs = shop.build(project, "--wheel")
    assert " unchanged (" in said
    assert runs == 0
    assert state(project / package) == once
    assert shop.wheel(project).read_bytes() == wheel

    shop.install("--target", tmp_path / "site", shop.wheel(project))
    said = shop.run("python", "-c", STORE, folder=tmp_path / "site")
    assert said == "60 acme_warehouse.client\n"

    shutil.rmtree(project / package)
    shop.install("--editable", project)
    assert state(project / package).keys() == once.keys()
    said = shop.run("python", "-c", STORE, folder=tmp_path)
    assert said == "60 acme_warehouse.client\n"


def test_setuptools(shop: Shop, tmp_path: Path, address: str) -> None:
    project = example("setuptools", tmp_path)
    with open(project / "pyproject.toml", "a") as file:  # beside what we exclude
        file.write('[tool.setuptools.exclude-package-data]\nstockroom = ["*.txt"]\n')
    before = set(state(project))
    sources, modules = shop.distributions(project)
    package = "src/stockroom/warehouse"
    generated = {
        path.relative_to(project / "src").as_posix()
        for path in (project / package).rglob("*")
        if path.is_file() and path.name not in (MANIFEST, RECORD)
    }
    assert {f"{package}/{MANIFEST}", f"{package}/{RECORD}"} <= sources
    assert {"spec/warehouse.yaml", "pyproject.toml"} <= sources
    assert {f"src/{path}" for path in generated} <= sources
    written = {"stockroom/__init__.py", "stockroom/report.py"}
    assert {it for it in modules if ".dist-info/" not in it} == generated | written
    new = {it.split("/")[0] for it in set(state(project)) - before}
    assert new <= {"src", "dist", "build"}

    once = state(project / package)
    shutil.rmtree(project / "dist")
    said, runs = shop.build(project, "--wheel")
    assert " unchanged (" in said
    assert runs == 0
    assert state(project / package) == once

    shop.install("--target", tmp_path / "site", shop.wheel(project))
    program = "import sys; from stockroom.report import main; sys.exit(main())"
    said = shop.run("python", "-c", program, address, folder=tmp_path / "site")
    assert said == "A-1: 2 left\n"

    shutil.rmtree(project / package)
    shop.install("--editable", project)
    assert state(project / package).keys() == once.keys()
    assert shop.run("stockroom", address, folder=tmp_path) == "A-1: 2 left\n"


def test_make(shop: Shop, tmp_path: Path, address: str) -> None:
    project = example("makefile", tmp_path)
    assert "batchwright generate" in shop.run("make", folder=project)
    said = shop.run("python", "-m", "weather", address, folder=project)
    assert said == "Sonnblick: -7.5 °C\n"

    files = state(project)
    assert "batchwright" not in shop.run("make", folder=project)
    assert state(project) == files

    # Not named in the Makefile: make knows of it by what batchwright has read.
    part = project / "spec" / "readings.yaml"
    later = (project / "weather/stations" / MANIFEST).stat().st_mtime_ns + 10**9
    os.utime(part, ns=(later, later))
    assert " unchanged (" in shop.run("make", folder=project)

    part.write_text(part.read_text().replace("celsius", "kelvin"))
    os.utime(part, ns=(later + 10**11, later + 10**11))
    assert "wrote models.py" in shop.run("make", folder=project)
    part.write_text(part.read_text().replace("number", "nummer"))
    os.utime(part, ns=(later + 10**12, later + 10**12))
    models = (project / "weather/stations/models.py").read_bytes()
    said = shop.run("make", folder=project, code=2)
    assert "spec/readings.yaml:15:14: error[" in said
    assert "Error 2" in said
    assert (project / "weather/stations/models.py").read_bytes() == models


@pytest.mark.parametrize("name", ["hatchling", "setuptools"])
def test_a_mistake_in_the_spec(name: str, shop: Shop, tmp_path: Path) -> None:
    project = example(name, tmp_path)
    [spec] = (project / "spec").iterdir()
    spec.write_text(spec.read_text().replace("type: integer", "type: entire"))
    before = state(project / "src")
    said, _ = shop.build(project, code=1)
    line = next(
        number
        for number, text in enumerate(spec.read_text().splitlines(), start=1)
        if "entire" in text
    )
    assert f"spec/{spec.name}:{line}:17: error[" in said
    assert "batchwright: 1 error" in said
    assert "Traceback" not in said
    assert state(project / "src") == before
    assert list(project.glob("dist/*")) == []
