"""What goes wrong between a client and the fake, and when."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, Final

from hubspot_batch._runtime.testing.faults import fault_of
from hubspot_batch.testing import Fault

_PAGE: Final = "<html><body>503 Service Temporarily Unavailable</body></html>"

RATE_LIMITED: Final = fault_of("status_429")
RATE_LIMITED_FOR: Final = Fault(
    name="429 with Retry-After", status=429, headers={"Retry-After": "0.02"}
)
LOCKED: Final = fault_of("status_423")
UNAVAILABLE: Final = Fault(name="503, nothing done", status=503, body=_PAGE)
UNAVAILABLE_AFTER: Final = Fault(
    name="503, all done", status=503, body=_PAGE, after_commit=True
)
INTERNAL: Final = fault_of("status_500_after_commit")
"""A status of which the API's rules say nothing."""
RESET_BEFORE: Final = fault_of("reset_before_commit")
RESET_AFTER: Final = fault_of("reset_after_commit")
SLOW: Final = Fault(name="done, but answered too late", latency=30.0)
TRUNCATED: Final = fault_of("truncated")
INVALID_JSON: Final = fault_of("invalid_json")
PARTIAL: Final = fault_of("partial")
UNNAMED: Final = fault_of("unnamed")
UNKNOWN: Final = fault_of("unknown_values")
UNLABELLED: Final = fault_of("unlabelled")
MISFIT: Final = fault_of("misfit")

WITHOUT_ANSWER: Final = (
    RATE_LIMITED,
    RATE_LIMITED_FOR,
    LOCKED,
    UNAVAILABLE,
    UNAVAILABLE_AFTER,
    INTERNAL,
    RESET_BEFORE,
    RESET_AFTER,
    SLOW,
)
"""What can happen to a request that has no answer to be spoilt."""

ALL: Final = (
    *WITHOUT_ANSWER,
    TRUNCATED,
    INVALID_JSON,
    PARTIAL,
    UNNAMED,
    UNKNOWN,
    UNLABELLED,
    MISFIT,
)


def names(faults: Iterable[Fault]) -> frozenset[str]:
    """The names of faults, as the fake's requests have them."""
    return frozenset(fault.name for fault in faults)


HARMLESS: Final = names((RATE_LIMITED, RATE_LIMITED_FOR, LOCKED))
"""Nothing was done, and the client can know it."""

SPOILT: Final = names((TRUNCATED, INVALID_JSON))
"""The client cannot read the answer."""

UNCLEAR: Final = names(WITHOUT_ANSWER) - HARMLESS | SPOILT
"""The client cannot know whether anything was done."""

_DECK: Final = 20
# Requests for neighbouring inputs take neighbouring cards.
_INPUTS_PER_CARD: Final = 100


class FaultPlan:
    """Deals faults to requests: 5 % of each. It is a script for the fake.

    What a request gets depends on the seed, on its first input and on how often that
    was the first input before, and on nothing else: neither on when it comes nor on
    what other requests there are. Inputs are numbered. Of any twenty requests for two
    thousand inputs in a row each fault comes once.

    Args:
        faults: at most twenty.
    """

    def __init__(self, seed: int, faults: Sequence[Fault] = ALL) -> None:
        self._seed = seed
        self._cards = [*faults, *[None] * (_DECK - len(faults))]
        self._dealt: Counter[tuple[str | None, int]] = Counter()
        self._lock = threading.Lock()

    def __call__(self, effect: str | None, inputs: Sequence[Any]) -> Fault | None:
        """What becomes of a request."""
        first = number_of(inputs)
        with self._lock:
            attempt = self._dealt[effect, first]
            self._dealt[effect, first] += 1
        if attempt:
            return self._random(effect, first, attempt).choice(self._cards)
        deck, place = divmod(first // _INPUTS_PER_CARD, _DECK)
        shuffled = self._cards.copy()
        self._random(effect, deck).shuffle(shuffled)
        return shuffled[place]

    def _random(self, *key: object) -> Random:
        return Random(f"{self._seed}:{key}")


def number_of(inputs: Sequence[Any]) -> int:
    """The number in the first input's id, or in its first property."""
    named = inputs[0] if inputs else {}
    text = named.get("id") or next(iter(named.get("properties", {}).values()), "")
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0
