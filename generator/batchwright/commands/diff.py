"""`batchwright diff`: what changes for users of the SDK."""

from __future__ import annotations

import argparse
import os
import sys

from batchwright.commands.common import (
    CLEAN,
    FINDINGS,
    add_settings,
    config_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batchwright.console import Console
    from batchwright.diagnostics import Report
    from batchwright.surface.telling import Told

DESCRIPTION = """\
Say what changes for users of the SDK when the spec goes from OLD to NEW.

Each change is breaking or compatible by what it does to somebody's code: a method or a
field that is gone or renamed, a type that is narrower in requests or wider in answers,
a path that only the wire sees. Both are read with the configuration of today.
"""
EPILOG = """\
OLD and NEW are each a file, a folder with a spec in it, or a revision of git (HEAD~1,
v1.2, or HEAD~1:spec/old-name.yaml). What exists on disk is a file or a folder. In a
revision, the spec is read where NEW has it.

examples:
  batchwright diff HEAD                          what I have changed
  batchwright diff v1.2 v1.3 --format markdown   for the changelog
  batchwright diff origin/main --fail-on breaking
  batchwright diff old.yaml new.yaml             without any configuration

exit codes:
  0  done; with --fail-on: there is no such change
  1  with --fail-on: there is
  2  one of the specs could not be read or is wrong; the messages say why
"""


def add(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", metavar="OLD", help="the spec as it was")
    command.add_argument(
        "new",
        metavar="NEW",
        nargs="?",
        help="the spec as it is to be; by default the configured one, as it is on disk",
    )
    command.add_argument(
        "--fail-on",
        choices=("breaking", "any"),
        help="exit with 1 if there is a breaking change, or any",
    )
    command.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="text for people (the default), json, or markdown for changelogs",
    )
    add_settings(command)


def run(arguments: argparse.Namespace, console: Console, report: Report) -> int:
    from batchwright.console import Console
    from batchwright.surface import telling

    changes = _changes(arguments, console, report)
    console.show(report.diagnostics, fold=True)
    forms = {
        "text": telling.as_text,
        "json": telling.as_json,
        "markdown": telling.as_markdown,
    }
    text = forms[arguments.format](changes)
    Console(sys.stdout).show_result(text)
    fails = {
        None: False,
        "breaking": any(told.change.breaking for told in changes),
        "any": bool(changes),
    }
    return FINDINGS if fails[arguments.fail_on] else CLEAN


def _changes(
    arguments: argparse.Namespace, console: Console, report: Report
) -> list[Told]:
    from batchwright.caching.memory import Memory
    from batchwright.diagnostics import Report
    from batchwright.pipeline import understand
    from batchwright.reading.versions import file_of, version_of
    from batchwright.surface import changes
    from batchwright.surface.places import place_of
    from batchwright.surface.telling import Told

    named = {**vars(arguments), "spec": file_of(arguments.new)}
    config = config_of(argparse.Namespace(**named), report, needs_output=False)
    old = version_of(arguments.old, config, report)
    new = version_of(arguments.new, config, report)
    # What `generate` has found out, and what is the same on both sides, is known then.
    results = Memory((), os.environ, arguments.config).results(config)
    # What is odd about the old spec is no news.
    silent = Report()
    before, old_api = understand(
        old.config, silent, console.tell, old.disk, strict=False, results=results
    )
    after, new_api = understand(
        new.config, report, console.tell, new.disk, results=results
    )
    return [
        Told(
            change=change,
            old=place_of(before, change.old),
            new=place_of(after, change.new),
        )
        for change in changes(old_api, new_api)
    ]
