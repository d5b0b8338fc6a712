"""What is wrong with a spec, where, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol

from msgspec import Struct
from msgspec.structs import force_setattr, replace

_LONGEST_EXCERPT = 60
# A path of thousands of parameters is quoted in the message about each of them.
_LONGEST_MESSAGE = 2_000

# Beyond the control characters: line and paragraph separators, the marks that turn
# the direction of text around, what nobody can see (joiners, tags), and halves of
# surrogate pairs (they have no UTF-8).
_DANGEROUS_RANGES = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x061C, 0x061C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xDFFF),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE007F),
)
_SHORT_ESCAPES = {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}


def _escape(code: int) -> str:
    if code < 0x100:
        return _SHORT_ESCAPES.get(code, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_ESCAPES = {
    code: _escape(code)
    for first, last in _DANGEROUS_RANGES
    for code in range(first, last + 1)
}


def printable(text: str) -> str:
    """The text with everything escaped that could drive a terminal."""
    return text.translate(_ESCAPES)


def excerpt(value: object, longest: int = _LONGEST_EXCERPT) -> str:
    """A value from a spec as it is quoted in a message: JSON on one line, shortened."""
    if isinstance(value, str):
        short = value if len(value) <= longest else value[: longest - 1] + "…"
        return json.dumps(short, ensure_ascii=False)
    if isinstance(value, dict):
        return f"a mapping of {_count(len(value), 'entry', 'entries')}"
    if isinstance(value, list):
        return f"a list of {_count(len(value), 'item', 'items')}"
    # Python refuses to turn an integer of many thousand digits into text.
    if isinstance(value, int) and value.bit_length() > 4 * longest:
        return "a very large number"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


class Severity(StrEnum):
    """What a finding does: an error stops the run, a warning is only told."""

    ERROR = "error"
    WARNING = "warning"


class Location(Struct, frozen=True, kw_only=True):
    """A place in a file of the spec.

    `line` and `column` count from 1, the column in characters; both are None where
    only the file is known. `pointer` is the JSON pointer within that file.
    """

    file: str
    line: int | None = None
    column: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        file = printable(self.file)
        if self.line is None:
            return file
        return f"{file}:{self.line}:{self.column or 1}"


class Located(Protocol):
    """Anything that knows where it was written, a `Node` above all."""

    @property
    def location(self) -> Location:
        """The place; may be expensive to find."""


class Diagnostic(Struct, frozen=True, kw_only=True):
    """One finding: what (message), where (location), what to do (hint)."""

    severity: Severity
    code: str
    message: str
    hint: str | None = None
    location: Location | None = None

    def __post_init__(self) -> None:
        # Both may quote the spec, which is not trusted.
        force_setattr(self, "message", printable(self.message))
        if self.hint is not None:
            force_setattr(self, "hint", printable(self.hint))

    def __str__(self) -> str:
        where = "" if self.location is None else f"{self.location}: "
        text = f"{where}{self.severity}[{self.code}]: {self.message}"
        return text if self.hint is None else f"{text}\n    hint: {self.hint}"

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sorts findings by file, line, column, code and message."""
        place = self.location
        if place is None:
            return ("", 0, 0, self.code, self.message)
        return (
            place.file,
            place.line or 0,
            place.column or 0,
            self.code,
            self.message,
        )


class SpecError(Exception):
    """The spec cannot be used; `diagnostics` say why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(found) for found in self.diagnostics))

    def __reduce__(self) -> tuple[type[SpecError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class _Finding(Struct, frozen=True, kw_only=True):
    """A diagnostic whose line and column have not been looked for yet."""

    severity: Severity
    code: str
    message: str
    hint: str | None
    at: Located | Location | None

    def diagnostic(self) -> Diagnostic:
        at = self.at
        where = at if at is None or isinstance(at, Location) else at.location
        return Diagnostic(
            severity=self.severity,
            code=self.code,
            message=self.message,
            hint=self.hint,
            location=where,
        )


def _no_way(found: Iterable[Diagnostic]) -> None:
    """Where no spec has been read, no filter helps."""


class Report:
    """Collects what the stages find, so that all of it can be told at once.

    `way_around` tells which filter leaves out all that has errors, if one does; that
    takes a walk through the spec.
    """

    def __init__(self) -> None:
        self._findings: list[_Finding] = []
        self.way_around: Callable[[Iterable[Diagnostic]], str | None] = _no_way

    def error(
        self,
        code: str,
        message: str,
        at: Located | Location | None = None,
        hint: str | None = None,
    ) -> None:
        """Say that the spec cannot be used as it is."""
        self._add(Severity.ERROR, code, message, at, hint)

    def warning(
        self,
        code: str,
        message: str,
        at: Located | Location | None = None,
        hint: str | None = None,
    ) -> None:
        """Say that something looks wrong; the hint tells how it is read."""
        self._add(Severity.WARNING, code, message, at, hint)

    def _add(
        self,
        severity: Severity,
        code: str,
        message: str,
        at: Located | Location | None,
        hint: str | None,
    ) -> None:
        if len(message) > _LONGEST_MESSAGE:
            message = message[: _LONGEST_MESSAGE - 1] + "…"
        self._findings.append(
            _Finding(severity=severity, code=code, message=message, hint=hint, at=at)
        )

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings, sorted by place, each once."""
        found = {finding.diagnostic(): None for finding in self._findings}
        return tuple(sorted(found, key=lambda diagnostic: diagnostic.order))

    @property
    def count(self) -> int:
        """How many findings there are, some perhaps more than once."""
        return len(self._findings)

    def forbid_warnings(self) -> None:
        """Make errors of all warnings."""
        self._findings = [
            replace(found, severity=Severity.ERROR) for found in self._findings
        ]

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far keeps the spec from being used."""
        return any(found.severity is Severity.ERROR for found in self._findings)

    def stop_if_errors(self) -> None:
        """Raise `SpecError` with all findings if there is an error among them."""
        if self.has_errors:
            raise SpecError(self.diagnostics)
