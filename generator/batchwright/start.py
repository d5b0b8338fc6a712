"""Where the command starts: nothing to do takes no longer than to find that out."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long as the rest of the shortest run
    from collections.abc import Sequence

# Objects made for which none is gone; usually 700.
_MADE_BEFORE_GARBAGE = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (by default the process's own) and give its exit code."""
    look_for_garbage_seldom()
    if arguments is not None:
        return _run(list(arguments))
    try:
        return _run(sys.argv[1:])
    finally:
        # The process ends: nobody needs the memory that Python would look for now.
        gc.freeze()


def look_for_garbage_seldom() -> None:
    """What a run makes lives until its end: to look for garbage as often as Python does
    takes a fifth of the time where a spec is large, and finds next to none."""
    gc.set_threshold(_MADE_BEFORE_GARBAGE)


def _run(given: list[str]) -> int:
    tool: str | None = None
    try:
        if given[-1:] in (["--help"], ["-h"], ["--version"]):
            from batchwright.help import answer

            if answer(given):
                return 0
        elif given[:1] == ["generate"]:
            from batchwright.caching.recall import recall

            code, tool = recall(given)
            if code is not None:
                return code
        from batchwright import cli
    except KeyboardInterrupt:
        print("batchwright: interrupted", file=sys.stderr)
        return 130
    return cli.main(given, tool)
