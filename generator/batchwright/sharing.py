"""Work shared with copies of this process: the same results, sooner on several cores.

A copy has all that this process has, so nothing has to be sent to it, and it begins at
once. It brings its results back through a pipe, and ends. What does not come back, for
whatever reason, is done here: the outcome is that of one process, however many there
are.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# The bytes of a number in the queue, and how many a pipe certainly holds.
_NUMBER: Final = 4
_MOST: Final = 1024


def cores() -> int:
    """How many processes can be at work at the same time."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def shared(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    sizes: Sequence[int],
    worth: int,
    processes: int,
) -> list[Result]:
    """What `work` makes of each item, in their order.

    Args:
        work: depends on nothing but the item, and changes nothing that is needed later.
        sizes: how large each item is, in whatever unit.
        worth: how much is worth another process.
        processes: how many may be at work at the same time.
    """
    processes = min(processes, sum(sizes) // worth, len(items))
    if processes < 2 or not _can_copy():
        return [work(item) for item in items]
    # The largest first: the small ones fill what time is left in the end.
    order = sorted(range(len(items)), key=lambda index: -sizes[index])
    groups = [order[first::_MOST] for first in range(min(len(order), _MOST))]

    def done(queue: int, parent: int | None = None) -> Iterator[tuple[int, Result]]:
        """What is in the queue; nothing more once the process `parent` is gone."""
        while token := os.read(queue, _NUMBER):
            for index in groups[int.from_bytes(token)]:
                if parent is not None and os.getppid() != parent:
                    return
                yield index, work(items[index])

    with _queue(len(groups)) as queue, _copies(done, queue, processes - 1) as pipes:
        found = dict(done(queue))
        for pipe in pipes:
            # A copy that failed has said nothing, or not all.
            with suppress(EOFError, pickle.UnpicklingError), pipe:
                found |= pickle.load(pipe)
    return [
        found[index] if index in found else work(item)
        for index, item in enumerate(items)
    ]


def _can_copy() -> bool:
    """Whether a copy is safe: not of locks that threads hold, nor on other systems."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (
        threading is None or threading.active_count() == 1
    )


@contextmanager
def _queue(count: int) -> Iterator[int]:
    """A pipe from which each process takes the number of what it does next."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"".join(number.to_bytes(_NUMBER) for number in range(count)))
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


@contextmanager
def _copies(
    done: Callable[[int, int], Iterator[tuple[int, object]]], queue: int, count: int
) -> Iterator[list[IO[bytes]]]:
    """Copies at work, as pipes to read their results from; none is left in the end."""
    from signal import SIGKILL

    # Asked before there is a copy: its parent may be gone before it can ask.
    parent = os.getpid()
    copies: list[int] = []
    pipes: list[IO[bytes]] = []
    # Otherwise each copy would look for garbage among all that this process has.
    gc.freeze()
    try:
        for _ in range(count):
            reading, writing = os.pipe()
            pipes.append(os.fdopen(reading, "rb"))
            try:
                copy = os.fork()
            except OSError:  # no more processes are to be had
                os.close(writing)
                break
            if not copy:
                _be_a_copy(done, queue, parent, writing)
            copies.append(copy)
            os.close(writing)
        yield pipes
    finally:
        gc.unfreeze()
        for pipe in pipes:
            pipe.close()
        for copy in copies:
            # One that has ended is still known until it is waited for.
            os.kill(copy, SIGKILL)
            os.waitpid(copy, 0)


def _be_a_copy(
    done: Callable[[int, int], Iterator[tuple[int, object]]],
    queue: int,
    parent: int,
    writing: int,
) -> None:
    """Do what is in the queue, bring it back, and end without a word.

    Nothing of this process's own endings is run: its files and its output are those of
    the one that it is a copy of.
    """
    code = 1
    try:
        found = dict(done(queue, parent))
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(found, pipe, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)
