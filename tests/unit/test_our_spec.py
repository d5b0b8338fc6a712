"""Our own spec: what the generator warns others of, it has none of."""

from __future__ import annotations

from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from batchwright.checking.validate import validate
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.reading.load import load
from batchwright.resolving.resolve import resolve

SPEC = Path(__file__).parents[2] / "spec" / "openapi.yaml"


@pytest.fixture(scope="module")
def report() -> Report:
    return Report()


@pytest.fixture(scope="module")
def document(report: Report) -> Document:
    whole = resolve(load(SPEC, report), report)
    validate(whole, report)
    return whole


def test_nothing_is_to_be_said_about_it(document: Document, report: Report) -> None:
    assert len(document.root.value["paths"]) == 161  # type: ignore[index]
    assert [str(found) for found in report.diagnostics] == []


def test_the_validator_of_others_has_nothing_to_say(document: Document) -> None:
    whole = document.root.value
    assert isinstance(whole, dict)
    errors = OpenAPIV31SpecValidator(whole).iter_errors()
    assert [error.message for error in errors] == []
