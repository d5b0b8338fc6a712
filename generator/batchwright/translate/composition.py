"""Schemas that hold together for one value: what `$ref`, `allOf` and siblings come to.

A value is described by *facets*: schemas that all hold for it, the most general first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.reading import (
    FURTHER,
    SHAPING,
    closing,
    component_name,
    kind_of_format,
    kinds_said,
    last,
    said,
)

#: Under these stand schemas that hold for some values, and may name properties.
_CONDITIONAL = ("then", "else")


def facets_of(nodes: Iterable[Node], report: Report) -> tuple[Node, ...]:
    """The schemas that all hold: each itself, after its `$ref` and its `allOf`."""
    found: dict[Node, None] = {}
    for node in nodes:
        _collect(node, found, (), report)
    return tuple(found)


def _collect(
    node: Node, found: dict[Node, None], trail: tuple[Node, ...], report: Report
) -> None:
    if node in trail:
        report.error(
            "cyclic-allof",
            "this schema is composed of itself through allOf, so it has no shape",
            node,
            hint="take one of the references out of the circle",
        )
    elif node not in found:
        for inner in _composed_of(node):
            _collect(inner, found, (*trail, node), report)
        found[node] = None


def is_composed(node: Node) -> bool:
    """Whether a schema stands for others, beside what it says itself."""
    return not {"$ref", "allOf"}.isdisjoint(said(node))


def _composed_of(node: Node) -> list[Node]:
    if not is_composed(node):
        return []
    inner = [node.follow()] if "$ref" in said(node) else []
    members = node.get("allOf")
    return [*inner, *(members.elements() if members else ())]


def meant(nodes: Sequence[Node], report: Report) -> Node | None:
    """The one schema that all come to, if the others add nothing to it.

    That is how 3.0 puts a description or null beside a reference, and how many specs
    repeat the type of what they refer to.
    """
    atoms: dict[Node, bool] = {}
    seen: set[Node] = set()
    for node in nodes:
        _gather(node, atoms, seen, is_outermost=True)
    if len(atoms) > 1:
        atoms = {atom: atoms[atom] for atom in _unrepeated(atoms, report)}
    return next(iter(atoms)) if len(atoms) == 1 else None


def _gather(
    node: Node, atoms: dict[Node, bool], seen: set[Node], *, is_outermost: bool
) -> None:
    """Collect the components and the schemas in place that a schema consists of.

    With each, whether all of it counts, or only what stands beside `$ref` and `allOf`.
    """
    if not is_outermost and component_name(node) is not None:
        atoms[node] = True
    elif node not in seen:
        seen.add(node)
        for inner in _composed_of(node):
            _gather(inner, atoms, seen, is_outermost=False)
        if _adds(node):
            atoms.setdefault(node, False)


def _adds(node: Node) -> bool:
    """Whether a schema says something about shape beside its `$ref` and `allOf`."""
    keywords = said(node)
    composed = "$ref" in keywords or "allOf" in keywords
    own = SHAPING.intersection(keywords) - {"$ref", "allOf", "nullable"}
    own -= closing(node)
    if composed:
        own = own.difference(key for key in FURTHER if keywords.get(key) is True)
    if not keywords.get("properties", True):
        own -= {"properties"}
    return bool(own) or bool(keywords.get("required"))


def _unrepeated(atoms: Mapping[Node, bool], report: Report) -> list[Node]:
    """The atoms without those that others say already."""
    facets = {a: facets_of([a], report) if atoms[a] else (a,) for a in atoms}
    # How many of the atoms that are left say a facet: there may be thousands.
    sayers = Counter(facet for each in facets.values() for facet in each)
    bounds = {atom: _bounds(each) for atom, each in facets.items()}
    requiring: dict[str, list[Node]] = {}
    for atom, said_of_all in bounds.items():
        for wire in said_of_all.required:
            requiring.setdefault(wire, []).append(atom)
    left = dict.fromkeys(atoms)
    for atom, whole in atoms.items():
        is_repeated = sayers[atom] > 1
        if not is_repeated and not whole and _says_bounds_alone(atom):
            own = _bounds([atom])
            ways = [requiring[wire] for wire in own.required]
            is_repeated = any(
                other in left and other != atom and _covers(bounds[other], own)
                for other in min(ways, key=len, default=left)
            )
        if is_repeated:
            del left[atom]
            sayers.subtract(facets[atom])
    return list(left)


class _Bounds(NamedTuple):
    """What facets say of a whole value: its JSON types, and what it has to have."""

    kinds: frozenset[str]
    required: frozenset[str]


def _bounds(facets: Sequence[Node]) -> _Bounds:
    kinds = frozenset(kind for facet in facets for kind in kinds_said(facet))
    return _Bounds(kinds, required_of(facets))


def _says_bounds_alone(atom: Node) -> bool:
    own = (SHAPING | {"required"}).intersection(said(atom))
    own -= {"$ref", "allOf", "nullable", *closing(atom)}
    if not said(atom).get("properties", True):
        own -= {"properties"}
    return own <= {"type", "required"}


def _covers(bounds: _Bounds, own: _Bounds) -> bool:
    """Whether the bounds say all that others say."""
    if not own.required <= bounds.required:
        return False
    return not own.kinds or (bool(bounds.kinds) and bounds.kinds <= own.kinds)


def admits_null(nodes: Iterable[Node]) -> bool | None:
    """Whether null may stand for the value; None where nothing is said about it.

    The last of the schemas that says so decides, whatever it is composed of: null
    beside a reference is meant, although JSON Schema would have both agree.
    """
    known: dict[Node, bool | None] = {}
    opinions = [_opinion(node, known) for node in nodes]
    return next((each for each in reversed(opinions) if each is not None), None)


def _opinion(node: Node, known: dict[Node, bool | None]) -> bool | None:
    """What a schema says about null, by itself or else by all it is composed of."""
    if node not in known:
        known[node] = own = _own_opinion(node)
        if own is None:
            inner = [_opinion(each, known) for each in _composed_of(node)]
            said_so = [each for each in inner if each is not None]
            known[node] = all(said_so) if said_so else None
    return known[node]


def _own_opinion(node: Node) -> bool | None:
    keywords = said(node)
    kinds = keywords.get("type")
    if keywords.get("nullable") is True:
        return True
    if isinstance(kinds, list) and "null" in kinds:
        return True
    if "enum" in keywords and (kinds is None or None in keywords["enum"]):
        return None in keywords["enum"]
    options = [*keywords.get("oneOf", ()), *keywords.get("anyOf", ())]
    if any(isinstance(o, dict) and o.get("type") == "null" for o in options):
        return True
    return None if kinds is None else kinds == "null"


def properties_of(facets: Iterable[Node]) -> dict[str, tuple[Node, ...]]:
    """All properties, each with what is said of it, the more specific last."""
    merged: dict[str, tuple[Node, ...]] = {}
    for facet in facets:
        properties = facet.get("properties")
        for wire, node in properties.items() if properties else ():
            merged[wire] = (*merged.get(wire, ()), node)
    return {
        wire: nodes
        for wire, nodes in merged.items()
        if all(node.value is not False for node in nodes)
    }


def conditional(facets: Iterable[Node]) -> Iterator[Node]:
    """The schemas that hold under a condition (`then`, `else`, `dependentSchemas`)."""
    for facet in facets:
        yield from (facet[keyword] for keyword in _CONDITIONAL if keyword in facet)
        dependent = facet.get("dependentSchemas")
        yield from (node for _, node in (dependent.items() if dependent else ()))


def required_of(facets: Iterable[Node]) -> frozenset[str]:
    """The properties that have to be there."""
    return frozenset(
        str(wire) for facet in facets for wire in said(facet).get("required", ())
    )


def under(facets: Sequence[Node], keyword: str) -> tuple[Node, ...]:
    """The schemas under a keyword, of all facets that have it."""
    return tuple(
        facet[keyword] for facet in facets if isinstance(said(facet).get(keyword), dict)
    )


def kinds_of(facets: Sequence[Node], report: Report) -> list[str]:
    """The JSON types a value may have beside null; none where nothing is said.

    Where the facets contradict each other, the most specific one counts.
    """
    typed = [facet for facet in facets if "type" in said(facet)]
    kinds = kinds_said(typed[-1]) if typed else []
    for facet in typed[:-1][::-1]:
        both = _in_both(kinds, kinds_said(facet))
        if not both and kinds:
            report.warning(
                "contradicting-schemas",
                f"this schema is of type {_listed(kinds)}, but another one that holds"
                f" for the same value is of type {_listed(kinds_said(facet))}",
                typed[-1],
                hint="no value can be both; it is read as this schema says",
            )
            break
        kinds = both
    if typed:
        return [kind for kind in kinds if kind != "null"] or ["null"]
    if last(facets, "properties", *FURTHER[:2], "patternProperties"):
        return ["object"]
    if last(facets, "items", "prefixItems", "unevaluatedItems"):
        return ["array"]
    return kind_of_format(facets)


def _in_both(kinds: Sequence[str], others: Sequence[str]) -> list[str]:
    """The JSON types of both; an integer is a number, too."""
    both = [kind for kind in kinds if kind in others]
    if "integer" in kinds and "number" in others and "integer" not in both:
        both.append("integer")
    if "number" in kinds and "integer" in others and "number" not in both:
        both.append("integer")
    # Null is left to `admits_null`.
    return both


def _listed(kinds: Iterable[str]) -> str:
    return " or ".join(f"`{kind}`" for kind in kinds)
