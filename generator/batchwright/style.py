"""The shape of the generated code: black, in memory.

black takes longer than all the rest of a run. So what is generated is cut into pieces,
and each is formatted once, be it in several modules or in an earlier run. Most pieces
are of kinds for which black's answer is known; it is asked about the others, on all
cores. The text is the same as if black had been given each module as it is.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct

from batchwright.blackened import Kind, Text, blacken, blackened
from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.layout import laid_out
from batchwright.pieces import Piece, cut, join
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
    texts: dict[str, str] = {}
    for path, text in files.items():
        kind = _kind(path)
        known = None if kind is None else formatted.get(_key(text, kind))
        if known is not None:
            styled[path] = known
        elif kind is not None:
            texts[path] = text
    sizes = [len(text) for text in texts.values()]
    found = shared(
        _LayingOut(), list(texts.items()), sizes, _WORTH_A_PROCESS, processes
    )
    laid = dict(zip(texts, found, strict=True))
    answers = _answers(laid, formatted, processes)
    for path, one in laid.items():
        if isinstance(one, _Refusal):
            _refuse(path, one, report)
            continue
        styled[path] = (
            one
            if isinstance(one, str)
            else _joined(path, files[path], one, answers, report)
        )
        if styled[path] is not files[path]:
            formatted.add(_key(files[path], _kind(path) or "py"), styled[path])
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


def _kind(path: str) -> Kind | None:
    if path.endswith(".py"):
        return "py"
    return "pyi" if path.endswith(".pyi") else None


class _LayingOut:
    """Lays out files, each piece of them once."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def __call__(self, file: tuple[str, str]) -> str | _Pieces | _Refusal:
        """The text of a file as black formats it, as far as that is known.

        It is refused where Python refuses it: black is more lenient.
        """
        path, text = file
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                tree = ast.parse(text)
        except SyntaxError as fault:
            return _Refusal(fault.msg, fault.lineno, fault.offset)
        except ValueError as fault:
            return _Refusal(str(fault))
        if _kind(path) != "py":
            return _Pieces((Piece(text),), (None,))
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
    laid: Mapping[str, str | _Pieces | _Refusal], formatted: Kept[str], processes: int
) -> dict[Text, str | None]:
    """The pieces that are open as black formats them; it is asked once about each."""
    answers: dict[Text, str | None] = {}
    for path, one in laid.items():
        if isinstance(one, _Pieces):
            kind = _kind(path) or "py"
            for piece, answer in zip(one.pieces, one.answers, strict=True):
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
    path: str,
    text: str,
    one: _Pieces,
    answers: Mapping[Text, str | None],
    report: Report,
) -> str:
    """The module; as it was where black cannot read it, which is reported."""
    kind = _kind(path) or "py"
    known: list[str] = []
    for piece, answer in zip(one.pieces, one.answers, strict=True):
        found = answers[piece.text, kind] if answer is None else answer
        if found is not None:
            known.append(found)
    if len(known) == len(one.pieces):
        return join(one.pieces, known)
    try:
        return blacken(text, kind)
    except ValueError as fault:
        _refuse(path, _Refusal(str(fault).partition("\n")[0]), report)
        return text


def _refuse(path: str, refusal: _Refusal, report: Report) -> None:
    report.error(
        "not-python",
        f"what the templates made is not Python: {refusal.message}",
        Location(file=path, line=refusal.line, column=refusal.column),
        hint="look at the templates that you override; if there are none, this is a "
        "bug of batchwright: please report it with the part of the spec",
    )


def _key(text: str, kind: Kind) -> bytes:
    return sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).digest()
