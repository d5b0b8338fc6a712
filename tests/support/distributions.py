"""Building distributions, and installing them into environments of their own."""

from __future__ import annotations

import subprocess
import sys
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


def install(folder: Path, *what: str | Path) -> Path:
    """A new environment with nothing in it but what pip installs for a requirement."""
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, folder=folder)
    python = environment / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--quiet")
    run(*pip, "install", "--disable-pip-version-check", *what, folder=folder)
    return environment / "bin"


def unpacked(sdist: Path, folder: Path) -> Path:
    """The project in an sdist: all that those have who build from it."""
    run(sys.executable, "-m", "tarfile", "--extract", sdist, folder, folder=ROOT)
    [project] = folder.iterdir()
    return project
