"""What docs/regenerate.md shows does what it says, and so do the hooks."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "regenerate.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (batchwright .*)$", PAGE, re.MULTILINE)
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
SPEC = """\
openapi: 3.1.0
info: {title: Sales, version: "1"}
security: [{oauth: []}]
paths:
  /deals/search:
    post:
      tags: [crm.deals, deals]
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses:
        "200":
          description: Some.
          content:
            application/json: {schema: {$ref: "#/components/schemas/DealV3"}}
  /deals:
    delete: {tags: [crm.deals, deals], responses: {"204": {description: Gone.}}}
  /internal/a:
    get: {tags: [internal], responses: {"204": {description: Nothing.}}}
  /notes:
    get: {tags: [notes], responses: {"204": {description: Nothing.}}}
components:
  securitySchemes:
    oauth: {type: apiKey, in: header, name: X-Key}
  schemas:
    DealV3: {type: object, properties: {hs_name: {type: string}}}
"""
TABLE = '[tool.batchwright]\nspec = "spec.yaml"\noutput = "sales"\n'


def tables() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def snippets() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def run(command: str) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(command)
    assert program == "batchwright"
    return subprocess.run(
        [sys.executable, "-m", "batchwright", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
    )


def git(*arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two releases, the second of which has lost a field."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "spec.yaml").write_text(SPEC.replace("hs_name", "hs_title"))
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "--message=One")
    git("tag", "v1.2")
    (tmp_path / "spec.yaml").write_text(SPEC)
    git("commit", "--quiet", "--all", "--message=Two")
    git("tag", "v1.3")
    git("update-ref", "refs/remotes/origin/main", "v1.2")
    return tmp_path


def test_the_commands_in_their_order(repository: Path) -> None:
    written = False
    for command in COMMANDS:
        if command == "batchwright watch":
            continue
        done = run(command)
        assert done.returncode == 0, (command, done.stderr)
        written = written or (repository / "sales" / "client.py").exists()
    assert written
    assert len(COMMANDS) == 8


def test_watch_as_shown(repository: Path) -> None:
    assert "batchwright watch" in COMMANDS
    process = subprocess.Popen(
        [sys.executable, "-m", "batchwright", "watch"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            if line == "watching; Ctrl-C ends it\n":
                process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    assert (repository / "sales" / "client.py").exists()


def test_the_pins_as_shown(repository: Path) -> None:
    (pins,) = (it for it in tables() if "rename" in it)
    (repository / "pyproject.toml").write_text(TABLE + pins)
    done = run("batchwright generate")
    assert done.returncode == 0, done.stderr
    text = (repository / "sales" / "resources" / "deals.py").read_text()
    assert "def search(" in text
    assert "query: str" in text
    assert "class Deal(" in (repository / "sales" / "models.py").read_text()


def test_the_filters_as_shown(repository: Path) -> None:
    (filters,) = (it for it in tables() if "include" in it)
    assert set(tomllib.loads(filters)["tool"]["batchwright"]) == {"include", "exclude"}
    (repository / "pyproject.toml").write_text(
        filters + 'spec = "spec.yaml"\noutput = "sales"\n'
    )
    assert run("batchwright generate").returncode == 0
    resources = {path.stem for path in (repository / "sales" / "resources").iterdir()}
    assert resources == {"__init__", "crm_deals", "notes"}
    assert (run("batchwright diff v1.2 --fail-on breaking")).returncode == 1


def test_the_steps_in_ci(repository: Path) -> None:
    (steps,) = (it for it in map(yaml.safe_load, snippets()) if "steps" in it)
    check, diff = (step["run"] for step in steps["steps"])
    assert run(check).returncode == 1
    assert run("batchwright generate").returncode == 0
    assert run(check).returncode == 0
    assert run(diff).returncode == 1
    git("update-ref", "refs/remotes/origin/main", "v1.3")
    assert run(diff).returncode == 0


def test_the_hooks(repository: Path) -> None:
    generate, check, _ = HOOKS
    (config,) = (it for it in map(yaml.safe_load, snippets()) if "repos" in it)
    assert config["repos"][0]["hooks"] == [{"id": generate["id"]}]
    for hook in HOOKS:
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)
        files = hook.get("files", "")
        assert re.search(files, "spec/openapi.yaml")
        assert re.search(files, "sales/client.py")
    done = run(check["entry"])
    assert done.returncode == 1
    assert "+++ sales/client.py" in done.stdout
    assert run(generate["entry"]).returncode == 0
    assert run(check["entry"]).returncode == 0


def test_the_hook_for_copies(repository: Path) -> None:
    vendor = HOOKS[2]
    copy = '[tool.batchwright.vendor.sales]\nspec = "spec.yaml"\ninto = "own/sales"\n'
    (repository / "pyproject.toml").write_text(TABLE + copy)
    assert run(vendor["entry"]).returncode == 1
    assert run("batchwright vendor --quiet").returncode == 0
    assert run(vendor["entry"]).returncode == 0
    with (repository / "own" / "sales" / "models.py").open("a") as models:
        models.write("edited = True\n")
    done = run(vendor["entry"])
    assert done.returncode == 1
    assert "own/sales/models.py" in done.stdout
