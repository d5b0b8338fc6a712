"""What is costly to make, once for all tests of distributions."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.distributions import ROOT, build


@pytest.fixture(scope="session")
def tool_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("sdist"), "--sdist")


@pytest.fixture(scope="session")
def tool_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "--wheel")
