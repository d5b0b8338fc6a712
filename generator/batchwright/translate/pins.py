"""Names that the configuration pins, whatever the spec would make of them.

A thing is named as people speak of it: `tag crm.deals`, `path deals` where paths group
the operations, `POST /deals/batch`, the argument of a method by `POST /deals/batch
limit`, `schema Deal`, its field or value by `schema Deal.amount`, `security key`. A
schema that stands in place is a `class DealOwner`, by the name that it would have, and
its field `class DealOwner.email`.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches

from batchwright import naming
from batchwright.configuration.entries import Pin
from batchwright.diagnostics import Report, excerpt
from batchwright.naming import Key, Settled, Wish


class Pins:
    """The pins of a run; they remember which of them were used."""

    def __init__(self, pins: Iterable[Pin], report: Report) -> None:
        self._pins = {pin.thing: pin for pin in pins}
        self._report = report
        self._seen: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self._pins)

    def settle(
        self,
        wishes: Iterable[Wish[Key]],
        thing: Callable[[Key], str],
        *,
        reserved: Collection[str] = (),
    ) -> Settled[Key]:
        """The names of `naming.settle`, but for pinned ones.

        A pin gives its thing the name and leaves all others theirs. It is an error
        where the name is no name, or taken.
        """
        several = list(wishes)
        settled = naming.settle(several, reserved=reserved)
        if not self._pins:
            return settled
        things = {wish.key: thing(wish.key) for wish in several}
        self._seen |= dict.fromkeys(things.values())
        pinned = {
            key: self._pins[told] for key, told in things.items() if told in self._pins
        }
        names = settled.names | {key: pin.name for key, pin in pinned.items()}
        for key, pin in pinned.items():
            others = [things[it] for it, name in names.items() if name == pin.name]
            others.remove(things[key])
            self._check(pin, others, reserved)
        return Settled(
            names=names,
            renamed=tuple(key for key in settled.renamed if key not in pinned),
            unsettled=_without(settled.unsettled, pinned),
        )

    def has(self, thing: str) -> bool:
        """Whether there is a pin for a thing."""
        return thing in self._pins

    def pinned(self, thing: str, otherwise: str, taken: Collection[str]) -> str:
        """The name of a single thing: its pin's, or else another one."""
        if not self._pins:
            return otherwise
        self._seen[thing] = None
        pin = self._pins.get(thing)
        if pin is None:
            return otherwise
        self._check(pin, [], taken)
        return pin.name

    def _check(self, pin: Pin, others: list[str], reserved: Collection[str]) -> None:
        if not pin.name.isidentifier() or keyword.iskeyword(pin.name):
            self._refuse(pin, "is no name in Python")
        elif pin.name.startswith("_"):
            self._refuse(pin, "begins with an underscore, as only private names do")
        elif pin.name in reserved:
            self._refuse(pin, "is a name that the package has for something else")
        elif others:
            self._refuse(pin, f"is the name of {excerpt(others[0])}, too")

    def _refuse(self, pin: Pin, reason: str) -> None:
        self._report.error(
            "bad-rename",
            f"{excerpt(pin.thing)} cannot be renamed to {excerpt(pin.name)}: that "
            f"{reason}",
            pin.location,
            hint="pin another name",
        )

    def report_unused(self) -> None:
        """Say which pins name nothing of the spec."""
        for thing, pin in self._pins.items():
            if thing not in self._seen:
                close = get_close_matches(thing, self._seen, n=1)
                self._report.error(
                    "unused-rename",
                    f"{excerpt(thing)} is renamed, but there is no such thing in the "
                    "spec",
                    pin.location,
                    hint=(
                        f"did you mean {excerpt(close[0])}?"
                        if close
                        else "remove the line; things are named like `tag X`, "
                        "`path X`, `METHOD /path`, `schema X`, `schema X.property`, "
                        "`class X`"
                    ),
                )


def _without(
    groups: tuple[tuple[Key, ...], ...], pinned: Mapping[Key, Pin]
) -> tuple[tuple[Key, ...], ...]:
    """Things that cannot be told apart, once some of them have pins."""
    left = (tuple(key for key in group if key not in pinned) for group in groups)
    return tuple(
        rest
        for rest, group in zip(left, groups, strict=True)
        if len(rest) > 1 or rest == group
    )
