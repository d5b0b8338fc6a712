"""`python -m <package>.testing`: the fake behind a port, until it is interrupted."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .fake import Fake

__all__ = ["run"]


def run(make: Callable[..., Fake], arguments: Sequence[str] | None = None) -> int:
    """Serve a fake as the command line says; returns the exit code."""
    parser = argparse.ArgumentParser(description=make.__doc__)
    option = parser.add_argument
    option("--host", default="127.0.0.1")
    option("--port", type=int, default=8080, help="0 for any that is free")
    option("--seed", type=int, default=0, help="of all that happens by chance")
    option("--load", action="append", type=Path, default=[], metavar="FILE")
    option("--token", action="append", help="accept only this token (repeatable)")
    option("--rate-limit", action="store_true", help="take as many as the API does")
    option("--generation", help="the release of the API to be")
    option("--fault", action="append", default=[], metavar="NAME=PROBABILITY")
    given = parser.parse_args(arguments)
    try:
        fake = make(
            seed=given.seed,
            tokens=dict.fromkeys(given.token) if given.token else None,
            rate=given.rate_limit,
            generation=given.generation,
        )
        for path in given.load:
            fake.load(path)
        pairs = (each.partition("=") for each in given.fault)
        chances: dict[str, Any] = {n: float(chance or 1) for n, _, chance in pairs}
        fake.faults(**chances)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    with fake.serve(host=given.host, port=given.port) as url:
        print(f"serving on {url}", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0
