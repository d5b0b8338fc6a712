"""Rules of discriminators: nothing that they say is lost."""

from __future__ import annotations

from collections.abc import Sequence

from batchwright.checking.amend import Change, Instead
from batchwright.checking.rules.schemas import properties_of
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer
from batchwright.structure import Kind, walk

_FIELDS = ("propertyName", "mapping", "defaultMapping")


def check_discriminators(document: Document, report: Report) -> dict[Pointer, Change]:
    """Warn of what discriminators do not have, or name without declaring it."""
    changes: dict[Pointer, Change] = {}
    is_old = (document.root.text("openapi") or "").startswith("3.0")
    discriminators = [n for kind, n in walk(document) if kind is Kind.DISCRIMINATOR]
    for node in discriminators if is_old else ():
        # From 3.1 on, OpenAPI's own schema forbids them. A mapping in one counts.
        for name, field in node.items():
            if name not in _FIELDS and not name.startswith("x-"):
                changes |= _read(field, node, report)
    return changes | _undeclared(discriminators, document, report)


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


def _undeclared(
    discriminators: Sequence[Node], document: Document, report: Report
) -> dict[Pointer, Change]:
    """Declare what tells apart the kinds of a base that does not declare it.

    Else it would be lost of each kind, in what is read and in what is sent.
    """
    changes: dict[Pointer, Change] = {}
    if not discriminators:
        return changes
    bases = _composed_by_others(document)
    for node in discriminators:
        owner = document.at(node.pointer[:-1])
        name = node.text("propertyName")
        if owner not in bases or name is None or owner.text("type") != "object":
            continue
        declared = properties_of(owner)
        if declared is None or name in declared:
            continue
        report.warning(
            "discriminator-property",
            f"the property {excerpt(name)} of this discriminator is not declared",
            node["propertyName"],
            "it is read as a text that is always there; declare it, and require it",
        )
        text = {"type": "string"}
        if "properties" in owner:
            changes[(*owner.pointer, "properties", name)] = Instead(text)
        else:
            changes[(*owner.pointer, "properties")] = Instead({name: text})
        if "required" in owner:
            changes[(*owner.pointer, "required", "-0")] = Instead(name)
        else:
            changes[(*owner.pointer, "required")] = Instead([name])
    return changes


def _composed_by_others(document: Document) -> set[Node]:
    """The component schemas that others have in their `allOf`."""
    components = document.root.get("components")
    schemas = components.get("schemas") if components is not None else None
    lists = (each.get("allOf") for _, each in (schemas.items() if schemas else ()))
    return {
        member.follow()
        for listed in lists
        if listed is not None
        for member in listed.elements()
        if member.text("$ref") is not None
    }
