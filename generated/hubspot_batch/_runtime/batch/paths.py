"""Looks into plain JSON, along dotted paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["texts_at", "value_at", "without_texts"]


def value_at(body: object, path: str | None) -> Any:
    """What stands at the path; None if there is nothing."""
    if path is None:
        return None
    for name in path.split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(name)
    return body


def texts_at(body: object, path: str | None) -> Iterator[str]:
    """The texts at the path: those of a list, or a single one. Numbers count as text.

    What holds names of inputs is a list in one API and a bare value in another.
    """
    found = value_at(body, path)
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, int) and not isinstance(item, bool):
            yield str(item)


def without_texts(body: Any, path: str, texts: frozenset[str]) -> Any:
    """A copy of the body that does not hold these texts at the path.

    What is left empty by that is gone too. What else is in the body is shared.
    """
    name, _, rest = path.partition(".")
    if not isinstance(body, dict) or name not in body:
        return body
    value = body[name]
    if rest:
        kept = without_texts(value, rest, texts)
    elif isinstance(value, list):
        kept = [item for item in value if not _is_one_of(item, texts)]
    else:
        kept = None if _is_one_of(value, texts) else value
    if kept == value:
        return body
    replaced = {**body, name: kept}
    return replaced if kept else {k: v for k, v in replaced.items() if k != name}


def _is_one_of(item: object, texts: frozenset[str]) -> bool:
    return isinstance(item, (str, int)) and str(item) in texts
