"""What is costly to make, once for all tests of distributions."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.distributions import ROOT, build, install


@pytest.fixture(scope="session")
def tool_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("sdist"), "--sdist")


@pytest.fixture(scope="session")
def tool_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="session")
def installed_tool(tool_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the tool, and what pip found it needs."""
    return install(tmp_path_factory.mktemp("tool"), tool_wheel)
