"""Variables of servers: what a caller can say of where the API is."""

from __future__ import annotations

from collections.abc import Iterator

from batchwright import ir
from batchwright.surface.change import About, Change

_SERVERS = ("servers",)


def variables_changed(old: ir.Client, new: ir.Client) -> Iterator[Change]:
    """What changes about the arguments that stand for variables of servers."""
    about = About(subject=old.class_name, old=_SERVERS, new=_SERVERS)
    before = {variable.name: variable for variable in old.servers.variables}
    after = {variable.name: variable for variable in new.servers.variables}
    for name in sorted(before.keys() - after.keys()):
        yield about.breaks("server-variable", f"the argument `{name}` is gone")
    for name in sorted(after.keys() - before.keys()):
        yield about.fits("server-variable", f"a new argument `{name}`")
    for name in sorted(before.keys() & after.keys()):
        yield from _variable_changed(about, before[name], after[name])


def _variable_changed(
    about: About, old: ir.ServerVariable, new: ir.ServerVariable
) -> Iterator[Change]:
    what = f"the argument `{old.name}`"
    if old.default != new.default:
        yield about.fits(
            "server-variable",
            f"{what} is {new.default!r} by default, and was {old.default!r}"
            " (wire only)",
        )
    if old.wire_name != new.wire_name:
        yield about.fits(
            "server-variable",
            f"{what} stands for `{{{new.wire_name}}}`, and did for "
            f"`{{{old.wire_name}}}` (wire only)",
        )
    if old.docs != new.docs:
        yield about.fits("docs", f"another description of {what}")
    if old.values != new.values:
        fewer = bool(new.values) and not {*old.values} <= {*new.values}
        yield about.changes(
            "server-variable",
            f"{what} is {_listed(new)}, and was {_listed(old)}",
            breaking=fewer or (bool(new.values) and not old.values),
        )


def _listed(variable: ir.ServerVariable) -> str:
    return " or ".join(map(repr, variable.values)) or "any string"
