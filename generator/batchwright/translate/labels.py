"""What the options of a choice are called where they stand in place, never by number.

An option is called what it says of itself: its title, or the value that tells it from
others. Else it is called what it is (`Object`, `Array`, …); and where two are the same,
by what it has of its own: a property, or a value, that none of the others has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence

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


def labels_of(options: Sequence[Node], *, is_taken: bool = False) -> dict[Node, str]:
    """Words to put behind the name of the whole, by option.

    Components and null have none. A single option beside null goes by the name of the
    whole, unless that `is_taken`: its word is empty.
    """
    facets = {
        option: facets_of([option], Report())
        for option in options
        if not _is_component(option)
    }
    if not facets:
        return {}
    kinds = {option: kinds_of(facets[option], Report()) for option in facets}
    alone = [option for option in facets if kinds[option] != ["null"]]
    if not is_taken and len(options) - len(facets) + len(alone) == 1:
        return dict.fromkeys(alone, "")
    marks = {option: _marks(facets[option]) for option in alone}
    settled = naming.settle(
        naming.Wish(
            key=option,
            wire="",
            candidates=_candidates(option, facets[option], kinds[option], marks),
        )
        for option in alone
    )
    for option in (it for group in settled.unsettled for it in group):
        settled.names[option] += _mark_of(option.value)
    return settled.names


def _is_component(option: Node) -> bool:
    if not {"$ref", "allOf"}.intersection(said(option)):
        return False
    target = meant([option], Report())
    return target is not None and component_name(target) is not None


def _candidates(
    option: Node,
    facets: Sequence[Node],
    kinds: Sequence[str],
    marks: Mapping[Node, Collection[str]],
) -> tuple[str, ...]:
    said_of_itself = option.text("title") or _constant_of(facets)
    kind = "Or".join(map(naming.pascal, kinds)) or "Any"
    taken = {mark for other in marks if other != option for mark in marks[other]}
    own = next((it for it in marks[option] if it not in taken and naming.words(it)), "")
    found = (said_of_itself, kind, own)
    return tuple(dict.fromkeys(naming.pascal(it) for it in found if it))


def _constant_of(facets: Sequence[Node]) -> str | None:
    """The value of a property that has only this one."""
    for _, nodes in sorted(properties_of(facets).items()):
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
