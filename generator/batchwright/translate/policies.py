"""The extensions at the root: `x-error`, `x-retry`, `x-rate-limit`."""

from __future__ import annotations

from typing import Any, cast

from batchwright import ir
from batchwright.document import Document


def error_fields_of(document: Document) -> ir.ErrorFields | None:
    """`x-error` of the document."""
    node = document.root.get("x-error")
    if node is None:
        return None
    return ir.ErrorFields(
        message=node.text("message"),
        category=node.text("category"),
        correlation_id=node.text("correlationId"),
        correlation_id_header=node.text("correlationIdHeader"),
    )


def retry_rules_of(document: Document) -> tuple[ir.RetryRule, ...]:
    """`x-retry` of the document."""
    node = document.root.get("x-retry")
    return tuple(
        _retry_rule(cast(dict[str, Any], rule.value))
        for rule in (node.elements() if node else ())
    )


def _retry_rule(said: dict[str, Any]) -> ir.RetryRule:
    when = said.get("when", {})
    return ir.RetryRule(
        statuses=tuple(said["statuses"]),
        field=when.get("field"),
        equals=when.get("equals"),
        wait_seconds=said.get("waitSeconds"),
        retry=said["retry"],
        honour_retry_after=said.get("honourRetryAfter", True),
    )


def rate_limit_of(document: Document) -> ir.RateLimit | None:
    """`x-rate-limit` of the document."""
    node = document.root.get("x-rate-limit")
    if node is None:
        return None
    said = cast(dict[str, Any], node.value)
    headers = said.get("headers", {})
    return ir.RateLimit(
        requests=said["defaultBudget"]["requests"],
        per_seconds=said["defaultBudget"]["perSeconds"],
        limit_header=headers.get("limit"),
        remaining_header=headers.get("remaining"),
        interval_header=headers.get("intervalMilliseconds"),
    )
