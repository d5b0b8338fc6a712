"""Choices: `oneOf` and `anyOf`, what they offer, and what tells the options apart."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from math import prod

from msgspec import Struct

from batchwright import ir
from batchwright.diagnostics import Report
from batchwright.document import Node, parse_pointer
from batchwright.translate.composition import (
    conditional,
    facets_of,
    meant,
    properties_of,
)
from batchwright.translate.reading import (
    FURTHER,
    SHAPING,
    component_name,
    kinds_said,
    only_requirements,
    said,
)

#: More combinations of options than that are one shape with the fields of all.
_MOST_COMBINATIONS = 16
#: So many choices inside of each other are, too.
_DEEPEST = 3


class Choice(Struct, frozen=True, kw_only=True):
    """One `oneOf` or `anyOf`, and the schema in which it stands."""

    owner: Node
    keyword: str

    @property
    def list(self) -> Node:
        return self.owner[self.keyword]

    @property
    def options(self) -> tuple[Node, ...]:
        """The options that can be at all."""
        return tuple(o for o in self.list.elements() if o.value is not False)

    @property
    def property(self) -> str | None:
        """The property that tells the options apart, if one does."""
        discriminator = self.owner.get("discriminator")
        return discriminator.text("propertyName") if discriminator else None

    def discriminator(
        self,
        targets: Sequence[Node | None],
        classes: Mapping[str, str],
        report: Report,
    ) -> ir.Discriminator | None:
        """Which value means which option: as mapped, else its constant or its name.

        Args:
            targets: what the options refer to, where they do.
            classes: the names of the options' classes by component.
        """
        if self.property is None:
            return None
        mapping = self.owner["discriminator"].get("mapping")
        mapped = {
            value: wire
            for value, entry in (mapping.items() if mapping else ())
            if (wire := mapped_component(entry, classes, report)) is not None
        }
        for target in targets:
            wire = component_name(target) if target is not None else None
            if target and wire is not None and wire not in mapped.values():
                mapped.setdefault(_own_value(target, self.property, report), wire)
        other = default_mapping(self.owner["discriminator"], classes, report)
        return ir.Discriminator(
            wire_name=self.property,
            mapping=tuple(
                (value, ir.Reference(name=classes[wire]))
                for value, wire in mapped.items()
                if wire in classes
            ),
            otherwise=ir.Reference(name=classes[other]) if other else None,
        )


def choices_of(facets: Iterable[Node], done: Iterable[Choice] = ()) -> list[Choice]:
    """The choices among the facets that say a shape and are not yet made.

    Made is also what has the facets themselves among its options: that is how a base
    lists the schemas which are composed of it.
    """
    holding = list(facets)
    found = [
        Choice(owner=facet, keyword=keyword)
        for facet in holding
        for keyword in ("oneOf", "anyOf")
        if said(facet).get(keyword)
    ]
    if not found:
        return []
    made, around = set(done), set(holding)
    return [
        choice
        for choice in found
        if choice not in made
        and not only_requirements(choice.list)
        and not any(o.follow() in around for o in choice.options if "$ref" in o)
    ]


def are_too_many(choices: Sequence[Choice], done: Sequence[Choice]) -> bool:
    """Whether to combine the options would make too many shapes."""
    if not choices or len(choices) + len(done) < 2:
        return False
    combinations = prod(len(choice.options) for choice in choices)
    return combinations > _MOST_COMBINATIONS or len(done) >= _DEEPEST


def adds_to_options(facets: Iterable[Node], kinds: Sequence[str]) -> bool:
    """Whether schemas say more than the types that the options of a choice have."""
    for facet in facets:
        own = SHAPING.intersection(said(facet))
        own -= {"$ref", "allOf", "oneOf", "anyOf", "nullable"}
        if own == {"type"} and kinds and set(kinds_said(facet)) >= set(kinds):
            continue
        if not said(facet).get("properties", True):
            own -= {"properties"}
        own = own.difference(
            key for key in FURTHER if isinstance(said(facet).get(key), bool)
        )
        if own - {"type"} or ("type" in own and not kinds):
            return True
        if "type" in own and not set(kinds_said(facet)) >= set(kinds):
            return True
    return False


def possible_properties(
    facets: Sequence[Node], done: Sequence[Choice], report: Report
) -> dict[str, list[tuple[Node, ...]]]:
    """Properties that are there under a condition, or in some options of a choice."""
    found: dict[str, list[tuple[Node, ...]]] = {}
    seen: set[Node] = set(facets)
    waiting = [*conditional(facets), *_options_of(facets, done)]
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        inner = facets_of([node], report)
        seen.update((node, *inner))
        for wire, nodes in properties_of(inner).items():
            found.setdefault(wire, []).append(nodes)
        waiting += [*conditional(inner), *_options_of(inner)]
    return found


def _own_value(option: Node, name: str, report: Report) -> str:
    """What the property of an option has to be that no mapping names.

    That is its component's name, unless it can only have another value.
    """
    nodes = properties_of(facets_of([option], report)).get(name, ())
    value = only_value(nodes) if nodes else None
    return str(component_name(option)) if value is None else value


def only_value(nodes: Sequence[Node]) -> str | None:
    """The text that a property always is, if the most specific schema says so."""
    keywords = said(nodes[-1].follow())
    listed = keywords.get("enum")
    one = listed[0] if isinstance(listed, list) and len(listed) == 1 else None
    value = keywords.get("const", one)
    return value if isinstance(value, str) else None


def _options_of(facets: Iterable[Node], done: Sequence[Choice] = ()) -> list[Node]:
    return [option for choice in choices_of(facets, done) for option in choice.options]


def default_mapping(
    discriminator: Node, among: Container[str], report: Report
) -> str | None:
    """The component that a value means which is not mapped (3.2)."""
    entry = discriminator.get("defaultMapping")
    return None if entry is None else mapped_component(entry, among, report)


def mapped_component(entry: Node, among: Container[str], report: Report) -> str | None:
    """The component, among these, that an entry of a discriminator's mapping means.

    An entry is a `$ref` or a name; where that is another name for one of them, it is
    meant all the same.
    """
    text = str(entry.value)
    is_ref = text.startswith("#/")
    pointer = parse_pointer(text[1:]) if is_ref else ("components", "schemas", text)
    node = entry.document.nearest(pointer)
    names = [component_name(node), component_name(meant([node], report) or node)]
    return next((name for name in names if name in among), None)
