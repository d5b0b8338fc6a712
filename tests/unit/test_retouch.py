"""A spec that was edited: its one document is the same with what is known as without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from batchwright import pipeline
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.document import Document
from batchwright.reading.load import load
from batchwright.results import Results

FILES = {
    "openapi.yaml": """\
openapi: 3.1.0
info: {title: Shop API, version: "1", description: About.}
x-meta: {note: {text: One.}}
paths:
  /pets:
    $ref: pets.yaml
  /animals:
    $ref: pets.yaml
  /pets/{id}:
    get:
      operationId: one
      summary: One.
      parameters:
        - {$ref: "#/components/parameters/Id"}
      responses:
        "200": {$ref: "answers.yaml#/Pet"}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}}
  schemas:
    Kind:
      type: string
      description: Of pets.
    Any:
      oneOf: [{$ref: "#/components/schemas/Kind"}, {$ref: "schemas.yaml#/Inner"}]
    Plain:
      type: object
      properties: {a: {type: integer, minimum: 1}, b: {type: string}}
""",
    "pets.yaml": """\
get:
  summary: All.
  responses:
    "200": {$ref: "answers.yaml#/Pet"}
""",
    "answers.yaml": """\
Pet:
  description: A pet.
  content: {application/json: {schema: {$ref: "schemas.yaml#/Pet"}}}
""",
    "schemas.yaml": """\
Pet:
  type: object
  required: [name]
  properties:
    name: {type: string, description: A name.}
    inner:
      type: object
      properties: {deep: {type: boolean, default: true}}
      example: {name: Rex, more: [1, 2]}
    kind: {$ref: "openapi.yaml#/components/schemas/Kind", description: Beside.}
Inner: {$ref: "#/Pet/properties/inner"}
Other: {type: string}
""",
}


class Spec:
    """Files, and what becomes of them with and without what is known."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.known = Results()
        self.loads = 0

        def counted(*arguments: object) -> Document:
            self.loads += 1
            return load(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr("batchwright.pipeline.load", counted)
        for name, text in FILES.items():
            (folder / name).write_text(text, "utf-8")

    def edit(self, name: str, before: str, after: str) -> None:
        file = self.folder / name
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after, 1), "utf-8")

    def is_as_anew(self) -> None:
        """Nothing differs that a later stage, or a user, could see."""
        self.known = self.known.after()
        assert self._told(self.known) == self._told(None)

    def _told(self, results: Results | None) -> tuple[object, ...]:
        config = Config(
            spec=self.folder / "openapi.yaml", package="shop", distribution="shop"
        )
        report = Report()
        try:
            document, api = pipeline.understand(config, report, results=results)
        except SpecError:
            return report.diagnostics, None
        places = [node.location for _, node in document.root["paths"].items()]
        said = repr(document.root.value), document.origins, document.files, places
        return report.diagnostics, said, repr(api)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spec:
    spec = Spec(tmp_path, monkeypatch)
    spec.is_as_anew()
    spec.loads = 0
    return spec


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("pets.yaml", "All.", "Every one."),
        ("openapi.yaml", "Of pets.", "Of animals."),
        ("openapi.yaml", "description: About.", "description: Of it."),
        ("openapi.yaml", "text: One.", "text: [One, two]"),
        ("openapi.yaml", "minimum: 1", "minimum: 1.0"),
        ("openapi.yaml", "minimum: 1", "minimum: true"),
        ("openapi.yaml", "b: {type: string}", "b: {type: string}, c: {type: number}"),
        ("openapi.yaml", "a: {type: integer, minimum: 1}, b:", "b:"),
        ("schemas.yaml", "A name.", "Its name."),
        ("schemas.yaml", "type: string, d", "type: integer, d"),
        ("schemas.yaml", "required: [name]", "required: [name, inner]"),
        ("schemas.yaml", "default: true", "default: false, title: A"),
        ("schemas.yaml", "{name: Rex, more: [1, 2]}", "{more: [], name: 1}"),
        (
            "schemas.yaml",
            "type: object\n  required",
            "title: T\n  type: object\n  required",
        ),
        ("schemas.yaml", "Other:", "Others:"),
        ("answers.yaml", "A pet.", "One pet."),
    ],
)
def test_what_refers_to_nothing_is_put_in_its_place(
    spec: Spec, name: str, before: str, after: str
) -> None:
    spec.edit(name, before, after)
    spec.is_as_anew()
    # And from there once more.
    spec.edit(name, after, before)
    spec.is_as_anew()
    # The other way has to read it anew each time.
    assert spec.loads == 2


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("openapi.yaml", "3.1.0", "3.0.3"),
        ("openapi.yaml", "3.1.0", "2.0"),
        ("openapi.yaml", "    Kind:", "    Pet: {type: string}\n    Kind:"),
        ("openapi.yaml", "/animals", "/beasts"),
        ("openapi.yaml", "$ref: pets.yaml", "$ref: pets.yaml\n    summary: Beside."),
        ("openapi.yaml", '"#/components/schemas/Kind"', '"schemas.yaml#/Other"'),
        ("openapi.yaml", "b: {type: string}", 'b: {$ref: "schemas.yaml#/Other"}'),
        ("openapi.yaml", "b: {type: string}", "b: {$ref: nowhere.yaml}"),
        ("openapi.yaml", "b: {type: string}", "b: {discriminator: {mapping: {a: No}}}"),
        ("openapi.yaml", "type: integer", "$id: other, type: integer"),
        ("openapi.yaml", "{type: integer", "&a {type: integer"),
        ("schemas.yaml", "    inner:", "    deeper:"),
        ("schemas.yaml", "inner:\n      type: object\n", "inner: 1\n    outer:\n"),
        ("schemas.yaml", "description: Beside.", "description: By it."),
        ("schemas.yaml", "Inner:", "- Inner:"),
    ],
)
def test_what_may_change_more_is_put_together_anew(
    spec: Spec, name: str, before: str, after: str
) -> None:
    if before.startswith("{type: integer"):
        spec.edit(name, "b: {type: string}", "b: *a")
    spec.edit(name, before, after)
    spec.is_as_anew()
    assert spec.loads == 2


def test_a_file_that_is_gone_is_missed(spec: Spec) -> None:
    (spec.folder / "schemas.yaml").unlink()
    spec.is_as_anew()
    assert spec.loads == 2


def edited_twice(spec: Spec) -> None:
    spec.edit("pets.yaml", "All.", "Every one.")
    spec.edit("schemas.yaml", "A name.", "Its name.")


def moved(spec: Spec) -> None:
    """A link to the same text elsewhere: other files are beside it."""
    other = spec.folder / "elsewhere"
    other.mkdir()
    (spec.folder / "schemas.yaml").rename(other / "schemas.yaml")
    (spec.folder / "schemas.yaml").symlink_to("elsewhere/schemas.yaml")


@pytest.mark.parametrize("change", [edited_twice, moved])
def test_several_files(spec: Spec, change: Callable[[Spec], None]) -> None:
    change(spec)
    spec.is_as_anew()
