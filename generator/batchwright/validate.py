"""Finds what is wrong with a resolved document: by OpenAPI's rules, and by ours."""

from __future__ import annotations

from batchwright.conformance import check_conformance
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.rules import check_rules


def validate(document: Document, report: Report) -> None:
    """Report everything that is wrong or questionable; nothing is read from anywhere.

    Warnings say how the questionable place is read.
    """
    check_conformance(document, report)
    check_rules(document, report)
