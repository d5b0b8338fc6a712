"""What all requests of one call have in common, and how a chunk becomes a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import msgspec

from ..codec import encode
from ..errors import Finding, InvalidInputError
from ..models import UNSET
from ..operation import PreparedRequest
from ..structure import fields_of
from .batching import UNSTATED_LIMIT, Batching, BatchOperation
from .columns import has_field

__all__ = ["Call", "call_of"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result

_EMPTY: Final = frozenset({b"null", b"[]", b"{}", b'""'})
_decode_raw = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[I, R]):
    """One call of a batch operation, apart from its inputs.

    Attributes:
        limit: how many inputs a request holds at most.
        id_property: the unique property that the body names for all inputs.
        has_options: whether requests carry anything beside their inputs.
    """

    operation: BatchOperation[I, R, Any]
    limit: int
    id_property: str | None
    has_options: bool
    _template: PreparedRequest
    _head: bytes = field(repr=False)
    _tail: bytes = field(repr=False)

    @property
    def batching(self) -> Batching[I, R]:
        return self.operation.batching

    @property
    def request(self) -> str:
        """Method and path."""
        return str(self._template)

    def has_results(self, status: int, content: bytes) -> bool:
        """Whether a success has results, by what the API declares of its status."""
        if self.batching.results is None:
            return False
        declared = self.operation.responses
        by_range = declared.get(f"{status // 100}XX", "")
        return bool(content) or declared.get(status, by_range) is not None

    def prepare(self, inputs: bytes) -> PreparedRequest:
        """What to send for these inputs: a JSON array."""
        template = self._template
        return PreparedRequest(
            method=template.method,
            path=template.path,
            query=template.query,
            headers=template.headers,
            content=b"%b%b%b" % (self._head, inputs, self._tail),
            server=template.server,
        )


def call_of(
    operation: BatchOperation[I, R, Any],
    *,
    arguments: Mapping[str, object],
    fields: Mapping[str, object],
    headers: Mapping[str, str] | None,
) -> Call[I, R]:
    """
    Args:
        arguments: the parameters' values by Python name.
        fields: the body's fields by Python name, but for the inputs.
        headers: headers for all requests of the call.

    Raises:
        InvalidInputError: a value cannot be what the API wants.
    """
    batching = operation.batching
    own_names = {each.encode_name: each.name for each in fields_of(operation.body)}
    prepared = operation.prepare(
        arguments=arguments,
        fields={**fields, own_names[batching.inputs]: []},
        headers=headers,
    )
    body = _decode_raw(prepared.content or b"{}")
    del body[batching.inputs]
    others = encode(body)
    id_property = _property_of(batching, body)
    _check_property(batching, id_property, own_names)
    given = [each for each in arguments.values() if each not in (UNSET, None)]
    name = encode(batching.inputs)
    return Call(
        operation=operation,
        limit=_limit_of(batching, body),
        id_property=id_property,
        has_options=bool(body or given),
        _template=prepared,
        _head=b"{%b:" % name,
        _tail=b",%b" % others[1:] if body else b"}",
    )


def _limit_of(batching: Batching[Any, Any], body: Mapping[str, msgspec.Raw]) -> int:
    limit = batching.max_items or UNSTATED_LIMIT
    smaller = batching.smaller_limit
    if smaller is None or bytes(body.get(smaller.when, b"null")) in _EMPTY:
        return limit
    return min(limit, smaller.max_items)


def _property_of(
    batching: Batching[Any, Any], body: Mapping[str, msgspec.Raw]
) -> str | None:
    identity = batching.identity
    if identity is None or identity.property is None:
        return None
    if has_field(batching.input, identity.property) or identity.property not in body:
        return None
    named: object = msgspec.json.decode(body[identity.property])
    return named if isinstance(named, str) else None


def _check_property(
    batching: Batching[Any, Any], named: str | None, own_names: Mapping[str, str]
) -> None:
    """
    Raises:
        InvalidInputError: the body names a property that the API refuses, or none
            where it needs one.
    """
    identity = batching.identity
    if identity is None or identity.property is None:
        return
    if identity.property not in own_names:
        return
    message: str | None = None
    if named in identity.refused_properties:
        message = f"must not be {named!r}"
    elif named is None and identity.property_required:
        message = "is required: the property that ids are values of"
    if message is not None:
        field = own_names[identity.property]
        finding = Finding(index=None, field=field, message=message)
        raise InvalidInputError(findings=[finding])
