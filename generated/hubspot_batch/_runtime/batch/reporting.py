"""Tells a caller how far a call has come, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .engine import Engine
from .opening import Opened
from .outcomes import BatchResult, Failed, Outcome, Unknown, keep_partial_result
from .progress import Progress
from .sending import lost, unsent

__all__ = ["Reporter", "keep_partial", "result_of"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result


class Reporter:
    """Calls a callback whenever more inputs have come to an outcome.

    Args:
        total: how many inputs there are, if that is known.
    """

    def __init__(
        self,
        engine: Engine[Any, Any],
        callback: Callable[[Progress], object] | None,
        total: int | None,
    ) -> None:
        self._engine = engine
        self._callback = callback
        self._total = total
        self._done = 0

    def report(self) -> None:
        if self._callback is None:
            return
        reached = self._engine.progress(self._total)
        if reached.done > self._done:
            self._done = reached.done
            self._callback(reached)


def result_of(engine: Engine[I, R]) -> BatchResult[I, R]:
    """What a call came to that is over."""
    return BatchResult(
        outcomes=engine.all(),
        unattributed=tuple(engine.unattributed),
        unattributed_errors=tuple(engine.unattributed_errors),
    )


def keep_partial(error: BaseException, opened: Opened[Any, Any]) -> None:
    """Let the caller find in the error what was known when it ended the call."""
    engine, inputs = opened.engine, opened.inputs
    known = engine.take_all()
    on_the_way, never_sent = lost(), unsent()
    outcomes: list[Outcome[Any, Any]] = []
    for at, item in enumerate(inputs):
        if at in known:
            outcomes.append(known[at])
        elif at < engine.fed:
            # An interrupt came while its outcome was being made out.
            outcomes.append(Unknown(item, on_the_way))
        else:
            outcomes.append(Failed(item, never_sent))
    result: BatchResult[Any, Any] = BatchResult(
        outcomes=tuple(outcomes),
        unattributed=tuple(engine.unattributed),
        unattributed_errors=tuple(engine.unattributed_errors),
    )
    keep_partial_result(error, result)
