"""Limits of values, which the SDK does not check: what the API may refuse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batchwright import ir
from batchwright.surface.change import About, Change
from batchwright.surface.usage import Directions


def limits_changed(
    about: About,
    old: Sequence[ir.Limit],
    new: Sequence[ir.Limit],
    directions: Directions,
    what: str = "",
) -> Iterator[Change]:
    """A tighter limit refuses what is sent today, and code that reads never notices."""
    before = {limit.keyword: limit.value for limit in old}
    after = {limit.keyword: limit.value for limit in new}
    for keyword in sorted(before.keys() | after.keys()):
        was, now = before.get(keyword), after.get(keyword)
        if was == now:
            continue
        told = (
            f"{what and f'{what}: '}`{keyword}` is {_said(now)}, and was {_said(was)}"
        )
        if "request" not in directions:
            yield about.fits("limit", told)
        elif _is_tighter(keyword.rpartition(".")[2], was, now):
            yield about.breaks(
                "limit", f"{told}: the API may refuse what is sent today"
            )
        else:
            yield about.fits("limit", f"{told}: the API takes what is sent today")


def _said(value: str | int | float | None) -> str:
    return "not set" if value is None else f"`{value}`"


def _is_tighter(
    keyword: str, old: str | int | float | None, new: str | int | float | None
) -> bool:
    """Whether a limit keeps out what the old one let in, or may do so."""
    if new is None or keyword == "format":  # which names a kind of text, no more
        return False
    if old is None or isinstance(old, str) or isinstance(new, str):
        return True
    if keyword in ("multipleOf", "uniqueItems"):
        return keyword == "uniqueItems" or not _divides(new, old)
    if isinstance(new, bool):  # as exclusiveMaximum was in OpenAPI 3.0
        return new
    is_least = keyword.startswith("min") or keyword == "exclusiveMinimum"
    return new > old if is_least else new < old


def _divides(new: float, old: float) -> bool:
    return new != 0 and (old / new).is_integer()


def items_limit_changed(
    about: About,
    old: ir.Field,
    new: ir.Field,
    directions: Directions,
    is_batch_input: bool,
) -> Iterator[Change]:
    """Fewer items are less that can be sent, but for batches, which are cut."""
    before, after = old.max_items, new.max_items
    if before == after:
        return
    fewer = after is not None and (before is None or after < before)
    taken = f"the API takes {_items(new)}, and took {_items(old)}"
    if is_batch_input:
        yield about.fits("limit", f"{taken}: single requests have to keep to it")
    elif "request" in directions:
        yield about.changes("limit", taken, breaking=fewer)


def _items(field: ir.Field) -> str:
    return "any number" if field.max_items is None else f"up to {field.max_items} items"
