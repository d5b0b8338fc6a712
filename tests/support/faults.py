"""What goes wrong between a client and a server, and when."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from random import Random
from typing import Final


class Fault(StrEnum):
    """One way in which the answer to a request is not what one hopes for."""

    RATE_LIMITED = "429"
    RATE_LIMITED_FOR = "429 with Retry-After"
    LOCKED = "423"
    UNAVAILABLE = "503, nothing done"
    UNAVAILABLE_AFTER = "503, all done"
    RESET_BEFORE = "reset, nothing done"
    RESET_AFTER = "reset, all done"
    SLOW = "done, but answered too late"
    TRUNCATED = "done, but the answer breaks off"
    INVALID_JSON = "done, but the answer is no JSON"
    PARTIAL = "some inputs are refused"
    UNKNOWN = "fields and values that nobody has heard of"
    UNLABELLED = "results without the labels of their inputs"
    MISFIT = "some results of another form than described"


HARMLESS: Final = frozenset({Fault.RATE_LIMITED, Fault.RATE_LIMITED_FOR, Fault.LOCKED})
"""Nothing was done, and the client can know it."""

UNCLEAR: Final = frozenset(
    {
        Fault.UNAVAILABLE,
        Fault.UNAVAILABLE_AFTER,
        Fault.RESET_BEFORE,
        Fault.RESET_AFTER,
        Fault.SLOW,
        Fault.TRUNCATED,
        Fault.INVALID_JSON,
    }
)
"""The client cannot know whether anything was done."""

UNDONE: Final = HARMLESS | {Fault.UNAVAILABLE, Fault.RESET_BEFORE}
"""Nothing was done."""

_DECK: Final = 20
# Requests for neighbouring inputs take neighbouring cards.
_INPUTS_PER_CARD: Final = 100


class FaultPlan:
    """Deals faults to requests: 5 % of each.

    What a request gets depends on the seed, on its first input and on how often that
    was the first input before, and on nothing else: neither on when it comes nor on
    what other requests there are. Inputs are numbered. Of any twenty requests for two
    thousand inputs in a row each fault comes once.

    Args:
        faults: at most twenty.
    """

    def __init__(self, seed: int, faults: Sequence[Fault] = tuple(Fault)) -> None:
        self._seed = seed
        self._cards = [*faults, *[None] * (_DECK - len(faults))]
        self._dealt: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()

    def deal(self, kind: str, first: int) -> Fault | None:
        """What becomes of a request.

        Args:
            kind: of the request; each has its own decks.
            first: the number of its first input.
        """
        with self._lock:
            attempt = self._dealt[kind, first]
            self._dealt[kind, first] += 1
        if attempt:
            return self._random(kind, first, attempt).choice(self._cards)
        deck, place = divmod(first // _INPUTS_PER_CARD, _DECK)
        shuffled = self._cards.copy()
        self._random(kind, deck).shuffle(shuffled)
        return shuffled[place]

    def _random(self, *key: object) -> Random:
        return Random(f"{self._seed}:{key}")
