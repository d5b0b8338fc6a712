"""Imports packages that are not on disk, and holds them against mypy."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

PACKAGE = "fuzzed"
RUNTIME = Path(__file__).parents[2] / "templates" / "_runtime"

_FROM_RUNTIME = re.compile(r"from \.+_runtime\b")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of one package in a mapping; the runtime is on disk."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname == f"{PACKAGE}._runtime":
            return importlib.util.spec_from_file_location(
                fullname,
                RUNTIME / "__init__.py",
                submodule_search_locations=[str(RUNTIME)],
            )
        if self._path(fullname) is None:
            return None
        return importlib.util.spec_from_loader(
            fullname, self, is_package=self._is_package(fullname)
        )

    def exec_module(self, module: ModuleType) -> None:
        path = self._path(module.__name__)
        assert path is not None
        code = compile(self._files[path], f"{PACKAGE}/{path}", "exec")
        exec(code, module.__dict__)

    def _path(self, fullname: str) -> str | None:
        first, *rest = fullname.split(".")
        if first != PACKAGE:
            return None
        base = "/".join(rest)
        options = (f"{base}.py", f"{base}/__init__.py" if base else "__init__.py")
        return next((path for path in options if path in self._files), None)

    def _is_package(self, fullname: str) -> bool:
        return str(self._path(fullname)).endswith("__init__.py")


def imported(files: Mapping[str, str]) -> dict[str, ModuleType]:
    """Every module of a package, executed; its runtime is read only once."""
    finder = _Finder(files)
    sys.meta_path.insert(0, finder)
    _forget()
    try:
        return {
            name: importlib.import_module(name)
            for path in files
            if path.endswith(".py")
            for name in [_module(path)]
        }
    finally:
        sys.meta_path.remove(finder)
        _forget()


def _module(path: str) -> str:
    parts = [PACKAGE, *path.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _forget() -> None:
    for name in list(sys.modules):
        is_ours = name == PACKAGE or name.startswith(f"{PACKAGE}.")
        if is_ours and not name.startswith(f"{PACKAGE}._runtime"):
            del sys.modules[name]


def write(packages: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    """Put packages into a folder, and the one runtime that they share beside them."""
    runtime = folder / "runtime_of_all"
    if not runtime.exists():
        shutil.copytree(RUNTIME, runtime)
    for name, files in packages.items():
        for path, text in files.items():
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            text = _FROM_RUNTIME.sub("from runtime_of_all", text)
            target.write_text(text, "utf-8")


def type_faults(packages: Mapping[str, Mapping[str, str]], folder: Path) -> list[str]:
    """What mypy has to say about packages, by their names, all in one run.

    They share one runtime, which is read as a package beside them. The packages are
    gone afterwards; what mypy knows of the runtime stays in `folder` for the next time.
    """
    write(packages, folder)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *packages],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    for name in packages:
        shutil.rmtree(folder / name)
    lines = (done.stdout + done.stderr).splitlines()
    return lines if done.returncode else []
