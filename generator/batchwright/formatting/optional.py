"""Where black could put parentheses into a statement, or leave them out."""

from __future__ import annotations

from collections.abc import Iterator

from batchwright.formatting.tokens import NONE, Beyond, Line


class Places:
    """Of one statement, by the indexes of its tokens.

    Attributes:
        starts: the tokens that such parentheses open before.
        ends: those that they close before; the number of tokens stands for the end.
        parameters: the bracket around those of a signature, if it is one.
        commas_of_types: commas in a signature that are part of a parameter's type.
    """

    def __init__(self, line: Line) -> None:
        """Raises Beyond for what black has to be asked about."""
        self.starts: set[int] = set()
        self.ends: set[int] = set()
        self.parameters = NONE
        self.commas_of_types: set[int] = set()
        self._line = line
        words = line.words
        _refuse_chains(words)
        if words[0] in ("def", "async"):
            self._signature()
        elif words[0] == "return":
            if len(words) > 1:
                self._value(1, len(words))
        elif words[0] not in ("class", "@", "await"):
            self._assignment()

    def _signature(self) -> None:
        line, count = self._line, len(self._line.words)
        opening = self.parameters = line.outer[0]
        if line.roles[opening] != "parameters":
            raise Beyond  # it has parameters of types
        closing = line.closing[opening]
        start = opening + 1
        for end in (*line.commas[opening], closing):
            self._parameter(start, end)
            start = end + 1
        if closing == count - 2:
            return
        start, end = closing + 2, count - 1
        if line.is_magic(closing, count) or line.words[start][0] in "\"'(":
            raise Beyond
        self._add(start, end)

    def _parameter(self, start: int, end: int) -> None:
        line = self._line
        direct = list(_direct(line, start, end))
        words = [line.words[index] for index in direct]
        if ":" not in words:
            return
        begin = direct[words.index(":")] + 1
        stop = direct[words.index("=")] if "=" in words else end
        if line.roles.get(begin) == "value":
            raise Beyond
        if "|" in words[words.index(":") :]:
            if any(line.words[i] == "|" and i > stop for i in direct):
                raise Beyond
            self._add(begin, stop)
        for opening, commas in line.commas.items():
            if begin <= opening < stop:
                self.commas_of_types.update(commas)

    def _assignment(self) -> None:
        line, count = self._line, len(self._line.words)
        direct = list(_direct(line, 0, count))
        equals = [index for index in direct if line.words[index] == "="]
        colons = [index for index in direct if line.words[index] == ":"]
        if not equals and not colons:
            return
        if len(equals) > 1 or len(colons) > 1 or 0 in line.closing:
            raise Beyond
        [end] = equals or [count]
        if colons:
            if line.words[colons[0] + 1] == "(":
                raise Beyond
            self._add(colons[0] + 1, end)
        if equals:
            self._value(end + 1, count)

    def _value(self, start: int, end: int) -> None:
        """What is assigned or returned; a tuple has its parentheses anyway."""
        closing = self._line.closing.get(start)
        if self._line.words[start] != "(" or closing != end - 1:
            self._add(start, end)

    def _add(self, start: int, end: int) -> None:
        self.starts.add(start)
        self.ends.add(end)


def _direct(line: Line, start: int, end: int) -> Iterator[int]:
    """The tokens of a range that are in no brackets there; brackets by their first."""
    index = start
    while index < end:
        yield index
        index = line.closing.get(index, index) + 1


def _refuse_chains(words: list[str]) -> None:
    """Attributes of what was called, and of attributes, black may put on own lines.

    Not those of `super()`, where a statement begins.
    """
    begin = 4 if words[:4] == ["super", "(", ")", "."] else 0
    for index in range(begin, len(words)):
        if words[index] == "." and (
            words[index - 1] in (")", "]", "}") or words[index - 2 : index - 1] == ["."]
        ):
            raise Beyond
