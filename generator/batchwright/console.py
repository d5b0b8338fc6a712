"""How findings, progress and differences look to the person at the terminal."""

from __future__ import annotations

import io
import itertools
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from batchwright.diagnostics import Diagnostic, Severity, printable
from batchwright.writing.changes import Changes, Difference

# As many warnings of one kind show what the matter is; the rest would hide the others.
_UNFOLDED = 3
# As many changed files are named one by one.
_NAMED = 10

_BOLD, _DIM, _RED, _GREEN, _YELLOW = "1", "2", "31", "32", "33"
_SEVERITIES = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW}
_DIFF = {"-": _RED, "+": _GREEN, "@": _DIM}


class Console:
    """Writes lines to a stream, in colour if that is a terminal which wants it.

    A `quiet` one writes errors and differences, and nothing else.
    """

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream = stream
        self._quiet = quiet
        self._terminal = stream.isatty()
        self._coloured = (
            self._terminal
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
        )
        if isinstance(stream, io.TextIOWrapper):
            # A character that the terminal's encoding lacks is no reason to fail.
            stream.reconfigure(errors="backslashreplace")

    def tell(self, line: str) -> None:
        """A line of progress."""
        if not self._quiet:
            self._print(line)

    def say(self, lines: Iterable[str]) -> None:
        """Results, a line each."""
        for line in lines:
            self._print(printable(line))

    def show(self, diagnostics: Iterable[Diagnostic], *, fold: bool = False) -> None:
        """The findings, one by one.

        Folded: of many warnings of one code only the first, and errors last, where they
        are seen.
        """
        if fold:
            diagnostics = tuple(diagnostics)
            self._show_folded(diagnostics)
            diagnostics = filter(_is_error, diagnostics)
        for found in diagnostics:
            if _is_error(found) or not self._quiet:
                self._print(self._finding(found))

    def _show_folded(self, diagnostics: Iterable[Diagnostic]) -> None:
        numbers: Counter[str] = Counter()
        for found in itertools.filterfalse(_is_error, diagnostics):
            numbers[found.code] += 1
            if numbers[found.code] <= _UNFOLDED:
                self.tell(self._finding(found))
        for code, number in sorted(numbers.items()):
            if number > _UNFOLDED:
                self.tell(
                    f"… and {number - _UNFOLDED} more {code}; "
                    "`batchwright validate` shows all"
                )

    def show_differences(self, differences: Iterable[Difference], folder: Path) -> None:
        """A unified diff of all of them."""
        for difference in differences:
            self._print("\n".join(map(self._safe, difference.unified(folder))))

    def show_result(self, text: str) -> None:
        """What the command was asked for; safe for a terminal already."""
        self._print(text.removesuffix("\n"))

    def _print(self, text: str) -> None:
        try:
            print(text, file=self._stream, flush=True)
        except BrokenPipeError:
            # Whoever was reading has seen enough; the rest goes nowhere, and what the
            # command is there for is done all the same.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def _safe(self, line: str) -> str:
        """A line of a diff; on a terminal, painted, and unable to drive it."""
        if not self._terminal:
            return line
        line = "\t".join(map(printable, line.split("\t")))
        return self._paint(line, _DIFF.get(line[:1]))

    def _finding(self, found: Diagnostic) -> str:
        if not self._coloured:
            return str(found)
        where = "" if found.location is None else f"{found.location}: "
        kind = f"{found.severity}[{found.code}]:"
        text = (
            self._paint(where, _BOLD)
            + self._paint(kind, _SEVERITIES[found.severity])
            + f" {found.message}"
        )
        if found.hint is not None:
            text += self._paint(f"\n    hint: {found.hint}", _DIM)
        return text

    def _paint(self, text: str, colour: str | None) -> str:
        if not self._coloured or not text or colour is None:
            return text
        return f"\x1b[{colour}m{text}\x1b[0m"


def _is_error(found: Diagnostic) -> bool:
    return found.severity is Severity.ERROR


def changes_told(changes: Changes, folder: Path, seconds: float) -> str:
    """What was written, removed and left alone, in a few lines."""
    written = sorted((*changes.created, *changes.changed))
    numbers = [
        f"{len(paths)} {what}"
        for paths, what in (
            (changes.created, "new"),
            (changes.changed, "changed"),
            (changes.removed, "removed"),
            (changes.unchanged, "unchanged"),
        )
        if paths
    ]
    lines = [
        *_named("wrote", written),
        *_named("removed", changes.removed),
        f"{folder}: {', '.join(numbers) or 'no files'} ({seconds:.1f} s)",
    ]
    return "\n".join(lines)


def _named(what: str, paths: Sequence[str]) -> list[str]:
    return [f"{what} {path}" for path in paths] if len(paths) <= _NAMED else []


def differences_told(
    differences: Sequence[Difference], folder: Path, seconds: float
) -> str:
    """Whether the folder is as generated, in a line."""
    if not differences:
        return f"{folder} is as generated ({seconds:.1f} s)"
    number = len(differences)
    files = "1 file differs" if number == 1 else f"{number} files differ"
    return f"{folder}: {files} from what is generated; run `batchwright generate`"


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """How many errors and warnings there are, in a few words."""
    numbers = Counter(found.severity for found in diagnostics)
    told = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in Severity
        if (number := numbers[severity])
    ]
    return " and ".join(told) or "nothing to complain about"
