"""What is costly to make, once for all tests of distributions."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.distributions import ROOT, Wheelhouse, build, run

SDK = ROOT / "generated"

# What the examples and our own projects are built with, beside the tool.
_BACKENDS = ("hatchling", "editables", "setuptools")


@pytest.fixture(scope="session")
def tool_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("sdist"), "--sdist")


@pytest.fixture(scope="session")
def tool_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="session")
def sdk_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(SDK, tmp_path_factory.mktemp("sdist"), "--sdist")


@pytest.fixture(scope="session")
def sdk_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(SDK, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="session")
def wheelhouse(
    tool_wheel: Path, sdk_wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Wheelhouse:
    """The tool, the SDK, build backends, and what pip finds that all these need."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel")
    wanted = (tool_wheel, sdk_wheel, *_BACKENDS)
    run(*pip, "--quiet", "--wheel-dir", folder, *wanted, folder=folder)
    return Wheelhouse(folder, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def installed_tool(
    wheelhouse: Wheelhouse, tool_wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The programs of an environment that has the tool, and what it needs."""
    return wheelhouse.install(tmp_path_factory.mktemp("tool"), tool_wheel)
