"""Answers as the invented API of `tests/golden/batch` does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final, TypeAlias

from support.server import Answer, Received

Json: TypeAlias = dict[str, Any]
# What is answered instead; None where nothing goes wrong.
Trouble: TypeAlias = Callable[[int], Answer | None]

_LIMIT: Final = 7
_LIMIT_WITH_PHOTOS: Final = 3
_SHELVES: Final = 50
_REQUESTS_PER_SECOND: Final = 20


class Warehouse:
    """Items on shelves, and what has been done to them.

    An entry with a negative count is refused alone, if it can be named by its tag, and
    with the whole request if not. A count above a thousand makes it refuse the whole
    request in any case. What is stored comes back in another order, with a sku in
    capitals.

    Attributes:
        stored: the entries, in the order they were stored.
        cleared: halls and numbers of shelves.
        trouble: asked before each request with its number, from 0 on.
        trouble_after: asked after each request has had its effect.
        repeats_tags: whether results say the tag of their entry.
        renames: whether results say a sku of the warehouse's own.
    """

    def __init__(self) -> None:
        self.stored: list[Json] = []
        self.cleared: list[tuple[str, str]] = []
        self.requests = 0
        self.turned_away = 0
        self.trouble: Trouble = lambda number: None
        self.trouble_after: Trouble = lambda number: None
        self.repeats_tags = True
        self.renames = False
        self._recent: deque[float] = deque()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each item now, by its sku in small letters."""
        return {each["sku"].lower(): each["count"] for each in self.stored}

    def answer(self, request: Received) -> Answer:
        number, self.requests = self.requests, self.requests + 1
        now = monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= _REQUESTS_PER_SECOND:
            self.turned_away += 1
            return refusal(429, "hurry", "Not so fast.")
        self._recent.append(now)
        trouble = self.trouble(number)
        if trouble is not None:
            return trouble
        answer = self._perform(request)
        return self.trouble_after(number) or answer

    def _perform(self, request: Received) -> Answer:
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["items:bulkStore"]:
                return self._store(request.json)
            case "DELETE", ["halls", hall, "shelves:bulkClear"]:
                return self._clear(hall, request.json["shelves"], request.query)
        return refusal(404, "nothing", f"There is no {request.path}.")

    def _store(self, body: Json) -> Answer:
        entries = body["entries"]
        limit = _LIMIT_WITH_PHOTOS if body.get("withPhotos") else _LIMIT
        if not 0 < len(entries) <= limit:
            return refusal(400, "size", f"Not 1 to {limit} entries.")
        if len({entry["sku"].lower() for entry in entries}) != len(entries):
            return refusal(400, "twice", "The same sku twice.")
        refused = [entry for entry in entries if entry.get("count", 0) < 0]
        for entry in entries:
            is_absurd = entry.get("count", 0) > 1000
            if is_absurd or (entry in refused and "tag" not in entry):
                return refusal(400, "count", "A count is impossible.")
        sound = [entry for entry in entries if entry not in refused]
        self.stored += sound
        answer: Json = {"stored": [self._result(entry) for entry in reversed(sound)]}
        if refused:
            answer["refused"] = [
                {"kind": "count", "text": "Less than none.", "tags": [entry["tag"]]}
                for entry in refused
            ]
        return Answer(body=answer)

    def _result(self, entry: Json) -> Json:
        sku = entry["sku"]
        result: Json = {"sku": sku.upper(), "shelf": f"shelf of {sku.lower()}"}
        if self.renames:
            result["sku"] = f"W-{len(self.stored)}"
        if self.repeats_tags and "tag" in entry:
            result["tag"] = entry["tag"]
        return result

    def _clear(self, hall: str, shelves: list[Json], query: str) -> Answer:
        if not 0 < len(shelves) <= _SHELVES:
            return refusal(400, "size", f"Not 1 to {_SHELVES} shelves.")
        if query != "dryRun=true":
            self.cleared += [(hall, shelf["number"]) for shelf in shelves]
        return Answer(status=204)


def refusal(status: int, kind: str, text: str) -> Answer:
    return Answer(
        status=status,
        body={"error": {"kind": kind, "text": text, "ref": "r-1"}},
        headers={"X-Ref": "r-1"},
    )
