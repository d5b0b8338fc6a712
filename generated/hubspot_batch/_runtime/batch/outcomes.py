"""What becomes of inputs: one outcome for each, whatever happened on the way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Generic, Self, TypeAlias, TypeVar

from msgspec import Struct

from ..errors import SDKError
from .errors import BatchFailedError, InputRejectedError

__all__ = [
    "BatchResult",
    "Failed",
    "Outcome",
    "Succeeded",
    "Unknown",
    "partial_result",
]

I = TypeVar("I", covariant=True)  # noqa: E741 - an input
R = TypeVar("R", covariant=True)  # a result

_KEPT_AS = "_partial_result"


# A million of them may be alive at once; they hold data only, and never each other.
class Succeeded(Struct, Generic[I, R], frozen=True, gc=False):
    """The server confirmed that it did what the input says.

    Attributes:
        input: what was sent.
        result: what the server answered; None if the operation has no results, or if
            it cannot be told which of the results is this input's.
    """

    input: I
    result: R | None


class Failed(Struct, Generic[I], frozen=True):
    """The input certainly had no effect.

    Attributes:
        input: what was sent, or was to be sent.
        error: why.
    """

    input: I
    error: SDKError


class Unknown(Struct, Generic[I], frozen=True):
    """Nobody can tell whether the input had its effect.

    Attributes:
        input: what was sent.
        cause: what kept the answer from being known.
    """

    input: I
    cause: SDKError


Outcome: TypeAlias = Succeeded[I, R] | Failed[I] | Unknown[I]


class BatchResult(Struct, Generic[I, R], frozen=True, dict=True):
    """What became of all inputs of a call. It has a length and can be iterated.

    Attributes:
        outcomes: one for each input, in the order of the inputs.
        unattributed: results that the server gave, but that cannot be told to be a
            certain input's, or that do not have the declared form (those are dicts).
        unattributed_errors: errors that the server gave, though none of the inputs can
            have been meant.
    """

    outcomes: tuple[Outcome[I, R], ...]
    unattributed: tuple[R | Any, ...] = ()
    unattributed_errors: tuple[InputRejectedError, ...] = ()

    @cached_property
    def succeeded(self) -> tuple[Succeeded[I, R], ...]:
        return tuple(each for each in self.outcomes if isinstance(each, Succeeded))

    @cached_property
    def failed(self) -> tuple[Failed[I], ...]:
        return tuple(each for each in self.outcomes if isinstance(each, Failed))

    @cached_property
    def unknown(self) -> tuple[Unknown[I], ...]:
        return tuple(each for each in self.outcomes if isinstance(each, Unknown))

    def raise_for_failures(self) -> Self:
        """The result itself, if every input succeeded.

        Raises:
            BatchFailedError: not every input did; it holds the result.
        """
        if self.failed or self.unknown:
            raise BatchFailedError(self)
        return self

    def __len__(self) -> int:
        return len(self.outcomes)

    def __iter__(self) -> Iterator[Outcome[I, R]]:
        return iter(self.outcomes)

    def __repr__(self) -> str:
        counts = f"{len(self.succeeded)} succeeded, {len(self.failed)} failed"
        more = f", {len(self.unknown)} unknown" if self.unknown else ""
        return f"<{type(self).__name__}: {counts}{more}>"


def partial_result(error: BaseException) -> BatchResult[Any, Any] | None:
    """What was known when an exception ended a call.

    Args:
        error: what was raised: KeyboardInterrupt, a cancellation, an error of a
            callback, or an exception that one of these led to.

    Returns:
        An outcome for each input of the call: those that were on their way are
        Unknown, those that had not been sent are Failed. None if no call was ended
        by it, or if nothing had been sent.
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        found: BatchResult[Any, Any] | None = getattr(current, _KEPT_AS, None)
        if found is not None:
            return found
        current = current.__cause__ or current.__context__
    return None


def keep_partial_result(error: BaseException, result: BatchResult[Any, Any]) -> None:
    """Let `partial_result` find it."""
    setattr(error, _KEPT_AS, result)
