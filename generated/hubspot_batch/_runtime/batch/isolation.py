"""Finds the inputs for which a whole request was refused.

The request is halved until the bad inputs stand alone: for n inputs that takes fewer
than 2n requests. Where a request carries more than its inputs, a few requests tell
first whether it is not that which is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ..errors import SDKError

if TYPE_CHECKING:
    from .chunks import Chunk

__all__ = ["Suspicion", "Trial", "Words", "halves", "words_of"]

# How a refusal is put: status, category, message.
Words: TypeAlias = tuple[int | None, str | None, str | None]


def words_of(error: SDKError) -> Words:
    return error.status, error.category, error.message


def halves(chunk: Chunk) -> list[Chunk]:
    middle = (len(chunk) + 1) // 2
    return [chunk.part(range(middle)), chunk.part(range(middle, len(chunk)))]


@dataclass(slots=True)
class Trial:
    """Two inputs of a refused chunk are sent alone, one after the other.

    If both are refused in the same words as the chunk was, then it is not for the
    inputs: it would be a strange chance that exactly these two were bad.

    Attributes:
        error: the refusal of the chunk.
        rest: the inputs that wait for what comes of it.
        seconds: whether the second of the two has been sent.
    """

    error: SDKError
    rest: Chunk
    second: bool = False


class Suspicion:
    """Whether it may be what requests have in common that the server refuses.

    Args:
        has_options: whether requests carry anything beside their inputs.
    """

    def __init__(self, has_options: bool) -> None:
        self._is_open = has_options
        self._refused: Words | None = None

    def dismiss(self) -> None:
        """A request succeeded, or was refused for something of its own."""
        self._is_open = False

    def confirm(self, error: SDKError) -> None:
        """It is what requests have in common that is refused."""
        self._refused = words_of(error)

    def is_confirmed(self, error: SDKError) -> bool:
        """Whether this refusal need not be looked into any more."""
        return self._is_open and self._refused == words_of(error)

    def try_out(self, chunk: Chunk, error: SDKError) -> Chunk | None:
        """The first input of a refused chunk, to be sent alone.

        None if nothing is to be tried out: then the chunk is to be halved.
        """
        if not self._is_open or len(chunk) < 3:
            return None
        probe = chunk.part([0])
        probe.trial = Trial(error, chunk.part(range(1, len(chunk))))
        return probe

    def go_on(self, trial: Trial, refusal: SDKError | None) -> Chunk | None:
        """What to send next in a trial, after the answer to its last request.

        Args:
            refusal: None if the request was not refused for what is in it.

        Returns:
            The second input, or the rest of the chunk. None if it is the request
            that is refused, and so the rest with it.
        """
        if refusal is None or words_of(refusal) != words_of(trial.error):
            self.dismiss()
            return trial.rest
        if trial.second:
            self.confirm(trial.error)
            return None
        last = len(trial.rest) - 1
        probe = trial.rest.part([last])
        probe.trial = Trial(trial.error, trial.rest.part(range(last)), second=True)
        return probe
