"""Local changes to generated files as a patch: made, read, and applied, strictly.

The format is that of `diff -u`, so that `patch -p1` and `git apply` understand it, too.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias

from msgspec import Struct

from batchwright.files import Files, lines_of, path_fault

_NO_NEWLINE = "\\ No newline at end of file"
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class PatchError(ValueError):
    """The text is not a patch, at a line; the message says why."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Hunk(Struct, frozen=True, kw_only=True):
    """One place of a file: its lines (with their ends) before and after.

    `start` is the number of the first line of `before`, from 1; `line` that of the
    hunk's header in the patch.
    """

    start: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    line: int


# Path -> the hunks of the file, from its top to its end.
Patch: TypeAlias = Mapping[str, tuple[Hunk, ...]]


class Misfit(Struct, frozen=True, kw_only=True):
    """A hunk (numbered from 1 within its file) that cannot be applied, and why."""

    path: str
    number: int
    line: int
    reason: str


def patch_text(before: Files, after: Files) -> str:
    """What leads from some texts to others under the same paths; "" if nothing does."""
    return "".join(
        line
        for path in sorted(before)
        for line in _file_patch(path, before[path], after[path])
    )


def unified(before: str | None, after: str | None) -> Iterator[str]:
    """The hunks of a unified diff as lines without their ends; None is no file."""
    difference = difflib.unified_diff(lines_of(before), lines_of(after))
    for line in islice(difference, 2, None):  # without the headers, which lack names
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield _NO_NEWLINE


def _file_patch(path: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"--- a/{path}\n+++ b/{path}\n"
        yield from (line + "\n" for line in unified(before, after))


def parse_patch(text: str) -> Patch:
    """The patch of its text; lines before and between files are comments.

    Raises PatchError where there is more or less than changes of files that exist.
    """
    patch: dict[str, tuple[Hunk, ...]] = {}
    lines = list(enumerate(text.removesuffix("\n").split("\n"), start=1))
    at = 0
    while at < len(lines):
        number, line = lines[at]
        at += 1
        if line.startswith("@@"):
            raise PatchError("a hunk belongs to no file", number)
        if not line.startswith("--- "):
            continue
        path = _path(number, line, lines[at][1] if at < len(lines) else "")
        if path in patch:
            raise PatchError(f"{path} is changed in two places of the patch", number)
        at += 1
        hunks: list[Hunk] = []
        while at < len(lines) and lines[at][1].startswith("@@"):
            hunk, at = _hunk(lines, at)
            hunks.append(hunk)
        if not hunks:
            raise PatchError(f"there is no change for {path}", number)
        patch[path] = tuple(hunks)
    return patch


def _path(number: int, old: str, new: str) -> str:
    """The file of a pair of headers."""
    if not new.startswith("+++ "):
        raise PatchError("a line `+++ b/…` has to follow `--- a/…`", number)
    names = [line[4:].partition("\t")[0] for line in (old, new)]
    if "/dev/null" in names:
        raise PatchError("only files that stay can be changed", number)
    for name, prefix in zip(names, ("a/", "b/"), strict=True):
        if not name.startswith(prefix):
            raise PatchError(f"the path does not begin with `{prefix}`", number)
    path = names[1][2:]
    if names[0][2:] != path:
        raise PatchError("a file cannot be renamed", number)
    if fault := path_fault(path):
        raise PatchError(f"the path is unsafe: {fault}", number)
    return path


def _hunk(lines: list[tuple[int, str]], at: int) -> tuple[Hunk, int]:
    """The hunk whose header is at an index, and the index after it."""
    number, header = lines[at]
    found = _HUNK.match(header)
    if found is None:
        raise PatchError("this is not the header of a hunk", number)
    start, old, _, new = (
        1 if group is None else int(group) for group in found.groups()
    )
    before: list[str] = []
    after: list[str] = []
    at += 1
    while len(before) < old or len(after) < new:
        if at == len(lines):
            raise PatchError("the hunk is shorter than its header says", number)
        line = lines[at][1]
        at += 1
        sides = _sides(line, before, after, lines[at - 1][0])
        missing = at < len(lines) and lines[at][1] == _NO_NEWLINE
        at += missing
        for side in sides:
            side.append(line[1:] + ("" if missing else "\n"))
    if len(before) != old or len(after) != new:
        raise PatchError("the hunk is not as long as its header says", number)
    # With no line before, the header names the line above.
    begin = start if old else start + 1
    return (
        Hunk(start=begin, before=tuple(before), after=tuple(after), line=number),
        at,
    )


def _sides(
    line: str, before: list[str], after: list[str], number: int
) -> tuple[list[str], ...]:
    """On which of the two sides a line of a hunk stands."""
    match line[:1]:
        case " " | "":
            return before, after
        case "-":
            return (before,)
        case "+":
            return (after,)
    raise PatchError("a line of a hunk begins with ` `, `-` or `+`", number)


def reverse(patch: Patch) -> Patch:
    """The patch that takes another one back."""
    turned: dict[str, tuple[Hunk, ...]] = {}
    for path, hunks in patch.items():
        shift = 0
        back: list[Hunk] = []
        for hunk in hunks:
            back.append(
                Hunk(
                    start=hunk.start + shift,
                    before=hunk.after,
                    after=hunk.before,
                    line=hunk.line,
                )
            )
            shift += len(hunk.after) - len(hunk.before)
        turned[path] = tuple(back)
    return turned


def apply(patch: Patch, files: Files) -> tuple[Files, tuple[Misfit, ...]]:
    """The files with the changes made, and what did not fit: then they are of no use.

    A hunk fits where its lines stand as it says, or at the one other place that has the
    same lines. Nothing is guessed.
    """
    patched = dict(files)
    misfits: list[Misfit] = []
    for path, hunks in patch.items():
        if path not in files:
            misfits += (
                _misfit(path, number, hunk, "the file is no longer generated")
                for number, hunk in enumerate(hunks, start=1)
            )
        else:
            patched[path] = _apply_file(path, files[path], hunks, misfits)
    return patched, tuple(misfits)


def _misfit(path: str, number: int, hunk: Hunk, reason: str) -> Misfit:
    return Misfit(path=path, number=number, line=hunk.line, reason=reason)


def _apply_file(
    path: str, text: str, hunks: Iterable[Hunk], misfits: list[Misfit]
) -> str:
    lines = lines_of(text)
    result: list[str] = []
    done = 0  # lines of the text that are in the result, or that a hunk has replaced
    shift = 0  # by how many lines the text differs from the one that was patched first
    for number, hunk in enumerate(hunks, start=1):
        place = _place(lines, hunk, done, shift)
        if isinstance(place, str):
            misfits.append(_misfit(path, number, hunk, place))
            continue
        result += lines[done:place]
        result += hunk.after
        done = place + len(hunk.before)
        shift = place - (hunk.start - 1)
    return "".join(result + lines[done:])


def _place(lines: list[str], hunk: Hunk, done: int, shift: int) -> int | str:
    """The index of the line where a hunk fits, or why it fits nowhere."""
    expected = hunk.start - 1 + shift
    if expected >= done and _stands(lines, hunk.before, expected):
        return expected
    places = [
        at
        for at in range(done, len(lines) - len(hunk.before) + 1)
        if _stands(lines, hunk.before, at)
    ]
    if len(places) == 1:
        return places[0]
    if places:
        return f"the lines around it stand in {len(places)} places"
    if any(_stands(lines, hunk.after, at) for at in range(len(lines))):
        return "what it changes has changed in the same way: delete it from the patch"
    return "the lines that it changes have changed"


def _stands(lines: list[str], block: tuple[str, ...], at: int) -> bool:
    if not block:  # nothing can be found again only in nothing
        return not lines
    return tuple(lines[at : at + len(block)]) == block
