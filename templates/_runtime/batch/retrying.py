"""What a failed request means: did anything happen, and is it worth another attempt."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import httpx2
from msgspec import Struct
from msgspec.structs import replace

from ..errors import DecodingError, SDKError, StatusError, TransportError
from .errors import CallStoppedError
from .paths import value_at

__all__ = ["RetryRule", "Verdict", "judge", "wait_before"]

# Seconds. The wait is drawn from zero up to the base, doubled with each attempt.
_BACKOFF_BASE: Final = 0.5
_BACKOFF_CAP: Final = 30.0

_TOO_MANY_REQUESTS: Final = 429
_REFUSED_CREDENTIALS: Final = frozenset({401, 403})
# Refused for what is in the request, which may be but one of its inputs. 413: too
# large, which half of it may not be.
_REFUSED_CONTENT: Final = frozenset({400, 409, 413, 422})


class RetryRule(Struct, frozen=True, kw_only=True):
    """Says of certain answers whether to send the request again.

    Attributes:
        statuses: the statuses it is about.
        field, equals: if set, it is only about bodies with this text at this path.
        retry: "always" where the status promises that nothing happened;
            "repeatable" where something may have happened, so that only what can be
            repeated is sent again; "never" where waiting does not help.
        wait_seconds: the shortest wait before the next attempt.
        honour_retry_after: whether a Retry-After header makes the wait longer.
    """

    statuses: tuple[int, ...]
    retry: Literal["always", "repeatable", "never"]
    field: str | None = None
    equals: str | None = None
    wait_seconds: float | None = None
    honour_retry_after: bool = True

    def fits(self, error: StatusError) -> bool:
        if error.status not in self.statuses:
            return False
        return self.field is None or value_at(error.body, self.field) == self.equals


class Verdict(Struct, frozen=True, kw_only=True):
    """What a failed attempt means.

    Attributes:
        harmless: certainly nothing happened on the server.
        retry: another attempt may succeed. It must not be made unless the failure was
            harmless or the operation can be repeated.
        isolate: the request was refused for what is in it.
        fatal: no other request of the call would fare better.
        shortest_wait: seconds before the next attempt, at least.
        for_all: the wait is not only this request's: whoever uses the client has to
            slow down.
    """

    harmless: bool
    retry: bool = False
    isolate: bool = False
    fatal: bool = False
    shortest_wait: float = 0.0
    for_all: bool = False


def judge(error: SDKError, rules: tuple[RetryRule, ...], *, wall: float) -> Verdict:
    """
    Args:
        error: how the attempt failed.
        rules: the API's own; the first that fits counts.
        wall: seconds since 1970, against which a date in Retry-After is read if the
            answer itself has no date.
    """
    if isinstance(error, StatusError):
        return _judge_status(error, rules, wall)
    if isinstance(error, TransportError):
        return Verdict(harmless=error.delivered is False, retry=True)
    if isinstance(error, DecodingError):
        return Verdict(harmless=False, retry=True)
    if isinstance(error, CallStoppedError):
        # Nobody waited for the answer. That says nothing of the other requests.
        return Verdict(harmless=error.delivered is False)
    # The request could not even be made, for want of a credential or the like.
    return Verdict(harmless=error.delivered is False, fatal=True)


def wait_before(
    attempt: int, *, shortest: float, longest: float, random: float
) -> float:
    """Seconds to wait before an attempt: exponential, with full jitter.

    Args:
        attempt: which one; the first repetition is 2.
        shortest: what the wait is at least; added to it, so that not all who were
            told the same come back at once.
        longest: what the wait is at most.
        random: from 0 up to 1.
    """
    grown: float = _BACKOFF_BASE * 2.0 ** min(attempt - 2, 16)
    return min(longest, shortest + random * min(_BACKOFF_CAP, grown))


def _judge_status(
    error: StatusError, rules: tuple[RetryRule, ...], wall: float
) -> Verdict:
    status = error.status or 0
    rule = next((rule for rule in rules if rule.fits(error)), None)
    if rule is not None:
        return _judge_by_rule(rule, error, wall)
    if status == _TOO_MANY_REQUESTS:
        return _waiting(Verdict(harmless=True, retry=True), error, wall)
    if status >= 500:
        return _waiting(Verdict(harmless=False, retry=True), error, wall)
    return Verdict(
        harmless=True,
        isolate=status in _REFUSED_CONTENT,
        fatal=status in _REFUSED_CREDENTIALS,
    )


def _judge_by_rule(rule: RetryRule, error: StatusError, wall: float) -> Verdict:
    if rule.retry == "never":
        # That waiting does not help is no promise that a failing server did nothing.
        return Verdict(harmless=(error.status or 0) < 500, fatal=True)
    verdict = Verdict(
        harmless=rule.retry == "always",
        retry=True,
        shortest_wait=rule.wait_seconds or 0.0,
    )
    if rule.honour_retry_after:
        return _waiting(verdict, error, wall)
    return replace(verdict, for_all=error.status == _TOO_MANY_REQUESTS)


def _waiting(verdict: Verdict, error: StatusError, wall: float) -> Verdict:
    asked = _retry_after(error.headers, wall)
    return replace(
        verdict,
        shortest_wait=max(verdict.shortest_wait, asked or 0.0),
        # Who asks for a certain time asks everybody.
        for_all=asked is not None or error.status == _TOO_MANY_REQUESTS,
    )


def _retry_after(headers: httpx2.Headers | None, wall: float) -> float | None:
    """The wait that the server asks for: seconds, or the time until a date."""
    text = headers.get("Retry-After", "").strip() if headers is not None else ""
    if not text:
        return None
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    until = _timestamp(text)
    if until is None or headers is None:
        return None
    # The server's clock is the one that its dates are read from.
    now = _timestamp(headers.get("Date", ""))
    return max(0.0, until - (wall if now is None else now))


def _timestamp(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
        # HTTP's dates are in UTC, whether they say so or not.
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
