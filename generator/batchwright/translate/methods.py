"""Operation ids to names of methods."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.translate.groups import Found, Group
from batchwright.translate.pins import Pins

#: What the bodies of the classes are written with, beside builtins.
_RESERVED = {"deprecated"}


def method_names(group: Group, pins: Pins, report: Report) -> dict[str, str]:
    by_key = {found.key: found for found in group.found}
    settled = pins.settle(
        (
            naming.Wish(
                key=found.key,
                wire=found.operation_id or found.key,
                candidates=_method_candidates(found, group.tag),
            )
            for found in group.found
        ),
        lambda key: key,
        reserved=_RESERVED,
    )
    for keys in settled.unsettled:
        report.error(
            "name-collision",
            f"the operations {listed(keys)} all become the method"
            f" `{settled.names[keys[0]]}`",
            by_key[keys[-1]].node,
            hint="give each an operationId of its own",
        )
    for key in settled.renamed:
        report.warning(
            "renamed",
            f"`{key}` is called `{settled.names[key]}`, since another operation of its"
            " tag has the shorter name",
            by_key[key].node,
            hint="give each operation of a tag an operationId of its own",
        )
    return settled.names


def stream_names(names: Mapping[str, str]) -> dict[str, str]:
    """What the streams of operations are called, by the same keys."""
    settled = naming.settle(
        (
            naming.Wish(
                key=key,
                wire="",
                candidates=(f"stream_{name}", f"{name}_stream", f"{name}_as_stream_"),
            )
            for key, name in names.items()
        ),
        reserved=set(names.values()),
    )
    return settled.names


def check_batch_names(
    group: Group, operations: Sequence[ir.Operation], report: Report
) -> None:
    """The further methods of batch operations must not take a name that is taken."""
    taken = Counter(operation.name for operation in operations)
    for operation in operations:
        if operation.batch:
            taken.update((operation.batch.iter_name, operation.batch.single_name))
    for found, operation in zip(group.found, operations, strict=True):
        if taken[operation.name] > 1:
            report.error(
                "name-collision",
                f"`{operation.name}` is the name of this operation, and of a method"
                " that another operation has for its `x-batch`",
                found.node,
                hint="give one of them another operationId",
            )


def _method_candidates(found: Found, tag: str) -> tuple[str, ...]:
    """Names from the operation's id, then from its method and path."""
    place = " by ".join(re.split(r"\{", f"{found.method} {found.path}"))
    wanted = [
        naming.snake(_short_id(found, tag)),
        naming.snake(found.operation_id or ""),
        naming.snake(place),
        naming.snake(naming.spelled(place)),
    ]
    return tuple(dict.fromkeys(naming.identifier(w, lead="call") for w in wanted if w))


def _short_id(found: Found, tag: str) -> str:
    """The id without what the tag or the path says already.

    Without the tag in front of it (`deals.batchUpdate` -> batchUpdate), and without the
    path and method that frameworks put behind it (`read_item_items__id__get` ->
    read_item). Only the operation itself decides, so that no other can rename it.
    """
    operation_id = found.operation_id or ""
    behind = re.sub(r"\W", "_", f"{found.path}_{found.method.lower()}")
    if len(operation_id) > len(behind):
        operation_id = operation_id.removesuffix(behind)
    first, separator, rest = operation_id.partition(".")
    if not separator:
        first, separator, rest = operation_id.partition("/")
    same = naming.snake(first) == naming.snake(tag)
    return rest if separator and rest and same else operation_id


def listed(names: Iterable[str]) -> str:
    """Names as a message quotes them."""
    return ", ".join(f"`{name}`" for name in names)
