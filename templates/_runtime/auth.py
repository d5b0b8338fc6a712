"""Credentials: where they come from, and where in a request they go.

A credential is kept in a `Secret` from the moment it is given, so that no repr, log
record, exception or traceback with local variables shows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Generator, Iterable
from inspect import isawaitable, iscoroutine
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeAlias, TypeVar

import httpx2

from .errors import CredentialError

__all__ = [
    "AsyncTokenSource",
    "Bearer",
    "Credential",
    "Secret",
    "TokenSource",
]

T = TypeVar("T")

# A callable is called for every request, so that it can renew what has expired.
TokenSource: TypeAlias = str | Callable[[], str]
AsyncTokenSource: TypeAlias = TokenSource | Callable[[], Awaitable[str]]

_BEARER = re.compile(r"[!-~]+")


class Secret(Generic[T]):
    """A value that shows itself only when asked to."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        return self._value

    def __repr__(self) -> str:
        return "Secret('********')"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")


class Credential:
    """One way of saying who calls.

    Making one never raises: a frame that still holds the plain value must not get
    into a traceback. `check` raises, once the caller has let go of the value.

    Args:
        value: the value, or a callable that returns it, or None for "look at the
            environment". For the async client the callable may be async.
        argument: what the caller calls it; for error messages.
        environment: the variable that is read where no value is given.
        required: whether it is an error that there is none.
    """

    expected: ClassVar[str] = "a string"

    def __init__(
        self,
        value: object,
        *,
        argument: str,
        environment: str | None = None,
        required: bool = True,
    ) -> None:
        if value is None and environment is not None:
            value = self._from_environment(os.environ.get(environment, ""))
        self._source = value if callable(value) else None
        self._fixed: Secret[Any] | None = None
        if value is not None and self._source is None:
            self._fixed = self._held(value)
        self._argument = argument
        self._environment = environment
        self._required = required

    @property
    def argument(self) -> str:
        return self._argument

    @property
    def is_given(self) -> bool:
        return self._fixed is not None or self._source is not None

    def check(self) -> None:
        """Raise CredentialError if the credential is missing or cannot be sent."""
        if self._fixed is not None:
            self._refuse(self._problem(self._fixed))
        elif self._source is None and self._required:
            raise CredentialError(f"no {self._argument}: {self.remedy}")

    @property
    def remedy(self) -> str:
        variable = self._environment
        hint = f" or set the environment variable {variable}" if variable else ""
        return f"pass {self._argument}={hint}"

    def resolve(self) -> Secret[Any]:
        """The value for one request."""
        if self._source is None:
            return self._stored()
        held = self._held(self._source())
        if isawaitable(held.reveal()):
            if iscoroutine(held.reveal()):
                held.reveal().close()
            self._refuse("is an async callable, which only the async client can use")
        self._refuse(self._problem(held))
        return held

    async def aresolve(self) -> Secret[Any]:
        """The value for one request; an async callable is awaited."""
        if self._source is None:
            return self._stored()
        held = self._held(self._source())
        if isawaitable(held.reveal()):
            held = self._held(await held.reveal())
        self._refuse(self._problem(held))
        return held

    def place(self, request: httpx2.Request, secret: Secret[Any]) -> None:
        """Put the value into a request."""
        raise NotImplementedError

    def _stored(self) -> Secret[Any]:
        if self._fixed is None:
            raise CredentialError(f"no {self._argument}: {self.remedy}")
        return self._fixed

    def _refuse(self, problem: str | None) -> None:
        if problem is not None:
            raise CredentialError(f"{self._argument} {problem}")

    def _from_environment(self, text: str) -> object:
        return text.strip() or None

    def _held(self, value: object) -> Secret[Any]:
        # A token read from a file ends with a newline; no token means to.
        return Secret(value.strip() if isinstance(value, str) else value)

    def _problem(self, secret: Secret[Any]) -> str | None:
        value = secret.reveal()
        if not isinstance(value, str):
            return f"must be {self.expected}, got {type(value).__name__}"
        if not value:
            return "is empty"
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._argument})"


class Bearer(Credential):
    """A token in the Authorization header."""

    def place(self, request: httpx2.Request, secret: Secret[Any]) -> None:
        request.headers["Authorization"] = f"Bearer {secret.reveal()}"

    def _problem(self, secret: Secret[Any]) -> str | None:
        problem = super()._problem(secret)
        if problem is None and not _BEARER.fullmatch(secret.reveal()):
            if secret.reveal()[:7].lower() == "bearer ":
                return "must be the token alone, without the word Bearer"
            return "holds spaces, control characters or characters beyond ASCII"
        return problem


class PlacedCredentials(httpx2.Auth):
    """Puts credentials into a request at the last moment before it is sent."""

    def __init__(self, placed: Iterable[tuple[Credential, Secret[Any]]]) -> None:
        self._placed = tuple(placed)

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        for credential, secret in self._placed:
            credential.place(request, secret)
        yield request
