"""The shape of the generated code: black, in memory.

black takes longer than all the rest of a run. So what it is given is cut into pieces,
of which each is formatted once: those that stand in several modules, those that an
earlier run had, too. The rest is divided among the cores. The text is the same as if
black had been given each module as it is.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from hashlib import sha256

from batchwright.blackened import Kind, blacken, blackened
from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.pieces import Piece, cut, join


class Formatted:
    """Texts, each as black formats it: those of an earlier run and of this one.

    Args:
        known: what `kept` was after an earlier run, with the same black.
    """

    def __init__(self, known: Mapping[bytes, str] | None = None) -> None:
        self._known = known or {}
        self.kept: dict[bytes, str] = {}

    @property
    def has_news(self) -> bool:
        """Whether `kept` is not what was known before."""
        return self.kept.keys() != self._known.keys()

    def get(self, text: str, kind: Kind) -> str | None:
        key = _key(text, kind)
        found = self.kept.get(key) or self._known.get(key)
        if found is not None:
            self.kept[key] = found
        return found

    def add(self, text: str, kind: Kind, formatted: str) -> None:
        self.kept[_key(text, kind)] = formatted


def style(
    files: Files,
    report: Report,
    formatted: Formatted | None = None,
    *,
    processes: int = 1,
) -> Files:
    """The same files with every Python text in black's stable style.

    A text that is not Python is reported under the path it would have had.

    Args:
        formatted: is asked before black, and told what black says.
        processes: how many may be at work at the same time.
    """
    formatted = Formatted() if formatted is None else formatted
    styled = dict(files)
    cuts: dict[str, tuple[Piece, ...]] = {}
    for path, text in files.items():
        kind = _kind(path)
        if kind is None:
            continue
        known = formatted.get(text, kind)
        if known is not None:
            styled[path] = known
        elif (pieces := _pieces(path, text, kind, report)) is not None:
            cuts[path] = pieces
    _ask_black(cuts, formatted, processes)
    for path, pieces in cuts.items():
        styled[path] = _joined(path, files[path], pieces, formatted, report)
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


def _ask_black(
    cuts: Mapping[str, tuple[Piece, ...]], formatted: Formatted, processes: int
) -> None:
    """Ask about what is not known yet, each text once."""
    unknown: dict[tuple[str, Kind], None] = {}
    for path, pieces in cuts.items():
        kind = _kind(path) or "py"
        for piece in pieces:
            if formatted.get(piece.text, kind) is None:
                unknown[piece.text, kind] = None
    texts = tuple(unknown)
    for text, answer in zip(texts, blackened(texts, processes), strict=True):
        if answer is not None:
            formatted.add(*text, answer)


def _joined(
    path: str,
    text: str,
    pieces: tuple[Piece, ...],
    formatted: Formatted,
    report: Report,
) -> str:
    kind = _kind(path) or "py"
    answers = [formatted.get(piece.text, kind) for piece in pieces]
    known = [answer for answer in answers if answer is not None]
    if len(known) == len(answers):
        whole = join(pieces, known)
    else:
        try:
            whole = blacken(text, kind)
        except ValueError as fault:
            _refuse(path, str(fault).partition("\n")[0], report)
            return text
    formatted.add(text, kind, whole)
    return whole


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
