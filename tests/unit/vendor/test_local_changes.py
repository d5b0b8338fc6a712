"""Copies that somebody has edited, and updates that lose none of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from batchwright.vendoring.local_changes import PATCH
from support.folders import state
from support.vendor import COPY, Said, change


def test_edits_are_not_lost(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    before = state(copy)
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/models.py: error[edited-file]" in said.err
    assert state(copy) == before
    assert Said(capsys, "--force").code == 0
    assert "An animal." in (copy / "models.py").read_text()
    assert Said(capsys, "--check").code == 0


def test_what_is_no_file_any_more(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "elsewhere.py").write_text("mine\n")
    (copy / "models.py").unlink()
    (copy / "models.py").symlink_to(folder / "elsewhere.py")
    before = state(folder)
    assert Said(capsys, "--check").out == [f"{COPY}/models.py: edited by hand"]
    for option, code in (("--quiet", "edited-file"), ("--keep-changes", "not-a-file")):
        said = Said(capsys, option)
        assert said.code == 2
        assert f"{COPY}/models.py: error[{code}]" in said.err
    assert state(folder) == before
    assert Said(capsys, "--force").code == 0
    assert not (copy / "models.py").is_symlink()
    assert (folder / "elsewhere.py").read_text() == "mine\n"
    assert Said(capsys, "--check").code == 0


def test_what_a_killed_run_has_left(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = copy / ".batchwright-staging-x"
    left.mkdir()
    for name in ("new-0", "new-1"):
        (left / name).write_text("")
    expected = [f"{COPY}/{left.name}: not a part of the copy"]
    assert Said(capsys, "--check").out == expected
    assert Said(capsys).code == 0
    assert Said(capsys, "--check").code == 0
    assert not left.exists()


@pytest.mark.parametrize("into", ["file", "file/deep/er"])
def test_a_file_is_no_folder(
    into: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "file").write_text("")
    for options in ((), ("--check",), ("--keep-changes",)):
        said = Said(capsys, "spec.yaml", "--into", into, *options)
        assert said.code == 2
        assert said.err.startswith("file: error[not-a-folder]: ")


def test_edits_of_what_is_no_longer_generated(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy / "resources" / "pets.py", "All the pets", "Each of the pets")
    change(folder / "spec.yaml", "[pets]", "[animals]")
    change(folder / "spec.yaml", "name: pets", "name: animals")
    before = state(copy)
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/resources/pets.py: error[edited-file]" in said.err
    assert state(copy) == before
    assert Said(capsys, "--force").code == 0
    assert not (copy / "resources" / "pets.py").exists()


def test_local_changes_are_kept_and_made_again(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    assert Said(capsys, "--keep-changes").code == 0
    assert (
        '\n-    """An animal."""\n+    """A beast."""\n' in (copy / PATCH).read_text()
    )
    assert Said(capsys, "--check").code == 0

    # Another change of the spec, and another edit: both are in the next copy.
    pets = folder / "parts" / "pets.yaml"
    change(pets, "In years.", "In months.")
    assert Said(capsys).code == 0
    text = (copy / "models.py").read_text()
    assert "A beast." in text
    assert "In months." in text
    change(copy / "models.py", "What it answers to.", "What it may answer to.")
    assert Said(capsys).code == 2
    assert Said(capsys, "--keep-changes").code == 0
    change(folder / "spec.yaml", "there are", "there will be")
    assert Said(capsys).code == 0
    assert "there will be" in (copy / "resources" / "pets.py").read_text()
    text = (copy / "models.py").read_text()
    assert all(it in text for it in ("A beast.", "What it may answer to."))
    assert Said(capsys, "--check").code == 0

    # Who deletes the patch gives the changes up.
    (copy / PATCH).unlink()
    assert Said(capsys, "--check").out[0] == f"{COPY}/{PATCH}: missing"
    assert Said(capsys).code == 0
    text = (copy / "models.py").read_text()
    assert "An animal." in text
    assert Said(capsys, "--check").code == 0


def test_local_changes_that_no_longer_fit(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    change(copy / "resources" / "pets.py", "All the pets", "Each of the pets")
    assert Said(capsys, "--keep-changes").code == 0
    change(folder / "parts" / "pets.yaml", "An animal.", "A living thing.")
    before = state(copy)
    line = 1 + (copy / PATCH).read_text().splitlines().index("+++ b/models.py") + 1
    expected = (
        "hunk 1 for models.py of the local changes no longer fits: the lines that it "
        "changes have changed"
    )
    said = Said(capsys, "--check")
    assert (said.code, said.out) == (1, [f"{COPY}/{PATCH}:{line}: {expected}"])
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/{PATCH}:{line}:1: error[patch-misfit]: {expected}" in said.err
    assert state(copy) == before

    # What the hunk is about is now the user's to decide; then all goes on.
    change(copy / PATCH, "An animal.", "A living thing.")
    assert Said(capsys).code == 0
    assert "A beast." in (copy / "models.py").read_text()
    assert Said(capsys, "--check").code == 0


def test_a_patch_that_is_none(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy / "models.py", "An animal.", "A beast.")
    assert Said(capsys, "--keep-changes").code == 0
    change(copy / PATCH, "@@ -", "@@ ")
    said = Said(capsys)
    assert said.code == 2
    assert f"{COPY}/{PATCH}:6:1: error[bad-patch]" in said.err


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_changes_are_found_after_the_spec_has_changed(
    copy: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    change(copy / "models.py", "An animal.", "A beast.")
    change(folder / "parts" / "pets.yaml", "In years.", "In months.")
    said = Said(capsys, "--keep-changes")
    assert said.code == 2
    assert f"{COPY}/models.py: error[lost-original]" in said.err

    edited = (copy / "models.py").read_bytes()
    change(copy / "models.py", "A beast.", "An animal.")
    git("init", "--quiet")
    git("add", str(COPY))
    git("commit", "--quiet", "--message", "vendor")
    (copy / "models.py").write_bytes(edited)
    git("commit", "--quiet", "--all", "--message", "edit")
    assert Said(capsys, "--keep-changes").code == 0
    text = (copy / "models.py").read_text()
    assert "A beast." in text
    assert "In months." in text
    assert Said(capsys, "--check").code == 0
