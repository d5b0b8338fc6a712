"""One request from its arrival to its reply."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import parse_qs

import msgspec

from ..codec import decode, encode
from .access import Access
from .answers import Answers
from .described import Described, Generation
from .effects import Batch, Problem, Refusal, Rules, perform
from .faults import Fault, Faults
from .rates import Meter
from .routes import Match, Routes
from .store import Store
from .traffic import Ending, Reply, Request, Seen

__all__ = ["Handler"]

_JSON = {"Content-Type": "application/json"}


@dataclass(slots=True, kw_only=True)
class _Turn:
    """What is known so far of the request that is being answered."""

    number: int
    request: Request
    correlation_id: str
    headers: dict[str, str]
    match: Match | None = None
    inputs: tuple[Any, ...] = ()
    refused: tuple[Any, ...] = ()
    fault: Fault | None = None


@dataclass(slots=True, kw_only=True)
class Handler:
    """Answers requests, one at a time; `seen` holds them in the order they came."""

    described: Described
    routes: Routes
    store: Store
    rules: Rules
    access: Access
    meter: Meter
    faults: Faults
    seed: int
    now: Callable[[], datetime]
    generation: Generation | None = None
    seen: list[Seen] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _answers: Answers = field(init=False)

    def __post_init__(self) -> None:
        self._answers = Answers(self.described)

    def __call__(self, request: Request) -> Reply:
        with self._lock:
            turn = self._turn(request)
            reply = self._reply(turn)
            match, fault = turn.match, turn.fault
            is_answered = reply.ending is not Ending.RESET
            self.seen.append(
                Seen(
                    number=turn.number,
                    request=request,
                    effect=match.route.operation.batching.effect if match else None,
                    record_type=match.record_type if match else None,
                    inputs=turn.inputs,
                    status=reply.status if is_answered else 0,
                    fault=fault.name if fault else None,
                    refused=turn.refused,
                )
            )
            return reply

    def _turn(self, request: Request) -> _Turn:
        number = len(self.seen)
        digest = hashlib.md5(f"{self.seed}:{number}".encode(), usedforsecurity=False)
        id = digest.hexdigest()
        header = self.described.correlation_header
        headers = {header: id} if header else {}
        return _Turn(number=number, request=request, correlation_id=id, headers=headers)

    def _reply(self, turn: _Turn) -> Reply:
        request = turn.request
        match = self.routes.match(request.method, request.path)
        if isinstance(match, str):
            if not match:
                return self._refused(turn, 404, f"There is no {request.path}")
            turn.headers["Allow"] = match
            return self._refused(turn, 405, f"{request.method} is not allowed here")
        turn.match = match
        exceeded = self.meter.count()
        turn.headers.update(self.meter.headers())
        if exceeded is not None:
            extra = self.described.behaviour.daily.body if exceeded == "daily" else {}
            return self._refused(turn, 429, "A rate limit is exceeded", extra)
        operation = match.route.operation
        complaint = self.access.complaint(request, operation.security, match.scopes)
        if complaint is not None:
            return self._refused(turn, *complaint)
        try:
            decode(request.body, operation.body)
            body = msgspec.json.decode(request.body)
        except (msgspec.DecodeError, RecursionError) as error:
            return self._refused(turn, 400, f"Invalid input JSON: {error}")
        return self._perform(turn, match, body)

    def _perform(self, turn: _Turn, match: Match, body: dict[str, Any]) -> Reply:
        said = self.described.behaviour
        query = parse_qs(turn.request.query)
        archived = query.get(said.record.archived_parameter or "", ["false"])[-1]
        if archived not in ("true", "false"):
            return self._refused(turn, 400, f"{archived!r} is neither true nor false")
        batch = Batch(
            batching=match.route.operation.batching,
            record=said.record,
            record_type=match.record_type,
            known=match.known,
            body=body,
            archived=archived == "true",
            number=turn.number,
        )
        turn.inputs = tuple(batch.inputs)
        random = self.faults.random_for(_sent(turn.request, batch))
        effect = batch.batching.effect
        fault = self.faults.draw(random, effect, match.record_type, turn.inputs)
        turn.fault = fault
        if fault is not None and fault.is_undone:
            return self._instead(turn, fault)
        if fault is not None and fault.partial and batch.inputs and effect != "archive":
            count = len(batch.inputs)
            picked = random.sample(range(count), k=max(1, count // 10))
            batch = replace(batch, picked=picked)
        if fault is not None and fault.unnamed:
            batch = replace(batch, is_unnamed=True)
        reply = self._done(turn, match, batch, random)
        return reply if fault is None else self._spoilt(turn, reply, fault)

    def _done(self, turn: _Turn, match: Match, batch: Batch, random: Random) -> Reply:
        try:
            done = perform(batch, self.store, self.rules)
        except Refusal as error:
            refusal = self._answers.refusal(error.problem, turn.correlation_id)
            return self._json(turn, error.problem.status, refusal)
        turn.refused = tuple(item for _, item in done.problems)
        statuses = [s for s in match.route.operation.responses if isinstance(s, int)]
        status = statuses[-1] if done.problems else statuses[0]
        generation = self.generation or match.generation
        if generation is not None:
            status = generation.statuses.get(str(status), status)
        if match.route.operation.responses[statuses[0]] is None:
            return Reply(status=status, headers=turn.headers)
        body = self._answers.body(batch, done, self.now(), random)
        fault = turn.fault
        if fault is not None:
            _disguise(batch, body, fault)
        return self._json(turn, status, body)

    def _instead(self, turn: _Turn, fault: Fault) -> Reply:
        """What is sent in the place of an answer."""
        ending = Ending.RESET if fault.reset else Ending.WHOLE
        status = fault.status or 503
        reply = self._refused(turn, status, None)
        headers, content = {**reply.headers, **fault.headers}, reply.body
        if isinstance(fault.body, str | bytes):
            text = fault.body
            content = text.encode() if isinstance(text, str) else text
            headers["Content-Type"] = "text/html"
        elif fault.body is not None:
            content = encode(fault.body)
        return Reply(
            status=status,
            headers=headers,
            body=content,
            delay=fault.latency,
            ending=ending,
        )

    def _spoilt(self, turn: _Turn, reply: Reply, fault: Fault) -> Reply:
        """What is sent after everything has been done."""
        if fault.status is not None or fault.reset:
            return self._instead(turn, fault)
        content = reply.body
        if fault.invalid_json and content:
            content = content[:-1] + b","
        is_half = fault.truncated and bool(content)
        return Reply(
            status=reply.status,
            headers={**reply.headers, **fault.headers},
            body=content,
            delay=fault.latency,
            ending=Ending.HALF if is_half else Ending.WHOLE,
        )

    def _refused(
        self,
        turn: _Turn,
        status: int,
        message: str | None,
        extra: Mapping[str, Any] | None = None,
    ) -> Reply:
        problem = Problem(status=status, message=message)
        body = self._answers.refusal(problem, turn.correlation_id)
        turn.headers.update(
            self.described.behaviour.errors.headers.get(str(status), {})
        )
        return self._json(turn, status, {**body, **(extra or {})})

    def _json(self, turn: _Turn, status: int, body: dict[str, Any]) -> Reply:
        headers = {**turn.headers, **_JSON}
        return Reply(status=status, headers=headers, body=encode(body))


def _sent(request: Request, batch: Batch) -> str:
    """What tells requests apart: all but the labels, which clients invent."""
    label = batch.batching.correlation
    hidden = label.input if label else None
    inputs = [{k: v for k, v in i.items() if k != hidden} for i in batch.inputs]
    return f"{request.method} {request.path} {encode(inputs).decode()}"


def _disguise(batch: Batch, body: dict[str, Any], fault: Fault) -> None:
    """Say what nobody has heard of, or not what everybody waits for."""
    batching = batch.batching
    label, identity = batching.correlation, batching.identity
    for place, result in enumerate(body.get(batching.results or "", ())):
        if fault.unlabelled and label is not None:
            result.pop(label.result, None)
        if fault.misfit and place % 10 == 0:
            told = {said.result for said in (label, identity) if said}
            for name, value in result.items():
                if isinstance(value, str) and name not in {batch.record.id, *told}:
                    result[name] = {"form": "another"}
        if fault.unknown_values:
            result["fieldOfTomorrow"] = {"level": [1, None]}
    if fault.unknown_values:
        body["fieldOfTomorrow"] = 1.5
        for name, value in body.items():
            # A text that is fixed today is a word of a closed list.
            if isinstance(value, str) and value.isupper() and value.isalpha():
                body[name] = "VALUE_OF_TOMORROW"
