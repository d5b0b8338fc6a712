"""The plugin of setuptools: for projects with batchwright in `build-system.requires`.

Setuptools looks for packages while it reads the configuration, before any command
runs; so the package has to be there earlier, which is when options are finalized.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from setuptools import Distribution
from setuptools.errors import SetupError

from batchwright.builds import BuildStopped, Built, generate_for
from batchwright.writing.manifest import MANIFEST, RECORD

_NAME = re.compile(r"\s*([A-Za-z0-9._-]+)")

# Those that this process builds, with a package of ours.
_distributions: list[Distribution] = []


def generate(distribution: Distribution) -> None:
    """Bring the package up to date, once in a process.

    Is called for every distribution that setuptools builds where batchwright is
    installed, and minds those that ask for it.
    """
    try:
        built = _build(Path.cwd())
    except BuildStopped as stopped:
        raise SetupError(str(stopped)) from None
    if built is not None:
        _leave_out(distribution)
        _distributions.append(distribution)


def _leave_out(distribution: Distribution) -> None:
    """Keep out of wheels what is kept in the package for those who generate again."""
    excluded = distribution.exclude_package_data
    if excluded is None:
        distribution.exclude_package_data = excluded = {}
    everywhere = excluded.setdefault("", [])
    everywhere += (name for name in (MANIFEST, RECORD) if name not in everywhere)


def sources(folder: str) -> Iterator[str]:
    """What an sdist has beside modules: the spec, the templates, other generated files.

    An sdist that was unpacked has a list of all of them already; setuptools reads that
    only if nobody tells it of files.
    """
    # Since then, the project's settings may have taken the place of ours.
    for distribution in _distributions:
        _leave_out(distribution)
    project = Path(folder or ".").absolute()
    if not (project / "PKG-INFO").exists() and (built := _build(project)):
        yield from (*built.generated, *built.kept, *built.sources)


@cache
def _build(project: Path) -> Built | None:
    """None where the project does not want anything to be generated."""
    return generate_for(project) if _is_asked(project / "pyproject.toml") else None


def _is_asked(file: Path) -> bool:
    try:
        requires = tomllib.loads(file.read_text("utf-8"))["build-system"]["requires"]
        names = [_NAME.match(requirement) for requirement in requires]
    except (OSError, ValueError, KeyError, TypeError):
        return False  # if that is wrong, setuptools has said so
    return any(name is not None and name[1].lower() == "batchwright" for name in names)
