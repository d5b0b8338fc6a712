"""What OpenAPI's schemas cannot say: rules across the places of a document."""

from __future__ import annotations

from batchwright.amend import amended
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.rules.discriminators import check_discriminators
from batchwright.rules.examples import check_examples
from batchwright.rules.extensions import check_extensions
from batchwright.rules.operations import check_operations
from batchwright.rules.schemas import check_schemas
from batchwright.structure import walk


def check_rules(document: Document, report: Report) -> Document:
    """Hold a resolved document against all rules; it may be faulty in any way.

    The document comes back as it is read, like that of `check_conformance`.
    """
    changes = check_operations(document, report)
    changes |= check_discriminators(document, report)
    document = amended(document, changes, report)
    objects = tuple(walk(document))
    check_schemas(objects, report)
    check_examples(objects, document, report)
    check_extensions(objects, document, report)
    return document
