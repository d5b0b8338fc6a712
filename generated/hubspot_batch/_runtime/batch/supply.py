"""Where a driver gets inputs from, when the engine wants some."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, Protocol

from .engine import Engine
from .preflight import Checked, Preflight

__all__ = ["Listed", "Pulled", "Supply"]


class Supply(Protocol):
    """A source of inputs."""

    def feed(self, engine: Engine[Any, Any], wanted: int) -> None:
        """Feed the engine about so many; tell it when there are no more."""

    def check(self) -> None:
        """Raise what the source itself has raised, if it has."""


class Listed:
    """Inputs that have been checked already. They are taken out as they are fed."""

    def __init__(self, checked: deque[Checked]) -> None:
        self._left = checked

    def feed(self, engine: Engine[Any, Any], wanted: int) -> None:
        if self._left:
            engine.feed(self._left[0])
            # Not earlier: an interrupt must not find it nowhere.
            self._left.popleft()
        if not self._left:
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
            engine.feed(self._preflight.check(pulled))
        if len(pulled) < wanted:
            engine.finish()

    def check(self) -> None:
        if self._error is not None:
            raise self._error
