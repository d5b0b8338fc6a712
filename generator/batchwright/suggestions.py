"""Hints that name what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from batchwright.diagnostics import excerpt


def did_you_mean(
    name: str, known: Iterable[str], reading: str | None = None, *, cutoff: float = 0.6
) -> str | None:
    """A hint that asks for the nearest of the known names, if one is near.

    `reading` says how the place is read as it stands; it follows the question, or is
    the whole hint.
    """
    close = get_close_matches(name, list(known), n=1, cutoff=cutoff)
    if not close:
        return reading
    question = f"did you mean {excerpt(close[0])}?"
    return question if reading is None else f"{question} {_sentence(reading)}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
