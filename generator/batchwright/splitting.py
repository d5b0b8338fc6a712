"""A statement that has no room on one line, as black divides it into several.

This is black's own procedure, on the tokens of `tokens`, which have no comments and no
strings of several lines: a statement is cut at its last brackets, or a signature at its
first; what was in the brackets is cut at the commas or the `|` of its highest level, and
so on with each part. Some expressions may stand in parentheses or do without. Such
parentheses are tokens without a text until black chooses to show them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from batchwright.optional import Places
from batchwright.tokens import NONE, Line

LINE_LENGTH: Final = 88

_COMMA: Final = 2
_UNION: Final = 1


class _CannotSplit(Exception):
    """There is no such way to divide a part."""


@dataclass(slots=True)
class _Part:
    """Tokens that are to stand on one line, unless they are divided.

    Attributes:
        texts: of all tokens of the statement, each after the space before it.
        inside: whether it is what was in brackets, or an element of that.
        is_tail: whether it begins with what closed them.
        must_split: whether its elements go on lines of their own.
        comma: whether black adds one at its end.
    """

    texts: list[str]
    start: int
    end: int
    depth: int
    inside: bool = False
    is_tail: bool = False
    must_split: bool = False
    comma: bool = False

    def text(self) -> str:
        tokens = "".join(self.texts[2 * self.start + 1 : 2 * self.end])
        return f"{'    ' * self.depth}{tokens}{',' if self.comma else ''}"

    def fits(self, less: int = 0) -> bool:
        return len(self.text()) <= LINE_LENGTH - less

    def word(self, index: int) -> str:
        return self.texts[2 * index + 1]

    def width(self, index: int) -> int:
        """Of a token and the space before it."""
        space = "" if index == self.start else self.texts[2 * index]
        return len(space) + len(self.texts[2 * index + 1])

    def show(self, index: int, word: str) -> None:
        self.texts[2 * index + 1] = word


@dataclass(slots=True)
class _Cut:
    """A part, cut at a pair of brackets: what is before, in, and after them."""

    head: _Part
    body: _Part
    tail: _Part
    opening: int
    closing: int

    def parts(self) -> tuple[_Part, _Part, _Part]:
        """Shows the brackets."""
        if not self.head.word(self.opening):
            self.head.show(self.opening, "(")
            self.head.show(self.closing, ")")
        return self.head, self.body, self.tail


_Way: TypeAlias = Callable[[_Part, bool], Iterable[_Part]]


def split(line: Line, depth: int) -> list[str]:
    """The lines of a statement at a depth, as black writes them. Raises Beyond.

    Args:
        line: no import.
    """
    statement = _Statement.of(line)
    parts = statement.divided(depth)
    # black formats what it made once more: the commas that it added may keep brackets
    # open that were closed else.
    if any(part.comma for part in parts):
        statement = statement.with_commas(parts)
        parts = statement.divided(depth)
    return [part.text() for part in parts]


@dataclass(slots=True)
class _Statement:
    """Tokens, each after the space before it, and what is known of them by index.

    Attributes:
        texts: spaces and words in turns.
        closing: where brackets close, by where they open; `opening` is the reverse.
        optional: where parentheses open that need not be shown.
        displays: where tuples, lists, sets and dicts begin.
        magic: brackets that black keeps open, for a comma before the end.
        parameters: the brackets of a signature, if it is one.
        of_types: commas of a signature that are part of a parameter's type.
    """

    texts: list[str]
    closing: dict[int, int]
    opening: dict[int, int]
    optional: list[int]
    displays: set[int]
    magic: set[int]
    parameters: int
    of_types: set[int]

    @classmethod
    def of(cls, line: Line) -> _Statement:
        """With the parentheses that black could add. Raises Beyond."""
        places = Places(line)
        texts: list[str] = []
        moved: list[int] = []
        closing: dict[int, int] = {}
        opened: int = NONE
        for index, (space, word) in enumerate(
            zip((*line.spaces, ""), (*line.words, None), strict=True)
        ):
            if index in places.ends:
                closing[opened] = len(texts) // 2
                texts += ("", "")
            if index in places.starts:
                opened = len(texts) // 2
                texts += (space, "")
                space = ""
            if word is not None:
                moved.append(len(texts) // 2)
                texts += (space, word)
        optional = list(closing)
        closing |= {moved[start]: moved[end] for start, end in line.closing.items()}
        roles = line.roles.items()
        signature = places.parameters
        return cls(
            texts=texts,
            closing=closing,
            opening={end: start for start, end in closing.items()},
            optional=optional,
            displays={moved[start] for start, role in roles if role == "value"},
            magic={moved[start] for start in line.magic},
            parameters=NONE if signature == NONE else moved[signature],
            of_types={moved[comma] for comma in places.commas_of_types},
        )

    def with_commas(self, parts: Iterable[_Part]) -> _Statement:
        """The same with the commas that black added."""
        added = {part.end for part in parts if part.comma}
        texts: list[str] = []
        moved: list[int] = []
        for index in range(len(self.texts) // 2):
            if index in added:
                texts += ("", ",")
            moved.append(len(texts) // 2)
            texts += self.texts[2 * index : 2 * index + 2]
        closing = {moved[start]: moved[end] for start, end in self.closing.items()}
        magic = {moved[start] for start in self.magic}
        return _Statement(
            texts=texts,
            closing=closing,
            opening={end: start for start, end in closing.items()},
            optional=[moved[index] for index in self.optional],
            displays={moved[index] for index in self.displays},
            magic=magic | {moved[self.opening[index]] for index in added},
            parameters=NONE if self.parameters == NONE else moved[self.parameters],
            of_types={moved[index] for index in self.of_types},
        )

    def divided(self, depth: int) -> list[_Part]:
        whole = _Part(list(self.texts), 0, len(self.texts) // 2, depth)
        return self._transformed(whole, forced=False)

    # From here on, things have the names that black has for them.

    def _transformed(self, part: _Part, *, forced: bool) -> list[_Part]:
        if not part.must_split and part.fits() and not self._is_magic(part):
            return [part]
        ways: list[_Way]
        if part.start == 0 and self.parameters != NONE:
            ways = [self._left_hand_split]
        elif part.inside:
            ways = [self._delimiter_split, self._right_hand_split_with_omits]
        else:
            ways = [self._right_hand_split_with_omits]
        for way in ways:
            try:
                return self._run(part, way, forced=forced)
            except _CannotSplit:
                continue
        return [part]

    def _run(self, part: _Part, way: _Way, *, forced: bool) -> list[_Part]:
        text = part.text()
        found: list[_Part] = []
        for each in way(part, forced):
            if each.text() == text:
                raise _CannotSplit
            found += self._transformed(each, forced=forced)
        if forced or part.comma or way != self._right_hand_split_with_omits:
            return found
        optional = [
            index
            for index in self.optional
            if part.start <= index and self.closing[index] < part.end
        ]
        is_shown = any(part.word(index) for index in optional)
        if part.is_tail or not optional or is_shown or found[0].fits():
            return found
        # Parentheses were left out, and that is too long. What if they are not?
        copy = replace(part, texts=list(part.texts))
        second = self._run(copy, way, forced=True)
        return second if all(each.fits() for each in second) else found

    def _is_magic(self, part: _Part) -> bool:
        """Whether black keeps brackets open that are in a part."""
        return not part.is_tail and any(
            part.start <= opening and self.closing[opening] < part.end
            for opening in self.magic
        )

    def _delimiters(self, part: _Part) -> dict[int, int]:
        """The tokens that a part may be cut after, and with what priority."""
        found: dict[int, int] = {}
        index = part.start
        while index < part.end:
            word = part.word(index)
            if word == ",":
                found[index] = _COMMA
            elif word == "|" and index > part.start:
                found[index - 1] = _UNION
            index = self.closing.get(index, index) + 1
        return found

    def _delimiter_split(self, part: _Part, forced: bool) -> Iterator[_Part]:
        delimiters = self._delimiters(part)
        last = NONE if part.comma else part.end - 1
        others = [found for index, found in delimiters.items() if index != last]
        if not others:
            raise _CannotSplit
        priority = max(others)
        start = part.start
        for index, found in delimiters.items():
            if found == priority:
                yield replace(part, start=start, end=index + 1, **_ELEMENT)
                start = index + 1
        if start < part.end:
            comma = part.comma or priority == _COMMA
            yield replace(part, start=start, **{**_ELEMENT, "comma": comma})

    def _left_hand_split(self, part: _Part, forced: bool) -> Iterable[_Part]:
        """A signature, at its parameters, or else at what it returns."""
        opening = self.parameters
        if self.closing[opening] == opening + 1:
            if not self.optional:
                raise _CannotSplit
            opening = self.optional[-1]
        closing = self.closing[opening]
        if closing >= part.end:
            raise _CannotSplit
        cut = self._cut(part, opening, closing)
        if opening == self.parameters:
            commas = (i for i in range(opening, closing) if part.word(i) == ",")
            cut.body.comma = self.of_types.issuperset(commas)
        return cut.parts()

    def _right_hand_split_with_omits(
        self, part: _Part, forced: bool
    ) -> Iterable[_Part]:
        first: list[_Part] | None = None
        unchanged = replace(part, texts=list(part.texts), comma=False)
        for omitted in self._trailers_to_omit(part):
            if omitted and self._is_hopeless(unchanged, omitted):
                continue
            parts = self._right_hand_split(part, omitted, forced)
            if first is None and not omitted:
                first = parts
            if parts[0].fits():
                return parts
        if first is not None:
            return first
        return self._right_hand_split(part, (), forced)

    def _is_hopeless(self, part: _Part, omitted: Collection[int]) -> bool:
        """Whether what is before the brackets would be too long."""
        for index in range(part.end - 1, part.start - 1, -1):
            if index in self.opening and index not in omitted:
                opening = self.opening[index]
                if opening < part.start or not part.word(opening):
                    return False
                return not replace(part, end=opening).fits()
        return False

    def _trailers_to_omit(self, part: _Part) -> Iterator[frozenset[int]]:
        omitted: set[int] = set()
        if not self._is_magic(part):
            yield frozenset(omitted)
        length = 4 * part.depth + part.comma
        opening = closing = NONE
        inner: set[int] = set()
        for index in range(part.end - 1, part.start - 1, -1):
            length += part.width(index)
            if length > LINE_LENGTH:
                return
            if opening != NONE:
                if index == opening:
                    opening = NONE
                elif index in self.opening:
                    if self._ends_in_magic(part, index):
                        return
                    inner.add(index)
            elif index in self.opening:
                if index > part.start and index - 1 in self.closing:
                    inner.add(index)  # empty brackets
                    continue
                if closing != NONE:
                    omitted |= {closing, *inner}
                    inner.clear()
                    yield frozenset(omitted)
                if self._ends_in_magic(part, index):
                    return
                if part.word(index):
                    opening, closing = self.opening[index], index

    def _ends_in_magic(self, part: _Part, closing: int) -> bool:
        is_comma = closing > part.start and part.word(closing - 1) == ","
        return is_comma and self.opening[closing] in self.magic

    def _right_hand_split(
        self, part: _Part, omitted: Collection[int], forced: bool
    ) -> list[_Part]:
        cut = self._first_right_hand_split(part, omitted)
        return self._without_optional(cut, part, omitted, forced)

    def _first_right_hand_split(self, part: _Part, omitted: Collection[int]) -> _Cut:
        """At the last brackets that are neither omitted nor empty."""
        index = part.end - 1
        while index >= part.start:
            if index in self.opening and index not in omitted:
                opening = self.opening[index]
                if opening < part.start:
                    raise _CannotSplit
                if opening < index - 1:
                    return self._cut(part, opening, index)
                index = opening
            index -= 1
        raise _CannotSplit

    def _cut(self, part: _Part, opening: int, closing: int) -> _Cut:
        head = replace(part, end=opening + 1, **{**_ELEMENT, "inside": False})
        tail = replace(head, start=closing, end=part.end, is_tail=True)
        tail.comma = part.comma
        body = _Part(part.texts, opening + 1, closing, part.depth + 1, inside=True)
        delimiters = self._delimiters(body)
        is_magic = part.word(closing - 1) == ","
        others = [found for at, found in delimiters.items() if at != closing - 1]
        if _COMMA in (others if is_magic else delimiters.values()):
            body.must_split = is_magic or opening in self.displays
        return _Cut(head, body, tail, opening, closing)

    def _without_optional(
        self, cut: _Cut, part: _Part, omitted: Collection[int], forced: bool
    ) -> list[_Part]:
        """The parts; cut elsewhere, if the brackets may be left out and had better."""
        is_optional = not part.word(cut.opening)
        if not forced and is_optional and self._can_omit(cut):
            omitted = {cut.closing, *omitted}
            try:
                other = self._first_right_hand_split(part, omitted)
                if self._is_better(other, cut):
                    return self._without_optional(other, part, omitted, forced)
            except _CannotSplit:
                is_chained = self._equals(part) > 1
                can_be_split = cut.body.end - cut.body.start > 1
                if not is_chained and not can_be_split and not cut.body.fits():
                    raise
        return list(cut.parts())

    def _equals(self, part: _Part) -> int:
        return sum(part.word(index) == "=" for index in range(part.start, part.end))

    def _is_better(self, other: _Cut, cut: _Cut) -> bool:
        """Whether a cut that omits optional parentheses is."""
        head = cut.head
        if head.end - head.start < 2 or head.word(head.end - 2) != "=":
            return True
        before = range(head.start, head.end - 1)
        if not any(index in self.closing or index in self.opening for index in before):
            return True
        if not head.fits(less=1) or self._is_magic(head):
            return True
        equals = self._equals(head)
        if equals > 1 and equals > self._equals(other.head):
            return False
        for index in range(other.head.end - 1, other.head.start - 1, -1):
            if other.head.word(index) == "=":
                break
            if index in self.opening:
                return True
        return self._equals(other.head) > 0 and other.head.fits()

    def _can_omit(self, cut: _Cut) -> bool:
        """Whether what is in optional parentheses can do without them."""
        body = cut.body
        delimiters = self._delimiters(body)
        if not delimiters:
            return True
        priority = max(delimiters.values())
        if list(delimiters.values()).count(priority) > 1:
            return False
        first, last = body.start, body.end - 1
        if first in self.closing and first + 1 not in self.opening:
            if self._can_omit_opening(body):
                return True
        if last not in self.opening or last - 1 in self.closing:
            return False
        is_subscript = body.word(last) == "]" and not self._is_display(last)
        return not is_subscript and self._can_omit_closing(body)

    def _is_display(self, closing: int) -> bool:
        return self.opening[closing] in self.displays

    def _can_omit_opening(self, body: _Part) -> bool:
        first, remainder = body.start, False
        length = 4 * body.depth
        for index in range(body.start, body.end):
            if self.opening.get(index) == first:
                remainder = True
            if remainder:
                length += body.width(index)
                if length > LINE_LENGTH:
                    return False
                if index in self.closing:
                    remainder = False
        return True

    def _can_omit_closing(self, body: _Part) -> bool:
        opening = self.opening[body.end - 1]
        length, has_others = 4 * body.depth, False
        for index in range(body.start, body.end):
            length += body.width(index)
            if index == opening:
                return has_others or length <= LINE_LENGTH
            has_others |= index in self.closing
        return False


_ELEMENT: Final = {"is_tail": False, "must_split": False, "comma": False}
