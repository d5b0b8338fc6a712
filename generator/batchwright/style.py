"""The shape of the generated code: black, in memory."""

from __future__ import annotations

import ast
import warnings

import black
from black.mode import Mode, TargetVersion
from black.parsing import InvalidInput

from batchwright.diagnostics import Location, Report
from batchwright.files import Files

_MODE = Mode(target_versions={TargetVersion.PY311}, line_length=88)
_STUB = Mode(target_versions={TargetVersion.PY311}, line_length=88, is_pyi=True)


def style(files: Files, report: Report) -> Files:
    """The same files with every Python text in black's stable style.

    A text that is not Python is reported under the path it would have had.
    """
    return {path: _styled(path, text, report) for path, text in files.items()}


def _styled(path: str, text: str, report: Report) -> str:
    if not path.endswith((".py", ".pyi")):
        return text
    try:
        return _formatted(text, _MODE if path.endswith(".py") else _STUB)
    except SyntaxError as fault:
        message = fault.msg
        where = Location(file=path, line=fault.lineno, column=fault.offset)
    except (InvalidInput, ValueError) as fault:
        message = str(fault).partition("\n")[0]
        where = Location(file=path)
    report.error(
        "not-python",
        f"what the templates made is not Python: {message}",
        where,
        hint="look at the templates that you override; if there are none, this is a "
        "bug of batchwright: please report it with the part of the spec",
    )
    return text


def _formatted(text: str, mode: Mode) -> str:
    """Raises SyntaxError or ValueError where Python would: black is more lenient."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        ast.parse(text)
    return black.format_str(text, mode=mode)
