"""The command line: flags to a configuration, findings to text, outcomes to exit codes.

The commands themselves are in `commands`. Nothing heavy is imported before a command
needs it: `--help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial

from batchwright import __version__
from batchwright.commands import diff, generate, validate, vendor, watch
from batchwright.commands.common import COULD_NOT, INTERRUPTED
from batchwright.help import width
from batchwright.start import look_for_garbage_seldom

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


def main(arguments: Sequence[str] | None = None, tool: str | None = None) -> int:
    """Run a command line (by default the process's own) and give its exit code.

    Args:
        tool: what `fingerprint.tool` says, if that is known already.
    """
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        if "_ARGCOMPLETE" in os.environ:
            _complete()
        known = argparse.Namespace(given=given, tool=tool)
        return _run(_parser(given).parse_args(given, known))
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
    look_for_garbage_seldom()
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
