"""Prose of a spec to docstrings: wrapped for readers, escaped so that it stays text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

#: Docstrings stand at most eight columns in; lines of code have 88.
_WIDTH = 80

#: A line that starts something of its own: a list item, an argument, markup.
_STARTS = re.compile(r"([-*+•]|\d+[.)])\s|[#>|]|\w+: |```|~~~|\.\. |<")
_GAP = re.compile(r"\n{3,}")
_FENCE = re.compile(r"\s*(```|~~~)")


def docstring(text: str) -> str:
    """The text as a string literal in three quotes, whatever is in it."""
    prose = _GAP.sub("\n\n", "\n".join(_wrapped(_clean(text)))).strip()
    inner = prose.rstrip('"')
    body = inner
    if "\\" in inner or not inner.replace("\n", "").isprintable():
        body = "".join(_escaped(character) for character in inner)
    body = body.replace('"""', r"\"\"\"") + r"\"" * (len(prose) - len(inner))
    return f'"""{body}\n"""' if "\n" in body else f'"""{body}"""'


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)


def _escaped(character: str) -> str:
    """Backslashes and what no editor shows (or shows as something else), spelled."""
    if character == "\\":
        return r"\\"
    if character == "\n" or character.isprintable():
        return character
    return repr(character)[1:-1]


def _wrapped(text: str) -> Iterator[str]:
    """The lines, paragraphs filled to the width, code and tables as they are."""
    fenced = False
    paragraph: list[str] = []
    for line in text.split("\n"):
        fence = _FENCE.match(line) is not None
        if fence or fenced:
            yield from _filled(paragraph)
            paragraph = []
            yield line.rstrip()
            fenced ^= fence
        elif not line.strip() or not _goes_on(paragraph, line):
            yield from _filled(paragraph)
            paragraph = [line] if line.strip() else []
            if not line.strip():
                yield ""
        else:
            paragraph.append(line)
    yield from _filled(paragraph)


def _goes_on(paragraph: list[str], line: str) -> bool:
    """Whether the line continues the paragraph that has begun."""
    if not paragraph or _STARTS.match(line.lstrip()):
        return False
    if paragraph[-1].endswith((":", "  ")):
        return False
    if _STARTS.match(paragraph[0].lstrip()):
        return _indent(line) > _indent(paragraph[0])
    return len(paragraph) == 1 or _indent(line) == _indent(paragraph[-1])


def _filled(paragraph: list[str]) -> Iterator[str]:
    if not paragraph:
        return
    first, *rest = paragraph
    if first.lstrip().startswith(("|", "<")):
        yield from (line.rstrip() for line in paragraph)
        return
    hanging = _indent(rest[0]) if rest else _indent(first) + _hanging(first)
    yield from textwrap.wrap(
        " ".join(line.strip() for line in paragraph),
        width=_WIDTH,
        initial_indent=" " * _indent(first),
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _hanging(line: str) -> int:
    """How much further in the lines under an argument or a list item go."""
    start = _STARTS.match(line.lstrip())
    if start is None:
        return 0
    return 4 if start[0].endswith(": ") else 2


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
