"""Outcomes as they come to be known, for the caller to iterate over."""

from __future__ import annotations

from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Generator,
    Iterable,
    Iterator,
)
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, TypeVar

from .errors import InputRejectedError
from .outcomes import Outcome

if TYPE_CHECKING:
    from .engine import Engine

__all__ = ["AnyIterable", "AsyncOutcomeStream", "OutcomeStream"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result
V = TypeVar("V")

AnyIterable: TypeAlias = Iterable[V] | AsyncIterable[V]


class OutcomeStream(Generic[I, R]):
    """Outcomes, as an iterator: one for each input.

    Inputs are pulled and sent while outcomes are asked for, and only a few requests
    ahead of them. A loop that is left early leaves the work undone; `close`, or the end
    of a `with` statement, stops it then, and waits for what is on its way. If the
    source of the inputs raises an exception, the outcomes of what it has given come
    first, and then the exception.
    """

    def __init__(
        self, engine: Engine[I, R], rounds: Generator[list[Outcome[I, R]]]
    ) -> None:
        self._engine = engine
        self._rounds = rounds
        self._ready: deque[Outcome[I, R]] = deque()
        self._left: tuple[Outcome[I, R], ...] = ()

    @property
    def undelivered(self) -> tuple[Outcome[I, R], ...]:
        """What came, after the end, of the inputs whose outcomes nobody asked for.

        An outcome for each input that had been pulled, in their order; empty as long
        as the stream is open.
        """
        return self._left

    @property
    def unattributed(self) -> list[R | Any]:
        """Results that no input was given; see `BatchResult`.

        They are kept until they are taken out of the list.
        """
        return self._engine.unattributed

    @property
    def unattributed_errors(self) -> list[InputRejectedError]:
        """Errors that no input was given; see `BatchResult`."""
        return self._engine.unattributed_errors

    def close(self) -> None:
        """Send nothing any more, and wait for what is on its way."""
        try:
            self._rounds.close()
        finally:
            self._left += (*self._ready, *self._engine.take_all().values())
            self._ready.clear()

    def __iter__(self) -> Iterator[Outcome[I, R]]:
        ready = self._ready
        while self._fill():
            while ready:
                yield ready.popleft()

    def __next__(self) -> Outcome[I, R]:
        if not self._fill():
            raise StopIteration
        return self._ready.popleft()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _fill(self) -> bool:
        """Have an outcome at hand, if there is one to come."""
        try:
            while not self._ready:
                self._ready.extend(next(self._rounds))
        except StopIteration:
            return False
        except BaseException:
            self.close()
            raise
        return True


class AsyncOutcomeStream(Generic[I, R]):
    """Outcomes, as an async iterator; see `OutcomeStream`.

    `aclose`, or the end of an `async with` statement, cancels what is on its way: its
    outcomes are Unknown.
    """

    def __init__(
        self, engine: Engine[I, R], rounds: AsyncGenerator[list[Outcome[I, R]]]
    ) -> None:
        self._engine = engine
        self._rounds = rounds
        self._ready: deque[Outcome[I, R]] = deque()
        self._left: tuple[Outcome[I, R], ...] = ()

    @property
    def undelivered(self) -> tuple[Outcome[I, R], ...]:
        """See `OutcomeStream.undelivered`."""
        return self._left

    @property
    def unattributed(self) -> list[R | Any]:
        """See `OutcomeStream.unattributed`."""
        return self._engine.unattributed

    @property
    def unattributed_errors(self) -> list[InputRejectedError]:
        """See `OutcomeStream.unattributed_errors`."""
        return self._engine.unattributed_errors

    async def aclose(self) -> None:
        """Send nothing any more, and cancel what is on its way."""
        try:
            await self._rounds.aclose()
        finally:
            self._left += (*self._ready, *self._engine.take_all().values())
            self._ready.clear()

    def __aiter__(self) -> AsyncIterator[Outcome[I, R]]:
        return self

    async def __anext__(self) -> Outcome[I, R]:
        try:
            while not self._ready:
                self._ready.extend(await anext(self._rounds))
        except StopAsyncIteration:
            raise
        except BaseException:
            await self.aclose()
            raise
        return self._ready.popleft()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
