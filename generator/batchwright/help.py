"""`--help` and `--version`, answered without making a parser where that can be done.

argparse takes longer to import than Python to start. What it says is kept beside this
module, in `usage/`, for lines of the usual length; a test compares, and writes it.
"""

from __future__ import annotations

import os
import sys

from batchwright import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long as the rest of the shortest run
    from collections.abc import Sequence

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "usage")

# What is kept for `batchwright --help`: the name of no command.
ALL_COMMANDS = "_all_commands"

# Longer lines are hard to read, however wide the terminal is.
USUAL_WIDTH = 78

_HELP = ("--help", "-h")


def width() -> int:
    """How long a line of help is: as argparse has it, but no longer than usual."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return min(int(columns) - 2, USUAL_WIDTH)
    try:
        return min(os.get_terminal_size().columns - 2, USUAL_WIDTH)
    except OSError:
        return USUAL_WIDTH


def answer(arguments: Sequence[str]) -> bool:
    """Print what a command line asks for; False where a parser has to do it."""
    text = None
    if list(arguments) == ["--version"]:
        text = f"batchwright {__version__}\n"
    elif len(arguments) == 1 and arguments[0] in _HELP:
        text = _kept(ALL_COMMANDS)
    elif len(arguments) == 2 and arguments[0].isalpha() and arguments[1] in _HELP:
        text = _kept(arguments[0])
    if text is None:
        return False
    try:
        sys.stdout.write(text)
    except (AttributeError, OSError):  # nobody reads it
        pass
    return True


def _kept(name: str) -> str | None:
    """The help of this name; None where there is none for lines of this length."""
    if not name.isidentifier() or width() != USUAL_WIDTH:
        return None
    try:
        with open(os.path.join(FOLDER, f"{name}.txt"), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None
