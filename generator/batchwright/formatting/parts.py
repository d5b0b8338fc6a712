"""A statement as black sees it when it divides one: brackets, and parts between them.

Some expressions may stand in parentheses or do without. Such parentheses are tokens
without a text until black chooses to show them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from batchwright.formatting.optional import Places
from batchwright.formatting.tokens import NONE, Line

LINE_LENGTH: Final = 88

# What parts are divided at: the highest there is.
UNION: Final = 1
COMMA: Final = 2


class Part:
    """Tokens that are to stand on one line, unless they are divided.

    Attributes:
        texts: of all tokens of the statement, each after the space before it.
        inside: whether it is what was in brackets, or an element of that.
        is_tail: whether it begins with what closed them.
        must_split: whether its elements go on lines of their own.
        comma: whether black adds one at its end.
    """

    __slots__ = (
        *("texts", "start", "end", "depth"),
        *("inside", "is_tail", "must_split", "comma"),
    )

    def __init__(self, texts: list[str], start: int, end: int, depth: int) -> None:
        self.texts = texts
        self.start = start
        self.end = end
        self.depth = depth
        self.inside = self.is_tail = self.must_split = self.comma = False

    def among(self, start: int, end: int) -> Part:
        """Some of the tokens, at the same depth."""
        part = Part(self.texts, start, end, self.depth)
        part.inside = self.inside
        return part

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
class Cut:
    """A part, cut at a pair of brackets: what is before, in, and after them."""

    head: Part
    body: Part
    tail: Part
    opening: int
    closing: int

    def parts(self) -> tuple[Part, Part, Part]:
        """Shows the brackets."""
        if not self.head.word(self.opening):
            self.head.show(self.opening, "(")
            self.head.show(self.closing, ")")
        return self.head, self.body, self.tail


@dataclass(slots=True)
class Statement:
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
    def of(cls, line: Line) -> Statement:
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

    def with_commas(self, added: Collection[int]) -> Statement:
        """The same with the commas that black added before these tokens."""
        texts: list[str] = []
        moved: list[int] = []
        for index in range(len(self.texts) // 2):
            if index in added:
                texts += ("", ",")
            moved.append(len(texts) // 2)
            texts += self.texts[2 * index : 2 * index + 2]
        closing = {moved[start]: moved[end] for start, end in self.closing.items()}
        magic = {moved[start] for start in self.magic}
        return Statement(
            texts=texts,
            closing=closing,
            opening={end: start for start, end in closing.items()},
            optional=[moved[index] for index in self.optional],
            displays={moved[index] for index in self.displays},
            magic=magic | {moved[self.opening[index]] for index in added},
            parameters=NONE if self.parameters == NONE else moved[self.parameters],
            of_types={moved[index] for index in self.of_types},
        )

    def is_signature(self, part: Part) -> bool:
        """Whether it is one that is not split at what it returns all the same."""
        if self.parameters == NONE:
            return False
        end = self.closing[self.parameters]
        return not any(end < at and self.closing[at] < part.end for at in self.magic)

    def is_magic(self, part: Part) -> bool:
        """Whether black keeps brackets open that are in a part."""
        return not part.is_tail and any(
            part.start <= opening and self.closing[opening] < part.end
            for opening in self.magic
        )

    def delimiters(self, part: Part) -> dict[int, int]:
        """The tokens that a part may be cut after, and with what priority."""
        found: dict[int, int] = {}
        index = part.start
        while index < part.end:
            word = part.word(index)
            if word == ",":
                found[index] = COMMA
            elif word == "|" and index > part.start:
                found[index - 1] = UNION
            index = self.closing.get(index, index) + 1
        return found

    def cut(self, part: Part, opening: int, closing: int) -> Cut:
        """A part, cut at brackets that it has."""
        texts, depth = part.texts, part.depth
        head = Part(texts, part.start, opening + 1, depth)
        body = Part(texts, opening + 1, closing, depth + 1)
        tail = Part(texts, closing, part.end, depth)
        body.inside = tail.is_tail = True
        tail.comma = part.comma
        delimiters = self.delimiters(body)
        is_magic = part.word(closing - 1) == ","
        others = [found for at, found in delimiters.items() if at != closing - 1]
        if COMMA in (others if is_magic else delimiters.values()):
            body.must_split = is_magic or opening in self.displays
        return Cut(head, body, tail, opening, closing)

    def ends_in_magic(self, part: Part, closing: int) -> bool:
        """Whether black keeps the brackets open that close there."""
        is_comma = closing > part.start and part.word(closing - 1) == ","
        return is_comma and self.opening[closing] in self.magic

    def equals(self, part: Part) -> int:
        """How many `=` are in a part."""
        return sum(part.word(index) == "=" for index in range(part.start, part.end))

    def optional_in(self, part: Part) -> list[int]:
        """Where parentheses open that need not be shown, and close in the part."""
        if part.is_tail:
            return []
        return [
            index
            for index in self.optional
            if part.start <= index and self.closing[index] < part.end
        ]
