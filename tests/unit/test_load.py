"""Reading files: what is refused, where, and what is said to do about it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from batchwright.diagnostics import Report, SpecError
from batchwright.reading.load import load
from support.specs import HEAD, complaints, found, loaded, write


def refusal(path: Path) -> str:
    report = Report()
    with pytest.raises(SpecError) as caught:
        load(path, report)
    assert len(caught.value.diagnostics) == 1
    return str(caught.value.diagnostics[0]).replace(f"{path.parent.as_posix()}/", "")


def test_paths_are_as_they_were_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path,
        {"spec/o.yaml": HEAD + "x: {$ref: parts/p.yaml}", "spec/parts/p.yaml": "a: 1"},
    )
    text = HEAD.replace("paths: {}", "paths: {/a: {$ref: parts/p.yaml}}")
    write(tmp_path, {"spec/o.yaml": text})
    monkeypatch.chdir(tmp_path / "spec")
    assert load(Path("o.yaml"), Report()).files == ("o.yaml", "parts/p.yaml")
    monkeypatch.chdir(tmp_path)
    document = load(Path("spec/o.yaml"), Report())
    assert document.files == ("spec/o.yaml", "spec/parts/p.yaml")
    assert document.root["info"].location.file == "spec/o.yaml"
    assert str(document.root["paths"].location) == "spec/o.yaml:3:1"


def test_the_content_is_kept(tmp_path: Path) -> None:
    document, _ = loaded(tmp_path, {"o.yaml": HEAD})
    (name,) = document.files
    assert document.sources[name].content == HEAD.encode()


def test_yaml_or_json_by_name_and_by_content(tmp_path: Path) -> None:
    json = '{"openapi": "3.1.0", "info": {}, "x": "\\ud83d\\ude00", "y": 1.0}'
    for name in ("o.json", "o.yaml", "o", "o.txt"):
        document, _ = loaded(tmp_path, {name: json})
        assert document.root.text("x") == "😀"
    document, _ = loaded(tmp_path, {"o.yaml": "{openapi: 3.1.0, on: yes}"})
    assert document.root.text("on") == "yes"
    (tmp_path / "o.json").write_text(HEAD)
    assert refusal(tmp_path / "o.json").startswith("o.json:1:1: error[json-syntax]")


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "o.yaml") == (
        "o.yaml: error[missing-file]: there is no file o.yaml"
    )
    write(tmp_path, {"openapi.yaml": HEAD})
    assert refusal(tmp_path / "opanapi.yaml").endswith("did you mean openapi.yaml?")


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "spec"
    folder.mkdir()
    assert "error[not-a-file]: spec is a folder" in refusal(folder)
    write(folder, {"openapi.yaml": HEAD})
    assert refusal(folder).endswith("did you mean spec/openapi.yaml?")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.yaml")
    assert "error[not-a-file]" in refusal(tmp_path / "p.yaml")
    assert complaints(tmp_path, {"o.yaml": path_ref("p.yaml")}) == [
        'o.yaml:5:5: error[not-a-file]: "p.yaml" is not a regular file'
    ]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="everything is readable"
)
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = write(tmp_path, {"o.yaml": HEAD})
    path.chmod(0)
    assert "error[cannot-read]" in refusal(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "o.yaml: error[empty-file]: the file is empty"),
        (b" \n\n", "o.yaml: error[empty-file]: the file is empty"),
        (b"# only this\n", "o.yaml:1:1: error[not-openapi]"),
        (b"a: 1\nb: \xff\n", "o.yaml:2:4: error[not-utf8]: the byte 0xff"),
        ("ä: ".encode() + b"\xc3(", "o.yaml:1:4: error[not-utf8]: the byte 0xc3"),
        ("a: 1".encode("utf-16"), "o.yaml:1:1: error[not-utf8]: the file is UTF-16"),
        (b"a: 1\nb: x\x00y\n", "o.yaml:2:5: error[control-character]"),
        (b"a: 1\nb: \x1b[31m\n", "o.yaml:2:4: error[control-character]"),
        (b"a: b: c", "o.yaml:1:5: error[yaml-syntax]"),
        (b"- a\n", "o.yaml:1:1: error[not-openapi]"),
        (b"just words", "o.yaml:1:1: error[not-openapi]"),
        (b"info: {}\n", "o.yaml:1:1: error[not-openapi]"),
        (b"\nswagger: '2.0'\n", "o.yaml:2:1: error[unsupported-version]"),
        (b"openapi: 4.0.0\n", "o.yaml:1:1: error[unsupported-version]"),
        (b"openapi: 3.3.0\n", "o.yaml:1:1: error[unsupported-version]"),
        (b"openapi: 2.0.0\n", "o.yaml:1:1: error[unsupported-version]"),
        (b"openapi: [3]\n", "o.yaml:1:1: error[unsupported-version]"),
    ],
)
def test_what_is_no_openapi_document(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert refusal(write(tmp_path, {"o.yaml": content})).startswith(expected)


def test_hints_of_versions(tmp_path: Path) -> None:
    swagger = refusal(write(tmp_path, {"o.yaml": 'swagger: "2.0"'}))
    assert "swagger2openapi" in swagger
    short = refusal(write(tmp_path, {"o.yaml": "openapi: 3"}))
    assert short.endswith("versions 3.0, 3.1 and 3.2 are understood")


@pytest.mark.parametrize("version", ["3.0", "'3.0'", "3.1", "3.2"])
def test_versions_of_two_numbers(tmp_path: Path, version: str) -> None:
    report = Report()
    document = load(write(tmp_path, {"o.yaml": f"openapi: {version}\n"}), report)
    meant = f"{version.strip(chr(39))}.0"
    assert document.root.text("openapi") == meant
    assert found(report, tmp_path) == [
        'o.yaml:1:1: warning[invalid-openapi]: "openapi" must have three numbers, not'
        f' {meant.removesuffix(".0")}; it is read as "{meant}"'
    ]


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.1", "3.2.0", "3.1.0-rc1"])
def test_versions_that_are_understood(tmp_path: Path, version: str) -> None:
    document, _ = loaded(tmp_path, {"o.yaml": f"openapi: {version}\n"})
    assert document.root.text("openapi") == version


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    for name, text in (("o.yaml", HEAD), ("o.json", '{"openapi": "3.1.0"}')):
        document, _ = loaded(tmp_path, {name: b"\xef\xbb\xbf" + text.encode()})
        assert "openapi" in document.root


def test_every_duplicate_key_is_reported_with_the_first_one(tmp_path: Path) -> None:
    text = HEAD + "components:\n  schemas: {A: {}, B: {}, A: {}}\ninfo: {}\n"
    assert complaints(tmp_path, {"o.yaml": text}) == [
        'o.yaml:5:27: error[duplicate-key]: the mapping has the key "A" twice; first in'
        " line 5; remove or rename one of them",
        'o.yaml:6:1: error[duplicate-key]: the mapping has the key "info" twice; first'
        " in line 2; remove or rename one of them",
    ]
    text = '{"openapi": "3.1.0",\n "paths": {"/a": {},\n  "/a": {}}}'
    assert complaints(tmp_path, {"o.json": text})[0].startswith(
        'o.json:3:3: error[duplicate-key]: the mapping has the key "/a" twice; first in'
        " line 2"
    )


@pytest.mark.parametrize("name", ["o.yaml", "o.json"])
def test_deep_nesting_is_no_recursion_error(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, {name: '{"openapi": ' + "[" * 100_000})
    expected = "error[too-deep]" if name == "o.json" else "error["
    assert expected in refusal(path)
    path = write(tmp_path, {name: "[" * 100_000 + "]" * 100_000})
    # libyaml looks ahead, and gives up by itself a little later.
    assert refusal(path).startswith(
        (f"{name}:1:201: error[too", f"{name}:1:1001: error[too")
    )


# --- other files ---------------------------------------------------------------------

PATH = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    $ref: "


def path_ref(ref: str) -> str:
    return f"{PATH}'{ref}'\n"


def test_files_are_read_through_files(tmp_path: Path) -> None:
    document, _ = loaded(
        tmp_path,
        {
            "o.yaml": path_ref("paths/a.yaml#/item"),
            "paths/a.yaml": (
                "item: {get: {responses: {'200': {$ref: ../shared/r.json}}}}"
            ),
            "shared/r.json": (
                '{"description": "", "content": {"a/b": {"schema":'
                ' {"$ref": "./my%20schemas.yaml#/S"}}}}'
            ),
            "shared/my schemas.yaml": "S: {type: string}\nT: {$ref: unread.yaml}\n",
        },
    )
    names = [Path(name).relative_to(tmp_path).as_posix() for name in document.files]
    assert names == [
        "o.yaml",
        "paths/a.yaml",
        "shared/my schemas.yaml",
        "shared/r.json",
    ]


def test_refs_in_data_are_no_refs(tmp_path: Path) -> None:
    schema = """
components:
  schemas:
    S:
      type: object
      example: {$ref: gone.yaml}
      examples: [{$ref: gone.yaml}]
      default: {$ref: gone.yaml}
      enum: [{$ref: gone.yaml}]
      const: {$ref: gone.yaml}
      x-other: {$ref: gone.yaml}
      properties:
        $ref: {type: string}
        example: {type: string}
  examples:
    E: {value: {$ref: gone.yaml}}
  parameters:
    P:
      {name: p, in: query, schema: {}, example: {$ref: gone.yaml},
       examples: {one: {value: {$ref: 'https://example.com/x'}}}}
x-anything: {$ref: gone.yaml}
"""
    document, _ = loaded(tmp_path, {"o.yaml": HEAD + schema})
    assert len(document.files) == 1
    assert complaints(tmp_path, {"o.yaml": HEAD + schema}) == []


def test_a_missing_file_is_reported_at_its_ref(tmp_path: Path) -> None:
    write(tmp_path, {"paths/deals.yaml": ""})
    assert complaints(tmp_path, {"o.yaml": path_ref("paths/dealz.yaml#/x")}) == [
        'o.yaml:5:5: error[missing-file]: there is no file "paths/dealz.yaml"; did you'
        " mean paths/deals.yaml?"
    ]


@pytest.mark.parametrize("ref", ["%00", "a%00b.yaml", "x" * 5_000, "\ud83d.yaml"])
def test_impossible_file_names(tmp_path: Path, ref: str) -> None:
    ref = ref.encode("utf-8", "ignore").decode() or "x/y/z"
    (complaint,) = complaints(tmp_path, {"o.yaml": path_ref(ref)})
    assert complaint.startswith("o.yaml:5:5: error[")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "paths").mkdir()
    assert complaints(tmp_path, {"o.yaml": path_ref("paths")}) == [
        'o.yaml:5:5: error[not-a-file]: "paths" is a folder'
    ]


@pytest.mark.parametrize(
    "ref",
    [
        "https://example.com/spec.yaml#/a",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "//example.com/x",
        "HTTPS://example.com",
    ],
)
def test_nothing_is_fetched(tmp_path: Path, ref: str) -> None:
    (complaint,) = complaints(tmp_path, {"o.yaml": path_ref(ref)})
    assert complaint.startswith("o.yaml:5:5: error[remote-ref]")


def test_refs_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"secret.yaml": "get: {}", "spec2/x.yaml": "get: {}"})
    folder = tmp_path / "spec"
    for ref in (
        "../secret.yaml",
        "../spec2/x.yaml",
        "a/../../secret.yaml",
        "..%2Fsecret.yaml",
        "%2e%2e/secret.yaml",
        (tmp_path / "secret.yaml").as_posix(),
        "/etc/passwd",
    ):
        (complaint,) = complaints(folder, {"o.yaml": path_ref(ref)})
        assert complaint.startswith("o.yaml:5:5: error[outside-ref]"), ref


def test_symbolic_links_do_not_lead_out(tmp_path: Path) -> None:
    write(tmp_path, {"secret.yaml": "get: {}"})
    folder = tmp_path / "spec"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "up").symlink_to(tmp_path)
    for ref in ("link.yaml", "up/secret.yaml"):
        (complaint,) = complaints(folder, {"o.yaml": path_ref(ref)})
        assert complaint.startswith("o.yaml:5:5: error[outside-ref]"), ref


def test_a_link_within_the_folder_is_followed_and_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"real/p.yaml": "get: {responses: {}}"})
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real/p.yaml")
    text = path_ref("link.yaml") + "  /b: {$ref: real/p.yaml}\n"
    document, _ = loaded(tmp_path, {"o.yaml": text})
    assert len(document.files) == 2


def test_the_root_may_be_a_link(tmp_path: Path) -> None:
    component = "components: {parameters: {P: {$ref: 'q.yaml'}}}\n"
    write(tmp_path, {"store/abc": path_ref("p.yaml") + component})
    back = "parameters: [{$ref: 'o.yaml#/components/parameters/P'}]"
    write(tmp_path, {"spec/p.yaml": back, "spec/q.yaml": "{name: p, in: query}"})
    (tmp_path / "spec/o.yaml").symlink_to(tmp_path / "store/abc")
    report = Report()
    document = load(tmp_path / "spec/o.yaml", report)
    assert found(report, tmp_path) == []
    assert len(document.files) == 3


def test_a_sandbox_of_links_is_read_as_what_it_shows(tmp_path: Path) -> None:
    """Build tools lay a link for each file that they were told of, and no others."""
    write(
        tmp_path,
        {
            "store/spec/o.yaml": path_ref("parts/p.yaml"),
            "store/spec/parts/p.yaml": "parameters: [{$ref: ../q.yaml}]",
            "store/spec/q.yaml": "{name: p, in: query}",
        },
    )
    for name in ("o.yaml", "parts/p.yaml"):
        link = tmp_path / "sandbox" / "spec" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(tmp_path / "store" / "spec" / name)
    root = tmp_path / "sandbox" / "spec" / "o.yaml"
    report = Report()
    assert len(load(root, report).files) == 2
    (complaint,) = found(report, tmp_path)
    assert "error[outside-ref]: " in complaint
    (root.parent / "q.yaml").symlink_to(tmp_path / "store" / "spec" / "q.yaml")
    report = Report()
    assert list(load(root, report).files) == [
        str(root.parent / name) for name in ("o.yaml", "parts/p.yaml", "q.yaml")
    ]
    assert found(report, tmp_path) == []


def test_a_broken_part_is_reported_once_in_its_own_place(tmp_path: Path) -> None:
    text = path_ref("p.yaml") + "  /b: {$ref: p.yaml}\n"
    assert complaints(tmp_path, {"o.yaml": text, "p.yaml": "get:\n  a: b: c\n"}) == [
        "p.yaml:2:7: error[yaml-syntax]: mapping values are not allowed in this"
        " context; put quotes around a text that contains ': '"
    ]


def test_all_broken_parts_are_reported_at_once(tmp_path: Path) -> None:
    text = path_ref("p.yaml") + "  /b: {$ref: q.yaml}\n  /c: {$ref: r.json}\n"
    files: dict[str, str | bytes] = {
        "o.yaml": text,
        "p.yaml": b"get: \xff",
        "q.yaml": "get: {}\nget: {}\n",
        "r.json": "{",
    }
    codes = [line.split("]")[0] for line in complaints(tmp_path, files)]
    assert codes == [
        "p.yaml:1:6: error[not-utf8",
        "q.yaml:2:1: error[duplicate-key",
        "r.json:1:2: error[json-syntax",
    ]
