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
    if old.name == new.name:
        yield from _methods_changed(about, old.batch, new.batch)
    if (old.batch.bare is None) != (new.batch.bare is None):
        yield _bare_changed(about, new.batch)
    yield from _limits_changed(about, before, after)
    yield from _identity_changed(about, before.identity, after.identity)
    yield from _conduct_changed(about, before, after)


def _methods_changed(about: About, old: ir.Batch, new: ir.Batch) -> Iterator[Change]:
    """The methods that stream outcomes, and that send a single request."""
    for before, after in (
        (old.iter_name, new.iter_name),
        (old.single_name, new.single_name),
    ):
        if before != after:
            yield about.breaks("method-renamed", f"`{before}` is `{after}` now")


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
    refused, were = _refused(new), _refused(old)
    for what in sorted(refused - were):
        yield about.breaks("batch-input", f"inputs {what} are refused")
    for what in sorted(were - refused):
        yield about.fits("batch-input", f"inputs {what} are no longer refused")
    if _matching(old) != _matching(new):
        yield about.fits("batch-matching", "results are matched to inputs another way")


def _refused(identity: ir.Identity | None) -> set[str]:
    """Which inputs are not taken, in words that follow the noun."""
    if identity is None:
        return set()
    found = {f"that name a record by `{it}`" for it in identity.refused_properties}
    if identity.property_required:
        found.add(f"without `{identity.property}`")
    return found


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
    if old.effect != new.effect:
        yield about.fits(
            "fake",
            f"the fake takes it for {new.effect or 'nothing'}, and took it for "
            f"{old.effect or 'nothing'}",
        )
