"""What all contestants send: the same records, as plain values."""

from __future__ import annotations

from collections.abc import Iterator

SIZE = 100


def properties_of(number: int) -> dict[str, str]:
    return {
        "dealname": f"Deal {number}",
        "amount": str(1000 + number % 9000),
        "dealstage": "presentationscheduled",
        "pipeline": "default",
        "closedate": "2026-12-31T00:00:00.000Z",
    }


def id_of(number: int) -> str:
    return str(20_000_000_000 + number)


def slices(count: int) -> Iterator[slice]:
    """Cuts for so many records, a hundred at a time."""
    for start in range(0, count, SIZE):
        yield slice(start, min(start + SIZE, count))
