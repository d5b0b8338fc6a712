"""The mark of what the API is going to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar
from warnings import warn

__all__ = ["deprecated"]

_Marked = TypeVar("_Marked")

if TYPE_CHECKING:
    # Type checkers know it without the package, and strike through what it marks.
    from typing_extensions import deprecated
else:

    def deprecated(message: str) -> Callable[[_Marked], _Marked]:
        """A decorator: calls warn with a DeprecationWarning, as PEP 702 has it.

        A class is marked for type checkers and editors alone: an answer that holds one
        is no fault of who reads it.
        """

        def mark(function: _Marked) -> _Marked:
            if isinstance(function, type):
                function.__deprecated__ = message
                return function

            @wraps(function)
            def warning(*arguments, **named):
                warn(message, DeprecationWarning, stacklevel=2)
                return function(*arguments, **named)

            warning.__deprecated__ = message
            return warning

        return mark
