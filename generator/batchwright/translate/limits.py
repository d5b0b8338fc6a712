"""What narrows values in ways that Python's types cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batchwright import ir
from batchwright.document import Node
from batchwright.translate.reading import TYPED_FORMATS, said

_KEYWORDS = (
    "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems",
    "minProperties", "maxProperties", "format",
)  # fmt: skip
#: Values that say no more than nothing does.
_IDLE = {("minLength", 0), ("minItems", 0), ("minProperties", 0), ("uniqueItems", 0)}
#: Where a schema has others for what is in its values.
_INNER = ("items", "additionalProperties")


def limits_of(
    nodes: Sequence[Node], *, without: Sequence[str] = ()
) -> tuple[ir.Limit, ...]:
    """The limits of a value for which all these schemas hold, the most specific last.

    Those of a schema that has a name are told there. `without` are keywords that
    something else tells of.
    """
    found: dict[str, str | int | float] = {}
    for node in nodes:
        found |= _limits(node, "")
    return tuple(
        ir.Limit(keyword=keyword, value=value)
        for keyword, value in sorted(found.items())
        if keyword not in without
    )


def _limits(node: Node, prefix: str) -> Iterator[tuple[str, str | int | float]]:
    keywords = said(node)
    if "$ref" in keywords and len(keywords) == 1:
        return
    for keyword in _KEYWORDS:
        value = keywords.get(keyword)
        if not isinstance(value, str | int | float) or (keyword, value) in _IDLE:
            continue
        if keyword != "format" or value not in TYPED_FORMATS:
            yield f"{prefix}{keyword}", value
    several = node.get("allOf")
    for part in several.elements() if several else ():
        yield from _limits(part, prefix)
    for keyword in _INNER:
        inner = node.get(keyword)
        if inner is not None:
            yield from _limits(inner, f"{prefix}{keyword}.")
