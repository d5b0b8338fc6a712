"""The mark of what the API is going to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from warnings import warn

__all__ = ["deprecated"]

if TYPE_CHECKING:
    # Type checkers know it without the package, and strike through what it marks.
    from typing_extensions import deprecated
else:

    def deprecated(message: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A decorator: calls warn with a DeprecationWarning, as PEP 702 has it."""

        def mark(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def warning(*arguments: Any, **named: Any) -> Any:
                warn(message, DeprecationWarning, stacklevel=2)
                return function(*arguments, **named)

            warning.__deprecated__ = message
            return warning

        return mark
