"""black, asked about many texts: on several cores where that is sooner."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import Literal, TypeAlias

from batchwright.sharing import shared

Kind: TypeAlias = Literal["py", "pyi"]
Text: TypeAlias = tuple[str, Kind]

# Characters that black formats in the time that it takes to start another process.
_WORTH_A_PROCESS = 20_000

# Characters of which black leaves some 50 MiB behind.
_WORTH_COLLECTING = 200_000

# Shares for each process: the last ones are done while others wait.
_SHARES = 4


def blacken(text: str, kind: Kind) -> str:
    """The text in black's stable style; ValueError where black cannot read it."""
    # Takes longer to import than a short run has.
    import black
    from black.mode import Mode, TargetVersion

    mode = Mode(
        target_versions={TargetVersion.PY311},
        line_length=88,
        is_pyi=kind == "pyi",
    )
    return black.format_str(text, mode=mode)


def blackened(texts: Sequence[Text], processes: int = 1) -> list[str | None]:
    """The texts in black's stable style, None for one that black cannot read."""
    size = sum(len(text) for text, _ in texts)
    if processes < 2 or size < 2 * _WORTH_A_PROCESS:
        return _answers(texts)
    blacken("", "py")  # imports black, once for all
    shares = _shares(texts, processes * _SHARES)
    asked = [[texts[index] for index in share] for share in shares]
    sizes = [sum(len(text) for text, _ in share) for share in asked]
    found = shared(_answers, asked, sizes, _WORTH_A_PROCESS, processes)
    answers: list[str | None] = [None] * len(texts)
    for share, said in zip(shares, found, strict=True):
        for index, answer in zip(share, said, strict=True):
            answers[index] = answer
    return answers


def _shares(texts: Sequence[Text], count: int) -> list[list[int]]:
    """The indexes of the texts in shares of about the same size, the largest first."""
    order = sorted(range(len(texts)), key=lambda index: -len(texts[index][0]))
    shares: list[list[int]] = [[] for _ in range(min(count, len(texts)))]
    sizes = [0] * len(shares)
    for index in order:
        least = sizes.index(min(sizes))
        shares[least].append(index)
        sizes[least] += len(texts[index][0])
    return shares


def _answers(texts: Sequence[Text]) -> list[str | None]:
    """What black says of each, in memory that does not grow with their number.

    black leaves trees with cycles. Looking for these as often as Python does takes a
    third of the time, and never takes all the memory: so it is done now and then, and
    only among what has been made here.
    """
    was_on = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        answers: list[str | None] = []
        size = 0
        for text in texts:
            answers.append(_answer(text))
            size += len(text[0])
            if size > _WORTH_COLLECTING:
                gc.collect()
                size = 0
        return answers
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def _answer(text: Text) -> str | None:
    try:
        return blacken(*text)
    except ValueError:
        return None
