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

from batchwright.blackened import Kind, Text, blacken, blackened
from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.layout import laid_out
from batchwright.pieces import Piece, cut, join
from batchwright.results import Kept


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
    cuts: dict[str, tuple[Piece, ...]] = {}
    for path, text in files.items():
        kind = _kind(path)
        if kind is None:
            continue
        known = formatted.get(_key(text, kind))
        if known is not None:
            styled[path] = known
        elif (pieces := _pieces(path, text, kind, report)) is not None:
            cuts[path] = pieces
    answers = _answers(cuts, formatted, processes)
    for path, pieces in cuts.items():
        styled[path] = _joined(path, files[path], pieces, answers, report)
        if styled[path] is not files[path]:
            formatted.add(_key(files[path], _kind(path) or "py"), styled[path])
    return styled


def _kind(path: str) -> Kind | None:
    if path.endswith(".py"):
        return "py"
    return "pyi" if path.endswith(".pyi") else None


def _pieces(
    path: str, text: str, kind: Kind, report: Report
) -> tuple[Piece, ...] | None:
    """None where Python refuses the text: black is more lenient."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text)
    except SyntaxError as fault:
        _refuse(path, fault.msg, report, fault.lineno, fault.offset)
        return None
    except ValueError as fault:
        _refuse(path, str(fault), report)
        return None
    return cut(text, tree) if kind == "py" else (Piece(text),)


def _answers(
    cuts: Mapping[str, tuple[Piece, ...]], formatted: Kept[str], processes: int
) -> dict[Text, str | None]:
    """Each piece as black formats it; black is asked last, about each text once."""
    answers: dict[Text, str | None] = {}
    for path, pieces in cuts.items():
        kind = _kind(path) or "py"
        for piece in pieces:
            text: Text = (piece.text, kind)
            if text not in answers:
                answer = laid_out(piece.text) if kind == "py" else None
                answers[text] = answer or formatted.get(_key(*text))
    unknown = [text for text, answer in answers.items() if answer is None]
    for text, answer in zip(unknown, blackened(unknown, processes), strict=True):
        answers[text] = answer
        if answer is not None:
            formatted.add(_key(*text), answer)
    return answers


def _joined(
    path: str,
    text: str,
    pieces: tuple[Piece, ...],
    answers: Mapping[Text, str | None],
    report: Report,
) -> str:
    """The module; as it was where black cannot read it, which is reported."""
    kind = _kind(path) or "py"
    found = [answers[piece.text, kind] for piece in pieces]
    known = [answer for answer in found if answer is not None]
    if len(known) == len(found):
        return join(pieces, known)
    try:
        return blacken(text, kind)
    except ValueError as fault:
        _refuse(path, str(fault).partition("\n")[0], report)
        return text


def _refuse(
    path: str,
    message: str,
    report: Report,
    line: int | None = None,
    column: int | None = None,
) -> None:
    report.error(
        "not-python",
        f"what the templates made is not Python: {message}",
        Location(file=path, line=line, column=column),
        hint="look at the templates that you override; if there are none, this is a "
        "bug of batchwright: please report it with the part of the spec",
    )


def _key(text: str, kind: Kind) -> bytes:
    return sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).digest()
