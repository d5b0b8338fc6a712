"""`batchwright generate`: write the SDK, or say what would change."""

from __future__ import annotations

import argparse
import os
import sys
import time

from batchwright.commands.common import (
    CLEAN,
    FINDINGS,
    add_settings,
    add_spec,
    config_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from batchwright.console import Console
    from batchwright.diagnostics import Report
    from batchwright.pipeline import Made

DESCRIPTION = """\
Write the SDK of a spec into a folder of its own.

The folder belongs to batchwright: files that it wrote earlier and no longer generates
are removed. A file that it did not write is never overwritten, and if anything goes
wrong, the folder stays as it was.
"""
EPILOG = """\
examples:
  batchwright generate                           as [tool.batchwright] says
  batchwright generate openapi.yaml --output src/acme_sdk
  batchwright generate --check                   in CI: is the package up to date?
  batchwright generate --depfile build/sdk.d     as a step of make or ninja

exit codes:
  0  done, or with --check: nothing to do
  1  with --check: something would change
  2  it could not be done; the messages say why
"""


def add(command: argparse.ArgumentParser) -> None:
    add_spec(command)
    command.set_defaults(fold=True)
    command.add_argument(
        "--output",
        metavar="FOLDER",
        help="where to write the package; by default `output` of [tool.batchwright]",
    )
    ending = command.add_mutually_exclusive_group()
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
    command.add_argument(
        "--no-cache",
        action="store_true",
        help="do everything anew, whatever is known of earlier runs",
    )
    add_settings(command)


def run(arguments: argparse.Namespace, console: Console, report: Report) -> int:
    start = time.perf_counter()
    from batchwright.caching.memory import Memory

    memory = Memory(
        arguments.given,
        None if arguments.no_cache else os.environ,
        arguments.config,
        arguments.tool,
    )
    config = config_of(arguments, report, needs_output=True)
    assert config.output is not None
    from batchwright import pipeline
    from batchwright.console import Console, changes_told, differences_told
    from batchwright.sharing import cores
    from batchwright.writing import output

    def tell(line: str) -> None:
        memory.told.append(line)
        console.tell(line)

    results = memory.results(config)
    made = pipeline.make(
        config,
        report,
        tell,
        results=results,
        processes=cores(),
    )
    memory.keep(config, results)
    files, findings = made.files, report.diagnostics
    if arguments.check:
        differences = output.compare(files, config.output, report)
        console.show(report.diagnostics, fold=arguments.fold)
        Console(sys.stdout).show_differences(differences, config.output)
        seconds = time.perf_counter() - start
        console.tell(differences_told(differences, config.output, seconds))
        if differences:
            return FINDINGS
        memory.remember(config, made, findings)
        return CLEAN
    changes = output.write(files, config.output, report)
    if arguments.depfile:
        _write_depfile(arguments.depfile, made, config.output, report)
    console.show(report.diagnostics, fold=arguments.fold)
    seconds = time.perf_counter() - start
    console.tell(changes_told(changes, config.output, seconds))
    memory.remember(config, made, findings)
    return CLEAN


def _write_depfile(file: str, made: Made, folder: Path, report: Report) -> None:
    from pathlib import Path

    from batchwright.writing import output
    from batchwright.writing.depfile import depfile
    from batchwright.writing.manifest import MANIFEST

    target = (folder / MANIFEST).as_posix()
    output.write_file(Path(file), depfile(target, (*made.spec, *made.settings)), report)
