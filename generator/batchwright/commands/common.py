"""What the commands share: exit codes, and the arguments that make a configuration."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes a fifth of the time of --help
    from typing import Protocol

    from batchwright.configuration.config import Config
    from batchwright.console import Console
    from batchwright.diagnostics import Report

    class Command(Protocol):
        """What a module of a command has."""

        DESCRIPTION: str
        """What it does; the first line is what the list of commands says."""

        EPILOG: str
        """Examples and exit codes."""

        def add(self, command: argparse.ArgumentParser, /) -> None:
            """Add the arguments to the command's parser."""

        def run(
            self, arguments: argparse.Namespace, console: Console, report: Report, /
        ) -> int:
            """Do it, and give the exit code. SpecError is for the caller to show."""


CLEAN = 0
FINDINGS = 1
COULD_NOT = 2
INTERRUPTED = 130


def add_spec(
    command: argparse.ArgumentParser, default: str = "`spec` of [tool.batchwright]"
) -> None:
    """The argument SPEC, by default the configured one."""
    command.add_argument(
        "spec",
        nargs="?",
        metavar="SPEC",
        help=f"the OpenAPI description, YAML or JSON; by default {default}",
    )


def add_settings(command: argparse.ArgumentParser) -> None:
    """The flags that stand for keys of the configuration, and --config and --quiet."""
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
    command.add_argument(
        "--strict", action="store_true", help="take every warning for an error"
    )
    command.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="ADDRESS=FILE",
        help="read this file (a folder, if the address ends with a slash) where the "
        "spec refers to the address; nothing is ever fetched. May be repeated",
    )
    command.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder outside of the spec's folder that it may refer to. May "
        "be repeated",
    )
    command.add_argument(
        "--include",
        action="append",
        metavar="NAMES",
        help="make these operations alone, with what they need: tags, paths (/pets/*), "
        "ids, or METHOD /path, with commas between them",
    )
    command.add_argument(
        "--exclude",
        action="append",
        metavar="NAMES",
        help="leave these operations out, with what only they need; named as above",
    )
    command.add_argument("--quiet", action="store_true", help="say nothing but errors")


def config_of(
    arguments: argparse.Namespace, report: Report, *, needs_output: bool
) -> Config:
    """The configuration that the arguments and the project's file make."""
    from pathlib import Path

    from batchwright.configuration.config import read_config

    keys = ("spec", "output", "package", "client", "templates")
    return read_config(
        Path.cwd(),
        {key: getattr(arguments, key, None) for key in keys},
        report,
        file=Path(arguments.config) if arguments.config else None,
        needs_output=needs_output,
        strict=getattr(arguments, "strict", False),
        copies=getattr(arguments, "map", ()),
        allowed=getattr(arguments, "allow", ()),
        filters={key: getattr(arguments, key, None) for key in ("include", "exclude")},
    )
