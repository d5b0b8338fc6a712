"""Building distributions, and installing them into environments of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, folder: Path) -> str:
    """What a command prints on both streams; it has to succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}"
    return done.stdout


def build(project: Path, folder: Path, *what: str) -> Path:
    """The only file that a build leaves in a new folder."""
    command = [sys.executable, "-m", "build", "--no-isolation", *what]
    run(*command, "--outdir", folder, project, folder=project)
    [built] = folder.iterdir()
    return built


def install(folder: Path, *what: str | Path, lenders: Sequence[Path] = ()) -> Path:
    """A new environment with nothing in it but what pip installs for a requirement.

    Where other environments lend it what they have in `lenders`, their folders of
    packages, pip installs what is named, alone: to fetch it all again takes long.
    """
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, folder=folder)
    python = environment / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--quiet")
    options = ["--disable-pip-version-check"]
    if lenders:
        # Read after all other files of this kind: what is installed here comes first.
        listed = "".join(f"{it}\n" for it in lenders)
        (packages(environment / "bin") / "zz_lenders.pth").write_text(listed)
        options += ["--no-deps", "--ignore-installed"]
    run(*pip, "install", *options, *what, folder=folder)
    return environment / "bin"


def packages(programs: Path) -> Path:
    """Where an environment has its packages, which is known by its programs."""
    [folder] = programs.parent.glob("lib/python*/site-packages")
    return folder


def unpacked(sdist: Path, folder: Path) -> Path:
    """The project in an sdist: all that those have who build from it."""
    run(sys.executable, "-m", "tarfile", "--extract", sdist, folder, folder=ROOT)
    [project] = folder.iterdir()
    return project
