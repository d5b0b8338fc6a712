"""The fixtures are what the pages say, where the pages' texts are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from hubspot_batch import BatchResponse, BatchStatus
from sdk import documented
from sdk.documented import PAGES, Page

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

_CURL = re.compile(
    r"curl --request (?P<method>\S+)\s.*?--url (?P<url>\S+)(?P<headers>.*?)"
    r"--data '(?P<body>.*?)'",
    re.DOTALL,
)
_FIELDS = re.compile(r"^(\w+)\n\S+\n(required)?\n", re.MULTILINE)
_STATUSES = re.compile(
    r"^(?:PENDING,\s+PROCESSING,\s+CANCELED,\s+COMPLETE$"
    r"|CANCELED, COMPLETE, PENDING, PROCESSING\b)",
    re.MULTILINE,
)
_HEADER = re.compile(r"--header '(.*?): (.*?)'")
# How often each page prints its example.
_PRINTED = {
    "deals.batch_update": 1,
    "notes.batch_update": 2,
    "partner_clients.batch_update": 2,
    "services.batch_create": 1,
}

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.operation)


def text_of(page: Page) -> str:
    if not SEEDS.is_dir():
        pytest.skip("the pages' texts are not part of the repository")
    return (SEEDS / page.seed).read_text("utf-8")


def examples(text: str) -> list[dict[str, Any]]:
    """Every curl of a page, with the JSON that follows it."""
    return [
        {
            "request": {
                "method": curl["method"],
                "url": curl["url"],
                "headers": dict(_HEADER.findall(curl["headers"])),
                "body": json.loads(curl["body"]),
            },
            "answer": json.JSONDecoder().raw_decode(text[curl.end() :].lstrip())[0],
        }
        for curl in _CURL.finditer(text)
    ]


def test_each_page_has_a_fixture() -> None:
    assert [page.operation for page in PAGES] == sorted(_PRINTED)


@pages
def test_a_fixture_is_what_the_page_prints(page: Page) -> None:
    printed = examples(text_of(page))
    assert len(printed) == _PRINTED[page.operation]
    for example in printed:
        assert example == {"request": page.request, "answer": page.answer}


@pages
def test_the_errata_are_on_the_page(page: Page) -> None:
    text = text_of(page)
    told_apart = {"request": page.request, "answer": page.answer}
    for erratum in page.errata:
        assert erratum.page != erratum.expected
        if erratum.where.startswith(("request.headers.", "answer.")):
            assert value_at(told_apart, erratum.where) == erratum.page
        elif erratum.where == "status":
            assert erratum.page in text
            assert erratum.expected in text
        else:
            assert erratum.where == "request.path_parameters.objectType"
            assert re.search(r"Path Parameters\s+objectType\s+string\s+required", text)
            assert "objectType" not in page.path


@pages
def test_the_statuses_are_those_of_the_page(page: Page) -> None:
    [listed] = _STATUSES.findall(text_of(page))
    assert sorted(re.findall("[A-Z]+", listed)) == sorted(BatchStatus)


@pytest.mark.parametrize("name", ["deals_batch_update", "services_batch_create"])
def test_the_envelope_requires_what_the_page_requires(name: str) -> None:
    described = text_of(documented.page(name)).rpartition("Response\n")[2]
    required = {name for name, mark in _FIELDS.findall(described) if mark}
    assert required == {f.encode_name for f in fields(BatchResponse) if f.required}


def value_at(data: Any, where: str) -> Any:
    for key in where.split("."):
        data = data[int(key)] if isinstance(data, list) else data.get(key)
    return data
