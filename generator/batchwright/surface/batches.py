"""Batches: how many inputs fit, and how each is told what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from batchwright import ir
from batchwright.surface.change import About, Change
from batchwright.surface.context import Both
from batchwright.surface.models import type_changed
from batchwright.surface.usage import RESPONSE


def batch_changed(
    about: About, old: ir.Operation, new: ir.Operation, both: Both
) -> Iterator[Change]:
    """What changes about a method that is a batch before and after."""
    if old.batch is None or new.batch is None:
        return
    before, after = old.batch.batching, new.batch.batching
    result = (before.result or ir.NONE, after.result or ir.NONE)
    yield from type_changed(
        about, "outcome-type", "the result of an input", *result, RESPONSE, both
    )
    if old.batch.bare != new.batch.bare:
        yield _bare_changed(about, new.batch)
    yield from _limits_changed(about, before, after)
    yield from _identity_changed(about, before.identity, after.identity)
    yield from _conduct_changed(about, before, after)


def _bare_changed(about: About, new: ir.Batch) -> Change:
    if new.bare is None:
        return about.breaks("batch-input", "an input can no longer be a bare value")
    return about.fits("batch-input", "an input can be a bare value now")


def _limits_changed(
    about: About, old: ir.Batching, new: ir.Batching
) -> Iterator[Change]:
    if old.max_items != new.max_items:
        yield about.fits(
            "batch-limit",
            f"{_limit(new.max_items)} inputs fit in a request, and "
            f"{_limit(old.max_items)} did; batches are cut accordingly",
        )
    if old.smaller_limit != new.smaller_limit:
        yield about.fits(
            "batch-limit",
            f"{_smaller(new.smaller_limit)} now, and {_smaller(old.smaller_limit)} "
            "before; batches are cut accordingly",
        )


def _limit(number: int | None) -> str:
    return "any number of" if number is None else f"{number}"


def _smaller(limit: ir.SmallerLimit | None) -> str:
    if limit is None:
        return "no smaller limit"
    return f"{limit.max_items} with `{limit.when}`"


def _identity_changed(
    about: About, old: ir.Identity | None, new: ir.Identity | None
) -> Iterator[Change]:
    if new is not None:
        known = old.refused_properties if old else ()
        refused = [it for it in new.refused_properties if it not in known]
        if refused:
            listed = ", ".join(f"`{it}`" for it in refused)
            yield about.breaks(
                "batch-input", f"inputs that name a record by {listed} are refused"
            )
        if new.property_required and not (old and old.property_required):
            yield about.breaks(
                "batch-input", f"inputs without `{new.property}` are refused"
            )
    if _matching(old) != _matching(new):
        yield about.fits("batch-matching", "results are matched to inputs another way")


def _matching(identity: ir.Identity | None) -> object:
    if identity is None:
        return None
    return (
        identity.input,
        identity.result,
        identity.error,
        identity.property,
        identity.properties,
        identity.fold_case,
    )


def _conduct_changed(
    about: About, old: ir.Batching, new: ir.Batching
) -> Iterator[Change]:
    if old.correlation != new.correlation:
        yield about.fits("batch-matching", "inputs are labelled another way")
    if (old.results, old.errors) != (new.results, new.errors):
        yield about.fits(
            "batch-matching", "results or errors come in other fields (wire only)"
        )
    if old.repeatable != new.repeatable:
        yield about.fits(
            "batch-retries",
            (
                "requests may be sent again now"
                if new.repeatable
                else "requests are no longer sent again where they may have taken "
                "effect: more inputs may end as Unknown"
            ),
        )
    if (old.safe, old.partial, old.none_found) != (
        new.safe,
        new.partial,
        new.none_found,
    ):
        yield about.fits("batch-answers", "partial answers are read another way")
