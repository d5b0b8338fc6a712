"""Finds what is wrong with a resolved document: by OpenAPI's rules, and by ours."""

from __future__ import annotations

from typing import Any

from batchwright.checking.conforming import conforms
from batchwright.checking.rules import check_rules
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.results import Kept


def validate(
    document: Document, report: Report, kept: Kept[tuple[Any, ...]] | None = None
) -> Document:
    """Report everything that is wrong or questionable; nothing is read from anywhere.

    Warnings say how the questionable place is read. The document comes back as it is
    read: with what was meant in the place of what was said.

    Args:
        kept: parts that are known to be faultless; others are added.
    """
    if not conforms(document):
        # Says what is wrong. It takes long to import, and nearly no spec needs it.
        from batchwright.checking.conformance import check_conformance
        from batchwright.checking.forgotten import completed
        from batchwright.checking.old_root import moved
        from batchwright.checking.relics import modernised

        document = modernised(moved(document, report), report)
        document = check_conformance(completed(document, report), report)
    return check_rules(document, report, kept)
