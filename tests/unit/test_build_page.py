"""What docs/build.md shows is in the examples, which tests/packaging builds."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "build.md").read_text("utf-8")


def test_every_block_is_from_an_example() -> None:
    files = [
        path.read_text("utf-8")
        for pattern in ("*/pyproject.toml", "*/Makefile")
        for path in sorted((ROOT / "examples").glob(pattern))
    ]
    blocks = re.findall(r"```(?:toml|make)\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 5
    assert [it for it in blocks if not any(it in text for text in files)] == []


def test_every_command_is_one_of_an_example() -> None:
    commands = re.findall(r"^    (\S.*)$", PAGE, re.MULTILINE)
    pages = [
        path.read_text("utf-8") for path in (ROOT / "examples").glob("*/README.md")
    ]
    assert commands == ["python -m build", "pip install --editable ."]
    assert all(sum(f"    {it}\n" in page for page in pages) == 2 for it in commands)
