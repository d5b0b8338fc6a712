"""A project with a copy in it, and what `vendor` says of that."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright import cli

COPY = Path("src/acme/_vendor/pet_shop")
SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
tags: [{name: pets}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: All the pets there are.
      tags: [pets]
      responses:
        "200":
          description: The pets.
          content: {application/json: {schema: {$ref: "parts/pets.yaml#/Pets"}}}
"""
PETS = """\
Pets: {type: object, properties: {pets: {type: array, items: {$ref: "#/Pet"}}}}
Pet:
  description: An animal.
  type: object
  required: [name]
  properties:
    name: {type: string, description: What it answers to.}
    age: {type: integer, description: In years.}
"""
TABLE = f"""\
[tool.batchwright.vendor.pets]
spec = "spec.yaml"
into = "{COPY.as_posix()}"
client = "Pets"
"""


class Said:
    """What `vendor` says: the code, and the lines on both streams."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.code = cli.main(["vendor", *arguments, "--quiet"])
        captured = capsys.readouterr()
        self.out = captured.out.splitlines()
        self.err = captured.err


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
