"""Files to files: an SDK carries those modules of the runtime that it uses.

What the generated modules import from the runtime's index decides, and what is imported
from there on. No list says which module is for what.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from posixpath import dirname

from batchwright import naming
from batchwright.files import Files

_RUNTIME = "_runtime/"
_INDEX = "_runtime/__init__.py"
_IMPORT = re.compile(r"from (\.+)([\w.]*) import (\([^)]*\)|[^\n]+)")
_NAME = re.compile(r"\w+")


def index_of(copied: Files, rendered: Files) -> Files:
    """The index of the runtime, with those names alone that the rendered files import.

    It is not formatted. The one that is copied has all names, each from its module.
    """
    used = {
        name
        for path, text in rendered.items()
        for module, names in _imports(path, text)
        if module == _INDEX
        for name in names
    }
    return {_INDEX: _selected(copied[_INDEX], used)} if _INDEX in copied else {}


def needed(files: Files) -> Files:
    """The files without the modules of the runtime that none of the others leads to."""
    imports = {
        path: list(_imports(path, text))
        for path, text in files.items()
        if path.endswith(".py")
    }
    reached: set[str] = set()
    waiting = [path for path in files if not path.startswith(_RUNTIME)]
    while waiting:
        path = waiting.pop()
        if path in reached or path not in files:
            continue
        reached.add(path)
        waiting += _parents(path)
        for module, names in imports.get(path, ()):
            waiting.append(module)
            if module.endswith("/__init__.py"):
                folder = dirname(module)
                waiting += [f"{folder}/{name}.py" for name in names]
                waiting += [f"{folder}/{name}/__init__.py" for name in names]
    return {
        path: text
        for path, text in files.items()
        if path in reached or not path.endswith(".py")
    }


def _parents(path: str) -> Iterator[str]:
    """The packages that a module lies in: Python imports these first."""
    folder = dirname(path)
    while folder:
        yield f"{folder}/__init__.py"
        folder = dirname(folder)


def _imports(path: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """The modules that a module names from its own package, each as both paths that
    it may have, with what is taken from it.

    Found by their form, since to parse a large package takes longer than to write it. A
    text for people that looks like an import keeps a module, and never loses one.
    """
    end = 0
    # Most lines are passed over many times faster than an expression would.
    while (at := text.find("from .", end)) != -1:
        end = at + 1
        found = _IMPORT.match(text, at)
        if found is None or text[text.rfind("\n", 0, at) + 1 : at].strip(" \t"):
            continue
        end = found.end()
        dots, module, listed = found.groups()
        folder = dirname(path)
        for _ in dots[1:]:
            folder = dirname(folder)
        target = "/".join(part for part in (folder, *module.split(".")) if part)
        names = _NAME.findall(listed)
        yield f"{target}.py", names
        yield (f"{target}/" if target else "") + "__init__.py", names


def _selected(text: str, used: Collection[str]) -> str:
    """An index with some of its names."""
    docs, *body = ast.parse(text).body
    kept: list[str] = []
    lines: list[str] = []
    for node in body:
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names if alias.name in used]
            if names:
                kept += names
                lines.append(f"from .{node.module} import {', '.join(names)}")
    listed = sorted(kept, key=naming.listing_order)
    introduction = ast.get_source_segment(text, docs)
    return "\n\n".join((str(introduction), "\n".join(lines), f"__all__ = {listed!r}\n"))
