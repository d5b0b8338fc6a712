"""Local changes as patches: what is made of two texts leads from one to the other."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchwright.writing.patches import (
    Misfit,
    PatchError,
    apply,
    parse_patch,
    patch_text,
    reverse,
)

TEXT = "".join(f"line {number}\n" for number in range(1, 21))
EDITED = TEXT.replace("line 4\n", "line four\n").replace("line 18\n", "")
PATCH = patch_text({"a.py": TEXT}, {"a.py": EDITED})

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "\n", "--- a/x\n", "@@\n", "c"])).map(
    "".join
)


@given(before=TEXTS, after=TEXTS)
def test_there_and_back(before: str, after: str) -> None:
    text = patch_text({"m/x.py": before}, {"m/x.py": after})
    patch = parse_patch("A comment.\n\n" + text)
    assert apply(patch, {"m/x.py": before}) == ({"m/x.py": after}, ())
    assert apply(reverse(patch), {"m/x.py": after}) == ({"m/x.py": before}, ())


def test_the_format_is_that_of_diff(tmp_path: Path) -> None:
    assert PATCH.startswith("--- a/a.py\n+++ b/a.py\n@@ -1,7 +1,7 @@\n line 1\n")
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    (tmp_path / "a.py").write_text(TEXT)
    subprocess.run([git, "apply", "-"], cwd=tmp_path, input=PATCH.encode(), check=True)
    assert (tmp_path / "a.py").read_text() == EDITED


def test_what_has_moved_is_found() -> None:
    moved = "new\n" * 5 + TEXT
    files, misfits = apply(parse_patch(PATCH), {"a.py": moved, "b.py": "b\n"})
    assert misfits == ()
    assert files == {"a.py": "new\n" * 5 + EDITED, "b.py": "b\n"}


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        (
            TEXT.replace("line 5\n", "five\n"),
            1,
            "the lines that it changes have changed",
        ),
        (TEXT.replace("line 20\n", ""), 2, "the lines that it changes have changed"),
        (
            TEXT.replace("line 4\n", "line four\n"),
            1,
            "what it changes has changed in the same way: delete it from the patch",
        ),
        ("new\n" + TEXT + TEXT, 1, "the lines around it stand in 2 places"),
    ],
)
def test_what_does_not_fit_is_named(text: str, number: int, reason: str) -> None:
    patch = parse_patch(PATCH)
    _, misfits = apply(patch, {"a.py": text})
    assert misfits[0] == Misfit(
        path="a.py", number=number, line=patch["a.py"][number - 1].line, reason=reason
    )


def test_a_file_that_is_gone() -> None:
    _, misfits = apply(parse_patch(PATCH), {"b.py": TEXT})
    assert [(it.number, it.reason) for it in misfits] == [
        (1, "the file is no longer generated"),
        (2, "the file is no longer generated"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("@@ -1 +1 @@\n-a\n+b\n", 1, "a hunk belongs to no file"),
        ("--- a/x\n", 1, "a line `+++ b/…` has to follow `--- a/…`"),
        ("--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", 1, "a file cannot be renamed"),
        ("--- /dev/null\n+++ b/y\n@@ -0,0 +1 @@\n+b\n", 1, "only files that stay"),
        ("--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n", 1, "the path is unsafe"),
        ("--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n", 1, "the path does not begin with `a/`"),
        ("--- a/x\n+++ b/x\n", 1, "there is no change for x"),
        ("--- a/x\n+++ b/x\n@@ what @@\n", 3, "this is not the header of a hunk"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n", 3, "the hunk is shorter"),
        (
            "--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n*b\n",
            5,
            "a line of a hunk begins with",
        ),
        (PATCH + PATCH, 19, "a.py is changed in two places"),
    ],
)
def test_what_is_no_patch(text: str, line: int, message: str) -> None:
    with pytest.raises(PatchError) as caught:
        parse_patch(text)
    assert str(caught.value).startswith(message)
    assert caught.value.line == line
