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
from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct

from batchwright.blackened import Kind, Text, blacken, blackened
from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.layout import laid_out
from batchwright.pieces import Piece, cut, join
from batchwright.results import Kept
from batchwright.sections import BETWEEN, divided, is_whole


class _Section(Struct, frozen=True):
    """Part of a module: `known` as black formats it, or in pieces; `key` is its own."""

    key: bytes
    known: str | None = None
    pieces: tuple[Piece, ...] = ()


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
    modules: dict[str, tuple[_Section, ...]] = {}
    for path, text in files.items():
        kind = _kind(path)
        if kind is None:
            continue
        known = formatted.get(_key(text, kind))
        if known is not None:
            styled[path] = known
        elif (sections := _sections(path, text, kind, formatted, report)) is not None:
            modules[path] = sections
    answers = _answers(modules, formatted, processes)
    for path, sections in modules.items():
        kind = _kind(path) or "py"
        styled[path] = _joined(path, files[path], sections, answers, formatted, report)
        if styled[path] is not files[path]:
            formatted.add(_key(files[path], kind), styled[path])
    return styled


def _kind(path: str) -> Kind | None:
    if path.endswith(".py"):
        return "py"
    return "pyi" if path.endswith(".pyi") else None


def _sections(
    path: str, text: str, kind: Kind, formatted: Kept[str], report: Report
) -> tuple[_Section, ...] | None:
    """None where Python refuses the text: black is more lenient."""
    if kind == "py" and (sections := _divided(text, formatted)) is not None:
        return sections
    try:
        tree = _parsed(text)
    except SyntaxError as fault:
        _refuse(path, fault.msg, report, fault.lineno, fault.offset)
        return None
    except ValueError as fault:
        _refuse(path, str(fault), report)
        return None
    pieces = cut(text, tree) if kind == "py" else (Piece(text),)
    return (_Section(_key(text, kind), pieces=pieces),)


def _divided(text: str, formatted: Kept[str]) -> tuple[_Section, ...] | None:
    """The sections of a module; None where it has to be read whole."""
    texts = divided(text)
    found: list[_Section] = []
    for index, section in enumerate(texts):
        is_first, is_last = index == 0, index == len(texts) - 1
        key = _key(section, f"section {is_first} {is_last}")
        known = formatted.get(key)
        if known is None:
            try:
                tree = _parsed(section)
            except (SyntaxError, ValueError):
                return None
            if not is_whole(section, tree, is_first=is_first, is_last=is_last):
                return None
            found.append(_Section(key, pieces=cut(section, tree)))
        else:
            found.append(_Section(key, known))
    return tuple(found)


def _parsed(text: str) -> ast.Module:
    """Raises SyntaxError or ValueError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.parse(text)


def _answers(
    modules: Mapping[str, tuple[_Section, ...]], formatted: Kept[str], processes: int
) -> dict[Text, str | None]:
    """Each piece as black formats it; black is asked last, about each text once."""
    answers: dict[Text, str | None] = {}
    for path, sections in modules.items():
        kind = _kind(path) or "py"
        for piece in (piece for section in sections for piece in section.pieces):
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
    sections: tuple[_Section, ...],
    answers: Mapping[Text, str | None],
    formatted: Kept[str],
    report: Report,
) -> str:
    """The module; as it was where black cannot read it, which is reported."""
    kind = _kind(path) or "py"
    joined: list[str] = []
    for section in sections:
        known = section.known
        if known is None:
            found = [answers[piece.text, kind] for piece in section.pieces]
            answered = [answer for answer in found if answer is not None]
            if len(answered) < len(found):
                break
            known = join(section.pieces, answered)
            if len(sections) > 1:
                formatted.add(section.key, known)
        joined.append(known)
    else:
        return BETWEEN.join(joined)
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


def _key(text: str, kind: str) -> bytes:
    return sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).digest()
