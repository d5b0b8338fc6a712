"""The engine: decides what is sent when, and what becomes of every input.

It does no I/O, knows no time, and never blocks. A driver feeds it inputs, asks it what
to send, tells it what came back, and takes outcomes out of it. Times are seconds of a
clock that never goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from ..errors import ErrorFields, InvalidInputError, SDKError
from ..operation import Answer
from .assessing import accused, assess, hide_labels
from .budget import RateLimiter
from .calls import Call
from .chunks import Chunk, Pending
from .delivery import Delivery, same
from .errors import DeadlineError, InputRejectedError
from .isolation import Suspicion, halves
from .labels import content_of, labels_for
from .matching import Matched
from .naming import Naming
from .options import Settings
from .outcomes import Failed, Outcome, Unknown
from .preflight import Checked
from .progress import Progress
from .retrying import RetryRule, Verdict, judge, wait_before
from .traffic import Shipment, Traffic

__all__ = ["Engine", "Policy"]

I = TypeVar("I")  # noqa: E741 - an input
R = TypeVar("R")  # a result

_NO_HEADERS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What holds for all calls of a client.

    Attributes:
        rules: what the API says of answers that are worth another attempt.
        fields: where its error bodies say what.
        limiter: how fast requests may follow each other.
    """

    rules: tuple[RetryRule, ...]
    fields: ErrorFields
    limiter: RateLimiter


class Engine(Generic[I, R]):
    """One call, from its first input to its last outcome.

    Every input that is fed comes to exactly one outcome.

    Args:
        now: when the call began.
        epoch: seconds since 1970 at the time zero of the clock.
        random: a number from 0 up to 1.
        is_stream: whether outcomes are taken as they come to be known. Then no more
            inputs are wanted while there are many outcomes to be taken.
    """

    def __init__(
        self,
        call: Call[I, R],
        settings: Settings,
        policy: Policy,
        *,
        now: float,
        epoch: float,
        random: Callable[[], float],
        is_stream: bool,
    ) -> None:
        self._call = call
        self._batching = call.batching
        self._settings = settings
        self._policy = policy
        self._epoch = epoch
        self._random = random
        self._is_stream = is_stream
        self._deadline = None if settings.deadline is None else now + settings.deadline
        self._window = call.limit * (settings.concurrency + 1)
        self._fed = 0
        self._is_fed = False
        self._traffic = Traffic(Pending(call.limit), settings.concurrency)
        self._delivery = Delivery(in_order=settings.in_order)
        self._suspicion = Suspicion(call.has_options)
        self._blocked_until: float | None = None
        self._halted: SDKError | None = None
        self.unattributed: list[R | Any] = []
        self.unattributed_errors: list[InputRejectedError] = []

    @property
    def is_done(self) -> bool:
        """Whether every input has come to its outcome, and no more will be fed."""
        return self._is_fed and self._traffic.is_empty

    @property
    def wanted(self) -> int:
        """How many inputs to feed now at most, where `next` has nothing to send."""
        if self._is_fed or not self._traffic.is_open:
            return 0
        return max(0, min(self._call.limit, self._room))

    def feed(self, checked: Checked) -> None:
        """The next inputs. Those that cannot be sent fail."""
        given, rows = checked.given, checked.rows
        all_indices: Sequence[int] = range(self._fed, self._fed + len(given))
        indices = all_indices
        if checked.refused:
            indices = [all_indices[at] for at in checked.positions]
            for at, findings in checked.refused.items():
                error = InvalidInputError(findings=findings)
                self._delivery.put([all_indices[at]], [Failed(given[at], error)])
        if self._halted is not None:
            self._give_up(Chunk(indices, rows), self._halted)
        else:
            self._traffic.pending.add(indices, rows)
        self._fed += len(given)

    def finish(self) -> None:
        """There are no more inputs."""
        self._is_fed = True

    def next(self, now: float) -> Shipment | None:
        """A request to send now; None if there is none until something happens."""
        self._blocked_until = None
        if self._deadline is not None and now >= self._deadline:
            self.halt(_deadline_error(self._settings.deadline))
        final = self._is_fed or self._room <= 0
        chunk = self._traffic.choose(now, final=final)
        if chunk is None:
            return None
        at = self._policy.limiter.reserve(now)
        if at > now:
            self._blocked_until = at
            return None
        shipment = self._shipment(chunk, now)
        chunk.attempts += 1
        self._traffic.depart(chunk, shipment)
        return shipment

    @property
    def wake_at(self) -> float | None:
        """When `next` may have something, if nothing else happens before."""
        at = self._blocked_until
        if at is None:
            at = self._traffic.resume_at
        deadline = None if self._halted is not None else self._deadline
        return min((each for each in (at, deadline) if each is not None), default=None)

    def receive(
        self, shipment: Shipment, answer: Answer | SDKError, now: float
    ) -> None:
        """What became of a request: an answer, or why there is none."""
        chunk = self._traffic.on_its_way(shipment)
        limiter, fields = self._policy.limiter, self._policy.fields
        said: Matched | SDKError
        if isinstance(answer, Answer):
            limiter.answered(now, answer.status, answer.headers)
            said = assess(answer, self._call, shipment.naming, fields)
        else:
            limiter.answered(now, None, _NO_HEADERS)
            said = answer
        if isinstance(said, Matched):
            self._succeed(chunk, said)
        else:
            self._fail(chunk, said, shipment.naming, now)
        self._traffic.arrive(shipment)

    @property
    def in_flight(self) -> Sequence[Shipment]:
        """What has been sent, and has not been received."""
        return self._traffic.in_flight

    def halt(self, error: SDKError) -> None:
        """Send nothing any more. What has not been sent fails with this error.

        What is on its way still comes to its own outcome.
        """
        if self._halted is None:
            self._halted = error
        for chunk in self._traffic.stopped():
            self._give_up(chunk, chunk.failure or self._halted)
        self._traffic.clear()

    def take(self) -> list[Outcome[I, R]]:
        """The outcomes that can be handed out now; none where it is not a stream."""
        return self._delivery.take() if self._is_stream else []

    def take_all(self) -> dict[int, Outcome[I, R]]:
        """All outcomes that have not been taken, by input, in the order of these."""
        return self._delivery.take_all()

    def all(self) -> tuple[Outcome[I, R], ...]:
        """The outcomes of all inputs, where it is no stream and all is done."""
        return self._delivery.all()

    @property
    def fed(self) -> int:
        """How many inputs there have been."""
        return self._fed

    def progress(self, total: int | None) -> Progress:
        return self._delivery.progress(total)

    @property
    def _room(self) -> int:
        """How many more inputs may be kept here."""
        room = self._window - len(self._traffic.pending)
        if self._is_stream:
            room = min(room, self._window - (self._fed - self._delivery.taken))
        return room

    def _shipment(self, chunk: Chunk, now: float) -> Shipment:
        call, correlation, rows = self._call, self._batching.correlation, chunk.rows
        labels = None if correlation is None else labels_for(rows)
        return Shipment(
            prepared=call.prepare(content_of(rows, correlation)),
            seconds_left=None if self._deadline is None else self._deadline - now,
            naming=Naming(self._batching, rows, labels, call.id_property),
        )

    def _succeed(self, chunk: Chunk, matched: Matched) -> None:
        self._suspicion.dismiss()
        self.unattributed += matched.unattributed
        self.unattributed_errors += matched.unattributed_errors
        outcomes = matched.outcomes
        if matched.is_plain:
            pass
        elif self._batching.safe:
            outcomes = [_without_effect(outcome) for outcome in outcomes]
        elif chunk.ambiguous is not None:
            outcomes = [_after(chunk.ambiguous, outcome) for outcome in outcomes]
        self._resolve(chunk, outcomes)
        self._go_on(chunk, None)

    def _fail(self, chunk: Chunk, error: SDKError, naming: Naming, now: float) -> None:
        settings = self._settings
        verdict = judge(error, self._policy.rules, wall=self._epoch + now)
        blamed = accused(error, self._call, naming, self._policy.fields)
        hide_labels(error, self._call, naming)
        chunk.failure = error
        if not verdict.harmless and not self._batching.safe:
            chunk.ambiguous = chunk.ambiguous or error
        if self._retry(chunk, verdict, now):
            return
        if verdict.isolate and settings.isolate and self._halted is None:
            self._isolate(chunk, error, blamed)
            return
        self._give_up(chunk, error)
        self._go_on(chunk, None)
        # Where all have to wait for longer than the caller will, the call is over.
        is_endless = verdict.for_all and verdict.shortest_wait > settings.max_wait
        if verdict.fatal or is_endless:
            self.halt(error)

    def _retry(self, chunk: Chunk, verdict: Verdict, now: float) -> bool:
        """Let the chunk wait for another attempt, if there is to be one."""
        settings, batching = self._settings, self._batching
        if not verdict.retry or verdict.shortest_wait > settings.max_wait:
            return False
        wait = wait_before(
            chunk.attempts + 1,
            shortest=verdict.shortest_wait,
            longest=settings.max_wait,
            random=self._random(),
        )
        if verdict.for_all:
            self._policy.limiter.pause(now + wait)
        is_allowed = verdict.harmless or batching.repeatable or batching.safe
        is_in_time = self._deadline is None or now + wait < self._deadline
        if not is_allowed or not is_in_time or self._halted is not None:
            return False
        if chunk.attempts >= settings.attempts:
            return False
        chunk.resume_at = now + wait
        self._traffic.wait(chunk)
        return True

    def _isolate(
        self, chunk: Chunk, error: SDKError, blamed: Mapping[int, SDKError]
    ) -> None:
        """The request was refused, but perhaps not for all of its inputs."""
        if len(chunk) == 1:
            self._give_up(chunk, error)
            self._go_on(chunk, error)
            return
        probe = None if blamed else self._suspicion.try_out(chunk, error)
        if blamed:
            for at, blame in blamed.items():
                self._give_up(chunk.part([at]), blame)
            innocent = [at for at in range(len(chunk)) if at not in blamed]
            parts = [chunk.part(innocent)] if innocent else []
        elif self._suspicion.is_confirmed(error):
            self._give_up(chunk, error)
            parts = []
        elif probe is not None:
            parts = [probe]
        else:
            parts = halves(chunk)
        self._traffic.put_first(parts)

    def _go_on(self, chunk: Chunk, refusal: SDKError | None) -> None:
        """Go on with the trial that the chunk was a part of."""
        trial = chunk.trial
        if trial is None or self._halted is not None:
            return
        following = self._suspicion.go_on(trial, refusal)
        if following is None:
            self._give_up(trial.rest, trial.error)
        else:
            self._traffic.put_first([following])
        self._traffic.let_go(trial.rest)

    def _give_up(self, chunk: Chunk, error: SDKError) -> None:
        if chunk.ambiguous is not None:
            self._resolve(chunk, same(Unknown, chunk.rows.inputs, chunk.ambiguous))
        else:
            self._resolve(chunk, same(Failed, chunk.rows.inputs, error))

    def _resolve(self, chunk: Chunk, outcomes: Sequence[Outcome[I, R]]) -> None:
        if self._halted is None:
            self._delivery.put(chunk.indices, outcomes)
        else:
            # It may have been an interrupt, after these had been put already.
            self._delivery.put_missing(chunk.indices, outcomes)
        self._traffic.pending.release(chunk.rows.keys)


def _after(ambiguous: SDKError, outcome: Outcome[Any, Any]) -> Outcome[Any, Any]:
    """An outcome whose input was sent before, and may have had its effect then."""
    if isinstance(outcome, Failed):
        return Unknown(outcome.input, ambiguous)
    return outcome


def _without_effect(outcome: Outcome[Any, Any]) -> Outcome[Any, Any]:
    """An outcome of an operation that changes nothing: there is nothing to wonder."""
    if isinstance(outcome, Unknown):
        return Failed(outcome.input, outcome.cause)
    return outcome


def _deadline_error(seconds: float | None) -> DeadlineError:
    return DeadlineError(
        f"the deadline of the call, {seconds} seconds, passed before it was sent"
    )
