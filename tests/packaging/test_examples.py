"""The projects in examples/ are built as their pages say, and what is built works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from zipfile import ZipFile

import pytest

from batchwright.manifest import MANIFEST
from support.distributions import ROOT, install, packages, run
from support.folders import state

pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("packaging")]

EXAMPLES = ROOT / "examples"


class Shop:
    """An environment with the build backends and batchwright, and nobody to ask.

    `home` is where programs that write outside of their project would write.
    """

    def __init__(self, bin_: Path, home: Path) -> None:
        self.bin = bin_
        self.home = home

    def run(
        self,
        *command: str | Path,
        folder: Path,
        code: int = 0,
        home: Path | None = None,
    ) -> str:
        """What a command prints on both streams; it has to end with a code."""
        nowhere = "http://127.0.0.1:9"
        done = subprocess.run(
            command,
            cwd=folder,
            env={
                "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(home or self.home),
                "TMPDIR": str(home or self.home),
                "http_proxy": nowhere,
                "https_proxy": nowhere,
                "no_proxy": "127.0.0.1",
                "PIP_NO_INDEX": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert done.returncode == code, f"{command}:\n{done.stdout}"
        return done.stdout

    def build(self, project: Path, *what: str, code: int = 0) -> str:
        command = ("python", "-m", "build", "--no-isolation", *what)
        return self.run(*command, folder=project, code=code)

    def distributions(self, project: Path) -> tuple[set[str], set[str]]:
        """The files in an sdist, and in the wheel that is built from it."""
        assert "Building wheel from sdist" in self.build(project)
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

    def pip(self, *arguments: str | Path) -> None:
        """Installs into the environment, or elsewhere, what needs no index."""
        pip = (sys.executable, "-m", "pip", "--python", self.bin / "python", "--quiet")
        said = self.run(
            *pip,
            *arguments,
            "--no-build-isolation",
            "--no-deps",
            "--disable-pip-version-check",
            "--no-cache-dir",
            folder=self.home.parent,
            home=self.home.parent,
        )
        assert "Traceback" not in said


@pytest.fixture(scope="module")
def shop(
    tool_wheel: Path, installed_tool: Path, tmp_path_factory: pytest.TempPathFactory
) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "home").mkdir()
    # Isolated builds would fetch the backends, and `editables`, as hatchling asks for
    # it. Here, the backends and what SDKs need are lent by the tests' own environment.
    lenders = [packages(installed_tool), Path(sysconfig.get_path("purelib"))]
    programs = install(folder, tool_wheel, "editables", lenders=lenders)
    return Shop(programs, folder / "home")


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
        if path.is_file() and path.name != MANIFEST
    }
    assert f"{package}/{MANIFEST}" in sources
    assert {"spec/openapi.yaml", "pyproject.toml"} <= sources
    assert {f"src/{path}" for path in generated} <= sources
    assert {it for it in modules if ".dist-info/" not in it} == generated
    outside = {it for it in set(state(project)) - before if not it.startswith("dist")}
    assert all(f"{it}/".startswith("src/") for it in outside)

    once = state(project / package)
    wheel = shop.wheel(project).read_bytes()
    shutil.rmtree(project / "dist")
    assert " unchanged (" in shop.build(project, "--wheel")
    assert state(project / package) == once
    assert shop.wheel(project).read_bytes() == wheel

    shop.pip("install", "--target", tmp_path / "site", shop.wheel(project))
    said = shop.run("python", "-c", STORE, folder=tmp_path / "site")
    assert said == "60 acme_warehouse.client\n"

    shutil.rmtree(project / package)
    shop.pip("install", "--editable", project)
    assert state(project / package).keys() == once.keys()
    said = shop.run("python", "-c", STORE, folder=tmp_path)
    assert said == "60 acme_warehouse.client\n"


def test_setuptools(shop: Shop, tmp_path: Path, address: str) -> None:
    project = example("setuptools", tmp_path)
    before = set(state(project))
    sources, modules = shop.distributions(project)
    package = "src/stockroom/warehouse"
    generated = {
        path.relative_to(project / "src").as_posix()
        for path in (project / package).rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    assert f"{package}/{MANIFEST}" in sources
    assert {"spec/warehouse.yaml", "pyproject.toml"} <= sources
    assert {f"src/{path}" for path in generated} <= sources
    written = {"stockroom/__init__.py", "stockroom/report.py"}
    assert {it for it in modules if ".dist-info/" not in it} == generated | written
    new = {it.split("/")[0] for it in set(state(project)) - before}
    assert new <= {"src", "dist", "build"}

    once = state(project / package)
    shutil.rmtree(project / "dist")
    assert " unchanged (" in shop.build(project, "--wheel")
    assert state(project / package) == once

    shop.pip("install", "--target", tmp_path / "site", shop.wheel(project))
    program = "import sys; from stockroom.report import main; sys.exit(main())"
    said = shop.run("python", "-c", program, address, folder=tmp_path / "site")
    assert said == "A-1: 2 left\n"

    shutil.rmtree(project / package)
    shop.pip("install", "--editable", project)
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
    said = shop.build(project, code=1)
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
