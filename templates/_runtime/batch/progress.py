"""How far a call has come: as figures for a callback, and as a bar on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from msgspec import Struct

__all__ = ["Progress", "ProgressBar"]


class Progress(Struct, frozen=True):
    """How many inputs have come to an outcome.

    Attributes:
        done: all that have.
        total: how many there are; None if that cannot be known beforehand.
    """

    done: int
    succeeded: int
    failed: int
    unknown: int
    total: int | None


class ProgressBar:
    """A progress bar on the terminal, to be given as `on_progress`.

    Used in a `with` statement, around one call. It needs the package `rich`.

    Args:
        title: what stands in front of the bar.
        console: the rich.console.Console to draw on; the terminal if not given.

    Raises:
        ImportError: `rich` is not installed.
    """

    def __init__(self, title: str = "", *, console: Any = None) -> None:
        try:
            from rich import progress
        except ImportError as error:
            raise ImportError(
                "a progress bar needs the package rich: pip install rich"
            ) from error
        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[trouble]}"),
            progress.TimeRemainingColumn(),
            console=console,
        )
        self._task = self._bar.add_task(title, total=None, trouble="")

    def __call__(self, reached: Progress) -> None:
        trouble = [f"{reached.failed} failed"] if reached.failed else []
        trouble += [f"{reached.unknown} unknown"] if reached.unknown else []
        self._bar.update(
            self._task,
            completed=reached.done,
            total=reached.total,
            trouble=", ".join(trouble),
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()
