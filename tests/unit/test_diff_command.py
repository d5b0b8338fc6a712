"""`batchwright diff` from the outside: versions, formats, exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from batchwright.cli import main
from support.folders import state

OLD = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      tags: [pets]
      operationId: listPets
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema: {$ref: "schemas/pet.yaml"}
"""
PET = "type: object\nproperties:\n  name: {type: string}\n"
RENAMED = "type: object\nproperties:\n  title: {type: string}\n"
TABLE = '[tool.batchwright]\nspec = "api/spec.yaml"\noutput = "pet_sdk"\n'


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a spec of two files, which has changed since its first commit."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api" / "schemas").mkdir(parents=True)
    (tmp_path / "api" / "spec.yaml").write_text(OLD)
    (tmp_path / "api" / "schemas" / "pet.yaml").write_text(PET)
    (tmp_path / "pyproject.toml").write_text(TABLE)
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "--message=One")
    git("tag", "v1")
    (tmp_path / "api" / "schemas" / "pet.yaml").write_text(RENAMED)
    return tmp_path


BREAKING = """\
breaking:
  models.Pet.name
    {old}api/schemas/pet.yaml:3:3: the field is gone [field-removed]

compatible:
  models.Pet.title
    {new}api/schemas/pet.yaml:3:3: a new field that may be left out [field-added]

1 breaking change and 1 compatible change
"""


@pytest.mark.parametrize("revision", ["HEAD", "v1", "main", "refs/tags/v1"])
def test_a_revision_against_the_working_copy(
    revision: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(repository / ".git"), state(repository / "api")
    assert main(["diff", revision]) == 0
    out, err = capsys.readouterr()
    assert out == BREAKING.format(old=f"{revision}:", new="")
    assert f"read {revision}:api/spec.yaml and 1 file that it refers to" in err
    assert (state(repository / ".git"), state(repository / "api")) == before


def test_two_revisions_need_no_working_copy(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git("commit", "--quiet", "--all", "--message=Two")
    (repository / "api" / "spec.yaml").unlink()
    assert main(["diff", "HEAD~1", "HEAD", "--quiet"]) == 0
    assert capsys.readouterr().out == BREAKING.format(old="HEAD~1:", new="HEAD:")


def test_a_spec_that_had_another_name(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    git("mv", "api", "description")
    (repository / "pyproject.toml").write_text(TABLE.replace("api/", "description/"))
    assert main(["diff", "HEAD"]) == 2
    assert "HEAD:description/spec.yaml: error[missing-file]" in capsys.readouterr().err
    assert main(["diff", "HEAD:api/spec.yaml", "--quiet"]) == 0
    assert "models.Pet.name" in capsys.readouterr().out
    # As git has it, a path that begins with a dot is seen from where one is.
    monkeypatch.chdir(repository / "description")
    assert main(["diff", "HEAD:../api/spec.yaml", "--quiet"]) == 0
    assert "models.Pet.name" in capsys.readouterr().out


def test_from_a_folder_within_the_repository(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(repository / "api")
    assert main(["diff", "HEAD", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "HEAD:api/schemas/pet.yaml:3:3: the field is gone" in out
    assert "\n    schemas/pet.yaml:3:3: a new field" in out


def test_a_spec_at_the_top_of_the_repository(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "whole.yaml").write_text(OLD.replace("schemas/", "api/schemas/"))
    git("add", "whole.yaml")
    git("commit", "--quiet", "--message=Two")
    assert main(["diff", "HEAD", "whole.yaml", "--quiet"]) == 0
    assert "HEAD:./api/schemas/pet.yaml:3:3: the field is" in capsys.readouterr().out


def test_a_link_among_the_files_of_a_revision(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "api" / "schemas").rename(repository / "api" / "parts")
    (repository / "api" / "schemas").symlink_to("parts")
    git("add", ".")
    git("commit", "--quiet", "--message=Two")
    assert main(["diff", "v1", "HEAD", "--quiet"]) == 0
    assert "1 breaking change and 1" in capsys.readouterr().out


@pytest.mark.parametrize("target", ["/etc", "../../../..", "schemas"])
def test_a_link_that_leads_nowhere_good(
    target: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git("rm", "-rq", "--cached", "api/schemas")
    for path in (repository / "api" / "schemas").iterdir():
        path.unlink()
    (repository / "api" / "schemas").rmdir()
    (repository / "api" / "schemas").symlink_to(target)
    git("add", ".")
    git("commit", "--quiet", "--message=Two")
    assert main(["diff", "v1", "HEAD"]) == 2
    assert "HEAD:api/spec.yaml:13:24: error[" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    [
        "nowhere",
        "HEAD~7",
        "--output=stolen",
        "--upload-pack=touch stolen",
        "-h",
        "",
        ":",
        "HEAD^{tree}",
        "HEAD\n",
        "\udcff",
    ],
)
def test_what_is_no_version(
    name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(repository)
    assert main(["diff", "--quiet", "--", name]) == 2
    assert "error[unknown-version]: " in capsys.readouterr().err
    assert state(repository) == before


def test_outside_of_any_repository(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path_factory.mktemp("alone")
    (folder / "spec.yaml").write_text(OLD)
    monkeypatch.chdir(folder)
    assert main(["diff", "HEAD", "spec.yaml"]) == 2
    assert "not a git repository" in capsys.readouterr().err


def test_without_git(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["diff", "HEAD"]) == 2
    assert "there is no git to ask" in capsys.readouterr().err


def test_files_and_folders(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "was" / "schemas").mkdir(parents=True)
    (repository / "was" / "openapi.yaml").write_text(OLD)
    (repository / "was" / "schemas" / "pet.yaml").write_text(PET)
    for old in ("was", "was/openapi.yaml"):
        assert main(["diff", old, "--quiet"]) == 0
        assert capsys.readouterr().out == BREAKING.format(old="", new="").replace(
            "    api/schemas/pet.yaml:3:3: the field is",
            "    was/schemas/pet.yaml:3:3: the field is",
        )
    assert main(["diff", "was", "api", "--quiet"]) == 0
    assert "1 breaking change and 1" in capsys.readouterr().out
    # Without any configuration.
    (repository / "pyproject.toml").unlink()
    assert main(["diff", "was/openapi.yaml", "api/spec.yaml", "--quiet"]) == 0
    assert "1 breaking change and 1" in capsys.readouterr().out
    assert main(["diff", "was/schemas", "api/spec.yaml"]) == 2
    assert "error[missing-file]: there is no spec in " in capsys.readouterr().err


def test_exit_codes(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    breaking = ["diff", "HEAD", "--fail-on", "breaking"]
    anything = ["diff", "HEAD", "--fail-on", "any"]
    assert (main(breaking), main(anything)) == (1, 1)
    pet = repository / "api" / "schemas" / "pet.yaml"
    pet.write_text(PET + "  age: {type: integer}\n")
    assert (main(breaking), main(anything)) == (0, 1)
    pet.write_text(PET)
    assert (main(breaking), main(anything)) == (0, 0)
    assert capsys.readouterr().out.endswith("nothing changes for users of the SDK\n")
    pet.write_text("type: [\n")
    assert (main(breaking), main(anything)) == (2, 2)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "HEAD", "--format", "json", "--quiet"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["breaking"], data["compatible"]) == (1, 1)
    assert data["changes"] == [
        {
            "breaking": True,
            "code": "field-removed",
            "subject": "models.Pet.name",
            "message": "the field is gone",
            "pin": None,
            "old": {
                "file": "HEAD:api/schemas/pet.yaml",
                "line": 3,
                "column": 3,
                "pointer": "/properties/name",
            },
            "new": None,
        },
        {
            "breaking": False,
            "code": "field-added",
            "subject": "models.Pet.title",
            "message": "a new field that may be left out",
            "pin": None,
            "old": None,
            "new": {
                "file": "api/schemas/pet.yaml",
                "line": 3,
                "column": 3,
                "pointer": "/properties/title",
            },
        },
    ]


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "HEAD", "--format", "markdown", "--quiet"]) == 0
    assert capsys.readouterr().out == (
        "### Breaking\n\n- `models.Pet.name`: the field is gone\n\n"
        "### Compatible\n\n- `models.Pet.title`: a new field that may be left out\n\n"
        "1 breaking change and 1 compatible change.\n"
    )


def test_an_old_spec_that_is_wrong(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git("rm", "--quiet", "--cached", "api/schemas/pet.yaml")
    git("commit", "--quiet", "--message=Broken")
    assert main(["diff", "HEAD"]) == 2
    assert "HEAD:api/spec.yaml:13:24: error[" in capsys.readouterr().err


def test_operations_that_have_lost_their_tag(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_many(repository, 4, "dogs")
    old = (repository / "4.yaml").read_text()
    (repository / "untagged.yaml").write_text(old.replace("tags: [all], ", ""))
    assert main(["diff", "4.yaml", "untagged.yaml", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "the resource is called `dogs` now [resource-renamed]" in out
    # There is no tag any more that could be pinned.
    assert '\n  "path dogs" = "all"\n' in out


def test_what_is_the_same_of_many_fields_is_said_once(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pet = repository / "api" / "schemas" / "pet.yaml"
    one, *others = (f"  n{n}: {{type: string}}\n" for n in range(11))
    head = "type: object\nproperties:\n"
    for old, new, told in (
        (others, [one], "yaml:3:3: 10 times: the field is gone [field-removed]: `n1`, `n10`,"),
        ([one], others, " a new field that may be left out [field-added]: `n1`, `n10`,"),
        (others[:3], [one], " the field is gone [field-removed]\n"),
    ):  # fmt: skip
        pet.write_text(head + "".join(old))
        git("commit", "--quiet", "--all", "--message=Next")
        pet.write_text(head + "".join(new))
        assert main(["diff", "HEAD", "--quiet"]) == 0
        out = capsys.readouterr().out
        assert told in out
        # All that breaks is named.
        assert (", and 2 more\n" in out) == (old == [one])
        assert ("`n9`" in out) == (old == others)


def test_what_a_spec_says_does_not_drive_a_terminal(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pet = repository / "api" / "schemas" / "pet.yaml"
    pet.write_text('type: object\nproperties:\n  name: {const: "\\e[31m`*"}\n')
    for form in ("text", "json", "markdown"):
        assert main(["diff", "HEAD", "--format", form, "--quiet"]) == 0
        assert "\x1b" not in capsys.readouterr().out


def write_many(repository: Path, number: int, home: str) -> None:
    """A spec with one tag for as many operations, on every second path of `home`."""
    head = 'openapi: 3.1.0\ninfo: {title: Pets, version: "1"}\npaths:\n'
    paths = [
        f"  /{home if n % 2 else 'dogs'}/{n}: {{get: {{tags: [all], operationId:"
        f" get{n}, responses: {{'204': {{description: No.}}}}}}}}\n"
        for n in range(number)
    ]
    (repository / f"{number}.yaml").write_text(head + "".join(paths))


@pytest.mark.parametrize(
    ("old", "new", "home", "told", "pins"),
    [
        (50, 51, "cats", "they are in `cats`, `dogs` [resource-parted]", ["tag all"]),
        (51, 50, "cats", "called `all` now [resource-renamed]", ["path cats", "path dogs"]),
        # The resource stays, but not with all of its methods.
        (50, 51, "all", "the method is `dogs.get0` now [method-renamed]", ["tag all"]),
        (51, 50, "all", "called `all` now [resource-renamed]", ["path dogs"]),
    ],
)  # fmt: skip
def test_a_tag_that_grows_or_shrinks_beyond_what_is_grouped_by_paths(
    old: int,
    new: int,
    home: str,
    told: str,
    pins: list[str],
    repository: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_many(repository, old, home)
    write_many(repository, new, home)
    command = ["diff", f"{old}.yaml", f"{new}.yaml", "--quiet"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert told in out
    table = "[tool.batchwright.rename]\n" + "".join(
        f'"{thing}" = "{thing.split()[1]}"\n' for thing in pins
    )
    assert f"\n  {table}".replace('\n"', '\n  "') in out
    (repository / "pyproject.toml").write_text(TABLE + table)
    assert main(command) == 0
    out = capsys.readouterr().out
    assert out.count("[") == out.count("[method-") == 1
    assert "get50" in out


@pytest.mark.parametrize("number", [50, 51])
def test_a_great_many_descriptions_are_counted(
    number: int, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pet = repository / "api" / "schemas" / "pet.yaml"
    fields = [f"  n{n}: {{type: string, description: A.}}\n" for n in range(number)]
    pet.write_text("type: object\nproperties:\n" + "".join(fields))
    git("commit", "--quiet", "--all", "--message=Two")
    pet.write_text(pet.read_text().replace("A.", "B."))
    assert main(["diff", "HEAD", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert out.endswith(f"\n\n{number} compatible changes\n")
    # All are fields of one model.
    lines = out.count(" 50 times: another description [docs]: `n0`, `n1`, `n10`,")
    assert lines == (1 if number == 50 else 0)
    assert (", and 42 more" in out) == (number == 50)
    assert ("51 descriptions; `--format json` has" in out) == (number == 51)
    main(["diff", "HEAD", "--quiet", "--format", "json"])
    assert len(json.loads(capsys.readouterr().out)["changes"]) == number
