"""Types that the signatures of generated methods are written with."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import TypeAlias, TypedDict, TypeVar

from .exchange import Timeout
from .operation import OnAnswer

__all__ = ["AnyInputs", "CallOptions", "Inputs"]

I = TypeVar("I")  # noqa: E741 - an input

# Models, or mappings with the API's own field names.
Inputs: TypeAlias = Iterable[I | Mapping[str, object]]
# The same, from an async source as well.
AnyInputs: TypeAlias = (
    Iterable[I | Mapping[str, object]] | AsyncIterable[I | Mapping[str, object]]
)


class CallOptions(TypedDict, total=False):
    """Options of a single call."""

    timeout: Timeout
    """Seconds for each of connecting, sending and answering, in place of the
    client's; None for no limit."""

    headers: Mapping[str, str] | None
    """Further headers for this call."""

    on_answer: OnAnswer | None
    """Called with the status and the headers of the answer, whatever it says."""
