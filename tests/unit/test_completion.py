"""Completion of command lines, as argcomplete asks for it and in shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import environment_of_tests, run


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("batchwright v", {"validate", "vendor"}),
        ("batchwright diff HEAD --fa", {"--fail-on"}),
        ("batchwright diff HEAD --fail-on ", {"any", "breaking"}),
        ("batchwright generate --in", {"--include"}),
    ],
)
def test_completion(tmp_path: Path, line: str, expected: set[str]) -> None:
    answer = tmp_path / "answer"
    done = run(
        environment={
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_IFS": "\n",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
    )
    assert done.returncode == 0, done.stderr
    assert {it.strip() for it in answer.read_text().split("\n")} >= expected


SHELLS = {
    # The line is given to the function that argcomplete has defined, as bash does it.
    "bash": """
eval "$(register-python-argcomplete batchwright)"
COMP_LINE="$LINE"; COMP_POINT=${#LINE}; COMP_TYPE=9
read -ra COMP_WORDS <<< "$LINE"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_python_argcomplete batchwright "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
printf '%s\\n' "${COMPREPLY[@]}"
""",
    "fish": """
register-python-argcomplete --shell fish batchwright | source
complete --do-complete "$LINE"
""",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_in_a_shell(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    start = tmp_path / "batchwright"
    start.write_text(
        f"#!{sys.executable}\n# PYTHON_ARGCOMPLETE_OK\n"
        "import sys\nfrom batchwright.start import main\nsys.exit(main())\n"
    )
    start.chmod(0o755)
    programs = (str(tmp_path), os.path.dirname(sys.executable), os.environ["PATH"])
    environment = {**environment_of_tests(), "PATH": os.pathsep.join(programs)}
    done = subprocess.run(
        [shell, "-c", SHELLS[shell]],
        env={**environment, "HOME": str(tmp_path), "LINE": "batchwright va"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.split()[:1] == ["validate"], done.stderr
