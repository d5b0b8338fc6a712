"""What OpenAPI's schemas cannot say: rules across the places of a document."""

from __future__ import annotations

from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.rules.examples import check_examples
from batchwright.rules.extensions import check_extensions
from batchwright.rules.operations import check_operations
from batchwright.rules.schemas import check_schemas
from batchwright.structure import walk


def check_rules(document: Document, report: Report) -> None:
    """Hold a resolved document against all rules; it may be faulty in any way."""
    objects = tuple(walk(document))
    check_operations(document, report)
    check_schemas(objects, report)
    check_examples(objects, document, report)
    check_extensions(objects, document, report)
