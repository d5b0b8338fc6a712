"""What is deprecated warns who calls it."""

from __future__ import annotations

import asyncio

import pytest
from _runtime import deprecated


def test_a_call_warns_at_the_place_of_the_caller() -> None:
    @deprecated("GET /old is deprecated")
    def old(value: int) -> int:
        """Docs."""
        return value + 1

    with pytest.warns(DeprecationWarning, match="GET /old is deprecated") as caught:
        assert old(1) == 2
    assert caught[0].filename == __file__
    assert old.__doc__ == "Docs."
    assert vars(old)["__deprecated__"] == "GET /old is deprecated"


def test_a_class_is_marked_and_warns_nobody() -> None:
    @deprecated("Old is deprecated")
    class Old:
        pass

    assert isinstance(Old(), Old)
    assert vars(Old)["__deprecated__"] == "Old is deprecated"


def test_a_call_that_is_awaited_warns_too() -> None:
    @deprecated("gone soon")
    async def old() -> str:
        return "value"

    with pytest.warns(DeprecationWarning, match="gone soon"):
        made = old()
    assert asyncio.run(made) == "value"
