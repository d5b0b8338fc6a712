"""The parents of generated clients whose API has batches."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..client import AsyncApi, SyncApi
from ..core import ClientCore
from .budget import RateLimit, RateLimiter, SlidingWindow
from .retrying import RetryRule

if TYPE_CHECKING:
    from .engine import Policy
    from .opening import Timing

__all__ = ["AsyncBatchApi", "SyncBatchApi"]


class _BatchCore(ClientCore):
    """What the batches of a client have in common."""

    def _set_up_batches(
        self,
        *,
        retry_rules: tuple[RetryRule, ...] = (),
        rate_limit: RateLimit | None = None,
        limiter: RateLimiter | None = None,
    ) -> None:
        """
        Args:
            retry_rules: what the API says of answers that are worth another attempt.
            rate_limit: the budget of requests that the API grants.
            limiter: keeps to the budget in place of the client's own way.
        """
        self._retry_rules = retry_rules
        self._limiter = SlidingWindow(rate_limit) if limiter is None else limiter

    # The engine is imported when the first batch is run; see `resources`.

    @cached_property
    def _policy(self) -> Policy:
        from .engine import Policy

        return Policy(
            rules=self._retry_rules, fields=self._error_fields, limiter=self._limiter
        )

    @cached_property
    def _timing(self) -> Timing:
        from .opening import Timing

        return Timing()


class SyncBatchApi(_BatchCore, SyncApi):
    """A client that takes batches apart; see `SyncApi`."""


class AsyncBatchApi(_BatchCore, AsyncApi):
    """The same for asyncio."""
