"""Specs that refer to this and that, and where it comes out when they are one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from batchwright.document import Document

PATHS = """openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    get:
      responses:
        "200":
          description: ok
          content: {application/json: {schema: %s}}
"""


def using(*refs: str) -> str:
    listed = ", ".join(f"{{$ref: '{ref}'}}" for ref in refs)
    return PATHS % f"{{anyOf: [{listed}]}}"


def data(document: Document) -> Any:
    return document.root.value


def schemas(document: Document) -> Any:
    return data(document)["components"]["schemas"]


def used(document: Document) -> list[str]:
    """The references in the schema that `using` makes."""
    get = data(document)["paths"]["/a"]["get"]
    content = get["responses"]["200"]["content"]
    return [it["$ref"] for it in content["application/json"]["schema"]["anyOf"]]


def place(document: Document, *pointer: str, folder: Path) -> str:
    location = document.root.at(pointer).location
    return str(location).replace(f"{folder.as_posix()}/", "")
