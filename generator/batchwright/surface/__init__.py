"""Two Apis to what changes for users of the SDK: breaking or not."""

from __future__ import annotations

from batchwright import ir
from batchwright.surface.change import Change
from batchwright.surface.context import both_of
from batchwright.surface.models import models_changed
from batchwright.surface.operations import operations_changed
from batchwright.surface.package import package_changed

__all__ = ["Change", "changes"]


def changes(old: ir.Api, new: ir.Api) -> tuple[Change, ...]:
    """All that changes, what breaks code first, then by subject."""
    both = both_of(old, new)
    found = (
        *package_changed(old, new),
        *operations_changed(old, new, both),
        *models_changed(both),
    )
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _order(change: Change) -> tuple[bool, bool, str, str, str]:
    is_docs = change.code == "docs"
    return not change.breaking, is_docs, change.subject, change.code, change.message
