"""Schemas to types: each schema of the document becomes one type of the SDK.

Component schemas keep their names. A schema that stands in place gets one from where
it stands (`Pet` + `status` = `PetStatus`) if it is an object or an enum. All are
visited in sorted order, so that the order of keys in a document never decides a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Document, Node
from batchwright.translate.declarations import Declarations
from batchwright.translate.reading import (
    component_name,
    docs_of,
    is_nullable,
    is_object,
    kinds_of,
    last,
    only_reference,
    only_requirements,
    primitive_name,
    properties_of,
    said,
)
from batchwright.translate.types import constant, type_of_value, union

#: What the body of a generated class is written with, beside builtins and classes.
_RESERVED_FIELDS = frozenset({"dt", "field"})

#: What msgspec cannot have in the name of a field.
_UNSPEAKABLE = re.compile(r'["\\\x00-\x1f]')


class Schemas:
    """The types of one document; grows as schemas are asked for."""

    def __init__(
        self, document: Document, report: Report, *, reserved: Collection[str]
    ) -> None:
        self._report = report
        self._inline: dict[tuple[str, ...], ir.Type] = {}
        self._forms: dict[tuple[str, ...], ir.Type] = {}
        self._files: Mapping[Node, ir.Type] = {}
        self.declarations = Declarations(document, report, reserved=reserved)
        for wire in sorted(self.declarations.components):
            self._declare_component(wire)

    def type_of(self, node: Node, hint: str) -> ir.Type:
        """The type of a schema; `hint` names it if it stands in place and needs one."""
        target = only_reference(node)
        if target is None:
            return self._inline_type(node, hint)
        wire = component_name(target)
        if wire is None:
            return self._inline_type(target, naming.pascal(target.key))
        reference = ir.Reference(name=self.declarations.names[wire])
        nullable = said(node).get("nullable") is True or (
            is_nullable(target) and self._is_class(target)
        )
        return union([reference, ir.NONE]) if nullable else reference

    def form_properties(
        self, node: Node, seen: frozenset[Node] = frozenset()
    ) -> dict[str, Node]:
        """The properties of a form, with those of every option that it may be."""
        facets = self._facets(node)
        found: dict[str, Node] = {}
        choice = last(facets, "oneOf", "anyOf")
        if choice is not None and choice not in seen:
            for option in _options(choice).elements():
                found |= self.form_properties(option, seen | {choice})
        return found | properties_of(facets)

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
        target = only_reference(node) or node
        if not set(files) & set(self.form_properties(target).values()):
            return self.type_of(node, hint)
        wire = component_name(target)
        name = self.declarations.names[wire] if wire in own and wire else None
        known = self._forms.get(target.pointer)
        if known is None:
            self._files = files
            facets = self._facets(target)
            choice = last(facets, "oneOf", "anyOf")
            if choice is not None and not properties_of(facets):
                known = union(
                    self.form_of(option, f"{hint}Option{number}", files, own)
                    for number, option in enumerate(_options(choice).elements(), 1)
                )
            else:
                known = self._shape(target, hint=name or hint, name=name)
            self._files = {}
            self._forms[target.pointer] = known
        return known

    def struct(self, type_: ir.Type) -> ir.Struct | None:
        """The struct that a type refers to, through aliases."""
        while isinstance(type_, ir.Reference):
            declaration = self.declarations[type_.name]
            if isinstance(declaration, ir.Struct):
                return declaration
            if isinstance(declaration, ir.Enum):
                return None
            type_ = declaration.type
        return None

    def _declare_component(self, wire: str) -> None:
        node, name = self.declarations.components[wire], self.declarations.names[wire]
        if only_reference(node) is None:
            type_ = self._shape(node, hint=name, name=name)
        else:
            type_ = self.type_of(node, name)
        if name not in self.declarations:
            docs = _docs([node], wire)
            alias = ir.Alias(name=name, wire_name=wire, docs=docs, type=type_)
            self.declarations.add(node, alias)

    def _inline_type(self, node: Node, hint: str) -> ir.Type:
        known = self._inline.get(node.pointer)
        if known is None:
            known = self._inline[node.pointer] = self._shape(node, hint=hint)
        return known

    def _shape(self, node: Node, *, hint: str, name: str | None = None) -> ir.Type:
        """The type of a schema that is no mere reference.

        `name` is set for a component: a struct or enum then takes that very name, and
        its null belongs to those who refer to it.
        """
        facets = self._facets(node)
        if is_object(facets):
            type_ = self._object(node, facets, hint, name)
        else:
            type_ = self._not_object(node, facets, hint, name)
        is_class = name is not None and type_ == ir.Reference(name=name)
        if is_nullable(node) and not is_class:
            type_ = union([type_, ir.NONE])
        return type_

    def _is_class(self, component: Node) -> bool:
        """Whether a component becomes a class, rather than an alias."""
        facets = self._facets(component)
        if is_object(facets):
            return bool(properties_of(facets))
        return last(facets, "enum") is not None and last(facets, "const") is None

    def _facets(self, node: Node, trail: tuple[Node, ...] = ()) -> list[Node]:
        """The schemas that all hold for one value: itself, its `$ref`, its `allOf`."""
        if node in trail:
            self._report.error(
                "cyclic-allof",
                "this schema is composed of itself through allOf, so it has no shape",
                node,
                hint="take one of the references out of the circle",
            )
            return []
        trail = (*trail, node)
        facets = []
        if "$ref" in said(node):
            facets += self._facets(node.follow(), trail)
        members = node.get("allOf")
        for member in members.elements() if members else ():
            facets += self._facets(member, trail)
        return [*facets, node]

    def _not_object(
        self, node: Node, facets: Sequence[Node], hint: str, name: str | None
    ) -> ir.Type:
        fixed = last(facets, "const")
        if fixed is not None:
            return constant(said(fixed)["const"])
        listed = last(facets, "enum")
        if listed is not None:
            return self._enum(node, listed, hint, name)
        choice = last(facets, "oneOf", "anyOf")
        if choice is not None:
            return self._choice(choice, hint)
        kinds = kinds_of(facets)
        return union([self._of_kind(k, facets, hint) for k in kinds] or [ir.ANY])

    def _of_kind(self, kind: str, facets: Sequence[Node], hint: str) -> ir.Type:
        if kind == "array":
            return self._array(facets, hint)
        if kind == "object":
            return self._map(facets, hint)
        return ir.Primitive(name=primitive_name(facets, kind))

    def _array(self, facets: Sequence[Node], hint: str) -> ir.Type:
        places = last(facets, "prefixItems")
        items = last(facets, "items")
        closed = items is not None and said(items)["items"] is False
        rest = self.type_of(items["items"], f"{hint}Item") if items else ir.ANY
        if places is None:
            return ir.ListOf(item=rest)
        types = [
            self.type_of(place, f"{hint}Item{number}")
            for number, place in enumerate(places["prefixItems"].elements(), 1)
        ]
        if closed:
            return ir.TupleOf(items=tuple(types))
        return ir.ListOf(item=union([*types, rest]))

    def _map(self, facets: Sequence[Node], hint: str) -> ir.Type:
        extra = last(facets, "additionalProperties")
        schema = extra["additionalProperties"] if extra else None
        values = [schema] if schema and isinstance(schema.value, dict) else []
        patterns = last(facets, "patternProperties")
        if patterns is not None:
            values += [n for _, n in sorted(patterns["patternProperties"].items())]
        types = [self.type_of(value, f"{hint}Value") for value in values]
        return ir.MapOf(value=union(types or [ir.ANY]))

    def _enum(self, node: Node, listed: Node, hint: str, name: str | None) -> ir.Type:
        values = [v for v in said(listed)["enum"] if v is not None]
        kinds = {type(value) for value in values}
        if kinds not in ({str}, {int}):
            return union([type_of_value(value) for value in values] or [ir.NONE])
        by_text = {str(value): value for value in values}
        names = self.declarations.settle(
            dict.fromkeys(by_text, listed["enum"]),
            lambda text: naming.enum_member(by_text[text]),
            (),
            "values",
            "constant",
        )
        own = name or self.declarations.allocate(hint)
        self.declarations.add(
            node,
            ir.Enum(
                name=own,
                wire_name=hint,
                docs=_docs([node, listed], hint),
                parent="OpenStrEnum" if kinds == {str} else "OpenIntEnum",
                members=tuple(
                    ir.EnumMember(name=names[text], value=value)
                    for text, value in by_text.items()
                ),
            ),
        )
        return ir.Reference(name=own)

    def _choice(self, node: Node, hint: str) -> ir.Type:
        options = _options(node)
        types = [
            self.type_of(option, f"{hint}{option.text('title') or f'Option{number}'}")
            for number, option in enumerate(options.elements(), 1)
        ]
        discriminator = node.get("discriminator")
        if discriminator is None or discriminator.text("propertyName") is None:
            return union(types)
        return union(
            types, self._discriminator(discriminator, node, self.declarations.names)
        )

    def _discriminator(
        self, node: Node, choice: Node, classes: Mapping[str, str]
    ) -> ir.Discriminator:
        """Which value means which option: as mapped, else the option's own name.

        `classes` are the names of the options' classes by component.
        """
        targets = [only_reference(option) for option in _options(choice).elements()]
        wires = [component_name(target) for target in targets if target]
        mapping = node.get("mapping")
        meant = {
            value: wire
            for value, target in (mapping.items() if mapping else ())
            if (wire := _mapped(str(target.value))) in self.declarations.components
        }
        meant |= {w: w for w in wires if w is not None and w not in meant.values()}
        return ir.Discriminator(
            wire_name=str(node.text("propertyName")),
            mapping=tuple(
                (value, ir.Reference(name=classes[wire]))
                for value, wire in meant.items()
                if wire in classes
            ),
        )

    def _object(
        self, node: Node, facets: Sequence[Node], hint: str, name: str | None
    ) -> ir.Type:
        properties = properties_of(facets)
        choice = last(facets, "oneOf", "anyOf")
        if choice is not None and not only_requirements(choice):
            if not properties:
                return self._choice(choice, hint)
            return self._extended_choice(node, facets, choice, hint)
        if not properties:
            return self._map(facets, hint)
        own = name or self.declarations.allocate(hint)
        self._inline[node.pointer] = ir.Reference(name=own)
        return self._struct(node, facets, own, hint)

    def _extended_choice(
        self, node: Node, facets: Sequence[Node], choice: Node, hint: str
    ) -> ir.Type:
        """A choice with properties beside it: each option has these as well."""
        types: list[ir.Type] = []
        classes: dict[str, str] = {}
        for number, option in enumerate(_options(choice).elements(), 1):
            wire = component_name(only_reference(option) or option)
            added = self._facets(option)
            if kinds_of(added) == ["null"]:
                types.append(ir.NONE)
            elif last(added, "oneOf", "anyOf") or kinds_of(added) not in (
                [],
                ["object"],
            ):
                self._report.error(
                    "unsupported-schema",
                    "this option cannot be put together with the properties that stand"
                    " beside its choice",
                    option,
                    hint="let it be an object without choices of its own",
                )
            else:
                label = wire or option.text("title") or f"Option{number}"
                own = self.declarations.allocate(f"{hint}{naming.pascal(label)}")
                types.append(self._struct(node, [*facets, *added], own, hint))
                classes[wire or ""] = own
        discriminator = choice.get("discriminator")
        if discriminator is None or discriminator.text("propertyName") is None:
            return union(types)
        return union(types, self._discriminator(discriminator, choice, classes))

    def _struct(
        self, node: Node, facets: Sequence[Node], own: str, hint: str
    ) -> ir.Reference:
        fields = self._fields(own, facets, properties_of(facets))
        self.declarations.add(
            node,
            ir.Struct(
                name=own,
                wire_name=hint,
                docs=_docs(facets[::-1], hint),
                fields=fields,
                shadowed=naming.builtins_among(field.name for field in fields),
                deprecated=said(node).get("deprecated") is True,
            ),
        )
        return ir.Reference(name=own)

    def _fields(
        self, owner: str, facets: Sequence[Node], properties: Mapping[str, Node]
    ) -> tuple[ir.Field, ...]:
        required = {str(wire) for f in facets for wire in said(f).get("required", ())}
        for wire, node in properties.items():
            if _UNSPEAKABLE.search(wire):
                self._report.error(
                    "unsupported-property",
                    "quotes, backslashes and control characters in the name of a"
                    f" property are not supported: {wire!r}",
                    node,
                    hint="describe the object by additionalProperties instead",
                )
        names = self.declarations.settle(
            properties, naming.attribute, _RESERVED_FIELDS, "properties", "field"
        )
        types = {
            wire: self._files.get(properties[wire])
            or self.type_of(properties[wire], owner + naming.pascal(wire))
            for wire in sorted(properties)
        }
        return tuple(
            _field(node, names[wire], wire, types[wire], wire in required)
            for wire, node in properties.items()
        )


def _field(
    node: Node, name: str, wire: str, type_: ir.Type, required: bool
) -> ir.Field:
    longest = said(node).get("maxItems")
    return ir.Field(
        name=name,
        wire_name=wire,
        type=type_,
        required=required,
        default=type_.value if isinstance(type_, ir.LiteralOf) else None,
        docs=docs_of([node]),
        deprecated=said(node).get("deprecated") is True,
        max_items=longest if isinstance(longest, int) else None,
    )


def _docs(nodes: Iterable[Node], wire: str) -> str:
    return docs_of(nodes) or f"The shape `{wire}` of the API."


def _options(choice: Node) -> Node:
    return choice["oneOf" if "oneOf" in choice else "anyOf"]


def _mapped(target: str) -> str:
    """The component that an entry of a discriminator's mapping names."""
    wire = target.removeprefix("#/components/schemas/")
    return wire.replace("~1", "/").replace("~0", "~")
