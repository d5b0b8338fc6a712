"""The command line: flags to a configuration, findings to text, outcomes to exit codes.

The commands themselves are in `commands`. Nothing heavy is imported before a command
needs it: `--help` answers at once.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from functools import partial

from batchwright import __version__
from batchwright.commands import diff, generate, validate, vendor, watch
from batchwright.commands.common import COULD_NOT, INTERRUPTED
from batchwright.help import width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from batchwright.commands.common import Command

_COMMANDS: dict[str, Command] = {
    "generate": generate,
    "validate": validate,
    "diff": diff,
    "vendor": vendor,
    "watch": watch,
}

# Objects made for which none is gone; usually 700.
_MADE_BEFORE_GARBAGE = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (by default the process's own) and give its exit code."""
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        if "_ARGCOMPLETE" in os.environ:
            _complete()
        return _run(_parser(given).parse_args(given, argparse.Namespace(given=given)))
    except KeyboardInterrupt:
        print("batchwright: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as bug:  # no traceback greets a user
        from batchwright.bugs import tell_bug

        tell_bug(bug)
        return COULD_NOT


def _complete() -> None:
    """Answer a shell that asks how a command line may go on, and end.

    argcomplete is an extra: without it there is nothing to answer.
    """
    try:
        import argcomplete
    except ImportError:
        return
    argcomplete.autocomplete(_parser(tuple(_COMMANDS)))


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="batchwright",
        description="Typed Python SDKs from OpenAPI descriptions.",
        epilog="`batchwright COMMAND --help` says more.",
        formatter_class=partial(argparse.HelpFormatter, width=width()),
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action="version", version=f"batchwright {__version__}"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.DESCRIPTION.partition("\n")[0],
            description=module.DESCRIPTION,
            epilog=module.EPILOG,
            formatter_class=partial(
                argparse.RawDescriptionHelpFormatter, width=width()
            ),
            allow_abbrev=False,
        )
        command.set_defaults(run=module.run, fold=False)
        # The arguments of the others are nothing that anybody is going to see.
        if name in given:
            module.add(command)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    # What a run makes lives until its end: to look for garbage as often as Python does
    # takes a fifth of the time where a spec is large, and finds next to none.
    gc.set_threshold(_MADE_BEFORE_GARBAGE)
    from batchwright.console import Console, counted
    from batchwright.diagnostics import Report, SpecError

    console = Console(sys.stderr, quiet=arguments.quiet)
    report = Report()
    try:
        code: int = arguments.run(arguments, console, report)
    except SpecError as error:
        found = dict.fromkeys((*report.diagnostics, *error.diagnostics))
        console.show(found, fold=arguments.fold)
        if (way := report.way_around(found)) is not None:
            console.tell(way)
        console.tell(f"stopped: {counted(found)}")
        return COULD_NOT
    return code
