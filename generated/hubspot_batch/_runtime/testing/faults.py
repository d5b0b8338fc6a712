"""What goes wrong on purpose: next, or now and then."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeAlias

__all__ = ["NAMED", "Fault", "Faults", "Script", "fault_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way in which the answer to a request is not what one hopes for.

    Attributes:
        name: in a word, as `requests` have it.
        status: what is answered instead; None for the answer that is due.
        body: what is said instead: JSON, a text or bytes; None for what the API says.
        headers: added to those of the answer.
        after_commit: whether the request takes effect all the same.
        reset: no answer comes.
        truncated: it breaks off in the middle.
        invalid_json: it is no JSON.
        unknown_values: it has fields and values that nobody has heard of.
        unlabelled: results do not repeat the labels of their inputs.
        unnamed: errors do not say which inputs they are about.
        misfit: every tenth result is of another form than described.
        partial: some inputs are refused.
        latency: seconds before it comes.
    """

    name: str = "fault"
    status: int | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after_commit: bool = False
    reset: bool = False
    truncated: bool = False
    invalid_json: bool = False
    unknown_values: bool = False
    unlabelled: bool = False
    unnamed: bool = False
    misfit: bool = False
    partial: bool = False
    latency: float = 0.0

    @property
    def is_undone(self) -> bool:
        """Whether the request has no effect."""
        return (self.status is not None or self.reset) and not self.after_commit


# Is asked, with the effect and the inputs of a request, what is to go wrong with it.
Script: TypeAlias = Callable[[str | None, Sequence[Any]], Fault | str | None]

NAMED: Mapping[str, Fault] = {
    "reset_before_commit": Fault(reset=True),
    "reset_after_commit": Fault(reset=True, after_commit=True),
    "truncated": Fault(truncated=True),
    "invalid_json": Fault(invalid_json=True),
    "unknown_values": Fault(unknown_values=True),
    "unlabelled": Fault(unlabelled=True),
    "unnamed": Fault(unnamed=True, partial=True),
    "misfit": Fault(misfit=True),
    "partial": Fault(partial=True),
}


def fault_of(name: Fault | str) -> Fault:
    """
    A fault by its name: one of `NAMED`, or `status_503`, or `status_503_after_commit`.

    Raises:
        ValueError: there is no such fault.
    """
    if isinstance(name, Fault):
        return name
    if name in NAMED:
        return replace(NAMED[name], name=name)
    number = name.removeprefix("status_").removesuffix("_after_commit")
    if name.startswith("status_") and number.isdigit():
        after = name.endswith("_after_commit")
        return Fault(name=name, status=int(number), after_commit=after)
    known = ", ".join([*NAMED, "status_503", "status_503_after_commit"])
    raise ValueError(f"there is no fault {name!r}; there are {known}")


class Faults:
    """Which request meets which fault.

    What happens by chance depends on the seed, on what is sent, and on how often that
    was sent before; not on when it comes, nor on what other requests there are.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._next: list[tuple[Fault, str | None]] = []
        self._script: Script | None = None
        self._chances: tuple[tuple[Fault, float], ...] = ()
        self._latency = (0.0, 0.0)
        self._sent: Counter[str] = Counter()
        self._lock = threading.Lock()

    def expect(self, fault: Fault, count: int, on: str | None) -> None:
        """The next requests (with this effect, or for these records) meet a fault."""
        with self._lock:
            self._next += [(fault, on)] * count

    def spread(
        self,
        script: Script | None,
        chances: Iterable[tuple[Fault, float]],
        latency: tuple[float, float],
    ) -> None:
        """From now on, each request meets the script's fault, one of these, or none.

        Raises:
            ValueError: a chance is none, or they are more than one together.
        """
        known = tuple(chances)
        if any(not 0 <= chance <= 1 for _, chance in known):
            raise ValueError("a probability is between 0 and 1")
        if sum(chance for _, chance in known) > 1:
            raise ValueError("the probabilities are more than 1 together")
        with self._lock:
            self._script, self._chances, self._latency = script, known, latency

    def random_for(self, sent: str) -> Random:
        """The chance of a request, given what is sent."""
        with self._lock:
            attempt = self._sent[sent]
            self._sent[sent] += 1
        return Random(f"{self._seed}:{sent}:{attempt}")

    def draw(
        self,
        random: Random,
        effect: str | None,
        record_type: str,
        inputs: Sequence[Any],
    ) -> Fault | None:
        """
        Raises:
            ValueError: the script knows of a fault that there is not.
        """
        with self._lock:
            for place, (fault, on) in enumerate(self._next):
                if on in (None, effect, record_type):
                    del self._next[place]
                    return fault
            script, chances, latency = self._script, self._chances, self._latency
        scripted = script(effect, inputs) if script is not None else None
        if scripted is not None:
            return fault_of(scripted)
        point, found = random.random(), Fault(name="latency")
        for fault, chance in chances:
            if point < chance:
                found = fault
                break
            point -= chance
        wait = found.latency + random.uniform(*latency)
        if found.name == "latency" and not wait:
            return None
        return replace(found, latency=wait)
