"""What an API says about its batch operations. The engine knows nothing else of it.

All names are the API's own. A path is a name, or several with dots between them, one
inside of the other.
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

from msgspec import Struct

from ..operation import Operation

__all__ = [
    "BatchOperation",
    "Batching",
    "Correlation",
    "Identity",
    "SmallerLimit",
]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result
T = TypeVar("T")  # what one request answers with

# How many inputs go in a request of an API that states no limit.
UNSTATED_LIMIT: Final = 100


class Identity(Struct, frozen=True, kw_only=True):
    """How an input says which record it means, and where the answer says it again.

    Attributes:
        input: the field of an input that holds the record's id.
        result: the field of a result that holds it.
        error: the path in an entry of the errors to the ids that it speaks of.
        property: the field of an input, or else of the body, that names a unique
            property. Where it is set, the id is a value of that property.
        properties: the field of a result that holds its properties by name; None if
            they are fields of the result.
        fold_case: whether the API may change the case of an id.
        property_required: whether every input has to name its property.
        refused_properties: what the API refuses as such a property.
    """

    input: str
    result: str | None = None
    error: str | None = None
    property: str | None = None
    properties: str | None = None
    fold_case: bool = False
    property_required: bool = False
    refused_properties: tuple[str, ...] = ()


class Correlation(Struct, frozen=True, kw_only=True):
    """A label on each input, unique in its request, that the answer repeats.

    Attributes:
        input: the field of an input that holds the label.
        result: the field of a result that repeats it.
        error: the path in an entry of the errors to the labels that it speaks of.
    """

    input: str
    result: str | None = None
    error: str | None = None


class SmallerLimit(Struct, frozen=True, kw_only=True):
    """Fewer inputs fit in a request where the body's field `when` is not empty."""

    when: str
    max_items: int


class Batching(Struct, Generic[I, R], frozen=True, kw_only=True, eq=False):
    """How an operation treats many inputs at once.

    Attributes:
        inputs: the field of the body that holds the inputs.
        input: the type of an input.
        max_items: how many inputs a request holds at most; None if the API does not
            say (a request then holds a hundred).
        results: the field of the answer that holds the results; None if there are
            none, and success means that all was done.
        result: the type of a result.
        errors: the field of the answer that holds an entry for each failure.
        repeatable: whether sending a request twice has the effect of sending it once.
        safe: whether a request changes nothing at all.
        effect: what becomes of the records: create, read, update, upsert or archive.
        partial: when bad inputs fail alone: always, never, or if all are labelled.
        none_found: the status of an answer if none of the records exists.
    """

    inputs: str
    input: Any
    max_items: int | None
    results: str | None = None
    result: Any = None
    errors: str | None = None
    identity: Identity | None = None
    correlation: Correlation | None = None
    repeatable: bool = False
    safe: bool = False
    smaller_limit: SmallerLimit | None = None
    effect: str | None = None
    partial: str | None = None
    none_found: int | None = None


class BatchOperation(
    Operation[T], Generic[I, R, T], frozen=True, kw_only=True, eq=False
):
    """An operation that does one thing to many inputs.

    It can be called once, for an answer as it is (`T`), or with any number of inputs
    (`I`), each of which comes to an outcome and may have a result (`R`).
    """

    batching: Batching[I, R]
