"""A small spec, and the commands to try on it."""

from __future__ import annotations

import os
import subprocess
import sys

SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
tags: [{name: pets}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: All the pets there are.
      tags: [pets]
      responses:
        "204": {description: None are left.}
"""
GENERATE = ["generate", "spec.yaml", "--output", "pet_sdk"]


def run(
    *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "batchwright", *arguments],
        env={**environment_of_tests(), **(environment or {})},
        capture_output=True,
        encoding="utf-8",
    )


def environment_of_tests() -> dict[str, str]:
    path = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "PYTHONPATH": path, "TERM": "xterm"}
