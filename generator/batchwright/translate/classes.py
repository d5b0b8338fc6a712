"""Classes: schemas that hold together for one value, as a struct or an enum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.choices import (
    Choice,
    possible_properties,
)
from batchwright.translate.composition import (
    properties_of,
    required_of,
)
from batchwright.translate.declarations import Declarations
from batchwright.translate.enums import Listed
from batchwright.translate.fields import field_of
from batchwright.translate.hints import hint_of, place_of
from batchwright.translate.limits import limits_of
from batchwright.translate.reading import (
    component_name,
    docs_of,
    said,
)
from batchwright.translate.types import union

#: Gives the type of a value for which several schemas hold, and names it by a hint.
TypeOf: TypeAlias = Callable[[Sequence[Node], str], ir.Type]
#: What the body of a generated class is written with, beside builtins and classes.
_RESERVED_FIELDS = frozenset({"builtins", "dt", "field"})
#: The same, in the class of an object with properties that are not named.
_RESERVED_OPEN = frozenset({"additional_properties", "further"})


class Classes:
    """Declares classes, under the names that they are given.

    `files` has the types of properties of forms that are files.
    """

    def __init__(
        self, declarations: Declarations, type_of: TypeOf, report: Report
    ) -> None:
        self.files: Mapping[Node, ir.Type] = {}
        self._declarations = declarations
        self._type_of = type_of
        self._report = report
        self._class_names = _RESERVED_FIELDS.union(declarations.names.values())
        self._reserved: dict[frozenset[str], frozenset[str]] = {}

    def enum(
        self,
        facets: Sequence[Node],
        own: str,
        hint: str,
        listed: Listed,
        parent: ir.EnumParent,
    ) -> ir.Reference:
        """A class of listed values."""
        names = self._declarations.settle(
            dict.fromkeys(map(str, listed.values), listed.node),
            listed.candidates,
            (),
            "values",
            "constant",
            self._declarations.thing(own),
        )
        self._declarations.add(
            facets[-1],
            ir.Enum(
                name=own,
                wire_name=component_name(facets[-1]) or hint,
                docs=docs_for(
                    facets[::-1], component_name(facets[-1]) or hint, "values"
                ),
                parent=parent,
                members=listed.members(names),
                deprecated=said(facets[-1]).get("deprecated") is True,
            ),
        )
        return ir.Reference(name=own)

    def struct(
        self,
        facets: Sequence[Node],
        own: str,
        hint: str,
        done: tuple[Choice, ...],
        further: ir.Type | None,
    ) -> ir.Reference:
        """A class with fields; `further` is the type of those that are not named."""
        fields = self._fields(own, facets, done, further is not None)
        self._declarations.add(
            facets[-1],
            ir.Struct(
                name=own,
                wire_name=component_name(facets[-1]) or hint,
                docs=docs_for(facets[::-1], component_name(facets[-1]) or hint),
                fields=fields,
                further=None if further is None else ir.MapOf(value=further),
                shadowed=naming.builtins_among(field.name for field in fields),
                deprecated=said(facets[-1]).get("deprecated") is True,
                limits=limits_of([facets[-1]]),
            ),
        )
        return ir.Reference(name=own)

    def _fields(
        self,
        owner: str,
        facets: Sequence[Node],
        done: tuple[Choice, ...],
        is_open: bool,
    ) -> tuple[ir.Field, ...]:
        properties = properties_of(facets)
        possible = possible_properties(facets, done, self._report)
        nodes = {wire: ways[0][-1] for wire, ways in possible.items()}
        nodes |= {wire: several[-1] for wire, several in properties.items()}
        nodes = {wire: nodes[wire] for wire in (*properties, *possible)}
        used = _RESERVED_OPEN if is_open else frozenset[str]()
        if any(said(node).get("readOnly") for node in nodes.values()):
            used |= {"read_only"}
        if any(ir.needs_quotes(wire) for wire in nodes):
            used |= {"quoted"}
        names = self._declarations.settle(
            nodes,
            naming.attribute,
            self._reserved_with(used),
            "properties",
            "field",
            self._declarations.thing(owner),
        )
        within = self._declarations.plain(owner)
        required = required_of(facets)
        types = {
            wire: self._of_property(
                [properties[wire]] if wire in properties else possible[wire],
                self._hint(properties.get(wire, ()), facets[-1])
                or within + naming.pascal(wire),
            )
            for wire in sorted(nodes)
        }
        return tuple(
            field_of(
                properties.get(wire) or possible[wire][0],
                name=names[wire],
                wire=wire,
                type_=types[wire],
                required=wire in required and wire in properties,
            )
            for wire in names
        )

    def _reserved_with(self, used: frozenset[str]) -> frozenset[str]:
        """What no field is called in a class whose body is written with these names.

        Made once for each kind of body: it is large where a spec is.
        """
        known = self._reserved.get(used)
        if known is None:
            known = self._reserved[used] = self._class_names | used
        return known

    def _hint(self, nodes: Sequence[Node], owner: Node) -> str | None:
        """A name for a property that another component alone speaks of: that one's.

        Else it would be named after whoever is composed of that component first.
        """
        place = nodes[0].pointer[:3] if len(nodes) == 1 else ()
        if place[:2] != ("components", "schemas") or place == owner.pointer[:3]:
            return None
        return hint_of(nodes[0], self._declarations.names)

    def _of_property(self, ways: Iterable[Sequence[Node]], hint: str) -> ir.Type:
        return union(
            self.files.get(nodes[-1]) or self._type_of(nodes, hint) for nodes in ways
        )


def docs_for(nodes: Sequence[Node], wire: str, what: str = "shape") -> str:
    """What the spec tells of a schema, or at least what it is called or where it is."""
    told = docs_of(nodes)
    place = None if told else place_of(nodes[0])
    return told or (
        f"The {what} of {place}." if place else f"The shape `{wire}` of the API."
    )
