"""Building distributions, and installing them into environments of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Of the tests' own environment: uv, which makes environments in no time.
PROGRAMS = Path(sysconfig.get_path("scripts"))


def run(
    *command: str | Path,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    code: int = 0,
) -> str:
    """What a command prints on both streams; it has to end with a code."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, f"{command}:\n{done.stdout}"
    return done.stdout


def build(project: Path, folder: Path, *what: str) -> Path:
    """The only file that a build leaves in a new folder."""
    command = [sys.executable, "-m", "build", "--no-isolation", *what]
    run(*command, "--outdir", folder, project, folder=project)
    [built] = folder.iterdir()
    return built


class Wheelhouse:
    """All that may be installed, in a folder: nobody else can be asked for anything."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self._cache = cache

    def environment(self, home: Path, *programs: Path) -> dict[str, str]:
        """What programs are told, which might install or fetch something.

        Args:
            home: where those would write that write outside of their project.
        """
        nowhere = "http://127.0.0.1:9"
        return {
            "PATH": os.pathsep.join(
                map(str, (*programs, PROGRAMS, "/usr/bin", "/bin"))
            ),
            "HOME": str(home),
            "TMPDIR": str(home),
            "http_proxy": nowhere,
            "https_proxy": nowhere,
            "no_proxy": "127.0.0.1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "UV_CACHE_DIR": str(self._cache),
            "UV_FIND_LINKS": str(self.folder),
            "UV_NO_CONFIG": "1",
            "UV_OFFLINE": "1",
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def install(self, folder: Path, *what: str | Path) -> Path:
        """The programs of a new environment, with nothing but what is required in it."""
        environment = folder / "environment"
        told = self.environment(folder)
        uv = ("uv", "venv", "--quiet", "--python", sys.executable)
        run(*uv, environment, folder=folder, environment=told)
        self.add(environment / "bin", *what)
        return environment / "bin"

    def add(self, programs: Path, *what: str | Path) -> None:
        """Install into an environment, or elsewhere, what is required."""
        pip = ("uv", "pip", "install", "--quiet", "--python", programs / "python")
        folder = programs.parent.parent
        run(*pip, *what, folder=folder, environment=self.environment(folder))


def packages(programs: Path) -> Path:
    """Where an environment has its packages, which is known by its programs."""
    [folder] = programs.parent.glob("lib/python*/site-packages")
    return folder


def unpacked(sdist: Path, folder: Path) -> Path:
    """The project in an sdist: all that those have who build from it."""
    run(sys.executable, "-m", "tarfile", "--extract", sdist, folder, folder=ROOT)
    [project] = folder.iterdir()
    return project
