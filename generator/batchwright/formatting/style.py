"""The shape of the generated code: black, in memory.

black takes longer than all the rest of a run. So what is generated is divided into
sections, of which those are known that an earlier run had, and cut into pieces, each of
which is formatted once, be it in several modules or in an earlier run. Most pieces are
of kinds for which black's answer is known; it is asked about the others, on all cores.
The text is the same as if black had been given each module as it is.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

from msgspec import Struct

from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.formatting.blackened import Kind, Text, blacken, blackened
from batchwright.formatting.layout import laid_out
from batchwright.formatting.pieces import Piece, cut, join
from batchwright.formatting.sections import BETWEEN, Section, divided
from batchwright.results import Kept
from batchwright.sharing import shared

# Characters that are laid out in the time that it takes to have another process.
_WORTH_A_PROCESS = 400_000


def style(
    files: Files,
    report: Report,
    formatted: Kept[str] | None = None,
    *,
    processes: int = 1,
) -> Files:
    """The same files with every Python text in black's stable style.

    A text that is not Python is reported under the path it would have had.

    Args:
        formatted: is asked before black, and told what black says.
        processes: how many may be at work at the same time.
    """
    formatted = Kept() if formatted is None else formatted
    styled = dict(files)
    modules: dict[str, tuple[Section, ...]] = {}
    for path, text in files.items():
        kind = _kind(path)
        known = None if kind is None else formatted.get(_key(text, kind))
        if known is not None:
            styled[path] = known
        elif kind is not None:
            modules[path] = divided(path, text)
    laid = _laid_out(modules, formatted, processes)
    for path, parts in laid.items():
        if any(isinstance(part, _Refusal) for part in parts) and len(parts) > 1:
            # Only the whole tells whether it is Python, and what is wrong with it.
            modules[path] = (Section(path, files[path]),)
            laid[path] = [_LayingOut()(modules[path][0])]
    answers = _answers(laid, formatted, processes)
    for path, parts in laid.items():
        joined = _joined(files[path], modules[path], parts, answers, formatted, report)
        styled[path] = files[path] if joined is None else joined
        if joined is not None:
            formatted.add(_key(files[path], _kind(path) or "py"), joined)
    return styled


class _Refusal(Struct, frozen=True):
    """Why a text is not Python."""

    message: str
    line: int | None = None
    column: int | None = None


class _Pieces(Struct, frozen=True):
    """A text of which black has to be asked about something.

    Beside each piece is how black formats it, None where that has to be asked.
    """

    pieces: tuple[Piece, ...]
    answers: tuple[str | None, ...]


_Part: TypeAlias = str | _Pieces | _Refusal


def _kind(path: str) -> Kind | None:
    if path.endswith(".py"):
        return "py"
    return "pyi" if path.endswith(".pyi") else None


def _laid_out(
    modules: Mapping[str, tuple[Section, ...]], formatted: Kept[str], processes: int
) -> dict[str, list[_Part]]:
    """The sections of each module as black formats them, as far as that is known."""
    known: dict[Section, _Part | None] = {}
    for section in (section for sections in modules.values() for section in sections):
        is_module = section.is_first and section.is_last
        known[section] = None if is_module else formatted.get(_key_of(section))
    new = [section for section, answer in known.items() if answer is None]
    sizes = [len(section.text) for section in new]
    found = shared(_LayingOut(), new, sizes, _WORTH_A_PROCESS, processes)
    known.update(zip(new, found, strict=True))
    return {
        path: [part for it in sections if (part := known[it]) is not None]
        for path, sections in modules.items()
    }


class _LayingOut:
    """Lays out sections of modules, each piece of them once."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def __call__(self, section: Section) -> _Part:
        """The text as black formats it, as far as that is known.

        It is refused where Python refuses it (black is more lenient), or where it is no
        section by itself.
        """
        text = section.text
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                tree = ast.parse(text)
        except SyntaxError as fault:
            return _Refusal(fault.msg, fault.lineno, fault.offset)
        except ValueError as fault:
            return _Refusal(str(fault))
        if _kind(section.path) != "py":
            return _Pieces((Piece(text),), (None,))
        if not section.is_whole(tree):
            return _Refusal("it depends on what is around it")
        pieces = cut(text, tree)
        answers = tuple(self._answer(piece.text) for piece in pieces)
        certain = [answer for answer in answers if answer is not None]
        if len(certain) == len(answers):
            return join(pieces, certain)
        return _Pieces(pieces, answers)

    def _answer(self, text: str) -> str | None:
        if text not in self._known:
            self._known[text] = laid_out(text)
        return self._known[text]


def _answers(
    laid: Mapping[str, Sequence[_Part]], formatted: Kept[str], processes: int
) -> dict[Text, str | None]:
    """The pieces that are open as black formats them; it is asked once about each."""
    answers: dict[Text, str | None] = {}
    for path, parts in laid.items():
        kind = _kind(path) or "py"
        for part in parts:
            if isinstance(part, _Pieces):
                for piece, answer in zip(part.pieces, part.answers, strict=True):
                    text: Text = (piece.text, kind)
                    if answer is None and text not in answers:
                        answers[text] = formatted.get(_key(*text))
    unknown = [text for text, answer in answers.items() if answer is None]
    for text, answer in zip(unknown, blackened(unknown, processes), strict=True):
        answers[text] = answer
        if answer is not None:
            formatted.add(_key(*text), answer)
    return answers


def _joined(
    module: str,
    sections: tuple[Section, ...],
    parts: Sequence[_Part],
    answers: Mapping[Text, str | None],
    formatted: Kept[str],
    report: Report,
) -> str | None:
    """The module; None where Python or black cannot read it, which is reported."""
    path = sections[0].path
    kind = _kind(path) or "py"
    joined: list[str] = []
    for section, part in zip(sections, parts, strict=True):
        if isinstance(part, _Refusal):
            _refuse(path, part, report)
            return None
        text = part if isinstance(part, str) else _put_together(part, kind, answers)
        if text is None:
            return _blackened(path, module, kind, report)
        if len(sections) > 1:
            formatted.add(_key_of(section), text)
        joined.append(text)
    return BETWEEN.join(joined)


def _put_together(
    part: _Pieces, kind: Kind, answers: Mapping[Text, str | None]
) -> str | None:
    """A section of which black was asked about something."""
    known: list[str] = []
    for piece, answer in zip(part.pieces, part.answers, strict=True):
        found = answers[piece.text, kind] if answer is None else answer
        if found is None:
            return None
        known.append(found)
    return join(part.pieces, known)


def _blackened(path: str, text: str, kind: Kind, report: Report) -> str | None:
    try:
        return blacken(text, kind)
    except ValueError as fault:
        _refuse(path, _Refusal(str(fault).partition("\n")[0]), report)
        return None


def _refuse(path: str, refusal: _Refusal, report: Report) -> None:
    report.error(
        "not-python",
        f"what the templates made is not Python: {refusal.message}",
        Location(file=path, line=refusal.line, column=refusal.column),
        hint="look at the templates that you override; if there are none, this is a "
        "bug of batchwright: please report it with the part of the spec",
    )


def _key_of(section: Section) -> bytes:
    return _key(section.text, f"section {section.is_first} {section.is_last}")


def _key(text: str, kind: str) -> bytes:
    return sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).digest()
