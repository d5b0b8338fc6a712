"""Properties to fields of a class."""

from __future__ import annotations

from collections.abc import Sequence

from batchwright import ir
from batchwright.diagnostics import excerpt
from batchwright.document import Node
from batchwright.translate.limits import limits_of
from batchwright.translate.reading import docs_of, said


def field_of(
    nodes: Sequence[Node], *, name: str, wire: str, type_: ir.Type, required: bool
) -> ir.Field:
    """The field of a property, of which these schemas tell, the most specific last."""
    longest = [n for node in nodes if isinstance(n := said(node).get("maxItems"), int)]
    fixed = _constant(nodes)
    return ir.Field(
        name=name,
        wire_name=wire,
        type=type_,
        required=required,
        default=fixed,
        docs=_docs(nodes, has_default=fixed is None),
        deprecated=is_deprecated(nodes),
        read_only=any(said(node).get("readOnly") is True for node in nodes),
        write_only=any(said(node).get("writeOnly") is True for node in nodes),
        max_items=min(longest, default=None),
        limits=limits_of(nodes, without=["maxItems"]),
    )


def is_deprecated(nodes: Sequence[Node]) -> bool:
    """Whether one of the schemas says so."""
    return any(said(node).get("deprecated") is True for node in nodes)


def _constant(nodes: Sequence[Node]) -> str | int | float | None:
    """The value that the field always has; None if it may have several."""
    for node in reversed(nodes):
        value = said(node.follow()).get("const", said(node).get("const"))
        listed = said(node).get("enum")
        if (
            isinstance(listed, list)
            and len(listed) == 1
            and isinstance(listed[0], bool)
        ):
            (value,) = listed
        if isinstance(value, (str, int, float)):
            return value
    return None


def _docs(nodes: Sequence[Node], *, has_default: bool) -> str | None:
    """What the spec tells, and what the API takes for a field that is left out."""
    docs = docs_of(reversed(nodes))
    if is_deprecated(nodes) and "deprecated" not in (docs or "").lower():
        docs = f"{docs}\n\nDeprecated." if docs else "Deprecated."
    defaults = [said(node)["default"] for node in nodes if "default" in said(node)]
    default = defaults[-1] if defaults else None
    if default is None or not has_default or isinstance(default, (dict, list)):
        return docs
    said_already = docs is not None and "default" in docs.lower()
    line = f"The API's default: {excerpt(default)}."
    return docs if said_already else f"{docs}\n\n{line}" if docs else line
