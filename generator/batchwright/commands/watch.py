"""`batchwright watch`: write the SDK again whenever the spec is saved."""

from __future__ import annotations

import argparse
import time

from batchwright.commands.common import CLEAN, add_settings, add_spec, config_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batchwright.configuration.config import Config
    from batchwright.console import Console
    from batchwright.diagnostics import Report, SpecError
    from batchwright.reading.watched import Watched
    from batchwright.results import Results

DESCRIPTION = """\
Write the SDK of a spec, and again whenever the spec or the configuration is saved.

What is wrong is shown where it is, and nothing is written until it is mended. Ends with
Ctrl-C.
"""
EPILOG = """\
examples:
  batchwright watch                              as [tool.batchwright] says
  batchwright watch openapi.yaml --output src/acme_sdk

exit codes:
  0  ended by Ctrl-C
  2  the configuration does not say what to write, at the start
"""

# Seconds between two looks: less than anybody notices, and no load on the machine.
_PAUSE = 0.1


def add(command: argparse.ArgumentParser) -> None:
    add_spec(command)
    command.set_defaults(fold=True)
    command.add_argument(
        "--output",
        metavar="FOLDER",
        help="where to write the package; by default `output` of [tool.batchwright]",
    )
    add_settings(command)


def run(arguments: argparse.Namespace, console: Console, report: Report) -> int:
    from batchwright.diagnostics import Report, SpecError
    from batchwright.reading.watched import Watched
    from batchwright.results import Results

    config = config_of(arguments, report, needs_output=True)
    results = Results()
    try:
        while True:
            found = Report()
            watched = Watched(config)
            try:
                config = config_of(arguments, found, needs_output=True)
                watched = Watched(config)
                _make(config, found, console, results, watched)
                results = results.after()
            except SpecError as error:
                _show(found, error, console)
            console.tell("watching; Ctrl-C ends it")
            while not watched.has_changed():
                time.sleep(_PAUSE)
    except KeyboardInterrupt:
        return CLEAN


def _make(
    config: Config,
    report: Report,
    console: Console,
    results: Results,
    watched: Watched,
) -> None:
    from batchwright import pipeline
    from batchwright.console import changes_told
    from batchwright.writing import output

    start = time.perf_counter()
    assert config.output is not None
    made = pipeline.make(config, report, disk=watched, results=results)
    changes = output.write(made.files, config.output, report)
    console.show(report.diagnostics, fold=True)
    console.tell(changes_told(changes, config.output, time.perf_counter() - start))


def _show(report: Report, error: SpecError, console: Console) -> None:
    from batchwright.console import counted

    found = dict.fromkeys((*report.diagnostics, *error.diagnostics))
    console.show(found, fold=True)
    console.tell(f"nothing is written: {counted(found)}")
