"""Schemas to types: each schema of the document becomes one type of the SDK.

Component schemas keep their names. A schema that stands in place gets one from where
it stands (`Pet` + `status` = `PetStatus`) if it is an object or an enum. All are
visited in sorted order, so that the order of keys in a document never decides a name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from batchwright import ir
from batchwright.diagnostics import Report
from batchwright.document import Document, Node, Pointer
from batchwright.results import Kept, Translation
from batchwright.translate.bases import Base, bases_of
from batchwright.translate.choices import (
    choices_of,
    possible_properties,
)
from batchwright.translate.classes import docs_for
from batchwright.translate.composition import (
    admits_null,
    facets_of,
    is_composed,
    kinds_of,
    meant,
    properties_of,
)
from batchwright.translate.declarations import Declarations
from batchwright.translate.hints import hint_of
from batchwright.translate.labels import labels_of, offers_of
from batchwright.translate.limits import limits_of
from batchwright.translate.only_values import only_members
from batchwright.translate.pins import Pins
from batchwright.translate.reading import (
    component_name,
    last,
)
from batchwright.translate.remembered import Remembered, Types
from batchwright.translate.shapes import Shapes
from batchwright.translate.types import union


class Schemas:
    """The types of one document; grows as schemas are asked for."""

    def __init__(
        self,
        document: Document,
        report: Report,
        pins: Pins | None = None,
        *,
        reserved: Collection[str],
        kept: Kept[Translation] | None = None,
    ) -> None:
        self._report = report
        self._done = Types()
        self._begun: dict[tuple[Pointer, ...], str | None] = {}
        self._forms: dict[Pointer, ir.Type] = {}
        self.declarations = Declarations(
            document, report, pins or Pins((), report), reserved=reserved
        )
        self._shapes = Shapes(self.declarations, self._begun, self._type_of, report)
        components = self.declarations.components
        # What is wrong with a component is reported when it is declared.
        facets = {
            wire: facets_of([node], Report()) if is_composed(node) else (node,)
            for wire, node in components.items()
        }
        self._bases = bases_of(components, facets, Report())
        self._kinds = {kind for base in self._bases.values() for kind in base.kinds}
        # The names of the classes of bases stand for those of their components.
        self._class_names = self.declarations.names | {
            wire: self.declarations.allocate_within(
                self.declarations.names[wire], "Base"
            )
            for wire in sorted(self._bases)
        }
        self.remembered = Remembered(
            document,
            self.declarations,
            self._done,
            report,
            (
                document.root.text("openapi"),
                sorted(reserved),
                self.declarations.names,
                self._class_names,
                self._bases,
            ),
            kept,
        )
        # What others are composed of comes first: its parts are named after it.
        for wire in sorted(components, key=lambda wire: (len(facets[wire]), wire)):
            self.remembered.translated(
                components[wire], None, partial(self._declare_component, wire)
            )

    def type_of(self, node: Node, hint: str) -> ir.Type:
        """The type of a schema; `hint` names it if it stands in place and needs one."""
        return self._type_of([node], hint)

    def form_properties(self, node: Node) -> dict[str, Node]:
        """The properties of a form, with those of every option that it may be."""
        facets = facets_of([node], self._report)
        possible = possible_properties(facets, (), self._report)
        found = {wire: ways[-1][-1] for wire, ways in possible.items()}
        return found | {w: nodes[-1] for w, nodes in properties_of(facets).items()}

    def form_of(
        self,
        node: Node,
        hint: str,
        files: Mapping[Node, ir.Type],
        own: Collection[str],
    ) -> ir.Type:
        """The type of a form of which some properties are files, of these types.

        A component that is in `own` keeps its name for that; else the form has a class
        of its own.
        """
        # Classes of forms, and what else refers to the schema, are not noted.
        self._done.keep_nothing()
        target = meant([node], self._report) or node
        if not set(files) & set(self.form_properties(target).values()):
            return self.type_of(node, hint)
        wire = component_name(target)
        name = self.declarations.names[wire] if wire in own and wire else None
        known = self._forms.get(target.pointer)
        if known is None:
            self._shapes.classes.files = files
            facets = facets_of([target], self._report)
            choices = choices_of(facets)
            if choices and not properties_of(facets):
                labels = labels_of(offers_of(choices[0].options, self._report))
                known = union(
                    self.form_of(option, hint + labels.get(option, ""), files, own)
                    for option in choices[0].options
                )
            else:
                known = self._shapes.of_facets(facets, name or hint, name, ())
            self._shapes.classes.files = {}
            self._forms[target.pointer] = known
        return known

    def struct(self, type_: ir.Type) -> ir.Struct | None:
        """The struct that a type refers to, through aliases."""
        passed: set[str] = set()
        while isinstance(type_, ir.Reference) and type_.name not in passed:
            passed.add(type_.name)
            declaration = self.declarations[type_.name]
            if isinstance(declaration, ir.Struct):
                return declaration
            if isinstance(declaration, ir.Enum):
                return None
            type_ = declaration.type
        return None

    def only_value(self, node: Node) -> object:
        """The one value that a schema in place allows by its enum; None if several."""
        target = meant([node], self._report) or node
        listed = self._shapes.listed(facets_of([target], self._report))
        if component_name(target) or admits_null([node]) or listed is None:
            return None
        is_one = listed.parent is not None and len(listed.values) == 1
        return listed.values[0] if is_one else None

    def constant_of(self, type_: ir.Type) -> ir.Constant | None:
        """The only value of a type, where it has but one that is known."""
        if isinstance(type_, ir.LiteralOf):
            return type_.value
        if not isinstance(type_, ir.Reference):
            return None
        declared = self.declarations[type_.name]
        if isinstance(declared, ir.Alias):
            return self.constant_of(declared.type)
        return only_members([declared]).get(type_.name)

    def _declare_component(self, wire: str) -> None:
        node, name = self.declarations.components[wire], self.declarations.names[wire]
        target = meant([node], self._report)
        is_told = wire in self._kinds or wire in self._bases
        if target is None or _is_within(target, node) or is_told:
            type_ = self._component(node, name)
        else:
            type_ = self.type_of(node, self.declarations.plain(name))
        if name not in self.declarations:
            docs = docs_for([node], wire)
            alias = ir.Alias(
                name=name,
                wire_name=wire,
                docs=docs,
                type=type_,
                limits=limits_of([node]),
            )
            self.declarations.add(node, alias)

    def _type_of(self, nodes: Sequence[Node], hint: str) -> ir.Type:
        """The type of a value for which all these hold, the most specific last."""
        target = meant(nodes, self._report)
        if target is None or any(_is_within(target, node) for node in nodes):
            return self._in_place(nodes, (), hint)
        wire = component_name(target)
        if wire is None:
            hint = hint_of(target, self.declarations.names)
            return self._in_place([target], nodes, hint)
        reference = ir.Reference(name=self.declarations.names[wire])
        null = admits_null(nodes)
        if null and admits_null([target]):
            # An alias has its null within.
            null = self._is_class(target)
        return union([reference, ir.NONE]) if null else reference

    def _in_place(
        self, nodes: Sequence[Node], around: Sequence[Node], hint: str
    ) -> ir.Type:
        """The type of schemas without a name, made once for all who refer to them."""
        key = tuple(node.pointer for node in nodes)
        if key in self._begun:
            # It holds itself, and needs a name for that.
            own = self._begun[key] or self.declarations.allocate(hint)
            self._begun[key] = own
            known: ir.Type = ir.Reference(name=own)
        elif (done := self._done.get(key)) is not None:
            known = done
        else:
            self._begun[key] = None
            facets = facets_of(nodes, self._report)
            known = self._shapes.of_facets(facets, hint, None, ())
            name = self._begun.pop(key)
            if name is None and _says_classes(known):
                name = self.declarations.allocate(hint)
            if name is not None and name not in self.declarations:
                docs = docs_for(nodes, hint)
                alias = ir.Alias(name=name, wire_name=hint, docs=docs, type=known)
                self.declarations.add(nodes[-1], alias)
                known = ir.Reference(name=name)
            self._done.add(key, known)
        return union([known, ir.NONE]) if admits_null(around or nodes) else known

    def _component(self, node: Node, name: str) -> ir.Type:
        """The type of a component that is no mere reference.

        A struct or enum takes its very name, and its null belongs to those who refer
        to it.
        """
        wire = str(component_name(node))
        base = self._bases.get(wire)
        facets = facets_of([node], self._report)
        if base is not None:
            type_ = self._any_kind(base, facets, wire)
        else:
            type_ = self._shapes.of_facets(
                facets, self.declarations.plain(name), name, ()
            )
        if admits_null([node]) and type_ != ir.Reference(name=name):
            return union([type_, ir.NONE])
        return type_

    def _any_kind(self, base: Base, facets: Sequence[Node], wire: str) -> ir.Type:
        """A base, or any of what is composed of it.

        What nobody knew is read as the base, and keeps what such a kind adds.
        """
        names = self._class_names
        itself: ir.Type = ir.MapOf(value=ir.ANY)
        if self._shapes.has_fields(facets, ()):
            itself = self._shapes.struct(facets, names[wire], wire, (), rest=ir.ANY)
        elif (value := self._shapes.further(facets, names[wire])) is not None:
            itself = ir.MapOf(value=value)
        kinds = [ir.Reference(name=names[kind]) for kind in base.kinds]
        other = base.otherwise
        mapping = tuple(
            (value, ir.Reference(name=names[kind]))
            for value, kind in base.mapping.items()
            if kind != wire
        )
        return union(
            [itself, *kinds],
            ir.Discriminator(
                wire_name=base.property,
                mapping=mapping,
                otherwise=ir.Reference(name=names[other]) if other else itself,
            ),
        )

    def _is_class(self, component: Node) -> bool:
        """Whether a component becomes a class, rather than an alias."""
        if component_name(component) in self._bases:
            return False
        facets = facets_of([component], self._report)
        if last(facets, "const") is not None:
            return False
        listed = self._shapes.listed(facets)
        if listed is not None:
            return listed.parent is not None
        if choices_of(facets):
            return self._shapes.is_superset(facets, ())
        kinds = kinds_of(facets, self._report)
        return kinds == ["object"] and self._shapes.has_fields(facets, ())


def _says_classes(type_: ir.Type) -> bool:
    """Whether a type says classes where Python evaluates them.

    In an alias, which stands after all classes, it can be said of any of them.
    """
    return isinstance(type_, ir.UnionOf) and type_.discriminator is not None


def _is_within(node: Node, outer: Node) -> bool:
    return node.pointer[: len(outer.pointer)] == outer.pointer
