"""What the answer to a request says of the inputs that were in it."""

from __future__ import annotations

from typing import Any, Final

from ..errors import DecodingError, ErrorFields, SDKError, StatusError, status_error
from ..operation import Answer
from .answers import Blame, Reading, UnreadableError, read_success
from .calls import Call
from .matching import Matched, match
from .naming import Naming

__all__ = ["accused", "assess", "hide_labels"]

_NOTHING: Final = Reading([], [])


def assess(
    answer: Answer, call: Call[Any, Any], naming: Naming, fields: ErrorFields
) -> Matched | SDKError:
    """Outcomes for the inputs, or the error that the whole request came to."""
    if not 200 <= answer.status < 300:
        return status_error(
            answer.status,
            answer.headers,
            answer.content,
            fields=fields,
            request=call.request,
        )
    has_results = call.has_results(answer.status, answer.content)
    try:
        reading = _read(answer, call, has_results)
    except UnreadableError as error:
        return DecodingError(
            f"the answer cannot be read: {error}",
            status=answer.status,
            correlation_id=fields.correlation_of(answer.headers),
            headers=answer.headers,
            content=answer.content,
            request=call.request,
            truncated=answer.broken is not None,
        )

    def blame() -> Blame:
        return Blame(
            fields=fields,
            visible=naming.visible,
            status=answer.status,
            headers=answer.headers,
            correlation_id=fields.correlation_of(answer.headers),
            request=call.request,
        )

    return match(naming.inputs, reading, naming, blame, has_results=has_results)


def accused(
    error: SDKError, call: Call[Any, Any], naming: Naming, fields: ErrorFields
) -> dict[int, SDKError]:
    """The inputs that a refusal of their whole request is blamed on, by position."""
    if not isinstance(error, StatusError):
        return {}
    blame = Blame(
        fields=fields,
        visible=naming.visible,
        status=error.status,
        headers=error.headers,
        correlation_id=error.correlation_id,
        request=error.request,
    )
    found: dict[int, SDKError] = {}
    entries = (
        error.body.get(call.batching.errors) if isinstance(error.body, dict) else ()
    )
    for said in entries if isinstance(entries, list) else ():
        rejection = blame.rejection(said)
        found.update(dict.fromkeys(naming.named_by(said), rejection))
    return found or dict.fromkeys(naming.named_by(error.body), error)


def hide_labels(error: SDKError, call: Call[Any, Any], naming: Naming) -> None:
    """Take out of an error's body the labels that only the server was to see."""
    if not isinstance(error, StatusError) or not isinstance(error.body, dict):
        return
    body = naming.visible(error.body)
    entries = body.get(call.batching.errors)
    if isinstance(entries, list):
        visible = [naming.visible(entry) for entry in entries]
        body = {**body, call.batching.errors: visible}
    error.body = body


def _read(answer: Answer, call: Call[Any, Any], has_results: bool) -> Reading:
    """
    Raises:
        UnreadableError: there should be results, but the answer is no whole JSON.
    """
    if not has_results and (call.batching.errors is None or not answer.content):
        return _NOTHING
    if answer.broken is not None:
        raise UnreadableError(answer.broken)
    return read_success(call.batching, answer.content)
