"""One thing that changes for users of the SDK."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from batchwright import ir

# The way to a place of the spec, as in a JSON pointer.
Pointer: TypeAlias = tuple[str, ...]

# A thing as pins name it, and the name that it is to have.
Pin: TypeAlias = tuple[str, str]

#: What pins call the clients; it is a key of its own in the configuration.
CLIENT = "client"


class Change(Struct, frozen=True, kw_only=True):
    """What changes, and whether code that used the old SDK notices.

    `subject` is what it is about, as code calls it (`deals.batch_update`,
    `models.Deal.amount`). `old` and `new` are where the specs say it; None where one
    does not. `pin` keeps a name that changes: the thing as pins name it, and the name.
    """

    breaking: bool
    code: str
    subject: str
    message: str
    old: Pointer | None = None
    new: Pointer | None = None
    pins: tuple[Pin, ...] = ()


class About(Struct, frozen=True, kw_only=True):
    """A subject and its places, to make changes about.

    `thing` is how a pin names the subject in the new spec.
    """

    subject: str
    old: Pointer | None = None
    new: Pointer | None = None
    thing: str | None = None

    def breaks(self, code: str, message: str) -> Change:
        """A change that costs somebody's code."""
        return self.changes(code, message, breaking=True)

    def renames(
        self,
        code: str,
        message: str,
        name: str,
        thing: str | None = None,
        *,
        taken: Collection[str] = (),
    ) -> Change:
        """A name that changes; a pin gives the old one back, unless it is taken."""
        change = self.breaks(code, message)
        thing = thing or self.thing
        if thing is None or name in taken:
            return change
        return replace(change, pins=((thing, name),))

    def fits(self, code: str, message: str) -> Change:
        """A change that code of today does not notice, or only gains by."""
        return self.changes(code, message, breaking=False)

    def changes(self, code: str, message: str, *, breaking: bool) -> Change:
        return Change(
            breaking=breaking,
            code=code,
            subject=self.subject,
            message=message,
            old=self.old,
            new=self.new,
        )

    def part(self, old: ir.Field | None = None, new: ir.Field | None = None) -> About:
        """A field of the subject, which one of the specs may lack."""
        either = old or new
        assert either is not None
        return About(
            subject=f"{self.subject}.{either.name}",
            old=_within(self.old, old),
            new=_within(self.new, new),
            thing=f"{self.thing}.{new.wire_name}" if self.thing and new else None,
        )


def _within(place: Pointer | None, field: ir.Field | None) -> Pointer | None:
    if place is None or field is None:
        return None
    return (*place, "properties", field.wire_name)
