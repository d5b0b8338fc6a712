"""One case of the fuzzer: a spec, what became of it, and whether that is allowed."""

from __future__ import annotations

import ast
import json
import signal
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from batchwright.checking.validate import validate
from batchwright.configuration.config import Config
from batchwright.diagnostics import Diagnostic, Report, SpecError, printable
from batchwright.formatting.style import style
from batchwright.reading.load import load
from batchwright.rendering.render import render
from batchwright.rendering.templates import Templates, read_templates
from batchwright.resolving.resolve import resolve
from batchwright.results import Results
from batchwright.structure import METHODS
from batchwright.translate import translate
from fuzz.packages import PACKAGE, imported
from support.hostile import COMPILED
from support.injection import MARKER, code_faults

# Seconds of a processor that one small spec may take; what takes longer is taken to hang.
_PATIENCE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a spec: `files`, or None where it was refused.

    `fault` says what must not happen, and did: None where all is well. Its first line
    is the same for all specs that show the same fault.
    """

    files: Mapping[str, str] | None
    diagnostics: tuple[Diagnostic, ...]
    fault: str | None = None


class _TooSlowError(BaseException):
    """A case took longer than anybody would wait."""


def try_data(data: Any, *, styled: bool = False) -> Outcome:
    """What becomes of a spec that is plain data."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    content = text.encode("utf-8", "surrogatepass")
    return try_files({"openapi.json": content}, styled=styled)


def try_files(files: Mapping[str, bytes], *, styled: bool = False) -> Outcome:
    """What becomes of a spec in several files, the first one the root.

    `styled`: the code is formatted, too, which takes most of the time.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return _try(Path(folder, next(iter(files))), styled=styled)


def _try(spec: Path, *, styled: bool) -> Outcome:
    report = Report()
    made: dict[str, str] | None = None
    try:
        with _limited():
            try:
                made, operations = _generate(spec, report, styled=styled)
            except SpecError:
                pass
            diagnostics = report.diagnostics
            if made is None:
                fault = _fault_of_refusal(diagnostics)
            else:
                fault = _fault_of_package(made, operations, report)
    except (Exception, _TooSlowError) as error:
        return Outcome(files=None, diagnostics=(), fault=_described(error))
    return Outcome(files=made, diagnostics=diagnostics, fault=fault)


def _generate(
    spec: Path, report: Report, *, styled: bool
) -> tuple[dict[str, str], tuple[int, int]]:
    """The files that are made, and how many operations are said and generated."""
    config = Config(spec=spec, package=PACKAGE, distribution=PACKAGE)
    whole = validate(resolve(load(spec, report), report), report)
    report.stop_if_errors()
    api = translate(whole, config, report)
    report.stop_if_errors()
    files = render(api, _templates(), report, Results(compiled=COMPILED))
    report.stop_if_errors()
    if styled:
        files = style(files, report)
        report.stop_if_errors()
    generated = sum(len(resource.operations) for resource in api.resources)
    return files, (_number_of_operations(whole.root.value), generated)


@cache
def _templates() -> Templates:
    return read_templates(None, Report())


def _number_of_operations(data: Any) -> int:
    paths = data.get("paths") or {}
    return sum(
        len([name for name in item if name in METHODS])
        + len(item.get("additionalOperations") or ())
        for path, item in paths.items()
        if path.startswith("/") and isinstance(item, dict)
    )


def _fault_of_refusal(diagnostics: tuple[Diagnostic, ...]) -> str | None:
    if not any(found.severity == "error" for found in diagnostics):
        return "refused without an error"
    for found in diagnostics:
        if found.location is None or found.location.line is None:
            return f"refused without a place: {found.code}\n{found}"
        said = f"{found.message}{found.hint}"
        if printable(said) != said:
            return f"a message that is not printable: {found.code}\n{found!r}"
    return None


def _fault_of_package(
    files: dict[str, str], operations: tuple[int, int], report: Report
) -> str | None:
    if report.has_errors:
        return "generated with errors"
    said, generated = operations
    if said != generated:
        return f"operations are lost\n{said} are said, {generated} are generated"
    for path, text in files.items():
        if path.endswith(".py"):
            try:
                ast.parse(text)
            except (SyntaxError, ValueError) as error:
                return f"{path.rpartition('/')[2]} is no Python\n{path}: {error}"
    if faults := code_faults(files):
        return "\n".join([f"code that should not be there: {faults[0]}", *faults])
    try:
        imported(files)
    except Exception as error:
        return _import_fault(error)
    return "something was executed" if Path(MARKER).exists() else None


def _import_fault(error: Exception) -> str:
    said = "".join(traceback.format_exception(error))
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.name}"
    return f"cannot be imported: {type(error).__name__} in {where}\n{said}"


def _described(error: BaseException) -> str:
    """The kind of an exception and where it came from, then the whole traceback."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "batchwright" in frame.filename
    ]
    where = "?"
    if frames and not isinstance(error, _TooSlowError):
        where = f"{Path(frames[-1].filename).name}:{frames[-1].name}"
    elif frames:
        where = f"{Path(frames[3].filename).name}" if len(frames) > 3 else "?"
    said = "".join(traceback.format_exception(error)[-30:])
    return f"{type(error).__name__} in {where}\n{said}"


@contextmanager
def _limited() -> Iterator[None]:
    """What takes too long is ended by an exception, where the system can do that."""
    if not hasattr(signal, "SIGPROF"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooSlowError(f"not done after {_PATIENCE} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
