"""What decides about the output beside the spec: the tool, its templates, its tools.

As texts that change whenever one of them does. Light: the shortest run needs it.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long as the rest of the shortest run
    from collections.abc import Iterator

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_TEMPLATES = "templates"

# What formats, and so decides about the bytes by itself.
_FORMATTER = "black-"
# What stands between it and the text.
_SHAPING = "formatting"


def is_litter(name: str) -> bool:
    """What editors, file browsers and pip leave beside the templates."""
    return name == "__pycache__" or name.startswith(".") or name.endswith(("~", ".pyc"))


def tool() -> str:
    """batchwright itself, its templates, and everything that is installed beside it.

    Raises OSError where they are not files that can be read.
    """
    parts = [sys.version, *sys.path, *installed(""), *_own()]
    return _digest("\0".join(parts).encode("utf-8", "surrogateescape"))


def release() -> str:
    """batchwright itself, its templates, and the versions of all that it requires.

    It is the same wherever they are installed, and whatever is beside them: an isolated
    build installs them under a new path each time. Raises OSError where they are not
    files that can be read, or not installed.
    """
    parts = [f"Python {sys.version_info[0]}.{sys.version_info[1]}"]
    parts += (f"{name} {version}" for name, version in sorted(_required().items()))
    return _digest("\0".join((*parts, *_own())).encode("utf-8", "surrogateescape"))


def formatter() -> str:
    """What the formatting of a text depends on: black, and how we call it.

    Raises OSError where that cannot be found out.
    """
    shaping = tree(os.path.join(_PACKAGE, _SHAPING))
    parts = [sys.version, *installed(_FORMATTER), shaping]
    return _digest("\0".join(parts).encode())


def installed(prefix: str) -> list[str]:
    """Distributions with their versions, by the names of the folders about them."""
    found = []
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # a zip file, or nothing
            continue
        found += sorted(
            name
            for name in names
            if name.startswith(prefix) and name.endswith((".dist-info", ".egg-info"))
        )
    return found


def _required() -> dict[str, str]:
    """The versions of batchwright and of all that it requires, directly or not.

    What is for other systems is not there, and has none.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    found: dict[str, str] = {}
    waiting = ["batchwright"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            it = distribution(name)
        except PackageNotFoundError:
            if not found:
                raise FileNotFoundError(name) from None
            found[name] = "-"
            continue
        found[name] = it.version
        waiting += (
            _named(requirement)
            for requirement in it.requires or ()
            if "extra ==" not in requirement
        )
    return found


def _named(requirement: str) -> str:
    """The name in a requirement, as it compares."""
    import re

    name = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else requirement


def _own() -> tuple[str, str]:
    """The code of batchwright, and its templates: in it, or beside it in a checkout."""
    beside = os.path.join(_PACKAGE, _TEMPLATES)
    checkout = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), _TEMPLATES)
    templates = beside if os.path.isdir(beside) else checkout
    return tree(_PACKAGE, without=_TEMPLATES), tree(templates)


def tree(folder: str, without: str = "") -> str:
    """All files of a folder and of those in it, but for litter. Raises OSError.

    Args:
        without: the name of a folder in it that is left out.
    """
    whole = sha256()
    for name, path in _files(folder, ""):
        if not without or not name.startswith(without + "/"):
            whole.update(
                f"{name}\0{contents(path)}\0".encode("utf-8", "surrogateescape")
            )
    return whole.hexdigest()


def contents(path: str) -> str:
    """The digest of a file. Raises OSError."""
    with open(path, "rb", buffering=0) as file:
        return _digest(file.read())


def text(path: str) -> str:
    """The digest of a text, however git has checked out the ends of its lines."""
    with open(path, "rb", buffering=0) as file:
        return _digest(file.read().replace(b"\r\n", b"\n"))


def _files(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if is_litter(entry.name):
            continue
        if entry.is_dir():
            yield from _files(entry.path, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.path


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
