"""One operation of the API: what to send for a call, and what an answer means.

Nothing here does I/O: a request is prepared as a value, and an answer is a value that
is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar, get_origin

import httpx2
import msgspec
from msgspec import Struct, field

from .arguments import Arguments, checked_headers
from .bodies import BodyFormat, Content
from .codec import decode
from .errors import (
    DecodingError,
    ErrorFields,
    Finding,
    InvalidInputError,
    status_error,
)
from .inputs import accept, accept_fields
from .lenient import convert_leniently
from .models import UNSET
from .parameters import Parameter

__all__ = [
    "BINARY",
    "TEXT",
    "Answer",
    "AnswerHead",
    "OnAnswer",
    "Operation",
    "Parameter",
    "Payload",
    "PreparedRequest",
]

T = TypeVar("T")

JSON: Final = "application/json"


class Payload(Struct, frozen=True):
    """Says of a `bytes` or `str` that it is the body itself, not JSON."""

    kind: str


BINARY: Final = Payload("binary")
TEXT: Final = Payload("text")

_NOTHING: Final = Content((), None)


class PreparedRequest(Struct, frozen=True, kw_only=True):
    """What to send, without the address of the server and without credentials.

    Attributes:
        path: percent-encoded, beginning with a slash.
        query: percent-encoded, may be empty.
        headers: in the order they were given; later ones win.
        stream: the content, where that is read while it is sent.
        server: the operation's own, None for the client's.
    """

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    stream: httpx2.AsyncByteStream | None = None
    server: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def __repr__(self) -> str:
        # Headers and content are the caller's own.
        return f"<{type(self).__name__} {self}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("method", self.method), ("path", self.path)]


class AnswerHead(Struct, frozen=True):
    """What stands above the body of an answer."""

    status: int
    headers: httpx2.Headers


# Is told of an answer before that is read.
OnAnswer: TypeAlias = Callable[[AnswerHead], object]


class Answer(Struct, frozen=True, kw_only=True):
    """What the server said.

    Attributes:
        broken: why the body is not whole; None if it is.
    """

    status: int
    headers: httpx2.Headers
    content: bytes
    broken: str | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}, {len(self.content)} bytes>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status", self.status)]

    @property
    def head(self) -> AnswerHead:
        return AnswerHead(self.status, self.headers)


class Operation(Struct, Generic[T], frozen=True, kw_only=True, eq=False):
    """One operation of the API; T is what a call returns.

    Attributes:
        method: the HTTP method, in capitals.
        path: the path template, such as `/pets/{petId}`.
        parameters: path, query, header and cookie parameters.
        body: the type of the body, or the format it has where that is not JSON alone;
            None where there is none.
        body_required: whether a call without a body is refused.
        media_type: the Content-Type of the body.
        responses: the types of successes by status, by range ("2XX") or for any
            ("default"); None where there is no body.
        accept: the media types of successes.
        errors: the types of the bodies of failures, in the same way.
        security: alternatives, each the names of the credentials that together do;
            None stands for all that the client has.
    """

    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Any = None
    body_required: bool = True
    media_type: str = JSON
    responses: Mapping[int | str, Any] = field(default_factory=dict)
    accept: str = JSON
    errors: Mapping[int | str, Any] = field(default_factory=dict)
    security: tuple[tuple[str, ...], ...] | None = None
    server: str | None = None

    def prepare(
        self,
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> PreparedRequest:
        """What to send for one call.

        Args:
            arguments: the parameters' values by Python name; UNSET ones and None
                are left out.
            fields: the body's fields by Python name, where it is given by field.
            body: the body, where it is given as a whole.
            headers: headers for this call only.

        Raises:
            InvalidInputError: a value cannot be what the API wants.
        """
        request = f"{self.method} {self.path}"
        sent = Arguments(self.path, self.parameters, arguments or {})
        findings = list(sent.findings)
        own = [("Accept", self.accept)]
        content = _NOTHING
        try:
            content = self._content(fields, body)
        except InvalidInputError as error:
            findings += error.findings
        own += content.headers
        given = checked_headers(headers or {}, findings)
        if findings:
            raise InvalidInputError(findings=findings, request=request)
        by_name = {n.lower(): (n, text) for n, text in (*own, *sent.headers, *given)}
        return PreparedRequest(
            method=self.method,
            path=sent.path,
            query=sent.query,
            headers=tuple(by_name.values()),
            content=content.content,
            stream=content.stream,
            server=self.server,
        )

    def read(
        self,
        answer: Answer,
        *,
        error_fields: ErrorFields | None = None,
        request: str | None = None,
    ) -> T:
        """What an answer means.

        Raises:
            StatusError: the status is no success.
            DecodingError: it is one, but the body is none of the declared shapes.
        """
        fields = error_fields or ErrorFields()
        if not 200 <= answer.status < 300:
            error = status_error(
                answer.status,
                answer.headers,
                answer.content,
                fields=fields,
                request=request,
            )
            error.body = self._error_body(answer, error.body)
            raise error
        outcome = self._read_success(answer)
        if isinstance(outcome, _Unreadable):
            raise DecodingError(
                outcome.reason,
                status=answer.status,
                correlation_id=fields.correlation_of(answer.headers),
                headers=answer.headers,
                content=answer.content,
                request=request,
                truncated=answer.broken is not None,
            )
        result: T = outcome
        return result

    def _content(self, fields: Mapping[str, object] | None, body: object) -> Content:
        if self.body is None:
            return _NOTHING
        if fields is not None:
            if not self.body_required and all(v is UNSET for v in fields.values()):
                return _NOTHING
            return self._json(accept_fields(fields, self.body).content)
        if body is UNSET:
            if not self.body_required:
                return _NOTHING
            missing = Finding(index=None, field="body", message="is required")
            raise InvalidInputError(findings=[missing])
        if isinstance(self.body, BodyFormat):
            return self.body.content(body)
        return self._json(accept(body, self.body, label="body").content)

    def _json(self, content: bytes) -> Content:
        return Content((("Content-Type", self.media_type),), content)

    def _read_success(self, answer: Answer) -> Any:
        shapes = self._shapes_for(answer.status)
        if not shapes or shapes[0] is None or all(each is None for each in shapes):
            return None
        if answer.broken is not None:
            return _Unreadable(f"the answer broke off: {answer.broken}")
        if not answer.content and None in shapes:
            return None
        reason = ""
        for read in (_decoded, _decoded_leniently):
            for shape in (each for each in shapes if each is not None):
                try:
                    return read(answer, shape)
                except (msgspec.DecodeError, ValueError, LookupError) as error:
                    reason = reason or str(error)
                except RecursionError:
                    reason = reason or "it is nested too deeply"
        if not answer.content:
            reason = "it is empty"
        return _Unreadable(f"the answer's body cannot be read: {reason}")

    def _error_body(self, answer: Answer, parsed: object) -> object:
        """The body of a failure as the API documents it, or else as it is parsed."""
        for key in (answer.status, f"{answer.status // 100}XX", "default"):
            if key in self.errors:
                try:
                    return decode(answer.content, self.errors[key])
                except (msgspec.DecodeError, ValueError, RecursionError):
                    break
        return parsed

    def _shapes_for(self, status: int) -> list[Any]:
        """The declared shapes of successes, the one for the status first."""
        declared = self.responses
        own = (status, f"{status // 100}XX", "default")
        others = (key for key in declared if key not in own)
        return [declared[key] for key in (*own, *others) if key in declared]


class _Unreadable(Struct, frozen=True):
    reason: str


def _payload(type_: Any) -> Payload | None:
    if get_origin(type_) is Annotated:
        return next((m for m in type_.__metadata__ if isinstance(m, Payload)), None)
    return None


def _decoded(answer: Answer, type_: Any) -> Any:
    payload = _payload(type_)
    if payload is None:
        return decode(answer.content, type_)
    if payload is not TEXT:
        return answer.content
    # All other headers are about the bytes as they came.
    kind = {"Content-Type": answer.headers.get("Content-Type", "")}
    charset = httpx2.Response(200, headers=kind).encoding
    return answer.content.decode(charset or "utf-8")


def _decoded_leniently(answer: Answer, type_: Any) -> Any:
    return convert_leniently(decode(answer.content, Any), type_)
