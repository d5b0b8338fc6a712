"""Shapes: what schemas that hold together for one value come to.

A class where they have fields, an enum where they list values; else lists, maps, unions
and plain values, made of other schemas' types.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Node, Pointer
from batchwright.translate.choices import (
    Choice,
    adds_to_options,
    are_too_many,
    choices_of,
    possible_properties,
)
from batchwright.translate.classes import Classes, TypeOf
from batchwright.translate.composition import (
    kinds_of,
    properties_of,
    under,
)
from batchwright.translate.declarations import Declarations
from batchwright.translate.enums import Listed, enum_of, enum_of_constants
from batchwright.translate.labels import Offer, labels_of, offers_of
from batchwright.translate.reading import (
    FURTHER,
    last,
    primitive,
    said,
)
from batchwright.translate.types import constant, union


class Shapes:
    """Makes types of facets."""

    def __init__(
        self,
        declarations: Declarations,
        begun: MutableMapping[tuple[Pointer, ...], str | None],
        type_of: TypeOf,
        report: Report,
    ) -> None:
        """`begun` has the schemas in place that are being made: their names, if any."""
        self.classes = Classes(declarations, type_of, report)
        self._declarations = declarations
        self._begun = begun
        self._type_of = type_of
        self._report = report
        self._class_names = frozenset(declarations.names.values())
        # A choice is made once for each combination with others.
        self._offers: dict[Choice, list[Offer]] = {}

    def listed(self, facets: Sequence[Node]) -> Listed | None:
        """The values of an enum, in whichever way they are listed."""
        listed = enum_of(facets, self._report)
        choices = choices_of(facets) if listed is None else ()
        return enum_of_constants(choices[0].list) if len(choices) == 1 else listed

    def of_facets(
        self,
        facets: Sequence[Node],
        hint: str,
        name: str | None,
        done: tuple[Choice, ...],
    ) -> ir.Type:
        """The type of a value, called `name` if it is a class, or after the hint.

        `done` are the choices that are made already.
        """
        fixed = last(facets, "const")
        if fixed is not None:
            return constant(said(fixed)["const"])
        listed = self.listed(facets)
        if listed is not None:
            if listed.parent is None:
                return listed.type
            own = name or self._declarations.allocate(hint)
            return self.classes.enum(facets, own, hint, listed, listed.parent)
        choices = choices_of(facets, done)
        if self.is_superset(facets, done):
            own = name or self._declarations.allocate(hint)
            return self.struct(facets, own, hint, done)
        if choices:
            return self._choice(facets, choices[0], hint, (*done, *choices[:1]))
        kinds = kinds_of(facets, self._report)
        only = name if len(kinds) == 1 else None
        hint = hint if len(kinds) == 1 or name is None else f"{hint}Object"
        types = [self._of_kind(kind, facets, hint, only, done) for kind in kinds]
        return union(types or [ir.ANY])

    def is_superset(self, facets: Sequence[Node], done: tuple[Choice, ...]) -> bool:
        """Whether there are too many options for a shape each: one has all fields."""
        too_many = are_too_many(choices_of(facets, done), done)
        return too_many and self.has_fields(facets, done)

    def has_fields(self, facets: Sequence[Node], done: tuple[Choice, ...]) -> bool:
        """Whether the schemas name properties, for sure or in an option."""
        return bool(
            properties_of(facets) or possible_properties(facets, done, self._report)
        )

    def _of_kind(
        self,
        kind: str,
        facets: Sequence[Node],
        hint: str,
        name: str | None,
        done: tuple[Choice, ...],
    ) -> ir.Type:
        if kind == "array":
            return self._array(facets, hint)
        if kind != "object":
            return primitive(facets, kind)
        if self.has_fields(facets, done):
            own = name or self._declarations.allocate(hint)
            return self.struct(facets, own, hint, done)
        return ir.MapOf(value=self.further(facets, hint) or ir.ANY)

    def _array(self, facets: Sequence[Node], hint: str) -> ir.Type:
        places = last(facets, "prefixItems")
        items = under(facets, "items") or under(facets, "unevaluatedItems")
        rest = self._type_of(items, f"{hint}Item") if items else None
        if places is None:
            return ir.ListOf(item=rest or ir.ANY)
        types = [
            self._type_of([place], f"{hint}Item{number}")
            for number, place in enumerate(places["prefixItems"].elements(), 1)
        ]
        if _has_length(facets, len(types)):
            return ir.TupleOf(items=tuple(types))
        return ir.ListOf(item=union([*types, *([rest] if rest else [])]))

    def further(self, facets: Sequence[Node], hint: str) -> ir.Type | None:
        """The type of properties that are not named; None if nothing is said."""
        own = next(filter(None, (under(facets, key) for key in FURTHER[:2])), ())
        types = [self._type_of(own, f"{hint}Value")] if own else []
        for facet in facets:
            patterns = facet.get("patternProperties")
            nodes = sorted(patterns.items()) if patterns else ()
            types += [self._type_of([node], f"{hint}Value") for _, node in nodes]
        if any(said(f).get(key) is True for f in facets for key in FURTHER[:2]):
            types.append(ir.ANY)
        return union(types) if types else None

    def _choice(
        self,
        facets: Sequence[Node],
        choice: Choice,
        hint: str,
        done: tuple[Choice, ...],
    ) -> ir.Type:
        """One of several schemas, each with what stands beside the choice."""
        types: list[ir.Type] = []
        classes: dict[str, str] = {}
        offers = self._offers_of(choice)
        several = bool(choices_of(facets, done))
        labels = labels_of(offers, is_taken=hint in self._class_names)
        for offer in offers:
            option, wire, added = offer.option, offer.component, offer.facets
            label = labels.get(option, "")
            extends = set(added).issuperset(facets)
            if extends or not (several or adds_to_options(facets, offer.kinds)):
                type_ = self._type_of([option], hint + label)
            elif offer.kinds == ["null"]:
                type_ = ir.NONE
            else:
                if wire is not None:
                    label = naming.pascal(wire)
                elif not option.text("title") and choices_of(added):
                    label = ""  # it is called by its own options
                whole = tuple(dict.fromkeys((*facets, *added)))
                type_ = self.of_facets(whole, hint + label, None, done)
            types.append(type_)
            if wire is not None and isinstance(type_, ir.Reference):
                classes[wire] = type_.name
        targets = [offer.target for offer in offers]
        return union(types, choice.discriminator(targets, classes, self._report))

    def _offers_of(self, choice: Choice) -> list[Offer]:
        if choice not in self._offers:
            self._offers[choice] = offers_of(choice.options, self._report)
        return self._offers[choice]

    def struct(
        self,
        facets: Sequence[Node],
        own: str,
        hint: str,
        done: tuple[Choice, ...],
        rest: ir.Type | None = None,
    ) -> ir.Reference:
        """A class; `rest` is the type of other properties where none is said."""
        key = (facets[-1].pointer,)
        if key in self._begun and own not in self._class_names:
            self._begun[key] = own
        further = self.further(facets, own) or rest
        return self.classes.struct(facets, own, hint, done, further)


def _has_length(facets: Sequence[Node], length: int) -> bool:
    """Whether an array has as many items as that, neither more nor less."""
    shortest = [n for f in facets if isinstance(n := said(f).get("minItems"), int)]
    longest = [n for f in facets if isinstance(n := said(f).get("maxItems"), int)]
    is_closed = any(
        said(facet).get(key) is False
        for facet in facets
        for key in ("items", "unevaluatedItems")
    )
    return max(shortest, default=0) >= length and (
        is_closed or min(longest, default=length + 1) <= length
    )
