"""What a scalar of YAML means by the core schema of YAML 1.2."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

from batchwright.diagnostics import excerpt
from batchwright.parsing.text import LONGEST_NUMBER

Scalar: TypeAlias = str | int | float | bool | None

CORE = "tag:yaml.org,2002:"

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_BEGINS = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class BadScalar(Exception):
    """A scalar has no meaning in a spec."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def plain(text: str) -> Scalar:
    """The value of a scalar without quotes and without a tag."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return _number(text) if text[0] in _NUMBER_BEGINS else text


def tagged(text: str, tag: str) -> Scalar:
    """The value of a scalar with a tag; only those of the core schema have one."""
    if tag in ("!", CORE + "str"):
        return text
    constant = _CONSTANTS.get(text, 0)
    if tag == CORE + "null" and constant is None:
        return None
    if tag == CORE + "bool" and isinstance(constant, bool):
        return constant
    if tag in (CORE + "int", CORE + "float"):
        number = _number(text)
        if not isinstance(number, str):
            return float(number) if tag == CORE + "float" else number
    raise bad_tag(tag)


def bad_tag(tag: str) -> BadScalar:
    """The refusal of a tag."""
    return BadScalar(
        "yaml-tag",
        f"the YAML tag {excerpt(tag.replace(CORE, '!!'))} has no meaning in a spec",
        "remove the tag",
    )


def _number(text: str) -> int | float | str:
    """The number that a text is, else the text itself."""
    too_large = BadScalar(
        "bad-number",
        "the number is too large",
        "put quotes around it if it is a text",
    )
    if _INTEGER.fullmatch(text):
        if len(text) > LONGEST_NUMBER:
            raise too_large
        if text[:2] in ("0o", "0x"):
            return int(text[2:], 8 if text[1] == "o" else 16)
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if not math.isfinite(number):
            raise too_large
        return number
    if _NOT_FINITE.fullmatch(text):
        raise BadScalar(
            "bad-number",
            f"{text} has no equivalent in JSON",
            "put quotes around it if it is a text, else leave it out",
        )
    return text
