"""An engine that is played through against answers that a test makes up.

Time is a number that jumps to where the engine wants to go on; nothing is waited for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx2
from _runtime import (
    BatchOperation,
    BatchResult,
    Outcome,
    RetryRule,
    SDKError,
    SlidingWindow,
)
from _runtime.batch.calls import call_of
from _runtime.batch.engine import Engine, Policy
from _runtime.batch.options import Settings
from _runtime.batch.preflight import Preflight
from _runtime.operation import Answer

from support.batches import ERROR_FIELDS, RETRY_RULES

Json: TypeAlias = dict[str, Any]
# What the server says to these inputs.
Respond: TypeAlias = Callable[[list[Json]], Answer | SDKError]


def answer(
    status: int, body: object = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """
    Args:
        body: JSON; None for no body at all.
    """
    content = b"" if body is None else json.dumps(body).encode()
    return Answer(status=status, headers=httpx2.Headers(headers), content=content)


@dataclass
class Played:
    """What came of a call.

    Attributes:
        requests: the inputs of each request, as they were sent.
        times: when each was sent.
        time: when all was done.
    """

    result: BatchResult[Any, Any]
    requests: list[list[Json]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    time: float = 0.0

    @property
    def outcomes(self) -> tuple[Outcome[Any, Any], ...]:
        return self.result.outcomes

    @property
    def kinds(self) -> list[str]:
        return [type(outcome).__name__ for outcome in self.outcomes]


def play(
    operation: BatchOperation[Any, Any, Any],
    inputs: Sequence[object],
    respond: Respond | Iterable[Answer | SDKError],
    *,
    fields: Mapping[str, object] | None = None,
    rules: tuple[RetryRule, ...] = RETRY_RULES,
    random: float = 0.0,
    options: Settings | None = None,
) -> Played:
    """One request after the other, each answered at once.

    Args:
        respond: what the server says; or its answers, one for each request.
        random: what the engine is told where it asks for a random number.
    """
    if not callable(respond):
        answers = iter(respond)
        respond = lambda _: next(answers)  # noqa: E731
    call = call_of(operation, arguments={}, fields=fields or {}, headers=None)
    engine: Engine[Any, Any] = Engine(
        call,
        options or Settings(),
        Policy(rules=rules, fields=ERROR_FIELDS, limiter=SlidingWindow()),
        now=0.0,
        epoch=0.0,
        random=lambda: random,
        is_stream=False,
    )
    engine.feed(
        Preflight(operation.batching, id_property=call.id_property).check(inputs)
    )
    engine.finish()
    played = Played(BatchResult(()))
    now = 0.0
    while not engine.is_done:
        shipment = engine.next(now)
        if shipment is None:
            if engine.is_done:
                break
            assert engine.wake_at is not None
            assert engine.wake_at > now
            now = engine.wake_at
            continue
        body = json.loads(shipment.prepared.content or b"")
        sent = body[operation.batching.inputs]
        played.requests.append(sent)
        played.times.append(now)
        engine.receive(shipment, respond(sent), now)
    played.time = now
    played.result = BatchResult(
        engine.all(), tuple(engine.unattributed), tuple(engine.unattributed_errors)
    )
    return played
