"""A mistake of ours: said in a line to report it by, whoever called."""

from __future__ import annotations

import os
import sys
import traceback

from batchwright import __version__


def tell_bug(bug: Exception) -> None:
    """Name an unforeseen exception on stderr; with its traceback if asked for."""
    if os.environ.get("BATCHWRIGHT_TRACEBACK"):
        traceback.print_exception(bug)
    what = str(bug).partition("\n")[0]
    print(
        f"batchwright {__version__}: internal error: {type(bug).__name__}: {what!r}\n"
        "    This is a bug of batchwright: please report it, if you can with the spec, "
        "and with what it\n    prints when BATCHWRIGHT_TRACEBACK=1 is set in the "
        "environment.",
        file=sys.stderr,
    )
