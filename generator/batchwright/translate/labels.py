"""What the options of a choice are called where they stand in place, never by number.

An option is called what it says of itself: its title, or the value that tells it from
others. Else it is called what it is (`Object`, `Array`, …); and where two are the same,
by what it has of its own: a property, or a value, that none of the others has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from batchwright import naming
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.choices import only_value
from batchwright.translate.composition import (
    facets_of,
    kinds_of,
    meant,
    properties_of,
    required_of,
)
from batchwright.translate.reading import component_name, last, said

#: What says nothing about the shape of a value.
_PROSE = frozenset({"description", "example", "examples", "externalDocs", "title"})


class Offer(Struct, frozen=True, kw_only=True):
    """An option of a choice: the schemas that hold for it, and the kinds of its values.

    `target` is the one schema that it comes to, if it is nothing else.
    """

    option: Node
    target: Node | None
    facets: tuple[Node, ...]
    kinds: list[str]

    @property
    def component(self) -> str | None:
        """The name of the component that it is."""
        return component_name(self.target) if self.target else None


def offers_of(options: Iterable[Node], report: Report) -> list[Offer]:
    """What each option of a choice is."""
    found = []
    for option in options:
        facets = facets_of([option], report)
        found.append(
            Offer(
                option=option,
                target=meant([option], report),
                facets=facets,
                kinds=kinds_of(facets, report),
            )
        )
    return found


def labels_of(offers: Sequence[Offer], *, is_taken: bool = False) -> dict[Node, str]:
    """Words to put behind the name of the whole, by option.

    Components and null have none. A single option beside null goes by the name of the
    whole, unless that `is_taken`: its word is empty.
    """
    others = [offer for offer in offers if offer.kinds != ["null"]]
    alone = [offer for offer in others if offer.component is None]
    if len(others) == len(alone) == 1 and not is_taken:
        return {alone[0].option: ""}
    plain = {it.option: (_said_by(it), "Or".join(it.kinds)) for it in alone}
    settled = _settle(plain)
    if settled.unsettled:
        marks = {it.option: _marks(it.facets) for it in alone}
        settled = _settle({it: (*plain[it], _own(it, marks)) for it in plain})
    for option in (it for group in settled.unsettled for it in group):
        settled.names[option] += _mark_of(option.value)
    return settled.names


def _settle(names: Mapping[Node, tuple[str | None, ...]]) -> naming.Settled[Node]:
    return naming.settle(
        naming.Wish(
            key=option,
            wire="",
            candidates=_candidates(several),
        )
        for option, several in names.items()
    )


def _candidates(names: Iterable[str | None]) -> tuple[str, ...]:
    found = (naming.pascal(name) for name in names if name)
    return tuple(filter(None, found)) or ("Any",)


def _own(option: Node, marks: Mapping[Node, Collection[str]]) -> str | None:
    """What an option has that none of the others has."""
    taken = {mark for other in marks if other != option for mark in marks[other]}
    return next(
        (it for it in marks[option] if it not in taken and naming.words(it)), None
    )


def _said_by(offer: Offer) -> str | None:
    """What an option says of itself: its title, or the only value of a property."""
    title = offer.option.text("title")
    if title:
        return title
    for _, nodes in sorted(properties_of(offer.facets).items()):
        value = only_value(nodes)
        if value is not None and naming.words(value):
            return value
    return None


def _marks(facets: Sequence[Node]) -> list[str]:
    """Properties or values, what is there for sure first."""
    listed = last(facets, "enum")
    if listed is not None:
        return sorted(map(str, said(listed)["enum"]))
    properties, required = properties_of(facets), required_of(facets)
    return sorted(properties, key=lambda wire: (wire not in required, wire))


def _mark_of(schema: object) -> str:
    """What tells a schema from all others, whatever it is called."""
    shape = json.dumps(_shape(schema), sort_keys=True, default=repr)
    return hashlib.sha256(shape.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _shape(value: object, *, is_names: bool = False) -> object:
    """A schema without what is said of it."""
    if isinstance(value, dict):
        return {
            key: _shape(inner, is_names=key == "properties" and not is_names)
            for key, inner in value.items()
            if is_names or key not in _PROSE
        }
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return value
