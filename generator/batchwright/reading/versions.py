"""Versions of a spec, as a command line names them: files, folders, git revisions."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from batchwright.configuration.config import Config
from batchwright.diagnostics import Location, Report, excerpt
from batchwright.reading.disk import DISK, Reading
from batchwright.reading.revisions import GitError, Revision, open_revision, path_within

_ROOTS = ("openapi.yaml", "openapi.yml", "openapi.json")


class Version(Struct, frozen=True, kw_only=True):
    """A configuration for one version of the spec, and where that is read from."""

    config: Config
    disk: Reading


def version_of(name: str | None, config: Config, report: Report) -> Version:
    """The version that is named, by default the one that is configured.

    Raises SpecError where there is no such thing.
    """
    if name is None:
        return Version(config=config, disk=DISK)
    if os.path.isdir(name):
        spec = _root_in(name, config, report)
        return Version(config=replace(config, spec=Path(spec)), disk=DISK)
    if os.path.lexists(name):
        return Version(config=replace(config, spec=Path(name)), disk=DISK)
    return _revision(name, config, report)


def file_of(name: str | None) -> str | None:
    """The path of a version's root file, if the name says it."""
    if name is None or os.path.isdir(name):
        return None
    if os.path.lexists(name):
        return name
    revision, colon, path = name.partition(":")
    return path if revision and colon else None


def _root_in(folder: str, config: Config, report: Report) -> str:
    """The root file in a folder: where the configured one is, or as it is called."""
    names = [config.spec.name, *_ROOTS]
    if not config.spec.is_absolute():
        names.insert(0, str(config.spec))
    for name in names:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    report.error(
        "missing-file",
        f"there is no spec in the folder {excerpt(folder)}",
        hint="name its root file",
    )
    report.stop_if_errors()
    raise AssertionError


def _revision(name: str, config: Config, report: Report) -> Version:
    commit, colon, path = name.partition(":")
    here = os.getcwd()
    try:
        disk: Revision = open_revision(commit, here)
        if not colon:
            path = path_within(str(config.spec), here)
        elif path.startswith(("./", "../")):
            path = path_within(path, here)
    except GitError as fault:
        report.error(
            "unknown-version",
            f"{excerpt(name)} is no file, no folder, and no revision of git: {fault}",
        )
        report.stop_if_errors()
        raise AssertionError from None
    # Without a folder in front, the revision would be taken for a part of the name.
    path = path if "/" in path else f"./{path}"
    _check_root(commit, path, disk, report)
    return Version(config=replace(config, spec=Path(f"{commit}:{path}")), disk=disk)


def _check_root(commit: str, path: str, disk: Revision, report: Report) -> None:
    """Say what to do where a revision has no file of that name."""
    file = f"{commit}:{path}"
    if disk.exists(file):
        return
    module = disk.submodule_of(file)
    report.error(
        "missing-file",
        f"there is no file {file}",
        Location(file=file),
        (
            f"name it as it was called then: {commit}:PATH"
            if module is None
            else f"{module} is a submodule: run batchwright in there"
        ),
    )
    report.stop_if_errors()
