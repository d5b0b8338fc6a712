"""A run that need not be run is not; any other is."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import fields

from batchwright import fingerprint, pipeline
from batchwright.caching.recall import question
from batchwright.results import Results
from batchwright.start import main

SPEC = """\
openapi: 3.1.0
info: {title: Letters, version: "1"}
paths:
  /letters:
    $ref: paths/letters.yaml
"""
PATHS = """\
get:
  operationId: list
  tags: [letters]
  summary: List letters.
  responses:
    "200":
      content:
        application/json: {schema: {$ref: ../schemas.yaml#/Letter}}
"""
SCHEMAS = """\
Letter:
  type: object
  properties: {text: {type: string}}
  example: {text: Hello}
"""


class Project:
    """A folder with a spec and its SDK, and how often the stages have run there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.runs = 0
        make = pipeline.make

        def counted(*arguments: object, **options: object) -> object:
            self.runs += 1
            return make(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(pipeline, "make", counted)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def generate(self, *arguments: str) -> int:
        return main(["generate", *arguments])


@pytest.fixture
def project(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Project:
    """Generated, remembered, and checked once without a run."""
    project = Project(tmp_path / "outer" / "project", monkeypatch)
    project.write("spec/openapi.yaml", SPEC)
    project.write("spec/paths/letters.yaml", PATHS)
    project.write("spec/schemas.yaml", SCHEMAS)
    project.write("forms/NOTICE", "ours\n")
    project.write(
        "pyproject.toml",
        '[tool.batchwright]\nspec = "spec/openapi.yaml"\noutput = "letters"\n'
        'templates = "forms"\n',
    )
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("BATCHWRIGHT_CACHE", str(tmp_path / "cache"))
    assert project.generate() == 0
    assert project.generate("--check") == 0
    assert project.generate() == 0
    assert project.runs == 1
    capsys.readouterr()
    return project


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    return re.sub(r"\(\d+\.\d s\)", "(… s)", captured.err)


@pytest.mark.parametrize("arguments", [(), ("--check",), ("--quiet",)])
def test_it_says_what_the_run_would_say(
    arguments: tuple[str, ...], project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.generate(*arguments) == 0
    assert project.runs == 1
    short = said(capsys)
    assert project.generate(*arguments, "--no-cache") == 0
    assert project.runs == 2
    assert short == said(capsys)
    assert ("invalid-openapi" in short) == ("--quiet" not in arguments)


def test_line_ends_of_a_checkout_are_no_difference(project: Project) -> None:
    for file in (project.folder / "letters").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert project.generate("--check") == 0
    assert project.generate() == 0
    assert project.runs == 1


def append(path: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        with open(project.folder / path, "a", encoding="utf-8") as file:
            file.write("# more\n")

    return change


def remove(path: str) -> Callable[[Project], None]:
    return lambda project: (project.folder / path).unlink()


def replace_by_link(path: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        file = project.folder / path
        elsewhere = project.folder.parent / "elsewhere"
        shutil.move(file, elsewhere)
        file.symlink_to(elsewhere)

    return change


def rename(path: str, other: str) -> Callable[[Project], None]:
    return lambda project: os.rename(project.folder / path, project.folder / other)


def edit_in_place(path: str, old: str, new: str) -> Callable[[Project], None]:
    """With the same size and the same times as before."""

    def change(project: Project) -> None:
        file = project.folder / path
        status = file.stat()
        text = file.read_text("utf-8")
        assert len(old) == len(new)
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    return change


CHANGES: dict[str, Callable[[Project], object]] = {
    "the root file": append("spec/openapi.yaml"),
    "a file that it refers to": append("spec/schemas.yaml"),
    "a file, and nothing shows it": edit_in_place("spec/schemas.yaml", "text", "body"),
    "a file of the spec is a link": replace_by_link("spec/schemas.yaml"),
    "the folder of the spec is a link": replace_by_link("spec/paths"),
    "a file of the spec is gone": remove("spec/schemas.yaml"),
    "the configuration": append("pyproject.toml"),
    "a configuration above": lambda project: project.write("../pyproject.toml", ""),
    "a template": append("forms/NOTICE"),
    "another template": lambda project: project.write("forms/extra.txt.jinja", "x"),
    "a template is gone": remove("forms/NOTICE"),
    "the folder of templates is gone": lambda project: shutil.rmtree(
        project.folder / "forms"
    ),
    "a generated file": append("letters/models.py"),
    "a generated file, and nothing shows it": edit_in_place(
        "letters/models.py", "Letter", "Better"
    ),
    "a generated file is gone": remove("letters/client.py"),
    "a generated file is a link": replace_by_link("letters/client.py"),
    "a generated folder is a link": replace_by_link("letters/resources"),
    "a generated file has another name": rename(
        "letters/client.py", "letters/Client.py"
    ),
    "a name that is the same elsewhere": lambda project: project.write(
        "letters/MODELS.py", ""
    ),
    "the manifest": append("letters/.batchwright.json"),
    "the manifest is gone": remove("letters/.batchwright.json"),
    "all that was generated is gone": lambda project: shutil.rmtree(
        project.folder / "letters"
    ),
    "the cache is gone": lambda project: shutil.rmtree(os.environ["BATCHWRIGHT_CACHE"]),
}


# What is in the folder decides about writing, too.
IN_THE_FOLDER = [what for what in CHANGES if re.search("generated|manifest|name", what)]


@pytest.mark.parametrize(
    ("what", "arguments"),
    [
        *((what, ("--check",)) for what in CHANGES),
        *((what, ()) for what in IN_THE_FOLDER),
    ],
)
def test_whatever_has_changed_is_seen(
    what: str,
    arguments: tuple[str, ...],
    project: Project,
    capsys: pytest.CaptureFixture[str],
) -> None:
    CHANGES[what](project)
    twin = project.folder.parent / "twin"
    shutil.copytree(project.folder, twin, symlinks=True)
    code = project.generate(*arguments)
    assert project.runs == 2
    found = capsys.readouterr()
    os.chdir(twin)
    assert project.generate(*arguments, "--no-cache") == code
    known = capsys.readouterr()
    assert found.out == known.out
    assert re.sub(r"\d\.\d s", "", found.err) == re.sub(r"\d\.\d s", "", known.err)
    left = fingerprint.tree(str(project.folder)), fingerprint.tree(str(twin))
    assert left[0] == left[1]


def test_a_damaged_entry_is_no_answer(project: Project) -> None:
    folder = Path(os.environ["BATCHWRIGHT_CACHE"])
    files = sorted(folder.iterdir())
    # What the run was asked, and what its stages found out.
    assert len(files) == 1 + len(fields(Results))
    for runs, file in enumerate(files, 2):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        append("spec/schemas.yaml")(project)
        assert project.generate("--check") == 0
        assert project.runs == runs
        assert project.generate("--check") == 0
        assert project.runs == runs


def another_library(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr(fingerprint, "installed", lambda prefix: ["black-0.dist-info"])


def another_python(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr("sys.version", "3.99")


def another_path(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr("sys.path", [*sys.path, str(folder)])


def another_folder(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.chdir(folder)


@pytest.mark.parametrize(
    "change", [another_library, another_python, another_path, another_folder]
)
def test_another_tool_answers_anew(
    change: Callable[[pytest.MonkeyPatch, Path], None],
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change(monkeypatch, project.folder / "spec")
    project.generate("--check")
    assert project.runs == 2


def test_the_tool_is_all_of_its_code(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "batchwright"
    shutil.copytree(
        Path(fingerprint.__file__).parent,
        package,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copytree(pipeline_templates(), package / "templates")
    monkeypatch.setattr(fingerprint, "_PACKAGE", str(package))
    seen = {fingerprint.tool()}
    for path in ("naming.py", "translate/schemas.py", "templates/client.py.jinja"):
        with open(package / path, "a", encoding="utf-8") as file:
            file.write("\n")
        seen.add(fingerprint.tool())
    assert len(seen) == 4
    formatted = {fingerprint.formatter()}
    with open(package / "formatting" / "pieces.py", "a", encoding="utf-8") as file:
        file.write("\n")
    formatted.add(fingerprint.formatter())
    assert len(formatted) == 2


def test_texts_are_formatted_again_by_whatever_shapes_them() -> None:
    """All that `style` is made with is in one folder, but for what has no say."""
    package = Path(fingerprint.__file__).parent
    folder = fingerprint._SHAPING
    reached, waiting = set[str](), [f"{folder}.style"]
    while waiting:
        module = waiting.pop()
        if module not in reached | {"diagnostics", "files", "results", "sharing"}:
            reached.add(module)
            text = (package / f"{module.replace('.', '/')}.py").read_text("utf-8")
            waiting += re.findall(
                r"^from batchwright\.([\w.]+) import", text, re.MULTILINE
            )
    assert {module.partition(".")[0] for module in reached} == {folder}
    assert len(reached) > 5


def pipeline_templates() -> Path:
    return Path(fingerprint.__file__).resolve().parents[2] / "templates"


def test_what_changes_while_it_runs_is_not_remembered(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = pipeline.make

    def slow(*arguments: object, **options: object) -> object:
        made = make(*arguments, **options)  # type: ignore[arg-type]
        append("spec/schemas.yaml")(project)
        return made

    append("spec/schemas.yaml")(project)
    monkeypatch.setattr(pipeline, "make", slow)
    assert project.generate() == 0
    monkeypatch.setattr(pipeline, "make", make)
    assert project.runs == 2
    assert project.generate() == 0
    assert project.runs == 3


def test_errors_are_found_anew(project: Project) -> None:
    project.write("spec/openapi.yaml", SPEC.replace("letters.yaml", "no.yaml"))
    assert [project.generate(), project.generate()] == [2, 2]
    assert project.runs == 3
    project.write("spec/paths/no.yaml", PATHS)
    assert project.generate() == 0


def test_differences_are_found_anew(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    append("letters/models.py")(project)
    capsys.readouterr()
    assert project.generate("--check") == 1
    shown = capsys.readouterr()
    assert project.generate("--check") == 1
    assert capsys.readouterr().out == shown.out
    assert "-# more" in shown.out
    assert project.runs == 3


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("generate", ()),
        ("generate --check --quiet", ()),
        ("generate spec.yaml --output a", ("spec.yaml", "--output", "a")),
        ("generate --output=a", ("--output=a",)),
        ("generate --output --check", None),
        ("generate --output", None),
        ("generate a b", None),
        ("generate --no-cache", None),
        ("generate --something-new", None),
        ("generate --help", None),
        ("validate", None),
        ("", None),
    ],
)
def test_which_questions_have_an_answer(
    line: str, asked: tuple[str, ...] | None
) -> None:
    found = question(line.split())
    assert (found and found.asked[1:]) == asked


def test_an_interrupt_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("batchwright.caching.recall.recall", interrupt)
    assert main(["generate"]) == 130
    assert capsys.readouterr().err == "batchwright: interrupted\n"
