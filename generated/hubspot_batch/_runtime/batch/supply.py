"""Where a driver gets inputs from, when the engine wants some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

from ..errors import InvalidInputError
from .engine import Engine
from .preflight import Preflight

__all__ = ["Listed", "Pulled", "Supply", "feed_checked"]


class Supply(Protocol):
    """A source of inputs."""

    def feed(self, engine: Engine[Any, Any], wanted: int) -> None:
        """Feed the engine at most so many; tell it when there are no more."""

    def check(self) -> None:
        """Raise what the source itself has raised, if it has."""


class Listed:
    """Inputs that have been checked already."""

    def __init__(self, inputs: Sequence[Any]) -> None:
        self._inputs = inputs
        self._at = 0

    def feed(self, engine: Engine[Any, Any], wanted: int) -> None:
        engine.feed(self._inputs[self._at : self._at + wanted])
        self._at += wanted
        if self._at >= len(self._inputs):
            engine.finish()

    def check(self) -> None:
        pass


class Pulled:
    """Inputs that are checked as they are pulled out of an iterator."""

    def __init__(self, source: Iterator[Any], preflight: Preflight) -> None:
        self._source = source
        self._preflight = preflight
        self._error: Exception | None = None

    def feed(self, engine: Engine[Any, Any], wanted: int) -> None:
        pulled: list[Any] = []
        try:
            # What has come before an exception is in the list all the same.
            pulled.extend(islice(self._source, wanted))
        except Exception as error:
            self._error = error
        finally:
            feed_checked(engine, self._preflight, pulled)
        if len(pulled) < wanted:
            engine.finish()

    def check(self) -> None:
        if self._error is not None:
            raise self._error


def feed_checked(
    engine: Engine[Any, Any], preflight: Preflight, given: Sequence[object]
) -> None:
    """Feed inputs to the engine after their check."""
    checked = preflight.check(given)
    errors = {
        at: InvalidInputError(findings=findings)
        for at, findings in checked.refused.items()
    }
    engine.feed(checked.inputs, errors)
