"""Finds what is wrong with a resolved document: by OpenAPI's rules, and by ours."""

from __future__ import annotations

from typing import Any

from batchwright.conforming import conforms
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.results import Kept
from batchwright.rules import check_rules


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
        from batchwright.conformance import check_conformance
        from batchwright.forgotten import completed
        from batchwright.old_root import moved
        from batchwright.relics import modernised

        document = modernised(moved(document, report), report)
        document = check_conformance(completed(document, report), report)
    return check_rules(document, report, kept)
