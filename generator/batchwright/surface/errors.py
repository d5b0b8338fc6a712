"""The bodies of documented failures: what an error that is caught holds."""

from __future__ import annotations

from collections.abc import Iterator

from batchwright import ir
from batchwright.surface.change import About, Change
from batchwright.surface.context import Both
from batchwright.surface.models import type_changed
from batchwright.surface.usage import RESPONSE


def errors_changed(
    about: About, old: ir.Operation, new: ir.Operation, both: Both
) -> Iterator[Change]:
    """What changes about the bodies of errors, status by status."""
    statuses = dict.fromkeys(error.status for error in (*old.errors, *new.errors))
    for status in statuses:
        yield from type_changed(
            about, "error-type", f"the body of an error ({status})",
            _body(old, status), _body(new, status), RESPONSE, both,
        )  # fmt: skip


def _body(operation: ir.Operation, status: int | str) -> ir.Type:
    """The type of the body for a status; that of no documented one is just JSON."""
    types = {error.status: error.type for error in operation.errors}
    for key in (status, f"{str(status)[0]}XX", "default"):
        if (type_ := types.get(key)) is not None:
            return type_
    return ir.ANY
