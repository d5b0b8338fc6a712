"""Where the configuration comes from, and what is said about one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright.configuration.config import Config, read_config
from batchwright.diagnostics import Report, SpecError

MINIMAL = """\
[project]
name = "acme"

[tool.batchwright]
spec = "spec/openapi.yaml"
output = "src/acme_api"
"""


def project(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text, "utf-8")
    return folder


def read(folder: Path, file: Path | None = None, **flags: str | None) -> Config:
    return read_config(folder, flags, Report(), file=file)


def faults(folder: Path, file: Path | None = None, **flags: str | None) -> list[str]:
    """What is said about a configuration that is refused."""
    with pytest.raises(SpecError) as caught:
        read(folder, file, **flags)
    return [str(found) for found in caught.value.diagnostics]


def test_the_table_of_the_project(tmp_path: Path) -> None:
    assert read(project(tmp_path, MINIMAL)) == Config(
        spec=Path("spec/openapi.yaml"),
        output=Path("src/acme_api"),
        package="acme_api",
        distribution="acme-api",
        client=None,
        templates=None,
        file="pyproject.toml",
    )


def test_every_key(tmp_path: Path) -> None:
    text = MINIMAL + (
        'package = "acme"\nclient = "Acme"\ndistribution = "Acme.SDK"\n'
        'templates = "templates"\n'
    )
    assert read(project(tmp_path, text)) == Config(
        spec=Path("spec/openapi.yaml"),
        output=Path("src/acme_api"),
        package="acme",
        distribution="Acme.SDK",
        client="Acme",
        templates=Path("templates"),
        file="pyproject.toml",
    )


def test_it_is_found_upwards_and_paths_are_relative_to_it(tmp_path: Path) -> None:
    project(tmp_path, MINIMAL)
    below = project(tmp_path / "a" / "b", "[project]\nname = 'other'\n")
    config = read(below)
    assert config.spec == Path("../../spec/openapi.yaml")
    assert config.output == Path("../../src/acme_api")
    assert read(tmp_path / "spec").spec == Path("openapi.yaml")


def test_the_nearest_table_counts(tmp_path: Path) -> None:
    project(tmp_path, MINIMAL)
    nearer = project(tmp_path / "b", MINIMAL.replace("openapi", "nearer"))
    assert read(nearer).spec == Path("spec/nearer.yaml")


def test_other_projects_files_do_not_matter(tmp_path: Path) -> None:
    project(tmp_path, MINIMAL)
    broken = project(tmp_path / "b", "this is [[ not TOML")
    mentions = project(broken / "c", "[project]\ndependencies = ['batchwright']\n")
    (mentions / "d" / "pyproject.toml").mkdir(parents=True)
    assert read(mentions / "d").spec == Path("../../../spec/openapi.yaml")


def test_a_file_that_is_named(tmp_path: Path) -> None:
    project(tmp_path, MINIMAL)
    project(tmp_path / "b", MINIMAL.replace("openapi", "other"))
    config = read(tmp_path, Path("b/pyproject.toml"))
    assert config.spec == Path("b/spec/other.yaml")


def test_flags_win(tmp_path: Path) -> None:
    config = read(
        project(tmp_path, MINIMAL),
        spec="other.json",
        output="out/thing",
        client="Thing",
        package=None,
    )
    assert config == Config(
        spec=Path("other.json"),
        output=Path("out/thing"),
        package="thing",
        distribution="thing",
        client="Thing",
        file="pyproject.toml",
    )


def test_flags_alone_will_do(tmp_path: Path) -> None:
    config = read(tmp_path, spec="/specs/petstore.yaml", output="/sdk/pet_store")
    assert config == Config(
        spec=Path("/specs/petstore.yaml"),
        output=Path("/sdk/pet_store"),
        package="pet_store",
        distribution="pet-store",
    )


def test_the_package_of_the_folder_one_is_in(tmp_path: Path) -> None:
    (tmp_path / "pet_store").mkdir()
    config = read(tmp_path / "pet_store", spec="a.yaml", output=".")
    assert config.package == "pet_store"


def test_validating_needs_no_output(tmp_path: Path) -> None:
    flags = {"spec": "a.yaml"}
    config = read_config(tmp_path, flags, Report(), needs_output=False)
    assert config.output is None


def test_what_is_missing(tmp_path: Path) -> None:
    assert faults(tmp_path) == [
        "error[missing-output]: no folder for the generated package is named\n"
        "    hint: name it with `--output`, or by `output` in [tool.batchwright] of "
        "pyproject.toml",
        "error[missing-spec]: no spec is named\n"
        "    hint: name it as the first argument, or by `spec` in [tool.batchwright] "
        "of pyproject.toml",
    ]
    project(tmp_path, '\n[tool.batchwright]\noutput = "a"\n')
    [fault] = faults(tmp_path)
    assert fault.startswith("pyproject.toml:2:1: error[missing-spec]: ")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            'ouput = "a"',
            'pyproject.toml:7:1: error[unknown-key]: [tool.batchwright] has no key "oup'
            'ut"\n    hint: did you mean `output`?',
        ),
        (
            "  xyz = 1",
            'pyproject.toml:7:3: error[unknown-key]: [tool.batchwright] has no key "xyz'
            '"\n    hint: its keys are spec, output, package, client, distribution, '
            "templates",
        ),
        (
            "client = 1",
            "pyproject.toml:7:1: error[wrong-type]: `client` must be a string, not 1",
        ),
        (
            '"package" = ["a", "b"]',
            "pyproject.toml:7:1: error[wrong-type]: `package` must be a string, not a "
            "list of 2 items",
        ),
        (
            'client = ""',
            "pyproject.toml:7:1: error[wrong-type]: `client` must not be em",
        ),
        (
            r'client = "\u0000"',
            "pyproject.toml:7:1: error[wrong-type]: `client` has a N",
        ),
        (
            'package = "acme-api"',
            'pyproject.toml:7:1: error[bad-name]: `package` is "acme-api": no Python '
            "name, and so it cannot be the name of a package\n"
            "    hint: did you mean `acme_api`?",
        ),
        (
            'client = "class"',
            'pyproject.toml:7:1: error[bad-name]: `client` is "class": a keyword, and '
            "so it cannot be the name of a class",
        ),
        (
            'distribution = "-acme"',
            'pyproject.toml:7:1: error[bad-name]: `distribution` is "-acme", which can',
        ),
        (
            "client = Acme",
            "pyproject.toml:7:10: error[config-syntax]: this is not TOML",
        ),
        ('client = """Acme', "pyproject.toml:7:1: error[config-syntax]: this is not T"),
    ],
)
def test_every_fault_has_its_place(tmp_path: Path, line: str, fault: str) -> None:
    [found] = faults(project(tmp_path, MINIMAL + line + "\n"))
    assert found.startswith(fault)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = MINIMAL + 'nope = 1\nclient = false\npackage = "ok"\n'
    told = faults(project(tmp_path, text))
    assert [fault[:17] for fault in told] == ["pyproject.toml:7:", "pyproject.toml:8:"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[tool]\nbatchwright = {spec = "a", ouput = "b"}\n', "pyproject.toml:2:1"),
        (
            'tool.batchwright.spec = "a"\ntool.batchwright.ouput = 1\n',
            "pyproject.toml:2:1",
        ),
        ('[tool."batchwright"]\n\n[tool.batchwright.ouput]\n', "pyproject.toml:3:1"),
        ("# [tool.batchwright]\n[tool]\n[ tool . batchwright ] # x\nouput=1", ":4:1"),
        (
            "[[a]]\nouput = 1\n[tool.batchwright]\n[b]\nouput = 1\n[c]\n",
            "error[missing",
        ),
    ],
)
def test_places_in_all_the_ways_to_write_it(
    tmp_path: Path, text: str, place: str
) -> None:
    assert place in faults(project(tmp_path, text))[-1]


def test_a_wrong_table(tmp_path: Path) -> None:
    [fault] = faults(project(tmp_path, '[tool]\nbatchwright = "x"\n'))
    assert fault == (
        "pyproject.toml:2:1: error[wrong-type]: `tool.batchwright` must be a table"
    )


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.batchwright]\nspec = '\xff'\n")
    [fault] = faults(tmp_path)
    assert fault.startswith("pyproject.toml: error[unreadable-config]: ")


@pytest.mark.parametrize("value", ["[" * 10_000, "9" * 5_000], ids=["deep", "large"])
def test_values_that_python_does_not_read(tmp_path: Path, value: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.batchwright]\nspec = {value}\n")
    [fault] = faults(tmp_path)
    assert fault.startswith("pyproject.toml: error[unreadable-config]: ")


def test_a_named_file_that_will_not_do(tmp_path: Path) -> None:
    [missing] = faults(tmp_path, Path("nowhere.toml"))
    assert missing.startswith("nowhere.toml: error[unreadable-config]: ")
    (tmp_path / "other.toml").write_text("[project]\n")
    [other] = faults(tmp_path, Path("other.toml"))
    assert other == (
        "other.toml: error[missing-table]: the file has no table [tool.batchwright]"
    )


def test_flags_are_checked_too(tmp_path: Path) -> None:
    told = faults(tmp_path, spec="a", output="my-sdk", client="", package=None)
    assert told == ["error[wrong-type]: `--client` must not be empty"]
    told = faults(tmp_path, spec="a", output="my-sdk")
    assert told == [
        'error[bad-name]: the folder\'s name "my-sdk" cannot be the name of a package\n'
        "    hint: name the package with `--package`, or by `package` in "
        "[tool.batchwright]: `my_sdk`, perhaps"
    ]


def test_a_mark_at_the_start_of_the_file(tmp_path: Path) -> None:
    project(tmp_path, "\ufeff" + MINIMAL)
    assert read(tmp_path).package == "acme_api"
