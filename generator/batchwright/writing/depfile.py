"""What a run read, as a rule of make: for build tools that have to know when to run."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Make ends a name at these, and takes the backslashes before them for their own.
_ENDS = re.compile(r"(\\*)([ \t#:])")


def depfile(target: str, prerequisites: Iterable[str]) -> str:
    """The rule that a target is made from its prerequisites, one on each line.

    Each prerequisite is a target of its own, too, without a rule: then make does not
    stop where a file has gone, but runs the generator, which knows if it is needed.
    """
    names = [_escaped(name) for name in prerequisites]
    rule = " \\\n  ".join([f"{_escaped(target)}:", *names])
    return rule + "\n" + "".join(f"\n{name}:\n" for name in names)


def _escaped(name: str) -> str:
    return _ENDS.sub(r"\1\1\\\2", name).replace("$", "$$")
