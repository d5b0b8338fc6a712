"""`batchwright vendor`: a copy of the package in another code base."""

from __future__ import annotations

import argparse
import os
import time

from batchwright.commands.common import (
    CLEAN,
    FINDINGS,
    add_settings,
    add_spec,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batchwright.configuration.config import Config
    from batchwright.console import Console
    from batchwright.diagnostics import Report
    from batchwright.pipeline import Made

DESCRIPTION = """\
Put a self-contained package into another code base, or bring it up to date there.

The copy has its runtime in it, imports itself by relative names alone, and needs httpx2
and msgspec, but not batchwright. What has been edited in it is not overwritten unless
that is asked for; what --keep-changes has kept once is done again by each later run.
"""
EPILOG = """\
examples:
  batchwright vendor openapi.yaml --into src/acme/_vendor/shop
  batchwright vendor openapi.yaml --into src/acme/_vendor/shop --include items,/orders/*
  batchwright vendor                 all copies of [tool.batchwright.vendor.NAME]
  batchwright vendor --check         in CI: are they pristine and current?

exit codes:
  0  done, or with --check: each copy is as it was made, and would be made so now
  1  with --check: something is not; the lines say what
  2  it could not be done; the messages say why
"""


def add(command: argparse.ArgumentParser) -> None:
    add_spec(command, "those of [tool.batchwright.vendor.NAME]")
    command.set_defaults(fold=True)
    command.add_argument(
        "--into",
        metavar="FOLDER",
        help="the folder of the copy; its last part is the name of the package. By "
        "default, each that [tool.batchwright.vendor.NAME] has",
    )
    ending = command.add_mutually_exclusive_group()
    ending.add_argument(
        "--check",
        action="store_true",
        help="write nothing; name files that are edited, missing or not from here, and "
        "what would be made otherwise now",
    )
    ending.add_argument(
        "--keep-changes",
        action="store_true",
        help="carry over what was edited in the copy, now and in later runs, as "
        ".batchwright.patch in it",
    )
    ending.add_argument(
        "--force", action="store_true", help="give up what was edited in the copy"
    )
    add_settings(command)


def run(arguments: argparse.Namespace, console: Console, report: Report) -> int:
    copies = _copies(arguments, report)
    code = CLEAN
    for copy in copies:
        if not arguments.check:
            _update(copy, arguments, console, report)
        elif not _check(copy, console, report):
            code = FINDINGS
    console.show(dict.fromkeys(report.diagnostics), fold=arguments.fold)
    return code


def _copies(arguments: argparse.Namespace, report: Report) -> tuple[Config, ...]:
    from pathlib import Path

    from batchwright.configuration.copies import read_copies
    from batchwright.configuration.reading_settings import Reading

    keys = ("spec", "into", "package", "client", "templates")
    return read_copies(
        Path.cwd(),
        {key: getattr(arguments, key, None) for key in keys},
        report,
        filters={key: getattr(arguments, key) for key in ("include", "exclude")},
        reading=Reading(
            strict=arguments.strict, copies=arguments.map, allowed=arguments.allow
        ),
        file=Path(arguments.config) if arguments.config else None,
    )


def _make(copy: Config, report: Report, console: Console) -> Made:
    """The package, of what earlier runs for the same copy have found out, and this."""
    from batchwright import pipeline
    from batchwright.caching.memory import Memory
    from batchwright.sharing import cores

    memory = Memory((), os.environ, None)
    results = memory.results(copy)
    made = pipeline.make(copy, report, console.tell, results=results, processes=cores())
    memory.keep(copy, results)
    return made


def _check(copy: Config, console: Console, report: Report) -> bool:
    import sys

    from batchwright.console import Console
    from batchwright.vendoring import vendor as vendoring

    start = time.perf_counter()
    assert copy.output is not None
    made = _make(copy, report, console)
    found = list(vendoring.findings(made, copy.output, report))
    Console(sys.stdout).say(found)
    if not found:
        seconds = time.perf_counter() - start
        console.tell(f"{copy.output} is pristine and current ({seconds:.1f} s)")
    return not found


def _update(
    copy: Config, arguments: argparse.Namespace, console: Console, report: Report
) -> None:
    from batchwright.console import changes_told
    from batchwright.vendoring import vendor as vendoring

    start = time.perf_counter()
    assert copy.output is not None
    made = _make(copy, report, console)
    treatment: vendoring.Treatment = "refuse"
    if arguments.keep_changes:
        treatment = "keep"
    elif arguments.force:
        treatment = "force"
    changes = vendoring.update(made, copy.output, treatment, report)
    seconds = time.perf_counter() - start
    console.tell(changes_told(changes, copy.output, seconds))
