"""A server that stands in for the API, for tests: it keeps records, and it can fail.

It knows of the API what the generated `testing` module hands it, and nothing else.
"""

from __future__ import annotations

from .command import run
from .described import Behaviour, Credential, Described, RecordType, behaviour_of
from .fake import Fake
from .faults import Fault
from .rates import Rate
from .store import Commit, StoredRecord, Version
from .traffic import Seen

__all__ = [
    "Behaviour",
    "Commit",
    "Credential",
    "Described",
    "Fake",
    "Fault",
    "Rate",
    "RecordType",
    "Seen",
    "StoredRecord",
    "Version",
    "behaviour_of",
    "run",
]
