"""Gives each input of an answered request its outcome, by what the answer says.

Never by position: a result or an error belongs to the input that it names. What names
no input is only counted, and what cannot be told is Unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .answers import Blame, Reading
from .errors import AmbiguousAnswerError, InputRejectedError
from .naming import Naming
from .outcomes import Failed, Outcome, Succeeded, Unknown

__all__ = ["Matched", "match"]


@dataclass(frozen=True, slots=True)
class Matched:
    """What an answer comes to.

    Attributes:
        outcomes: one for each input of the request, in their order.
        unattributed: results that were given to no input.
        unattributed_errors: errors that were given to no input.
        is_plain: whether all inputs succeeded, each with a result of its own.
    """

    outcomes: list[Outcome[Any, Any]]
    unattributed: list[Any] = field(default_factory=list)
    unattributed_errors: list[InputRejectedError] = field(default_factory=list)
    is_plain: bool = False


def match(
    inputs: Sequence[Any],
    reading: Reading,
    naming: Naming,
    blame: Callable[[], Blame],
    *,
    has_results: bool,
) -> Matched:
    """
    Args:
        inputs: those of the request.
        blame: called where errors are to be made.
        has_results: whether the API has results in such an answer.
    """
    if not reading.errors and not reading.misfits:
        ordered = naming.in_order(reading.results)
        if ordered is not None:
            return Matched(list(map(Succeeded, inputs, ordered)), is_plain=True)
    table = _Table(inputs, reading, naming, blame())
    table.enter_results(naming.owners(reading.results))
    table.enter_errors()
    table.settle(has_results)
    return Matched(
        [outcome for outcome in table.outcomes if outcome is not None],
        table.unattributed,
        table.unattributed_errors,
    )


def combined(errors: Sequence[InputRejectedError]) -> InputRejectedError:
    """One error that says what several say."""
    if len(errors) == 1:
        return errors[0]
    first = errors[0]
    categories = {error.category for error in errors}
    messages = dict.fromkeys(error.message for error in errors if error.message)
    return InputRejectedError(
        "; ".join(messages) or None,
        status=first.status,
        category=first.category if len(categories) == 1 else None,
        correlation_id=first.correlation_id,
        body=[error.body for error in errors],
        headers=first.headers,
        request=first.request,
    )


class _Table:
    """Who is named by what."""

    def __init__(
        self,
        inputs: Sequence[Any],
        reading: Reading,
        naming: Naming,
        blame: Blame,
    ) -> None:
        self._inputs = inputs
        self._reading = reading
        self._naming = naming
        self._blame = blame
        self._results: list[list[int]] = [[] for _ in inputs]
        self._errors: list[list[InputRejectedError]] = [[] for _ in inputs]
        self._nobodys_results: list[int] = []
        self._nobodys_errors: list[InputRejectedError] = []
        self.outcomes: list[Outcome[Any, Any] | None] = [None] * len(inputs)
        self.unattributed: list[Any] = []
        self.unattributed_errors: list[InputRejectedError] = []

    def enter_results(self, owners: Sequence[int | None]) -> None:
        for index, owner in enumerate(owners):
            if owner is None:
                self._nobodys_results.append(index)
            else:
                self._results[owner].append(index)

    def enter_errors(self) -> None:
        for said in self._reading.errors:
            error = self._blame.rejection(said)
            positions = self._naming.named_by(said)
            if not positions:
                self._nobodys_errors.append(error)
            for position in positions:
                self._errors[position].append(error)

    def settle(self, has_results: bool) -> None:
        unnamed: list[int] = []
        for at in range(len(self._inputs)):
            if self._results[at] or self._errors[at]:
                self.outcomes[at] = self._outcome_of_named(at)
            else:
                unnamed.append(at)
        if not unnamed:
            self._give_up_rest()
        elif self._is_confirmed(unnamed, has_results):
            self._confirm(unnamed)
        elif self._is_refused(unnamed):
            error = combined(self._nobodys_errors)
            for at in unnamed:
                self.outcomes[at] = Failed(self._inputs[at], error)
        else:
            self._leave_open(unnamed)

    def _outcome_of_named(self, at: int) -> Outcome[Any, Any]:
        item, mine, errors = self._inputs[at], self._results[at], self._errors[at]
        if not mine:
            return Failed(item, combined(errors))
        results = [self._reading.results[index] for index in mine]
        if errors:
            self.unattributed += results
            return Unknown(
                item, self._ambiguity("the answer has a result and an error")
            )
        if len(mine) == 1 and mine[0] not in self._reading.misfits:
            return Succeeded(item, results[0])
        # It is done, if not clear with which result.
        self.unattributed += results
        return Succeeded(item, None)

    def _is_confirmed(self, unnamed: list[int], has_results: bool) -> bool:
        if self._nobodys_errors:
            return False
        return not has_results or len(self._nobodys_results) == len(unnamed)

    def _is_refused(self, unnamed: list[int]) -> bool:
        errors = len(self._nobodys_errors)
        if not errors or self._nobodys_results:
            return False
        return len(unnamed) == 1 or errors == len(unnamed)

    def _confirm(self, unnamed: list[int]) -> None:
        """Something was done for each, though it is not said what for which."""
        result: Any = None
        if len(self._nobodys_results) == 1:
            [index] = self._nobodys_results
            only = self._reading.results[index]
            if index not in self._reading.misfits and self._naming.may_be_only(only):
                result = only
                self._nobodys_results = []
        for at in unnamed:
            self.outcomes[at] = Succeeded(self._inputs[at], result)
        self._give_up_rest()

    def _leave_open(self, unnamed: list[int]) -> None:
        cause = self._ambiguity(
            f"the answer names neither in a result nor in an error {len(unnamed)} of"
            f" {len(self._inputs)} inputs"
        )
        for at in unnamed:
            self.outcomes[at] = Unknown(self._inputs[at], cause)
        self._give_up_rest()

    def _ambiguity(self, message: str) -> AmbiguousAnswerError:
        results, errors = self._reading.results, self._reading.errors
        unclear = len(self._nobodys_results), len(self._nobodys_errors)
        return self._blame.ambiguity(
            f"{message}; of its {len(results)} results {unclear[0]} name no input, of"
            f" its {len(errors)} errors {unclear[1]}",
            errors,
        )

    def _give_up_rest(self) -> None:
        results = self._reading.results
        self.unattributed += [results[index] for index in self._nobodys_results]
        self.unattributed_errors += self._nobodys_errors
