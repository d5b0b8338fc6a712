"""Reads the answer to a batch: what there is of results and errors."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2
import msgspec

from ..codec import decode
from ..errors import ErrorFields
from ..lenient import convert_leniently
from .batching import Batching
from .errors import AmbiguousAnswerError, InputRejectedError

__all__ = ["Blame", "Reading", "UnreadableError", "listed", "read_success"]


class UnreadableError(Exception):
    """The answer is no JSON. Its text says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the answer to a successful request holds.

    Attributes:
        results: in the order of the answer.
        errors: plain JSON, in the order of the answer.
        misfits: the positions of results that do not have the declared form. These
            are plain JSON.
    """

    results: list[Any]
    errors: list[Any]
    misfits: frozenset[int] = frozenset()


def read_success(batching: Batching[Any, Any], content: bytes) -> Reading:
    """
    Fields that are missing, unknown, or of another type than declared do not matter as
    long as what is there can be told apart.

    Raises:
        UnreadableError: the content is no JSON.
    """
    try:
        found = decode(content, _envelope(batching))
    except (msgspec.ValidationError, RecursionError):
        return _read_leniently(batching, content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from None
    return Reading(found.results or [], found.errors or [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """Makes the errors that a part of an answer gives rise to.

    Attributes:
        fields: where the API's errors say what.
        visible: takes out of plain JSON what only the server was to see.
        status, headers, correlation_id, request: those of the whole answer.
    """

    fields: ErrorFields
    visible: Callable[[Any], Any]
    status: int | None
    headers: httpx2.Headers | None
    correlation_id: str | None
    request: str | None

    def rejection(self, said: Any) -> InputRejectedError:
        """For what an answer says of one or several inputs: an entry of its errors."""
        return InputRejectedError(
            said if isinstance(said, str) else self.fields.message_of(said),
            status=self.status,
            category=self.fields.category_of(said),
            correlation_id=self.correlation_id,
            body=self.visible(said),
            headers=self.headers,
            request=self.request,
        )

    def ambiguity(self, message: str, errors: list[Any]) -> AmbiguousAnswerError:
        """For inputs of which an answer does not tell what became of them."""
        return AmbiguousAnswerError(
            message,
            status=self.status,
            correlation_id=self.correlation_id,
            body=[self.visible(said) for said in errors] or None,
            headers=self.headers,
            request=self.request,
        )


def _read_leniently(batching: Batching[Any, Any], content: bytes) -> Reading:
    try:
        body = decode(content, Any)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(str(error)) from None
    results = listed(body, batching.results)
    misfits: set[int] = set()
    for index, result in enumerate(results):
        try:
            results[index] = convert_leniently(result, batching.result)
        except (msgspec.ValidationError, RecursionError):
            misfits.add(index)
    return Reading(results, listed(body, batching.errors), frozenset(misfits))


def listed(body: object, name: str | None) -> list[Any]:
    """The list in a field of plain JSON; an empty one if there is none."""
    if name is None or not isinstance(body, dict):
        return []
    found = body.get(name)
    return found if isinstance(found, list) else []


@cache
def _envelope(batching: Batching[Any, Any]) -> Any:
    """The part of the answer that is read, as a type to decode it to."""
    fields: list[tuple[str, Any, Any]] = []
    for name, wire, item in (
        ("results", batching.results, batching.result),
        ("errors", batching.errors, Any),
    ):
        # Without a name on the wire it is a name that no answer has.
        encoded = msgspec.field(name=wire or f"\x7f{name}", default=None)
        array: Any = types.GenericAlias(list, (item,))
        fields.append((name, array | None, encoded))
    return msgspec.defstruct("Envelope", fields)
