"""A statement that has no room on one line, as black divides it into several.

This is black's own procedure, on the tokens of `tokens`, which have no comments and no
strings of several lines: a statement is cut at its last brackets, or a signature at its
first; what was in the brackets is cut at its outermost commas or `|`, and
so on with each part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

from batchwright.formatting.omission import can_omit, is_better
from batchwright.formatting.parts import COMMA, LINE_LENGTH, Cut, Part, Statement
from batchwright.formatting.tokens import NONE, Beyond, Line


class _CannotSplit(Exception):
    """There is no such way to divide a part."""


_Way: TypeAlias = Callable[[Part, bool], Iterable[Part]]


def split(line: Line, depth: int) -> list[str]:
    """The lines of a statement at a depth, as black writes them. Raises Beyond.

    Args:
        line: no import.
    """
    statement = Statement.of(line)
    splitter = _Splitter(statement)
    parts = splitter.divided(depth)
    # black formats what it made once more: the commas that it added may keep brackets
    # open that were closed else.
    commas = [part.end for part in parts if part.comma]
    if splitter.may_change(commas):
        parts = _Splitter(statement.with_commas(commas)).divided(depth)
    return [part.text() for part in parts]


class _Splitter:
    """Things have the names here that black has for them, or nearly."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._closing = statement.closing
        self._opening = statement.opening
        # Whether a choice was made that commas could change.
        self._is_unsettled = False

    def divided(self, depth: int) -> list[Part]:
        texts = list(self._statement.texts)
        return self._transformed(Part(texts, 0, len(texts) // 2, depth), forced=False)

    def may_change(self, added: Collection[int]) -> bool:
        """Whether black may decide otherwise once commas are before these tokens."""
        parameters = self._statement.parameters
        if self._is_unsettled or not added or parameters == NONE:
            return self._is_unsettled and bool(added)
        return max(added) > self._closing[parameters]

    def _transformed(self, part: Part, *, forced: bool) -> list[Part]:
        if not part.must_split and part.fits() and not self._statement.is_magic(part):
            return [part]
        ways: list[_Way]
        if part.start == 0 and self._statement.is_signature(part):
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

    def _run(self, part: Part, way: _Way, *, forced: bool) -> list[Part]:
        found: list[Part] = []
        for each in way(part, forced):
            found += self._transformed(each, forced=forced)
        if way != self._right_hand_split_with_omits:
            return found
        optional = self._statement.optional_in(part)
        if forced or not optional or found[0].fits():
            return found
        self._is_unsettled = True
        if part.comma or any(part.word(index) for index in optional):
            return found
        # Parentheses were left out, and that is too long. What if they are not?
        copy = part.among(part.start, part.end)
        copy.texts = list(part.texts)
        copy.must_split = part.must_split
        second = self._run(copy, way, forced=True)
        return second if all(each.fits() for each in second) else found

    def _delimiter_split(self, part: Part, forced: bool) -> Iterator[Part]:
        delimiters = self._statement.delimiters(part)
        last = NONE if part.comma else part.end - 1
        others = [found for index, found in delimiters.items() if index != last]
        if not others:
            raise _CannotSplit
        priority = max(others)
        start = part.start
        for index, found in delimiters.items():
            if found == priority:
                yield part.among(start, index + 1)
                start = index + 1
        if start < part.end:
            rest = part.among(start, part.end)
            rest.comma = part.comma or priority == COMMA
            yield rest

    def _left_hand_split(self, part: Part, forced: bool) -> Iterable[Part]:
        """A signature, at its parameters, or else at what it returns."""
        opening = self._statement.parameters
        if self._closing[opening] == opening + 1:
            if not self._statement.optional:
                raise _CannotSplit
            opening = self._statement.optional[-1]
        closing = self._closing[opening]
        if closing >= part.end:
            raise _CannotSplit
        cut = self._statement.cut(part, opening, closing)
        if opening == self._statement.parameters:
            commas = (i for i in range(opening, closing) if part.word(i) == ",")
            cut.body.comma = self._statement.of_types.issuperset(commas)
        return cut.parts()

    def _right_hand_split_with_omits(self, part: Part, forced: bool) -> Iterable[Part]:
        first: list[Part] | None = None
        unchanged = part.among(part.start, part.end)
        unchanged.texts = list(part.texts)
        for omitted in self._trailers_to_omit(part):
            if omitted and self._is_hopeless(unchanged, omitted):
                continue
            parts = self._right_hand_split(part, omitted, forced)
            if first is None and not omitted:
                first = parts
            if parts[0].fits():
                self._is_unsettled |= bool(omitted) or self._statement.is_magic(
                    parts[0]
                )
                return parts
        self._is_unsettled = True
        if first is not None:
            return first
        return self._right_hand_split(part, (), forced)

    def _is_hopeless(self, part: Part, omitted: Collection[int]) -> bool:
        """Whether what is before the brackets would be too long."""
        for index in range(part.end - 1, part.start - 1, -1):
            if index in self._opening and index not in omitted:
                opening = self._opening[index]
                if opening < part.start or not part.word(opening):
                    return False
                return not part.among(part.start, opening).fits()
        return False

    def _trailers_to_omit(self, part: Part) -> Iterator[frozenset[int]]:
        omitted: set[int] = set()
        if not self._statement.is_magic(part):
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
                elif index in self._opening:
                    if self._statement.ends_in_magic(part, index):
                        return
                    inner.add(index)
            elif index in self._opening:
                if index > part.start and index - 1 in self._closing:
                    inner.add(index)  # empty brackets
                    continue
                if closing != NONE:
                    omitted |= {closing, *inner}
                    inner.clear()
                    yield frozenset(omitted)
                if self._statement.ends_in_magic(part, index):
                    return
                if part.word(index):
                    opening, closing = self._opening[index], index

    def _right_hand_split(
        self, part: Part, omitted: Collection[int], forced: bool
    ) -> list[Part]:
        cut = self._first_right_hand_split(part, omitted)
        return self._without_optional(cut, part, omitted, forced)

    def _first_right_hand_split(self, part: Part, omitted: Collection[int]) -> Cut:
        """At the last brackets that are neither omitted nor empty."""
        index = part.end - 1
        while index >= part.start:
            if index in self._opening and index not in omitted:
                opening = self._opening[index]
                if opening < part.start:
                    raise _CannotSplit
                if opening == self._statement.parameters:
                    raise Beyond  # black adds a comma there, or not
                if opening < index - 1:
                    return self._statement.cut(part, opening, index)
                index = opening
            index -= 1
        raise _CannotSplit

    def _without_optional(
        self, cut: Cut, part: Part, omitted: Collection[int], forced: bool
    ) -> list[Part]:
        """The parts; cut elsewhere, if the brackets may be left out and had better."""
        is_optional = not part.word(cut.opening)
        if not forced and is_optional and self._can_omit(cut):
            omitted = {cut.closing, *omitted}
            try:
                other = self._first_right_hand_split(part, omitted)
                if is_better(self._statement, other, cut):
                    return self._without_optional(other, part, omitted, forced)
            except _CannotSplit:
                is_chained = self._statement.equals(part) > 1
                can_be_split = cut.body.end - cut.body.start > 1
                if not is_chained and not can_be_split and not cut.body.fits():
                    raise
        return list(cut.parts())

    def _can_omit(self, cut: Cut) -> bool:
        if self._statement.delimiters(cut.body):
            self._is_unsettled = True
        return can_omit(self._statement, cut)
