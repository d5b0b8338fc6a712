"""Schemas to types: each schema of the document becomes one type of the SDK.

Component schemas keep their names. A schema that stands in place gets one from where
it stands (`Pet` + `status` = `PetStatus`) if it is an object or an enum. All are
visited in sorted order, so that the order of keys in a document never decides a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Document, Node, Pointer
from batchwright.translate.bases import Base, bases_of
from batchwright.translate.choices import (
    Choice,
    adds_to_options,
    are_too_many,
    choices_of,
    possible_properties,
)
from batchwright.translate.composition import (
    admits_null,
    facets_of,
    kinds_of,
    meant,
    properties_of,
    required_of,
    under,
)
from batchwright.translate.declarations import Declarations
from batchwright.translate.enums import Listed, enum_of, enum_of_constants
from batchwright.translate.fields import field_of
from batchwright.translate.hints import hint_of
from batchwright.translate.limits import limits_of
from batchwright.translate.pins import Pins
from batchwright.translate.reading import (
    component_name,
    docs_of,
    last,
    primitive,
    said,
)
from batchwright.translate.types import constant, union

#: What the body of a generated class is written with, beside builtins and classes.
_RESERVED_FIELDS = frozenset({"builtins", "dt", "field"})
#: The same, in the class of an object with properties that are not named.
_RESERVED_OPEN = frozenset({"additional_properties", "further"})


class Schemas:
    """The types of one document; grows as schemas are asked for."""

    def __init__(
        self,
        document: Document,
        report: Report,
        pins: Pins | None = None,
        *,
        reserved: Collection[str],
    ) -> None:
        self._report = report
        self._done: dict[tuple[Pointer, ...], ir.Type] = {}
        self._begun: dict[tuple[Pointer, ...], str | None] = {}
        self._forms: dict[Pointer, ir.Type] = {}
        self._files: Mapping[Node, ir.Type] = {}
        self.declarations = Declarations(
            document, report, pins or Pins((), report), reserved=reserved
        )
        self._class_names = frozenset(self.declarations.names.values())
        # Made once: they are large where a spec is.
        self._reserved_fields = _RESERVED_FIELDS | self._class_names
        self._reserved_open_fields = self._reserved_fields | _RESERVED_OPEN
        components = self.declarations.components
        # What is wrong with a component is reported when it is declared.
        facets = {w: facets_of([node], Report()) for w, node in components.items()}
        self._bases = bases_of(components, facets, Report())
        self._base_names = {
            wire: self.declarations.allocate_within(
                self.declarations.names[wire], "Base"
            )
            for wire in sorted(self._bases)
        }
        # What others are composed of comes first: its parts are named after it.
        for wire in sorted(components, key=lambda wire: (len(facets[wire]), wire)):
            self._declare_component(wire)

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
        target = meant([node], self._report) or node
        if not set(files) & set(self.form_properties(target).values()):
            return self.type_of(node, hint)
        wire = component_name(target)
        name = self.declarations.names[wire] if wire in own and wire else None
        known = self._forms.get(target.pointer)
        if known is None:
            self._files = files
            facets = facets_of([target], self._report)
            choices = choices_of(facets)
            if choices and not properties_of(facets):
                known = union(
                    self.form_of(option, f"{hint}Option{number}", files, own)
                    for number, option in enumerate(choices[0].options, 1)
                )
            else:
                known = self._of_facets(facets, name or hint, name, ())
            self._files = {}
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

    def _declare_component(self, wire: str) -> None:
        node, name = self.declarations.components[wire], self.declarations.names[wire]
        target = meant([node], self._report)
        if target is None or _is_within(target, node):
            type_ = self._component(node, name)
        else:
            type_ = self.type_of(node, self.declarations.plain(name))
        if name not in self.declarations:
            docs = _docs([node], wire)
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
        elif key in self._done:
            known = self._done[key]
        else:
            self._begun[key] = None
            facets = facets_of(nodes, self._report)
            known = self._of_facets(facets, hint, None, ())
            name = self._begun.pop(key)
            if name is not None and name not in self.declarations:
                docs = _docs(nodes, hint)
                alias = ir.Alias(name=name, wire_name=hint, docs=docs, type=known)
                self.declarations.add(nodes[-1], alias)
                known = ir.Reference(name=name)
            self._done[key] = known
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
            type_ = self._of_facets(facets, self.declarations.plain(name), name, ())
        if admits_null([node]) and type_ != ir.Reference(name=name):
            return union([type_, ir.NONE])
        return type_

    def _any_kind(self, base: Base, facets: Sequence[Node], wire: str) -> ir.Type:
        """A base, or any of what is composed of it.

        What nobody knew is read as the base, and keeps what such a kind adds.
        """
        names = self.declarations.names | self._base_names
        itself: ir.Type = ir.MapOf(value=ir.ANY)
        if self._has_fields(facets, ()):
            itself = self._struct(facets, names[wire], wire, (), rest=ir.ANY)
        elif (value := self._further(facets, names[wire])) is not None:
            itself = ir.MapOf(value=value)
        kinds = [ir.Reference(name=names[kind]) for kind in base.kinds]
        mapping = tuple(
            (value, ir.Reference(name=names[kind]))
            for value, kind in base.mapping.items()
            if kind != wire
        )
        return union(
            [itself, *kinds],
            ir.Discriminator(
                wire_name=base.property, mapping=mapping, otherwise=itself
            ),
        )

    def _is_class(self, component: Node) -> bool:
        """Whether a component becomes a class, rather than an alias."""
        if component_name(component) in self._bases:
            return False
        facets = facets_of([component], self._report)
        if last(facets, "const") is not None:
            return False
        listed = self._listed(facets)
        if listed is not None:
            return listed.parent is not None
        if choices_of(facets):
            return self._is_superset(facets, ())
        kinds = kinds_of(facets, self._report)
        return kinds == ["object"] and self._has_fields(facets, ())

    def _listed(self, facets: Sequence[Node]) -> Listed | None:
        """The values of an enum, in whichever way they are listed."""
        listed = enum_of(facets, self._report)
        choices = choices_of(facets) if listed is None else ()
        return enum_of_constants(choices[0].list) if len(choices) == 1 else listed

    def _of_facets(
        self,
        facets: Sequence[Node],
        hint: str,
        name: str | None,
        done: tuple[Choice, ...],
    ) -> ir.Type:
        fixed = last(facets, "const")
        if fixed is not None:
            return constant(said(fixed)["const"])
        listed = self._listed(facets)
        if listed is not None:
            return self._enum(facets, listed, hint, name)
        choices = choices_of(facets, done)
        if self._is_superset(facets, done):
            own = name or self.declarations.allocate(hint)
            return self._struct(facets, own, hint, done)
        if choices:
            return self._choice(facets, choices[0], hint, (*done, *choices[:1]))
        kinds = kinds_of(facets, self._report)
        only = name if len(kinds) == 1 else None
        hint = hint if len(kinds) == 1 or name is None else f"{hint}Object"
        types = [self._of_kind(kind, facets, hint, only, done) for kind in kinds]
        return union(types or [ir.ANY])

    def _is_superset(self, facets: Sequence[Node], done: tuple[Choice, ...]) -> bool:
        """Whether there are too many options for a shape each: one has all fields."""
        too_many = are_too_many(choices_of(facets, done), done)
        return too_many and self._has_fields(facets, done)

    def _has_fields(self, facets: Sequence[Node], done: tuple[Choice, ...]) -> bool:
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
        if self._has_fields(facets, done):
            own = name or self.declarations.allocate(hint)
            return self._struct(facets, own, hint, done)
        return ir.MapOf(value=self._further(facets, hint) or ir.ANY)

    def _array(self, facets: Sequence[Node], hint: str) -> ir.Type:
        places = last(facets, "prefixItems")
        items = under(facets, "items")
        rest = self._type_of(items, f"{hint}Item") if items else None
        if places is None:
            return ir.ListOf(item=rest or ir.ANY)
        types = [
            self.type_of(place, f"{hint}Item{number}")
            for number, place in enumerate(places["prefixItems"].elements(), 1)
        ]
        if _has_length(facets, len(types)):
            return ir.TupleOf(items=tuple(types))
        return ir.ListOf(item=union([*types, *([rest] if rest else [])]))

    def _further(self, facets: Sequence[Node], hint: str) -> ir.Type | None:
        """The type of properties that are not named; None if nothing is said."""
        own = under(facets, "additionalProperties")
        own = own or under(facets, "unevaluatedProperties")
        types = [self._type_of(own, f"{hint}Value")] if own else []
        for facet in facets:
            patterns = facet.get("patternProperties")
            nodes = sorted(patterns.items()) if patterns else ()
            types += [self.type_of(node, f"{hint}Value") for _, node in nodes]
        if any(said(f).get("additionalProperties") is True for f in facets):
            types.append(ir.ANY)
        return union(types) if types else None

    def _enum(
        self, facets: Sequence[Node], listed: Listed, hint: str, name: str | None
    ) -> ir.Type:
        if listed.parent is None:
            return listed.type
        own = name or self.declarations.allocate(hint)
        names = self.declarations.settle(
            dict.fromkeys(map(str, listed.values), listed.node),
            listed.candidates,
            (),
            "values",
            "constant",
            self.declarations.thing(own),
        )
        self.declarations.add(
            facets[-1],
            ir.Enum(
                name=own,
                wire_name=component_name(facets[-1]) or hint,
                docs=_docs(facets[::-1], component_name(facets[-1]) or hint),
                parent=listed.parent,
                members=listed.members(names),
                deprecated=said(facets[-1]).get("deprecated") is True,
            ),
        )
        return ir.Reference(name=own)

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
        targets = [meant([option], self._report) for option in choice.options]
        several = bool(choices_of(facets, done))
        for number, option in enumerate(choice.options, 1):
            target = targets[number - 1]
            wire = component_name(target) if target else None
            added = facets_of([option], self._report)
            kinds = kinds_of(added, self._report)
            extends = set(added).issuperset(facets)
            if extends or not (several or adds_to_options(facets, kinds)):
                label = option.text("title") or f"Option{number}"
                type_ = self.type_of(option, f"{hint}{naming.pascal(label)}")
            elif kinds == ["null"]:
                type_ = ir.NONE
            else:
                label = wire or option.text("title") or ""
                if not label and not choices_of(added):
                    label = f"Option{number}"
                whole = tuple(dict.fromkeys((*facets, *added)))
                own = f"{hint}{naming.pascal(label)}"
                type_ = self._of_facets(whole, own, None, done)
            types.append(type_)
            if wire is not None and isinstance(type_, ir.Reference):
                classes[wire] = type_.name
        return union(types, choice.discriminator(targets, classes, self._report))

    def _struct(
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
        further = self._further(facets, own) or rest
        fields = self._fields(own, facets, done, further is not None)
        self.declarations.add(
            facets[-1],
            ir.Struct(
                name=own,
                wire_name=component_name(facets[-1]) or hint,
                docs=_docs(facets[::-1], component_name(facets[-1]) or hint),
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
        reserved = self._reserved_open_fields if is_open else self._reserved_fields
        if any(said(node).get("readOnly") for node in nodes.values()):
            reserved |= {"read_only"}
        if any(ir.needs_quotes(wire) for wire in nodes):
            reserved |= {"quoted"}
        names = self.declarations.settle(
            nodes,
            naming.attribute,
            reserved,
            "properties",
            "field",
            self.declarations.thing(owner),
        )
        within = self.declarations.plain(owner)
        required = required_of(facets)
        types = {
            wire: self._of_property(
                [properties[wire]] if wire in properties else possible[wire],
                within + naming.pascal(wire),
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

    def _of_property(self, ways: Iterable[Sequence[Node]], hint: str) -> ir.Type:
        return union(
            self._files.get(nodes[-1]) or self._type_of(nodes, hint) for nodes in ways
        )


def _is_within(node: Node, outer: Node) -> bool:
    return node.pointer[: len(outer.pointer)] == outer.pointer


def _has_length(facets: Sequence[Node], length: int) -> bool:
    """Whether an array has as many items as that, neither more nor less."""
    shortest = [n for f in facets if isinstance(n := said(f).get("minItems"), int)]
    longest = [n for f in facets if isinstance(n := said(f).get("maxItems"), int)]
    is_closed_ = any(said(facet).get("items") is False for facet in facets)
    return max(shortest, default=0) >= length and (
        is_closed_ or min(longest, default=length + 1) <= length
    )


def _docs(nodes: Iterable[Node], wire: str) -> str:
    return docs_of(nodes) or f"The shape `{wire}` of the API."
