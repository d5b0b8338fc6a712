"""Rules of discriminators: nothing that they say is lost."""

from __future__ import annotations

from batchwright.amend import Change, Instead
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer
from batchwright.structure import Kind, walk

_FIELDS = ("propertyName", "mapping", "defaultMapping")


def check_discriminators(document: Document, report: Report) -> dict[Pointer, Change]:
    """Warn of fields that a discriminator does not have; a mapping in one counts.

    From 3.1 on, OpenAPI's own schema forbids them.
    """
    changes: dict[Pointer, Change] = {}
    if not (document.root.text("openapi") or "").startswith("3.0"):
        return changes
    for kind, node in walk(document):
        if kind is Kind.DISCRIMINATOR:
            for name, field in node.items():
                if name not in _FIELDS and not name.startswith("x-"):
                    changes |= _read(field, node, report)
    return changes


def _read(field: Node, discriminator: Node, report: Report) -> dict[Pointer, Change]:
    message = f"this discriminator has an unknown field {excerpt(field.key)}"
    mapping = field.get("mapping")
    is_meant = mapping is not None and "mapping" not in discriminator
    reading = "the mapping in it is read as that of the discriminator"
    report.warning(
        "invalid-openapi",
        message,
        field,
        reading if is_meant else "the field is ignored",
    )
    if mapping is None or not is_meant:
        return {}
    return {(*discriminator.pointer, "mapping"): Instead(mapping.value)}
