"""Many texts for black: the same answers on one core and on several."""

from __future__ import annotations

import json
import subprocess
import sys

from batchwright.formatting.blackened import blacken, blackened
from batchwright.sharing import cores

# In a process of its own: a copy of a process that has threads, as one of a test runner
# does, is not what the command makes.
BY_TWO = """
import json, sys
from batchwright.formatting.blackened import blackened
json.dump(blackened([tuple(text) for text in json.load(sys.stdin)], 2), sys.stdout)
"""


def test_several_processes_say_what_one_says() -> None:
    ugly = "\n".join(f"name_{number} = {{ 'a':{number} }}" for number in range(600))
    texts = [(f"x{number} = 1\n{ugly}\n", "py") for number in range(9)]
    texts[3] = ("def f(:\n", "py")
    texts[5] = ("class A: ...\nclass B: ...\n", "pyi")
    assert sum(len(text) for text, _ in texts) > 80_000
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BY_TWO],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found[3] is None
    assert found[5] == blacken(texts[5][0], "pyi")
    assert found[1] == blacken(texts[1][0], "py")
    assert [answer is None for answer in found] == [at == 3 for at in range(9)]
    assert [answer and answer.partition("\n")[0] for answer in found[6:]] == [
        f"x{number} = 1" for number in range(6, 9)
    ]


def test_nothing_to_ask() -> None:
    assert blackened([]) == []
    assert cores() >= 1
