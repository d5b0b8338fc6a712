"""Texts that would do something if they became code, and how one sees that none did."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from batchwright.files import path_fault

# Each would create this file if it were executed, or break out of its literal.
MARKER = "owned"
_RUN = f"__import__('pathlib').Path('{MARKER}').touch()"
PAYLOADS = {
    "triple-quotes": f'"""\n{_RUN}\n"""',
    "single-triple-quotes": f"'''\n{_RUN}\n'''",
    "closing-quotes": f'x"); {_RUN}; ("',
    "closing-apostrophe": f"x'); {_RUN}; ('",
    "backslash": f'\\"""\n{_RUN}\n\\',
    "ending-in-backslash": "x\\",
    "ending-in-quotes": 'x"""',
    "newlines": f"x\n{_RUN}\n    {_RUN}",
    "carriage-return": f"x\r{_RUN}",
    "form-feed": f"x\x0c\n{_RUN}",
    "line-separator": f"x\u2028{_RUN}\u2029{_RUN}\x85{_RUN}",
    "expression": f"{{{{ {_RUN} }}}}",
    "statement": "{% import os %}{% raw %}{# x #}",
    "jinja-globals": "{{ cycler.__init__.__globals__.os.system('touch owned') }}",
    "format": "{0.__class__.__mro__} %(x)s %s {x!r:>{y}}",
    "f-string": f'f"{{{_RUN}}}"',
    "named-character": "\\N{BULLET} \\x41 \\u0041 \\101",
    "bidi": "\u202e\u2066 } \u2069\u2066 if admin \u2069",
    "zero-width": "a\u200bb\u200dc\ufeffd\u00ade",
    "tags": "a\U000e0041\U000e007f",
    "comment": f"x # type: ignore\n{_RUN}",
    "fmt": f"# fmt: off\n{_RUN}\n# fmt: on",
    "coding": f"# -*- coding: utf-7 -*-\n+AGE- {_RUN}",
    "annotation": f"list[{_RUN}]",
    "dotted": f"a.b; {_RUN}",
}

# A package calls nothing that has one of these names.
_DANGEROUS = {"__import__", "eval", "exec", "open", "os", "compile"}


def code_faults(files: Mapping[str, str]) -> list[str]:
    """What is wrong with the files of a package: not Python, not what it looks like, or
    with a name of a payload outside of texts."""
    return [
        f"{path}: {fault}"
        for path, text in files.items()
        for fault in _faults(path, text)
    ]


def _faults(path: str, text: str) -> list[str]:
    faults = [] if path.isascii() else ["a name that is not ASCII"]
    if (fault := path_fault(path)) is not None:
        faults.append(fault)
    if not path.endswith(".py") or path.startswith("_runtime/"):
        return faults
    tree = ast.parse(text, path)
    called = {_first(it.func) for it in ast.walk(tree) if isinstance(it, ast.Call)}
    faults += [f"calls {name}" for name in sorted(called & _DANGEROUS)]
    hidden = {c for c in text if not (c.isprintable() or c == "\n")}
    return faults + [f"has the hidden {c!r}" for c in sorted(hidden)]


def _first(called: ast.expr) -> str:
    """The name that a chain of calls and attributes begins with."""
    while isinstance(called, ast.Attribute | ast.Call | ast.Subscript):
        called = called.func if isinstance(called, ast.Call) else called.value
    return called.id if isinstance(called, ast.Name) else ""
