"""Packages that are generated for a test, and imported while it runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.pipeline import generate

WAREHOUSE: Final = Path(__file__).parents[1] / "golden" / "batch" / "spec.yaml"
"""The invented API with batches."""


@contextmanager
def imported(spec: Path, package: str, folder: Path) -> Iterator[Any]:
    """What the generator makes of a spec, as a package of that name in the folder."""
    config = Config(
        spec=spec,
        output=folder / package,
        package=package,
        client="Client",
        distribution=package,
    )
    for path, text in generate(config, Report()).items():
        file = folder / package / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module(package)
        for name in [each for each in sys.modules if each.startswith(package)]:
            patch.delitem(sys.modules, name)
