"""Copies of different versions in one process, and an installed package besides."""

from __future__ import annotations

import importlib
import json
import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

import hubspot_batch
from batchwright import cli

ROOT = Path(__file__).parents[2]
CASE = ROOT / "tests" / "golden" / "batch" / "spec.yaml"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with copies of two versions of a spec, one deep in another package."""
    folder = tmp_path_factory.mktemp("copies")
    newer = folder / "newer.yaml"
    newer.write_text(
        CASE.read_text("utf-8")
        .replace(
            "sku: {type: string}, count",
            "sku: {type: string}, size: {type: string}, count",
        )
        .replace("maxItems: 7", "maxItems: 5")
    )
    options = ("--client", "Store", "--quiet")
    for spec, into in ((CASE, "acme_one/_vendor/store"), (newer, "store_two")):
        command = ("vendor", str(spec), "--into", str(folder / into), *options)
        assert cli.main(command) == 0
    return folder


@pytest.fixture
def one(packages: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(packages)
    return importlib.import_module("acme_one._vendor.store")


@pytest.fixture
def two(packages: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(packages)
    return importlib.import_module("store_two")


def classes(package: ModuleType) -> dict[str, type]:
    return {
        name: found
        for name in package.__all__
        if isinstance(found := getattr(package, name), type)
    }


def test_no_class_is_shared(one: ModuleType, two: ModuleType) -> None:
    names = classes(one).keys() & classes(two).keys()
    assert {"SDKError", "Entry", "Succeeded", "Store"} <= names
    for name in names:
        first, second = classes(one)[name], classes(two)[name]
        if first.__module__.split(".")[0] not in ("acme_one", "store_two"):
            continue  # what both take from elsewhere
        assert first is not second
        assert first not in second.__mro__
        assert second not in first.__mro__
    assert not issubclass(one.SDKError, hubspot_batch.SDKError)
    assert not hasattr(one.Entry(sku="A"), "size")
    assert two.Entry(sku="A", size="L").size == "L"
    with pytest.raises(TypeError):
        one.Entry(sku="A", size="L")


def served(package: ModuleType, asked: list[httpx2.Request], status: int = 200) -> Any:
    """A client of a copy, whose requests are kept and answered."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(status, json={"stored": [], "refused": []})

    return package.Store(transport=httpx2.MockTransport(answer))


def failure(package: ModuleType) -> Any:
    """What a copy raises for an answer of failure."""
    with (
        served(package, [], status=404) as store,
        pytest.raises(package.SDKError) as caught,
    ):
        store.items.post_bulk_store([{"sku": "A"}])
    return caught.value


def test_errors_are_told_apart_and_pickled(one: ModuleType, two: ModuleType) -> None:
    first, second = failure(one), failure(two)
    assert not isinstance(first, two.SDKError)
    assert not isinstance(second, one.SDKError)
    for error in (first, second):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert again.status == 404
        assert str(again) == str(error)


def test_models_are_pickled(one: ModuleType, two: ModuleType) -> None:
    for package in (one, two):
        entry = package.Entry(sku="A", count=3)
        again = pickle.loads(pickle.dumps(entry))
        assert type(again) is package.Entry
        assert again == entry
    assert one.Entry(sku="A") != two.Entry(sku="A")
    assert pickle.loads(pickle.dumps(one.UNSET)) is one.UNSET


def test_a_model_of_another_copy_is_no_input(one: ModuleType, two: ModuleType) -> None:
    with (
        served(one, []) as store,
        pytest.raises((TypeError, ValueError, one.SDKError)),
    ):
        store.items.post_bulk_store([two.Entry(sku="A", size="L")])


def test_each_has_its_own_limits_and_logger(
    one: ModuleType, two: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for package, sizes in ((one, [7, 3]), (two, [5, 5])):
        asked: list[httpx2.Request] = []
        caplog.clear()
        with served(package, asked) as store:
            store.items.bulk_store([{"sku": f"A{n}"} for n in range(10)])
        assert [len(json.loads(it.content)["entries"]) for it in asked] == sizes
        names = {it.name for it in caplog.records if "store" in it.name}
        assert names == {package.__name__}


def test_no_copy_borrows_the_version_of_an_installed_package(packages: Path) -> None:
    """The one that is called as an installed distribution is not that distribution."""
    spec = str(ROOT / "tests" / "golden" / "smallest" / "spec.yaml")
    into = packages / "elsewhere" / "hubspot_batch"
    command = ("vendor", spec, "--into", str(into), "--client", "Pets", "--quiet")
    assert cli.main(command) == 0
    script = (
        "import importlib, httpx2\n"
        "asked = []\n"
        "def answer(request):\n"
        "    asked.append(request.headers['User-Agent'])\n"
        "    return httpx2.Response(200, json={'name': 'Rex'})\n"
        "import hubspot_batch as installed\n"
        "package = importlib.import_module('elsewhere.hubspot_batch')\n"
        "assert package.SDKError is not installed.SDKError\n"
        "transport = httpx2.MockTransport(answer)\n"
        "with package.Pets(transport=transport) as pets:\n"
        "    pets.pets.get_pet('1')\n"
        "print(asked[0].split(' ')[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=packages,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "hubspot-batch\n"


def test_a_copy_brings_no_plugin_of_pytest(packages: Path, tmp_path: Path) -> None:
    """The fixture of an installed package is there once, and is that package's."""
    (tmp_path / "test_both.py").write_text(
        "import store_two.testing\n"
        "def test_both(fake_hubspot):\n"
        "    assert type(fake_hubspot).__module__ == 'hubspot_batch.testing'\n"
        "    assert not isinstance(store_two.testing.FakeServer(), type(fake_hubspot))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "hubspot_batch_pytest"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "generated"), str(packages)]),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
    )
    assert "1 passed" in done.stdout, done.stdout
