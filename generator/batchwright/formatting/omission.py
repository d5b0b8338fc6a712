"""Whether black leaves optional parentheses out where it could divide at them."""

from __future__ import annotations

from batchwright.formatting.parts import LINE_LENGTH, Cut, Part, Statement


def is_better(statement: Statement, other: Cut, cut: Cut) -> bool:
    """Whether a cut that omits optional parentheses is."""
    head = cut.head
    if head.end - head.start < 2 or head.word(head.end - 2) != "=":
        return True
    before = range(head.start, head.end - 1)
    if not any(
        index in statement.closing or index in statement.opening for index in before
    ):
        return True
    if not head.fits(less=1) or statement.is_magic(head):
        return True
    equals = statement.equals(head)
    if equals > 1 and equals > statement.equals(other.head):
        return False
    for index in range(other.head.end - 1, other.head.start - 1, -1):
        if other.head.word(index) == "=":
            break
        if index in statement.opening:
            return True
    return statement.equals(other.head) > 0 and other.head.fits()


def can_omit(statement: Statement, cut: Cut) -> bool:
    """Whether what is in optional parentheses can do without them."""
    body = cut.body
    delimiters = statement.delimiters(body)
    if not delimiters:
        return True
    priority = max(delimiters.values())
    if list(delimiters.values()).count(priority) > 1:
        return False
    first, last = body.start, body.end - 1
    if first in statement.closing and first + 1 not in statement.opening:
        if _starts_in_brackets(statement, body):
            return True
    if last not in statement.opening or last - 1 in statement.closing:
        return False
    is_subscript = (
        body.word(last) == "]" and statement.opening[last] not in statement.displays
    )
    return not is_subscript and _ends_in_brackets(statement, body)


def _starts_in_brackets(statement: Statement, body: Part) -> bool:
    """And what follows them has room on a line."""
    first, remainder = body.start, False
    length = 4 * body.depth
    for index in range(body.start, body.end):
        if statement.opening.get(index) == first:
            remainder = True
        if remainder:
            length += body.width(index)
            if length > LINE_LENGTH:
                return False
            if index in statement.closing:
                remainder = False
    return True


def _ends_in_brackets(statement: Statement, body: Part) -> bool:
    """And what is before them has room on a line, or can be divided."""
    opening = statement.opening[body.end - 1]
    length, has_others = 4 * body.depth, False
    for index in range(body.start, body.end):
        length += body.width(index)
        if index == opening:
            return has_others or length <= LINE_LENGTH
        has_others |= index in statement.closing
    return False
