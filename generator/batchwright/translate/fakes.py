"""What the fake server needs: the records of each resource, and how the API behaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from batchwright import ir
from batchwright.document import Document
from batchwright.translate.groups import groups_of
from batchwright.translate.pins import Pins


def fake_of(
    document: Document, resources: Iterable[ir.Resource], pins: Pins
) -> ir.Fake | None:
    """The fake, if there is a batch operation that says what its effect is."""
    tags = groups_of(document, pins)
    types = tuple(
        _record_type(
            tag, resource, _said(group.node and group.node.get("x-record-type"))
        )
        for (tag, group), resource in zip(tags.items(), resources, strict=True)
        if any(_has_effect(operation) for operation in resource.operations)
    )
    if not types:
        return None
    behaviour = _said(document.root.get("x-behaviour"))
    return ir.Fake(record_types=types, behaviour=behaviour)


def _record_type(
    tag: str, resource: ir.Resource, said: Mapping[str, Any]
) -> ir.RecordType:
    scoped: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for operation in resource.operations:
        if _has_effect(operation) and operation.scopes:
            scoped.setdefault(operation.scopes, []).append(operation.constant)
    return ir.RecordType(
        name=tag,
        module=resource.module,
        names=tuple(said.get("names", ())),
        parameter=said.get("parameter"),
        unique=tuple(said.get("unique", ())),
        lower_case=tuple(said.get("lowerCase", ())),
        default=tuple(said.get("default", ())),
        scoped=tuple(
            ir.Scoped(constants=tuple(constants), scopes=scopes)
            for scopes, constants in scoped.items()
        ),
    )


def _has_effect(operation: ir.Operation) -> bool:
    return operation.batch is not None and operation.batch.batching.effect is not None


def _said(node: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", node.value) if node else {}
