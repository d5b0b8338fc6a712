"""The arguments of one call, each as text where it goes in the request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .errors import Finding
from .models import UNSET
from .parameters import Parameter, ParameterError, header_text

__all__ = ["Arguments", "checked_headers"]

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What frames a message is not the caller's to say.
_FRAMING = frozenset({"content-length", "transfer-encoding"})


class Arguments:
    """Where the arguments of one call go.

    Attributes:
        path: the path with its values, percent-encoded.
        query: percent-encoded, may be empty.
        headers: header parameters, and one Cookie header for all cookies.
        findings: what is wrong with the values; the rest then means nothing.
    """

    __slots__ = ("_cookies", "_query", "findings", "headers", "path", "query")

    def __init__(
        self,
        path: str,
        parameters: Iterable[Parameter],
        values: Mapping[str, object],
    ) -> None:
        self.path, _, fixed = path.partition("?")
        self.headers: list[tuple[str, str]] = []
        self.findings: list[Finding] = []
        self._query: list[str] = [fixed] if fixed else []
        self._cookies: list[str] = []
        for parameter in parameters:
            self._add(parameter, values.get(parameter.name, UNSET))
        self.query = "&".join(self._query)
        if self._cookies:
            self.headers.append(("Cookie", "; ".join(self._cookies)))

    def _add(self, parameter: Parameter, value: object) -> None:
        is_path = parameter.location == "path"
        try:
            if value is UNSET or value is None:
                _check_optional(parameter)
            elif is_path:
                self._add_to_path(parameter, value)
            elif parameter.location == "query":
                self._query += parameter.in_query(value)
            elif parameter.location == "querystring":
                self._query += parameter.as_query(value)
            elif parameter.location == "header":
                self.headers.append((parameter.wire_name, parameter.in_header(value)))
            else:
                self._cookies += parameter.in_cookie(value)
        except (TypeError, ValueError, RecursionError) as error:
            self.findings.append(
                Finding(index=None, field=parameter.name, message=str(error))
            )

    def _add_to_path(self, parameter: Parameter, value: object) -> None:
        text = parameter.in_path(value)
        variable = f"{{{parameter.wire_name}}}"
        self._query = [part.replace(variable, text) for part in self._query]
        path = self.path.replace(variable, text)
        # Such a segment is resolved on the way, and leads to another operation.
        climbing = {".", ".."} & set(path.split("/"))
        if climbing and not climbing & set(self.path.split("/")):
            raise ParameterError(f"must not make the path segment {climbing.pop()!r}")
        self.path = path


def _check_optional(parameter: Parameter) -> None:
    if parameter.location == "path":
        raise ParameterError("is required: it is part of the path")
    if parameter.required:
        raise ParameterError("is required")


def checked_headers(
    headers: Mapping[str, str], findings: list[Finding]
) -> tuple[tuple[str, str], ...]:
    """The caller's headers; what is wrong with one is added to the findings."""
    checked: list[tuple[str, str]] = []
    for name, value in headers.items():
        try:
            checked.append((name, _checked_header(name, value)))
        except ParameterError as error:
            place = f"headers[{name!r}]"
            findings.append(Finding(index=None, field=place, message=str(error)))
    return tuple(checked)


def _checked_header(name: object, value: object) -> str:
    if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
        raise ParameterError("is not the name of a header")
    if name.lower() in _FRAMING:
        raise ParameterError("is set by the client")
    if not isinstance(value, str):
        raise ParameterError(f"expected str, got {type(value).__name__}")
    return header_text(value)
