"""The examples that the pages about the SDK begin with."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def examples() -> dict[str, str]:
    """Every Python example in them, by page and number."""
    found: dict[str, str] = {}
    for page in ("README.md", "generated/README.md"):
        blocks = _BLOCK.findall((ROOT / page).read_text("utf-8"))
        found |= {f"{page}:{number}": block for number, block in enumerate(blocks, 1)}
    return found
