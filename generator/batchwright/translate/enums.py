"""Enums: which values they list, what kind of class they are, how members are named."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence

from msgspec import Struct

from batchwright import ir, naming
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Node
from batchwright.translate.composition import kinds_of
from batchwright.translate.reading import kinds_said, prose, said
from batchwright.translate.types import constant, type_of_value, union

_INT64 = range(-(2**63), 2**63)


class Listed(Struct, frozen=True, kw_only=True):
    """The values of an enum as they are meant; `node` is where they stand.

    `titles` and `docs` are what the spec calls and tells of a value, where it does.
    """

    node: Node
    values: tuple[object, ...]
    titles: Mapping[object, str]
    docs: Mapping[object, str]

    @property
    def parent(self) -> ir.EnumParent | None:
        """The runtime's class for them; None where they are no class."""
        if self.values and all(isinstance(value, str) for value in self.values):
            return "OpenStrEnum"
        if self.values and all(_is_int(value) for value in self.values):
            return "OpenIntEnum"
        return None

    @property
    def type(self) -> ir.Type:
        """What they are where they are no class."""
        if all(isinstance(value, bool) for value in self.values):
            distinct = dict.fromkeys(self.values)
            if len(distinct) == 1:
                return constant(next(iter(distinct)))
        return union([type_of_value(value) for value in self.values] or [ir.NONE])

    def members(self, names: Mapping[str, str]) -> tuple[ir.EnumMember, ...]:
        """The members, called as settled, by the values' texts."""
        return tuple(
            ir.EnumMember(name=names[str(v)], value=v, docs=self.docs.get(v))
            for v in self.values
            if isinstance(v, (str, int))
        )

    def candidates(self, text: str) -> tuple[str, ...]:
        """Names for the member whose value is written so, the best first."""
        # All are of one kind where they have names.
        value = text if isinstance(self.values[0], str) else int(text)
        plain = naming.enum_member(value)
        title = self.titles.get(value)
        named = naming.enum_member(title)[:1] if title and title.strip() else ()
        return tuple(dict.fromkeys((*named, *plain)))


def enum_of(facets: Sequence[Node], report: Report) -> Listed | None:
    """The values that an `enum` lists; null is left out. None if there is no enum."""
    lists = [facet for facet in facets if "enum" in said(facet)]
    if not lists:
        return None
    node = lists[-1]
    values = _distinct(said(node)["enum"])
    if None in said(node)["enum"] and not _says_null(node):
        report.warning(
            "enum-type",
            "null is not of the type that the enum has",
            node["enum"],
            hint="it is read as one of the values; let the type have it, too",
        )
    for other in lists[:-1]:
        known = {_key(value) for value in said(other)["enum"]}
        common = [value for value in values if _key(value) in known]
        if not common:
            report.warning(
                "contradicting-schemas",
                "none of these values is among those that another schema lists, which"
                " holds for the same value",
                node["enum"],
                hint="no value can be both; it is read as this list says",
            )
            break
        values = common
    values = _as_typed(values, node, kinds_of(facets, report), report)
    titles = _varnames(node, said(node)["enum"])
    docs: dict[object, str] = {}
    for facet in facets:
        # Another schema may say which values there are, with a title for each.
        for keyword in ("oneOf", "anyOf"):
            told = enum_of_constants(facet[keyword]) if keyword in facet else None
            if told is not None:
                titles = {**told.titles, **titles}
                docs |= told.docs
    return Listed(node=node["enum"], values=tuple(values), titles=titles, docs=docs)


def enum_of_constants(options: Node) -> Listed | None:
    """An enum that is written as a choice of constants, each with a title of its own.

    Null may be among the options: it is left out.
    """
    values: list[object] = []
    titles: dict[object, str] = {}
    docs: dict[object, str] = {}
    for option in options.elements():
        keywords = said(option)
        if keywords.get("type") == "null" or keywords.get("const", "") is None:
            continue
        value = keywords.get("const")
        if not (isinstance(value, str) or _is_int(value)) or "$ref" in keywords:
            return None
        values.append(value)
        title, told = prose(option, "title"), prose(option)
        titles |= {value: title} if title else {}
        docs |= {value: told} if told else {}
    listed = Listed(
        node=options, values=tuple(_distinct(values)), titles=titles, docs=docs
    )
    return listed if listed.parent else None


def _says_null(node: Node) -> bool:
    """Whether a schema lets its values be null by its type, if it has any."""
    kinds = kinds_said(node)
    return not kinds or "null" in kinds or said(node).get("nullable") is True


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in _INT64


def _key(value: object) -> Hashable:
    """Tells apart what Python calls equal, such as 1 and true."""
    return isinstance(value, bool), json.dumps(value, sort_keys=True, default=str)


def _distinct(values: Sequence[object]) -> list[object]:
    return [v for v in {_key(v): v for v in values}.values() if v is not None]


def _as_typed(
    values: Sequence[object], node: Node, kinds: Sequence[str], report: Report
) -> list[object]:
    """The values as the schema's type has them: many specs forget the quotes."""
    typed = [_typed(value, kinds) for value in values]
    pairs = zip(typed, values, strict=True)
    wrong = [v for t, v in pairs if type(t) is not type(v) and kinds != ["integer"]]
    wrong += [v for v in values if isinstance(v, str) and kinds == ["integer"]]
    if wrong:
        report.warning(
            "enum-type",
            f"{excerpt(wrong[0])} is not of the type that the enum has",
            node["enum"],
            hint=f"it is read as {kinds[0]} all the same; write it as one",
        )
    return _distinct(typed)


def _typed(value: object, kinds: Sequence[str]) -> object:
    if list(kinds) == ["string"] and isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, float) and value.is_integer() and list(kinds) == ["integer"]:
        return int(value)
    if isinstance(value, str) and list(kinds) == ["integer"]:
        digits = value.strip().removeprefix("-")
        return int(value) if digits.isascii() and digits.isdigit() else value
    return value


def _varnames(node: Node, values: Sequence[object]) -> dict[object, str]:
    """Names of members as two widespread extensions give them."""
    for keyword in ("x-enum-varnames", "x-enumNames"):
        names = said(node).get(keyword)
        if isinstance(names, list) and len(names) == len(values):
            return {
                value: name
                for value, name in zip(values, names, strict=True)
                if isinstance(name, str) and isinstance(value, (str, int))
            }
    return {}
