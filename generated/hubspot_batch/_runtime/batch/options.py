"""What a caller may choose for a call, and the checks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, TypedDict

from msgspec import Struct

from ..errors import Finding, InvalidInputError
from ..exchange import DEFAULT_TIMEOUT, Timeout
from .progress import Progress

__all__ = ["BatchOptions", "Settings", "StreamOptions", "settings_of"]


class BatchOptions(TypedDict, total=False):
    """Options of a call with many inputs."""

    concurrency: int
    """How many requests are on their way, or waiting to be repeated, at once; 1 if not
    given. The sync client makes as many threads, the async one tasks."""

    isolate: bool
    """Whether a batch that is refused for one bad input is split until the bad input
    stands alone; True if not given. It takes fewer than two requests per input."""

    attempts: int
    """How many times a request is sent at most; 5 if not given."""

    max_wait: float
    """The longest wait, in seconds, between two attempts; 60 if not given. Where the
    server asks for a longer one, its error is the outcome."""

    deadline: float | None
    """Seconds for the whole call. What is not sent by then fails."""

    on_progress: Callable[[Progress], object] | None
    """Called in the caller's own thread whenever inputs have come to an outcome."""

    timeout: Timeout
    """Seconds for each of connecting, sending and answering, in place of the
    client's."""

    headers: Mapping[str, str] | None
    """Further headers for every request of the call."""


class StreamOptions(BatchOptions, total=False):
    """Options of a stream of outcomes."""

    in_order: bool
    """Whether outcomes come in the order of the inputs (if not given, they do), or as
    soon as they are known."""


class Settings(Struct, frozen=True, kw_only=True):
    """The options of a call, with what is not given filled in; see `BatchOptions`."""

    concurrency: int = 1
    isolate: bool = True
    attempts: int = 5
    max_wait: float = 60.0
    deadline: float | None = None
    on_progress: Callable[[Progress], object] | None = None
    timeout: Timeout = DEFAULT_TIMEOUT
    headers: Mapping[str, str] | None = None
    in_order: bool = True


_NAMES = frozenset(Settings.__struct_fields__)


def settings_of(options: BatchOptions | StreamOptions) -> Settings:
    """
    Raises:
        TypeError: there is no such option.
        InvalidInputError: options cannot have such values; it names all of them.
    """
    given: dict[str, Any] = {**options}
    for name in given:
        if name not in _NAMES:
            raise TypeError(f"unexpected keyword argument {name!r}")
    settings = Settings(**given)
    findings = tuple(_findings(settings))
    if findings:
        raise InvalidInputError(findings=findings)
    return settings


def _findings(settings: Settings) -> Iterator[Finding]:
    for name in ("concurrency", "attempts"):
        number = getattr(settings, name)
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            yield _finding(name, f"must be a whole number from 1, got {number!r}")
    for name in ("max_wait", "deadline"):
        seconds = getattr(settings, name)
        if seconds is None and name == "deadline":
            continue
        if not _is_duration(seconds):
            yield _finding(name, f"must be a number of seconds, got {seconds!r}")
    for name in ("isolate", "in_order"):
        if not isinstance(getattr(settings, name), bool):
            yield _finding(name, f"must be a bool, got {getattr(settings, name)!r}")
    if settings.on_progress is not None and not callable(settings.on_progress):
        yield _finding("on_progress", "must be callable")


def _is_duration(value: object) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return isfinite(value) and value >= 0


def _finding(name: str, message: str) -> Finding:
    return Finding(index=None, field=name, message=message)
