"""The test of a sync job in docs/testing.md, and the lines of the page, work as printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from hubspot_batch.testing import FakeServer

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_sync_job(tmp_path: Path) -> None:
    files = {
        found[1]: block
        for block in BLOCKS
        if (found := re.match(r"# (\w+\.py)\n", block)) is not None
    }
    assert sorted(files) == ["sync.py", "test_sync.py"]
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "hubspot_batch_pytest"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "generated"),
            # The plugin is named on the command line, installed or not.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
    )
    assert "3 passed" in done.stdout, done.stdout


def test_the_lines_about_faults() -> None:
    [lines] = [block for block in BLOCKS if block.startswith("fake.fail")]
    fake = FakeServer()
    exec(lines, {"fake": fake, "choose": lambda effect, inputs: None})
