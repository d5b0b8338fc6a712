"""Bytes of a file as text, and where in it a character stands."""

from __future__ import annotations

import re
from bisect import bisect_right

# How deep values may nest. Real specs stay below 50. Every later stage may walk a
# document recursively and relies on this limit.
DEEPEST_NESTING = 200

# Longer numbers have no meaning for any client; they overflow a double.
LONGEST_NUMBER = 300

_LINE_BREAK = re.compile(r"\r\n?|\n")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Unreadable(Exception):
    """A file is not what it should be, at a line and column (from 1) if known."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        place: tuple[int, int] | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint


class Lines:
    """Turns the index of a character into line and column, both counted from 1."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, in characters; a tab is one, CRLF ends one line."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1


def decode(content: bytes) -> str:
    """The text of a UTF-8 file, without its byte order mark.

    Raises `Unreadable` where the bytes are no UTF-8 or hold control characters.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(
            "not-utf8",
            "the file is UTF-16, not UTF-8",
            place=(1, 1),
            hint="save it as UTF-8",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        raise Unreadable(
            "not-utf8",
            f"the byte 0x{content[error.start]:02x} is not valid UTF-8",
            place=Lines(before).place(len(before)),
            hint="save the file as UTF-8",
        ) from None
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        index = forbidden.start()
        raise Unreadable(
            "control-character",
            f"the control character U+{ord(text[index]):04X} may not stand in a spec",
            place=Lines(text).place(index),
            hint="remove it, or write it as an escape in a quoted text",
        )
    return text
