"""What a translation calls modules, and what it leaves as it was."""

from __future__ import annotations

import sys
from pathlib import Path

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.files import path_fault
from batchwright.naming import module_names
from batchwright.translate import translate


def test_modules_are_told_apart_on_every_file_system() -> None:
    long = "deals" * 60
    names = ["straße", "strasse", "strasse_", "con", "con_", "deals", long, f"{long}s"]
    made = module_names(names)

    assert made["strasse"] == "strasse"
    assert made["deals"] == "deals"
    assert made == module_names(names[::-1])
    assert len({module.casefold() for module in made.values()}) == len(names)
    assert "con" not in made.values()
    assert all(path_fault(f"{module}.py") is None for module in made.values())
    assert path_fault(f"{long}.py") == "some file systems cannot have a name that long"


def test_the_interpreter_is_left_as_it_was() -> None:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(900):
        schema = {"type": "array", "items": schema}
    info = {"title": "T", "version": "1"}
    data = {"info": info, "components": {"schemas": {"Deep": schema}}}
    config = Config(spec=Path("o.yaml"), package="p", distribution="p")
    usual = sys.getrecursionlimit()

    api = translate(Document.of(data), config, Report())

    assert [alias.name for alias in api.models.aliases] == ["Deep"]
    assert sys.getrecursionlimit() == usual
