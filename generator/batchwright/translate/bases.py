"""Bases: schemas with a `discriminator` that others are composed of by `allOf`.

Where a base is said, any of these may be meant, although it does not list them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.choices import choices_of, default_mapping, mapped_component
from batchwright.translate.composition import (
    facets_of,
    kinds_of,
    meant,
    properties_of,
)
from batchwright.translate.reading import component_name, last, said

#: What Swagger's extension for Azure says of a child, and converters leave in place.
_OWN_VALUE = "x-ms-discriminator-value"


class Base(Struct, frozen=True, kw_only=True):
    """A component that others are composed of.

    `property` has the value that tells them apart; `kinds` are the others, sorted;
    `mapping` has the values that are known, the base's own among them if it has one;
    `otherwise` is the kind of all other values, where it is not the base itself. All
    are named as components.
    """

    property: str
    kinds: tuple[str, ...]
    mapping: Mapping[str, str]
    otherwise: str | None


def bases_of(
    components: Mapping[str, Node],
    facets: Mapping[str, tuple[Node, ...]],
    report: Report,
) -> dict[str, Base]:
    """All bases of a document, by the component's name.

    `facets` are those of each component.
    """
    kinds: dict[str, list[str]] = {}
    for wire in sorted(components):
        node, several = components[wire], facets[wire][:-1]
        adds = several and meant([node], report) in (None, node)
        if adds or _is_told(wire, node, several, report):
            for base in filter(None, map(component_name, several)):
                kinds.setdefault(base, []).append(wire)
    found = {
        wire: _base(wire, several, facets, components, report)
        for wire, several in kinds.items()
    }
    return {wire: base for wire, base in found.items() if base is not None}


def _base(
    wire: str,
    kinds: Sequence[str],
    facets: Mapping[str, tuple[Node, ...]],
    components: Mapping[str, Node],
    report: Report,
) -> Base | None:
    own = facets[wire]
    owner = last(own, "discriminator")
    if owner is None or choices_of(own):
        return None
    name = owner["discriminator"].text("propertyName")
    if name is None or kinds_of(own, report) not in (["object"], []):
        return None
    tags = properties_of(own).get(name, ())
    if kinds_of(facets_of(tags, report), report) not in (["string"], []):
        return None
    possible = {wire, *kinds}
    mapping = owner["discriminator"].get("mapping")
    known = {
        value: target
        for value, entry in (mapping.items() if mapping else ())
        if (target := mapped_component(entry, possible, report)) is not None
    }
    for kind in kinds:
        if kind not in known.values():
            known.setdefault(_own_value(kind, name, components[kind]), kind)
    other = default_mapping(owner["discriminator"], kinds, report)
    return Base(
        property=name,
        kinds=tuple(kinds),
        mapping=known,
        otherwise=other,
    )


def _is_told(wire: str, node: Node, several: Sequence[Node], report: Report) -> bool:
    """Whether a child has a value of its own, though it adds no property."""
    if "allOf" not in said(node):
        return False
    mappings = [
        mapping
        for each in several
        if "discriminator" in said(each)
        and (mapping := each["discriminator"].get("mapping")) is not None
    ]
    return _OWN_VALUE in said(node) or any(
        mapped_component(entry, (wire,), report) is not None
        for mapping in mappings
        for _, entry in mapping.items()
    )


def _own_value(wire: str, name: str, node: Node) -> str:
    """The value that a child itself says it has, else its name."""
    said_so = node.text(_OWN_VALUE)
    return said_so or next(_constants(node, name), wire)


def _constants(node: Node, name: str) -> Iterator[str]:
    """The one value that the property has, where the child itself says so."""
    members = node.get("allOf")
    for part in (node, *(members.elements() if members else ())):
        property_ = said(part).get("properties", {}).get(name)
        if "$ref" not in said(part) and isinstance(property_, dict):
            listed = [property_.get("const"), *property_.get("enum", ())]
            values = [value for value in listed if value is not None]
            if len(values) == 1 and isinstance(values[0], str):
                yield values[0]
