"""The beginning of a call: everything that can be said before anything is sent."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ..errors import Finding, InvalidInputError
from .batching import UNSTATED_LIMIT, BatchOperation
from .calls import Call, call_of
from .engine import Engine, Policy
from .options import BatchOptions, Settings, StreamOptions, settings_of
from .preflight import Checked, Preflight

__all__ = ["Opened", "Timing", "open_batch", "open_stream"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result

# Can be iterated, but never are several inputs.
_SINGLE = (str, bytes, bytearray, memoryview, Mapping)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Where time and chance come from.

    Attributes:
        clock: seconds; never goes back.
        wall: seconds since 1970.
        random: a number from 0 up to 1.
        sleep, asleep: wait for so many seconds.
    """

    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    asleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Generic[I, R]):
    """A call of which nothing has been sent yet.

    Attributes:
        inputs: all of its inputs, as models; none for a stream.
        checked: the same, some at a time, to be taken out as they are fed.
    """

    engine: Engine[I, R]
    settings: Settings
    preflight: Preflight
    inputs: Sequence[I] = field(default=(), repr=False)
    checked: deque[Checked] = field(default_factory=deque, repr=False)


def open_batch(
    operation: BatchOperation[I, R, Any],
    given: Sequence[object],
    options: BatchOptions,
    *,
    arguments: Mapping[str, object],
    fields: Mapping[str, object],
    policy: Policy,
    timing: Timing,
) -> Opened[I, R]:
    """Check everything, and begin.

    Raises:
        InvalidInputError: something cannot be sent; it tells all that is wrong.
    """
    settings = settings_of(options)
    findings: list[Finding] = []
    call: Call[I, R] | None = None
    try:
        call = call_of(
            operation, arguments=arguments, fields=fields, headers=settings.headers
        )
    except InvalidInputError as error:
        findings += error.findings
    preflight = Preflight(
        operation.batching, id_property=call.id_property if call else None
    )
    inputs: list[Any] = []
    pieces: deque[Checked] = deque()
    size = call.limit if call else UNSTATED_LIMIT
    for start in range(0, len(given), size):
        checked = preflight.check(given[start : start + size])
        inputs += checked.rows.inputs
        pieces.append(checked)
        for _, found in sorted(checked.refused.items()):
            findings += found
    if findings or call is None:
        raise InvalidInputError(
            findings=dict.fromkeys(findings),
            request=f"{operation.method} {operation.path}",
        )
    engine = _engine(call, settings, policy, timing, is_stream=False)
    return Opened(
        engine=engine,
        settings=settings,
        preflight=preflight,
        inputs=inputs,
        checked=pieces,
    )


def open_stream(
    operation: BatchOperation[I, R, Any],
    options: StreamOptions,
    *,
    arguments: Mapping[str, object],
    fields: Mapping[str, object],
    policy: Policy,
    timing: Timing,
) -> Opened[I, R]:
    """Check everything but the inputs, and begin.

    Raises:
        InvalidInputError: something cannot be sent.
    """
    settings = settings_of(options)
    call: Call[I, R] = call_of(
        operation, arguments=arguments, fields=fields, headers=settings.headers
    )
    preflight = Preflight(
        operation.batching, id_property=call.id_property, is_stream=True
    )
    engine = _engine(call, settings, policy, timing, is_stream=True)
    return Opened(engine=engine, settings=settings, preflight=preflight)


def check_iterable(given: object, label: str, kinds: tuple[type, ...]) -> None:
    """
    Args:
        kinds: what can be iterated.

    Raises:
        InvalidInputError: it cannot be iterated, or is a single input.
    """
    if isinstance(given, _SINGLE) or not isinstance(given, kinds):
        kind = type(given).__name__
        message = f"expected any number of inputs, got a single {kind}"
        if isinstance(given, AsyncIterable):
            message = "is an async iterable, which only the async client can use"
        finding = Finding(index=None, field=label, message=message)
        raise InvalidInputError(findings=[finding])


def _engine(
    call: Call[I, R],
    settings: Settings,
    policy: Policy,
    timing: Timing,
    *,
    is_stream: bool,
) -> Engine[I, R]:
    now = timing.clock()
    return Engine(
        call,
        settings,
        policy,
        now=now,
        epoch=timing.wall() - now,
        random=timing.random,
        is_stream=is_stream,
    )
