"""What OpenAPI's schemas cannot say: rules across the places of a document."""

from __future__ import annotations

from typing import Any

from batchwright.checking.amend import amended
from batchwright.checking.faultless import Faultless
from batchwright.checking.rules.discriminators import check_discriminators
from batchwright.checking.rules.examples import check_examples
from batchwright.checking.rules.extensions import check_extensions
from batchwright.checking.rules.operations import check_operations
from batchwright.checking.rules.schemas import check_schemas
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.results import Kept
from batchwright.structure import walk


def check_rules(
    document: Document, report: Report, kept: Kept[tuple[Any, ...]] | None = None
) -> Document:
    """Hold a resolved document against all rules; it may be faulty in any way.

    The document comes back as it is read, like that of `check_conformance`.

    Args:
        kept: parts that are known to be faultless; others are added.
    """
    changes = check_operations(document, report)
    changes |= check_discriminators(document, report)
    document = amended(document, changes, report)
    objects = tuple(walk(document))
    check_schemas(objects, report)
    version = document.root.text("openapi")
    faultless = Faultless(document, report, version, kept)
    check_examples(objects, document, report, faultless)
    check_extensions(objects, document, report, faultless)
    return document
