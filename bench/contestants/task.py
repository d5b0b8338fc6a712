"""What a contestant is to do, and what it took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """What to do: `operation` with so many records, so many requests at a time."""

    operation: str
    records: int
    concurrency: int = 1


@dataclass(frozen=True)
class Figure:
    """What a task took: seconds by the clock and of CPU, user and system together.

    Attributes:
        peak: the most memory that the process has had so far, in MiB.
    """

    seconds: float
    cpu: float
    peak: float
