"""The CRM behind an HTTP server: with a rate limit, and with faults on request."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum, auto
from random import Random
from time import monotonic
from typing import Final, Self
from urllib.parse import parse_qs

from support.crm import Batch, Crm, Done, Json, Problem, Refusal
from support.faults import HARMLESS, Fault, FaultPlan
from support.wire import Ending, Reply, Request, WireServer

_PATH: Final = re.compile(
    r"/crm/(?:v3/objects|objects/v3)/(?P<type>[^/]+)/batch/"
    r"(?P<operation>create|read|update|upsert|archive)"
)
_STATUSES: Final = {"create": 201, "archive": 204}
_UNAVAILABLE: Final = frozenset({Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER})
_MOMENT: Final = "2026-08-01T10:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most so many requests in any period of so many seconds, and in a day."""

    requests: int = 100_000
    seconds: float = 1.0
    daily: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of a request.

    Attributes:
        fault: what was done to it on purpose.
        status: what was answered, or would have been.
        refused: the inputs that were not done, while others were.
    """

    operation: str
    inputs: tuple[Json, ...]
    fault: Fault | None
    status: int
    refused: tuple[Json, ...] = ()


class CrmServer:
    """A CRM on a port that was free.

    `crm` holds its records and its ledger; `handled` says what became of each request,
    in the order they came.

    Args:
        faults: when which fault happens; None for none at all.
        retry_after: what is said of the wait where it is said.
        slow: seconds for an answer that is to come too late.
    """

    def __init__(
        self,
        crm: Crm | None = None,
        *,
        faults: FaultPlan | None = None,
        budget: Budget | None = None,
        retry_after: str = "1",
        slow: float = 30.0,
    ) -> None:
        self.crm = crm or Crm()
        self.handled: list[Handled] = []
        self._faults = faults
        self._budget = budget or Budget()
        self._retry_after = retry_after
        self._slow = slow
        self._recent: deque[float] = deque()
        self._count = 0
        self._lock = threading.Lock()
        self._wire = WireServer(self._answer)

    @property
    def url(self) -> str:
        return self._wire.url

    def close(self) -> None:
        """Close it, when all requests have been dealt with."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _answer(self, request: Request) -> Reply:
        batch = _batch_of(request)
        with self._lock:
            headers, exceeded = self._counted(monotonic())
            if isinstance(batch, Problem):
                return _refusal(batch, headers)
            if exceeded is not None:
                self._keep(batch, None, 429)
                return _rate_limited(exceeded, headers)
            fault = self._fault(batch)
            if fault is Fault.RESET_BEFORE:
                self._keep(batch, fault, 0)
                return Reply(ending=Ending.RESET)
            if fault in HARMLESS or fault is Fault.UNAVAILABLE:
                reply = self._unwilling(fault, headers)
                self._keep(batch, fault, reply.status)
                return reply
            return self._perform(batch, fault, headers)

    def _perform(
        self, batch: Batch, fault: Fault | None, headers: dict[str, str]
    ) -> Reply:
        if fault is Fault.PARTIAL and batch.operation != "archive":
            batch = replace(batch, refused=_some(batch))
        try:
            done = self.crm.perform(batch)
        except Refusal as error:
            reply = _refusal(error.problem, headers)
            self._keep(batch, fault, reply.status)
        else:
            status = 207 if done.problems else _STATUSES.get(batch.operation, 200)
            reply = _reply(status, _envelope(batch, done, fault), headers)
            refused = [item for _, item in done.problems]
            self._keep(batch, fault, status, *refused)
        return self._spoilt(reply, fault)

    def _spoilt(self, reply: Reply, fault: Fault | None) -> Reply:
        """What is sent instead, after everything has been done."""
        match fault:
            case Fault.UNAVAILABLE_AFTER:
                return self._unwilling(fault, dict(reply.headers))
            case Fault.RESET_AFTER:
                return replace(reply, ending=Ending.RESET)
            case Fault.SLOW:
                return replace(reply, delay=self._slow)
            case Fault.TRUNCATED if reply.body:
                return replace(reply, ending=Ending.HALF)
            case Fault.INVALID_JSON if reply.body:
                return replace(reply, body=reply.body[:-1] + b",")
        return reply

    def _unwilling(self, fault: Fault | None, headers: dict[str, str]) -> Reply:
        if fault is Fault.RATE_LIMITED:
            return _rate_limited("TEN_SECONDLY_ROLLING", headers)
        if fault is Fault.RATE_LIMITED_FOR:
            headers["Retry-After"] = self._retry_after
            return _rate_limited("SECONDLY", headers)
        if fault in _UNAVAILABLE:
            page = b"<html><body>503 Service Temporarily Unavailable</body></html>"
            as_html = {**headers, "Content-Type": "text/html"}
            return Reply(status=503, body=page, headers=as_html)
        message = "The account is locked by a synchronisation"
        return _refusal(Problem(423, "LOCKED", message, {}), headers)

    def _fault(self, batch: Batch) -> Fault | None:
        if self._faults is None:
            return None
        return self._faults.deal(batch.operation, number_of(batch.inputs))

    def _keep(
        self, batch: Batch, fault: Fault | None, status: int, *refused: Json
    ) -> None:
        self.handled.append(
            Handled(
                operation=batch.operation,
                inputs=tuple(batch.inputs),
                fault=fault,
                status=status,
                refused=refused,
            )
        )

    def _counted(self, now: float) -> tuple[dict[str, str], str | None]:
        """Headers that tell the budget, and the policy that a request exceeds."""
        budget = self._budget
        self._count += 1
        while self._recent and self._recent[0] <= now - budget.seconds:
            self._recent.popleft()
        left = budget.requests - len(self._recent)
        if left:
            self._recent.append(now)
        left_today = budget.daily - self._count
        headers = {
            "X-HubSpot-RateLimit-Max": str(budget.requests),
            "X-HubSpot-RateLimit-Remaining": str(max(0, left - 1)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": f"{budget.seconds * 1000:.0f}",
            "X-HubSpot-RateLimit-Daily": str(budget.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, left_today)),
            "X-HubSpot-Correlation-Id": f"request-{self._count}",
        }
        if left_today < 0:
            return headers, "DAILY"
        return headers, None if left else "TEN_SECONDLY_ROLLING"


def number_of(inputs: list[Json]) -> int:
    """The number in the first input's id, or in its first property."""
    named = inputs[0] if inputs else {}
    text = named.get("id") or next(iter(named.get("properties", {}).values()), "")
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0


def _batch_of(request: Request) -> Batch | Problem:
    path = _PATH.fullmatch(request.path)
    if request.method != "POST" or path is None:
        return Problem(404, "NOT_FOUND", f"no {request.method} {request.path}", {})
    if not request.headers.get("authorization", "").startswith("Bearer "):
        return Problem(401, "INVALID_AUTHENTICATION", "no access token", {})
    try:
        body = {**json.loads(request.body)}
    except (ValueError, TypeError) as error:
        return Problem(400, "VALIDATION_ERROR", f"Invalid input JSON: {error}", {})
    archived = parse_qs(request.query).get("archived") == ["true"]
    return Batch(path["operation"], path["type"], body, archived)


def _some(batch: Batch) -> frozenset[int]:
    """Positions of about a tenth of the inputs; the same for the same request."""
    random = Random(f"{batch.operation} {number_of(batch.inputs)}")
    count = len(batch.inputs)
    return frozenset(random.sample(range(count), k=max(1, count // 10)))


def _envelope(batch: Batch, done: Done, fault: Fault | None) -> Json | None:
    if batch.operation == "archive":
        return None
    results = done.results
    envelope: Json = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": _MOMENT,
        "completedAt": _MOMENT,
    }
    if done.problems:
        errors = _errors(done, _style(batch, fault))
        envelope |= {"numErrors": len(errors), "errors": errors}
    if fault is Fault.UNKNOWN:
        envelope |= {"status": "FOLDED", "mood": {"level": [1, None]}}
        for result in results:
            result |= {"colour": "green", "warnings": [{"kind": 7}], "score": 1.5}
    if fault is Fault.UNLABELLED:
        for result in results:
            result.pop("objectWriteTraceId", None)
    if fault is Fault.MISFIT:
        for result in results[::10]:
            result["createdAt"] = {"year": 2026}
    return envelope


class _Style(Enum):
    """How an answer speaks of the inputs that were not done."""

    EACH = auto()
    """An error for each, with its name."""
    TOGETHER = auto()
    """One error for all of a kind, with all their names."""
    NAMELESS = auto()
    """An error for each, without a name."""


def _style(batch: Batch, fault: Fault | None) -> _Style:
    if batch.operation == "read":
        return _Style.TOGETHER
    style = list(_Style)[number_of(batch.inputs) // 100 % 3]
    if style is _Style.NAMELESS and fault is Fault.UNLABELLED:
        # Then nobody could tell anything apart.
        return _Style.EACH
    return style


def _errors(done: Done, style: _Style) -> list[Json]:
    problems = [problem for problem, _ in done.problems]
    if style is _Style.EACH:
        return [problem.body for problem in problems]
    if style is _Style.NAMELESS:
        return [{**problem.body, "context": {}} for problem in problems]
    alike: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.category, problem.message), []).append(problem)
    return [{**each[0].body, "context": _joined(each)} for each in alike.values()]


def _joined(problems: list[Problem]) -> Json:
    names = {name: None for problem in problems for name in problem.context}
    return {
        name: [text for problem in problems for text in problem.context.get(name, ())]
        for name in names
    }


def _refusal(problem: Problem, headers: dict[str, str]) -> Reply:
    body = {**problem.body, "correlationId": headers["X-HubSpot-Correlation-Id"]}
    return _reply(problem.status, body, headers)


def _rate_limited(policy: str, headers: dict[str, str]) -> Reply:
    body = {
        "status": "error",
        "message": f"You have reached your {policy.lower()} limit.",
        "errorType": "RATE_LIMIT",
        "policyName": policy,
        "requestId": headers["X-HubSpot-Correlation-Id"],
    }
    return _reply(429, body, headers)


def _reply(status: int, body: Json | None, headers: dict[str, str]) -> Reply:
    content = b"" if body is None else json.dumps(body).encode()
    return Reply(status=status, body=content, headers=headers)
