"""Says what has to have become of each input, by what the server knows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hubspot_batch import Failed, RequestTimeoutError, Succeeded, Unknown
from hubspot_batch.testing import FakeServer, Seen
from support.faults import HARMLESS, SPOILT, UNCLEAR

# Names an input as it was sent.
Name = Callable[[Mapping[str, Any]], Hashable]

_KINDS: Final[dict[type, str]] = {
    Succeeded: "succeeded",
    Failed: "failed",
    Unknown: "unknown",
}
_ATTEMPTS: Final = 5


@dataclass(slots=True)
class Account:
    """What the server knows of an input.

    Attributes:
        was_unclear: whether an answer to it left open whether it was done.
        requests: how many it was in.
        end: what its last answer was: "succeeded", "failed" or "unknown".
        may_be_repeated: whether the last answer invites to another attempt.
        commits: the ids of the records that were written for it.
    """

    was_unclear: bool = False
    requests: int = 0
    end: str = ""
    may_be_repeated: bool = False
    commits: list[str] = field(default_factory=list)

    def expected(self, *, is_safe: bool = False) -> str:
        """What the client has to say of it.

        Args:
            is_safe: whether the operation changes nothing, so that nothing is unclear.
        """
        if self.end == "succeeded":
            return "succeeded"
        return "unknown" if self.was_unclear and not is_safe else "failed"


def accounts(fake: FakeServer, effect: str, name: Name) -> dict[Any, Account]:
    """What the fake knows of every input with this effect that it has seen."""
    found: dict[Any, Account] = {}
    for seen in fake.requests:
        if seen.effect != effect:
            continue
        refused = {name(item) for item in seen.refused}
        for item in seen.inputs:
            account = found.setdefault(name(item), Account())
            account.requests += 1
            account.may_be_repeated = seen.fault in HARMLESS
            if _is_unclear(seen):
                account.was_unclear = True
                account.end = "unknown"
            elif seen.status < 400:
                account.end = "failed" if name(item) in refused else "succeeded"
            else:
                account.end = "failed"
    for commit in fake.ledger:
        if commit.effect == effect:
            found[name(commit.input)].commits.append(commit.id)
    return found


def _is_unclear(seen: Seen) -> bool:
    if seen.status >= 400 and seen.fault in SPOILT:
        # A refusal is one whatever its body looks like.
        return False
    return seen.fault in UNCLEAR


def kind_of(outcome: Succeeded[Any, Any] | Failed[Any] | Unknown[Any]) -> str:
    return _KINDS[type(outcome)]


def untruths(
    known: Mapping[Any, Account],
    names: Iterable[Hashable],
    outcomes: Iterable[Any],
    *,
    is_safe: bool = False,
) -> list[str]:
    """The outcomes that are not what the server knows of the inputs with these names.

    Where a machine is so busy that an answer in time still comes too late, the client
    does not know better.
    """
    found = []
    for name, outcome in zip(names, outcomes, strict=True):
        if is_timeout(outcome):
            continue
        account = known[name]
        said, true = kind_of(outcome), account.expected(is_safe=is_safe)
        if said != true:
            found.append(f"{name}: {true}, but {outcome}")
        if account.may_be_repeated and account.requests < _ATTEMPTS:
            found.append(f"{name}: {account.requests} requests, then {outcome}")
    return found


def is_timeout(outcome: object) -> bool:
    """Whether it is not known what became of an input, since nothing came in time."""
    return isinstance(outcome, Unknown) and isinstance(
        outcome.cause, RequestTimeoutError
    )
