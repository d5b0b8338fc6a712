"""Files outside of a spec's folder, and addresses: only what was named is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright import cli
from batchwright.configuration.elsewhere import Elsewhere
from batchwright.diagnostics import Report
from batchwright.reading.load import load
from batchwright.resolving.resolve import resolve
from support.specs import found, write

SPEC = """openapi: 3.1.0
info: {title: T, version: "1"}
tags: [{name: t}]
paths:
  /a:
    get:
      operationId: getA
      tags: [t]
      summary: S.
      responses:
        "200": {description: D., content: {application/json: {schema: {$ref: 'REF'}}}}
"""


def said(folder: Path, ref: str, elsewhere: Elsewhere) -> list[str]:
    report = Report()
    (folder / "spec").mkdir(exist_ok=True)
    path = write(folder, {"spec/o.yaml": SPEC.replace("REF", ref)})
    resolve(load(path, report, elsewhere=elsewhere), report)
    return found(report, folder)


def test_an_address_is_read_from_its_copy(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "copies/pet.yaml": "Pet: {properties: {tag: {$ref: 'more/tag.yaml'}}}",
            "copies/more/tag.yaml": "{type: string}",
        },
    )
    file = Elsewhere(
        copies=(("https://a.example/pet.yaml", f"{tmp_path}/copies/pet.yaml"),)
    )
    ref = "https://a.example/pet.yaml#/Pet"
    # The file alone is named: what it refers to is not.
    (complaint,) = said(tmp_path, ref, file)
    assert complaint.startswith("copies/pet.yaml:1:26: error[outside-ref]")
    folder = Elsewhere(copies=(("https://a.example/", f"{tmp_path}/copies"),))
    assert said(tmp_path, ref, folder) == []


def test_a_copy_refers_to_the_address_that_it_has(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "one.yaml": "Pet: {$ref: '../two.yaml#/Tag'}",
            "2.yaml": "Tag: {type: string}",
        },
    )
    copies = (
        ("https://a.example/deep/one.yaml", f"{tmp_path}/one.yaml"),
        ("https://a.example/two.yaml", f"{tmp_path}/2.yaml"),
    )
    ref = "https://a.example/deep/one.yaml#/Pet"
    assert said(tmp_path, ref, Elsewhere(copies=copies)) == []


def test_other_addresses_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"copies/a.yaml": "A: {}", "secret.yaml": "A: {}"})
    known = Elsewhere(copies=(("https://a.example/v1/", f"{tmp_path}/copies/"),))
    for ref in (
        "https://a.example/v2/a.yaml",
        "http://a.example/v1/a.yaml",
        "//a.example/v1/a.yaml",
        "file:///etc/passwd",
    ):
        (complaint,) = said(tmp_path, ref, known)
        assert "error[remote-ref]" in complaint
        assert "--map ADDRESS=FILE" in complaint
    for ref in (
        "https://a.example/v1/../secret.yaml",
        "https://a.example/v1/%2e%2e/secret.yaml",
    ):
        (complaint,) = said(tmp_path, ref, known)
        assert "error[outside-ref]" in complaint


def test_a_folder_outside_is_read_if_it_is_allowed(tmp_path: Path) -> None:
    write(tmp_path, {"common/pet.yaml": "Pet: {type: string}", "common2/x.yaml": "{}"})
    ref = "../common/pet.yaml#/Pet"
    (complaint,) = said(tmp_path, ref, Elsewhere())
    assert "error[outside-ref]" in complaint
    assert "--allow PATH" in complaint
    allowed = Elsewhere(allowed=(f"{tmp_path}/common",))
    assert said(tmp_path, ref, allowed) == []
    (complaint,) = said(tmp_path, "../common2/x.yaml", allowed)
    assert "error[outside-ref]" in complaint


def test_a_link_out_of_an_allowed_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"common/a.yaml": "{}", "secret.yaml": "A: {}"})
    (tmp_path / "common" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    allowed = Elsewhere(allowed=(f"{tmp_path}/common",))
    (complaint,) = said(tmp_path, "../common/link.yaml#/A", allowed)
    assert "error[outside-ref]" in complaint


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(
        tmp_path,
        {
            "spec/o.yaml": SPEC.replace("REF", "https://a.example/pet.yaml#/Pet"),
            "copies/pet.yaml": "Pet: {properties: {a: {type: string}}}",
        },
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_flags_name_copies(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["validate", "spec/o.yaml"]
    assert cli.main(command) == 1
    assert cli.main([*command, "--map", "https://a.example/=copies"]) == 0
    assert cli.main([*command, "--map", "copies"]) == 2
    assert "`--map` needs an address" in capsys.readouterr().err


def test_the_table_names_copies(project: Path) -> None:
    (project / "sub").mkdir()
    (project / "pyproject.toml").write_text(
        '[tool.batchwright]\nspec = "spec/o.yaml"\nallow = ["nothing"]\n'
        '[tool.batchwright.map]\n"https://a.example/" = "copies"\n'
    )
    assert cli.main(["validate"]) == 0
    (project / "pyproject.toml").write_text(
        '[tool.batchwright]\nspec = "spec/o.yaml"\nmap = 1\nallow = "x"\nstrict = 2\n'
    )
    assert cli.main(["validate"]) == 2


def test_strict_makes_errors_of_warnings(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SPEC.replace("REF", "#/components/schemas/A").replace(
        "tags: [t]", "tags: [u]"
    )
    (project / "s.yaml").write_text(f"{text}components: {{schemas: {{A: {{}}}}}}\n")
    command = ["generate", "s.yaml", "--output", "sdk"]
    assert cli.main(["validate", "s.yaml"]) == 0
    assert cli.main(["validate", "s.yaml", "--strict"]) == 1
    assert cli.main([*command, "--strict"]) == 2
    err = capsys.readouterr().err
    assert "s.yaml:8:14: error[undeclared-tag]" in err
    assert err.endswith("stopped: 1 error\n")
    assert not (project / "sdk").exists()
    assert cli.main(command) == 0
    (project / "pyproject.toml").write_text("[tool.batchwright]\nstrict = true\n")
    assert cli.main([*command, "--check"]) == 2
