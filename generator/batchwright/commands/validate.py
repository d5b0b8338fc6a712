"""`batchwright validate`: everything that is wrong with a spec."""

from __future__ import annotations

import argparse

from batchwright.commands.common import (
    CLEAN,
    FINDINGS,
    add_settings,
    add_spec,
    config_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batchwright.console import Console
    from batchwright.diagnostics import Report

DESCRIPTION = """\
Say everything that is wrong with a spec, and where. Nothing is written.

Errors are what `generate` would refuse, warnings what it would read in its own way.
Both are told in the order of the files: FILE:LINE:COLUMN: severity[code]: what, and a
hint where there is something to do.
"""
EPILOG = """\
examples:
  batchwright validate                           the spec of [tool.batchwright]
  batchwright validate openapi.yaml
  batchwright validate openapi.yaml --strict     warnings count, too

exit codes:
  0  an SDK can be generated, though there may be warnings
  1  the spec has errors
  2  the spec could not be read; the messages say why
"""


def add(command: argparse.ArgumentParser) -> None:
    add_spec(command)
    add_settings(command)


def run(arguments: argparse.Namespace, console: Console, report: Report) -> int:
    config = config_of(arguments, report, needs_output=False)
    from batchwright import pipeline
    from batchwright.console import counted

    pipeline.validate_only(config, report, console.tell)
    found = report.diagnostics
    console.show(found)
    if (way := report.way_around(found)) is not None:
        console.tell(way)
    console.tell(f"{config.spec}: {counted(found)}")
    return FINDINGS if report.has_errors else CLEAN
