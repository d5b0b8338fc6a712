"""The command line: flags to a configuration, findings to text, outcomes to exit codes.

Nothing heavy is imported before a command needs it: `--help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from batchwright import __version__

if TYPE_CHECKING:
    from batchwright.config import Config
    from batchwright.console import Console
    from batchwright.diagnostics import Report
    from batchwright.pipeline import Made

CLEAN = 0
FINDINGS = 1
COULD_NOT = 2
INTERRUPTED = 130

_GENERATE = """\
Write the SDK of a spec into a folder of its own.

The folder belongs to batchwright: files that it wrote earlier and no longer generates
are removed. A file that it did not write is never overwritten, and if anything goes
wrong, the folder stays as it was.
"""
_GENERATE_CODES = """\
exit codes:
  0  done, or with --check: nothing to do
  1  with --check: something would change
  2  it could not be done; the messages say why
"""

_VALIDATE = """\
Say everything that is wrong with a spec, and where. Nothing is written.
"""
_VALIDATE_CODES = """\
exit codes:
  0  an SDK can be generated, though there may be warnings
  1  the spec has errors
  2  the spec could not be read; the messages say why
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (by default the process's own) and give its exit code."""
    try:
        return _run(_parser().parse_args(arguments))
    except KeyboardInterrupt:
        print("batchwright: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as bug:  # no traceback greets a user
        from batchwright.bugs import tell_bug

        tell_bug(bug)
        return COULD_NOT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="batchwright",
        description="Typed Python SDKs from OpenAPI descriptions.",
        epilog="`batchwright COMMAND --help` says more.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action="version", version=f"batchwright {__version__}"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    generate = _command(commands, "generate", _GENERATE, _GENERATE_CODES, _generate)
    generate.set_defaults(fold=True)
    generate.add_argument(
        "--output", metavar="FOLDER", help="where to write the package"
    )
    ending = generate.add_mutually_exclusive_group()
    ending.add_argument(
        "--check",
        action="store_true",
        help="write nothing; print what would change as a diff, and exit with 1 if "
        "there is anything",
    )
    ending.add_argument(
        "--depfile",
        metavar="FILE",
        help="say in this file, as a rule of make, which files were read; the target "
        "is .batchwright.json in the output folder",
    )
    _command(commands, "validate", _VALIDATE, _VALIDATE_CODES, _validate)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    description: str,
    codes: str,
    run: Callable[[argparse.Namespace, Console, Report], int],
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=description.partition("\n")[0],
        description=description,
        epilog=codes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.set_defaults(run=run, fold=False)
    command.add_argument(
        "spec",
        nargs="?",
        metavar="SPEC",
        help="the OpenAPI description, YAML or JSON",
    )
    command.add_argument(
        "--package",
        metavar="NAME",
        help="name of the package; by default that of the output folder",
    )
    command.add_argument(
        "--client",
        metavar="NAME",
        help="name of the client class; by default made from the spec's title",
    )
    command.add_argument(
        "--templates", metavar="FOLDER", help="templates to lay over batchwright's own"
    )
    command.add_argument(
        "--config",
        metavar="FILE",
        help="a pyproject.toml with [tool.batchwright], which has defaults for all "
        "these; by default the nearest one, upwards from here",
    )
    command.add_argument("--quiet", action="store_true", help="say nothing but errors")
    return command


def _run(arguments: argparse.Namespace) -> int:
    from batchwright.console import Console, counted
    from batchwright.diagnostics import Report, SpecError

    console = Console(sys.stderr, quiet=arguments.quiet)
    report = Report()
    try:
        code: int = arguments.run(arguments, console, report)
    except SpecError as error:
        found = dict.fromkeys((*report.diagnostics, *error.diagnostics))
        console.show(found, fold=arguments.fold)
        console.tell(f"stopped: {counted(found)}")
        return COULD_NOT
    return code


def _config(
    arguments: argparse.Namespace, report: Report, *, needs_output: bool
) -> Config:
    from batchwright.config import read_config

    keys = ("spec", "output", "package", "client", "templates")
    return read_config(
        Path.cwd(),
        {key: getattr(arguments, key, None) for key in keys},
        report,
        file=Path(arguments.config) if arguments.config else None,
        needs_output=needs_output,
    )


def _generate(arguments: argparse.Namespace, console: Console, report: Report) -> int:
    start = time.perf_counter()
    config = _config(arguments, report, needs_output=True)
    assert config.output is not None
    from batchwright import output, pipeline
    from batchwright.blackened import cores
    from batchwright.console import Console, changes_told, differences_told

    made = pipeline.make(config, report, console.tell, processes=cores())
    files = made.files
    if arguments.check:
        differences = output.compare(files, config.output, report)
        console.show(report.diagnostics, fold=arguments.fold)
        Console(sys.stdout).show_differences(differences, config.output)
        seconds = time.perf_counter() - start
        console.tell(differences_told(differences, config.output, seconds))
        return FINDINGS if differences else CLEAN
    changes = output.write(files, config.output, report)
    if arguments.depfile:
        _write_depfile(Path(arguments.depfile), made, config.output, report)
    console.show(report.diagnostics, fold=arguments.fold)
    seconds = time.perf_counter() - start
    console.tell(changes_told(changes, config.output, seconds))
    return CLEAN


def _write_depfile(file: Path, made: Made, folder: Path, report: Report) -> None:
    from batchwright import output
    from batchwright.depfile import depfile
    from batchwright.manifest import MANIFEST

    target = (folder / MANIFEST).as_posix()
    output.write_file(file, depfile(target, (*made.spec, *made.settings)), report)


def _validate(arguments: argparse.Namespace, console: Console, report: Report) -> int:
    config = _config(arguments, report, needs_output=False)
    from batchwright import pipeline
    from batchwright.console import counted

    pipeline.validate_only(config, report, console.tell)
    found = report.diagnostics
    console.show(found)
    console.tell(f"{config.spec}: {counted(found)}")
    return FINDINGS if report.has_errors else CLEAN
