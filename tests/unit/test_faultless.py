"""What was faultless is held against the rules again where it looks at anything else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from batchwright.checking.validate import validate
from batchwright.diagnostics import Report
from batchwright.document import Document, Pointer
from batchwright.results import Kept


def operation(number: int) -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
    return {
        "operationId": f"send{number}",
        "summary": "Send.",
        "tags": ["things"],
        "x-batch": {"inputs": "inputs", "results": "results"},
        "requestBody": {"required": True, "content": body},
        "responses": {"200": {"description": "Done.", "content": answer}},
    }


SPEC: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "servers": [{"url": "https://example.com"}],
    "tags": [{"name": "things"}],
    "paths": {f"/{number}": {"post": operation(number)} for number in range(2)},
    "components": {
        "schemas": {
            "Body": {
                "allOf": [{"$ref": "#/components/schemas/Inputs"}],
                "example": {"inputs": [{"id": "1"}]},
            },
            "Inputs": {
                "type": "object",
                "properties": {"inputs": {"$ref": "#/components/schemas/List"}},
            },
            "List": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
            "Item": {"type": "object", "properties": {"id": {"type": "string"}}},
            "Answer": {"allOf": [{"$ref": "#/components/schemas/Results"}]},
            "Results": {
                "type": "object",
                "properties": {"results": {"$ref": "#/components/schemas/List"}},
            },
        }
    },
}


def said(data: Any, kept: Kept[tuple[Any, ...]] | None) -> list[str]:
    report = Report()
    validate(Document.of(data), report, kept)
    return [str(found) for found in report.diagnostics]


@pytest.mark.parametrize(
    ("place", "now", "codes"),
    [
        (("Results", "properties"), {"others": {}}, ["bad-extension"] * 2),
        (("Item", "properties", "id", "type"), "integer", ["example-mismatch"]),
        (("List", "type"), "object", ["example-mismatch"]),
        (("Body", "example"), {"inputs": 1}, ["example-mismatch"]),
        (("Item", "description"), "Nothing else.", []),
    ],
)
def test_what_it_depends_on_is_seen(place: Pointer, now: Any, codes: list[str]) -> None:
    first = Kept[tuple[Any, ...]]()
    assert said(SPEC, first) == said(SPEC, Kept(first.kept)) == []
    edited = copy.deepcopy(SPEC)
    at = edited["components"]["schemas"]
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = now
    found = said(edited, Kept(first.kept))
    assert found == said(edited, None)
    assert [code for code in codes if any(f"[{code}]" in it for it in found)] == codes
    assert len(found) == len(codes)


def test_what_is_the_same_is_not_looked_at_again() -> None:
    first = Kept[tuple[Any, ...]]()
    said(SPEC, first)
    edited = copy.deepcopy(SPEC)
    edited["paths"]["/1"]["post"]["summary"] = "Send it."
    second = Kept(first.kept)
    said(edited, second)
    # The rules of one operation, of all three parts that have any.
    assert len(first.kept) == 3
    assert len(second.kept.keys() - first.kept.keys()) == 1


def test_too_many_comparisons_are_told_as_they_would_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = Kept[tuple[Any, ...]]()
    said(SPEC, first)
    monkeypatch.setattr("batchwright.checking.rules.examples._COMPARISONS", 3)
    monkeypatch.setattr(
        "batchwright.checking.rules.examples._COMPARISONS_PER_OBJECT", 0
    )
    found = said(SPEC, Kept(first.kept))
    assert found == said(SPEC, None)
    assert ["too many" in it for it in found] == [True]
