"""Real documents, written by others: every operation is a method, under its own request.

They lie beside the repository, where they are at all.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.reading.load import load
from batchwright.resolving.resolve import resolve
from batchwright.structure import METHODS
from batchwright.translate import translate

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SPECS = sorted(p.name for p in CORPUS.glob("*") if p.suffix in (".json", ".yaml"))


def described(spec: Path) -> list[tuple[str, str]]:
    """The operations, as another reader finds them."""
    text = spec.read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = (
        json.loads(text) if spec.suffix == ".json" else yaml.load(text, loader)
    )
    return sorted(
        (method.upper(), path.partition("#")[0])
        for path, item in data.get("paths", {}).items()
        for method in item
        if method in METHODS
    )


@pytest.mark.skipif(not SPECS, reason="../shared/corpus is not there")
@pytest.mark.parametrize("name", SPECS)
def test_every_operation_is_a_method(name: str) -> None:
    spec = CORPUS / name
    config = Config(
        spec=spec,
        output=Path("out"),
        package="sdk",
        client="Client",
        distribution="sdk",
    )
    report = Report()
    api = translate(resolve(load(spec, report), report), config, report)
    operations = [o for resource in api.resources for o in resource.operations]
    assert sorted((o.method, o.path) for o in operations) == described(spec)
    for resource in api.resources:
        names = [o.name for o in resource.operations]
        assert len(set(names)) == len(names)
        assert all(each.isidentifier() for each in names)
    report.stop_if_errors()
