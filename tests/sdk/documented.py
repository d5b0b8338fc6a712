"""What four reference pages of HubSpot's show: a request, an answer, and slips.

Each file in fixtures/ is one page, as it is published; `errata` lists where the page
errs, and what is expected instead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """A slip of a page; `page` and `expected` are None for what is not there."""

    where: str
    page: Any
    expected: Any
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. `seed` is the name of its text among the project's sources."""

    page: str
    seed: str
    operation: str
    request: dict[str, Any]
    answer: dict[str, Any]
    errata: tuple[Erratum, ...]

    @property
    def path(self) -> str:
        url: str = self.request["url"]
        return urlsplit(url).path

    def erratum(self, where: str) -> Erratum | None:
        return next((each for each in self.errata if each.where == where), None)

    def expected_headers(self, token: str) -> dict[str, str]:
        """The headers of the page's curl, as they should be."""
        headers = dict(self.request["headers"])
        for erratum in self.errata:
            part, _, name = erratum.where.rpartition(".")
            if part == "request.headers":
                headers[name] = erratum.expected
        return {name: text.replace("<token>", token) for name, text in headers.items()}


def page(name: str) -> Page:
    found = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    errata = tuple(Erratum(**erratum) for erratum in found.pop("errata"))
    return Page(**found, errata=errata)


PAGES = tuple(page(path.stem) for path in sorted(FIXTURES.glob("*.json")))
