"""What can become of an input, besides the errors that any call can end with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import SDKError

if TYPE_CHECKING:
    from .outcomes import BatchResult

__all__ = [
    "AmbiguousAnswerError",
    "BatchFailedError",
    "CallStoppedError",
    "DeadlineError",
    "InputRejectedError",
]


class InputRejectedError(SDKError):
    """The server answered that it refuses this input. The input had no effect.

    `body` is what the answer says of it. One error may speak of several inputs.
    """

    delivered = True


class AmbiguousAnswerError(SDKError):
    """The server answered, but did not say what became of this input.

    `body` holds what it did say.
    """

    delivered = True


class DeadlineError(SDKError):
    """The deadline of the call passed before this input was sent."""

    delivered = False


class CallStoppedError(SDKError):
    """The call was left before this input came to an outcome.

    `delivered` is False if the input was not sent, and None if it was on its way.
    """

    def __init__(
        self, message: str | None = None, *, delivered: bool | None = None
    ) -> None:
        super().__init__(message)
        self.delivered = delivered


class BatchFailedError(SDKError):
    """Not all inputs of a call succeeded.

    Attributes:
        result: what became of each of them.
    """

    def __init__(self, result: BatchResult[Any, Any]) -> None:
        super().__init__(_summary(result))
        self.result = result

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.result,)


def _summary(result: BatchResult[Any, Any]) -> str:
    failed, unknown = result.failed, result.unknown
    said = [f"{len(failed)} failed"] if failed else []
    said += [f"{len(unknown)} came to an unknown end"] if unknown else []
    first = failed[0].error if failed else unknown[0].cause if unknown else ""
    return f"of {len(result)} inputs {' and '.join(said)}; the first: {first}"
