"""Parts of a document in which a rule has found no fault, with what it looked at.

Where all of that says the same again, the rule would find none again. What a rule has
anything to say of is looked at each time: what is said has lines and columns.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from batchwright.diagnostics import Report
from batchwright.document import Document, Node, Pointer
from batchwright.results import Kept


class Faultless:
    """Holds parts against rules, or remembers that they were faultless.

    Args:
        everywhere: what all rules depend on.
        kept: None to remember nothing.
    """

    def __init__(
        self,
        document: Document,
        report: Report,
        everywhere: object = None,
        kept: Kept[tuple[Any, ...]] | None = None,
    ) -> None:
        self._document = document
        self._report = report
        self._everywhere = everywhere
        # Nobody notes where references do not lead.
        self._kept = None if document.has_broken_refs else kept

    def check(self, rule: str, part: Node, check: Callable[[], int | None]) -> int:
        """What `check` returns: a number, or None for what is not to be remembered.

        Args:
            part: all that `check` looks at beside what references lead to.
        """
        said = self._document.digest(part.pointer)
        if self._kept is None or said is None:
            return check() or 0
        about = repr((rule, self._everywhere, part.pointer, said))
        key = sha256(about.encode("utf-8", "surrogatepass")).digest()
        known = self._kept.get(key)
        if known is not None:
            places, digest, result = known
            if self._digest(places) == digest:
                return int(result)
        before, read = self._report.count, set[Pointer]()
        self._document.reads = read
        try:
            found = check()
        finally:
            self._document.reads = None
        if found is not None and self._report.count == before and () not in read:
            places = tuple(sorted(read))
            self._kept.add(key, (places, self._digest(places), found))
        return found or 0

    def _digest(self, places: tuple[Pointer, ...]) -> bytes:
        """Of what all these places say."""
        digest = self._document.digest
        return sha256(b"".join(digest(it) or b"-" for it in places)).digest()
