"""Where the command starts: nothing to do takes no longer than to find that out."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long as the rest of the shortest run
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (by default the process's own) and give its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if given[-1:] in (["--help"], ["-h"], ["--version"]):
            from batchwright.help import answer

            if answer(given):
                return 0
        elif given[:1] == ["generate"]:
            from batchwright.recall import recall

            code = recall(given)
            if code is not None:
                return code
        from batchwright import cli
    except KeyboardInterrupt:
        print("batchwright: interrupted", file=sys.stderr)
        return 130
    return cli.main(given)
