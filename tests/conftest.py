"""Options that every test module shares."""

from __future__ import annotations

import os
import signal

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite what the golden cases expect; a person reads the diff",
    )
    parser.addoption(
        "--update-work",
        action="store_true",
        help="agree to how much work tests/guard counts; a person reads the diff",
    )


# No test finds anything that another one has left, or leaves anything at home. Those of
# the cache name a folder of their own; processes that are started inherit this.
os.environ["BATCHWRIGHT_CACHE"] = "off"

# What a shell starts in the background ignores interrupts, and so would all that tests
# start, which some of them end in this way.
signal.signal(signal.SIGINT, signal.default_int_handler)
