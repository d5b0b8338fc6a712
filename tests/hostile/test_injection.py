"""No text of a spec becomes code: whatever stands in one, it stays a text."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fuzz.injections import injection, injections
from fuzz.seeds import seeds
from fuzz.trial import try_files
from support.hostile import attack
from support.injection import PAYLOADS, code_faults

RUN = 20261125
CASES = 60


def hostile(text: str, name: str = "A") -> dict[str, Any]:
    """A spec in which the text stands wherever a text may stand.

    `name` is that of a schema, and a part of the path.
    """
    value = {"type": "string", "default": text, "example": text, "enum": [text, "b"]}
    schema = {
        "type": "object",
        "title": text,
        "description": text,
        "properties": {
            "value": value,
            "constant": {"const": text, "description": text},
            "pattern": {"type": "string", "pattern": text, "format": text},
            f"p{text}": {"type": "string", "description": text, "default": text},
            "kind": {"type": "string"},
        },
        "patternProperties": {text: {"type": "string"}},
        "required": [f"p{text}", text],
        "example": {text: text},
        "x-anything": {text: text},
        "externalDocs": {"url": text, "description": text},
    }
    parameters = [
        {
            "name": f"{where}{text}",
            "in": where,
            "description": text,
            "schema": value,
        }
        for where in ("query", "header", "cookie")
    ]
    operation = {
        "operationId": f"get{text}",
        "tags": [f"t{text}"],
        "summary": text,
        "description": text,
        "parameters": parameters,
        "security": [{f"s{text}": [text]}],
        "requestBody": {
            "description": text,
            "content": {
                "application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}
            },
        },
        "responses": {
            "200": {
                "description": text,
                "content": {
                    "application/json": {
                        "schema": {"$ref": f"#/components/schemas/{name}"},
                        "example": text,
                    }
                },
            },
            "4XX": {"description": text},
        },
        "deprecated": True,
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": f"T {text}", "version": text, "description": text},
        "servers": [
            {"url": f"https://x.example/{text}", "description": text},
        ],
        "tags": [{"name": f"t{text}", "description": text}],
        "paths": {f"/{name}/{_path(text)}": {"post": operation}},
        "components": {
            "schemas": {name: schema, f"B{text}": {**schema, "title": "B"}},
            "securitySchemes": {
                f"s{text}": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "x-key",
                    "description": text,
                }
            },
        },
    }


def _put_further(data: dict[str, Any], text: str, name: str) -> None:
    """The text where it becomes a part of an address, a header or a key."""
    this = {"$ref": f"#/components/schemas/{name}"}
    url = f"https://{{region{name}}}.example/{{v{_path(text)}}}"
    region = {"default": text, "enum": [text, "b"], "description": text}
    fixed = {"default": f"x{text}", "description": text}
    variables = {f"region{name}": region, f"v{_path(text)}": fixed}
    data["servers"].append({"url": url, "variables": variables})
    file = {"type": "string", "format": "binary"}
    fixed_header = {"schema": {"type": "string", "const": text}}
    encoding = {"contentType": text, "headers": {f"X-{text}": fixed_header}}
    form = {"type": "object", "properties": {f"f{text}": file, "g": this}}
    upload = {
        "operationId": f"put{text}",
        "tags": [f"t{text}"],
        "servers": [{"url": f"https://y.example/{_path(text)}"}],
        "parameters": [
            {"name": "c", "in": "query", "content": {text: {"schema": {}}}},
        ],
        "requestBody": {
            "content": {
                "multipart/form-data": {
                    "schema": form,
                    "encoding": {f"f{text}": encoding, "g": encoding},
                },
                f"application/{text}+json": {"schema": this},
                f"text/{text}": {"schema": {"type": "string"}},
            }
        },
        "responses": {
            "200": {
                "description": text,
                "headers": {f"X{text}": {"description": text, "schema": {}}},
                "content": {f"application/{text}+json": {"schema": this}},
                "links": {"next": {"operationId": text, "description": text}},
            },
            "404": {
                "description": text,
                "content": {f"application/{text}": {"schema": this}},
            },
        },
        "callbacks": {"done": {text: {"post": {"responses": {"200": {"description": text}}}}}},
    }  # fmt: skip
    path = next(iter(data["paths"].values()))
    path["put"] = upload
    choice = {"propertyName": text, "mapping": {text: f"C{name}", f"x{text}": name}}
    data["components"]["schemas"] |= {
        f"C{name}": {"type": "object", "properties": {text: {"type": "string"}}},
        f"D{name}": {
            "oneOf": [this, {"$ref": f"#/components/schemas/C{name}"}],
            "discriminator": choice,
        },
    }
    data["components"]["securitySchemes"] |= {
        f"c{text}": {"type": "apiKey", "in": "cookie", "name": text},
        f"q{text}": {"type": "apiKey", "in": "query", "name": text},
        f"h{text}": {"type": "http", "scheme": text, "bearerFormat": text},
    }


def _path(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def with_all(texts: list[str]) -> dict[str, Any]:
    """A spec in which each of the texts stands wherever a text may stand."""
    together = " ".join([*texts, PAYLOADS["ending-in-backslash"]])
    whole = hostile(together, "All")
    _put_further(whole, together, "All")
    for number, text in enumerate(texts):
        one = hostile(text, f"A{number}")
        whole["servers"] += one["servers"]
        whole["tags"] += one["tags"]
        whole["paths"] |= one["paths"]
        for section, entries in one["components"].items():
            whole["components"][section] |= entries
    return whole


def test_nothing_of_a_text_is_executed(tmp_path: Path) -> None:
    data = with_all(list(PAYLOADS.values()))
    made, said = attack(tmp_path, {"o.json": json.dumps(data)})
    assert made is not None, said
    check(made, tmp_path)


def check(files: dict[str, str], folder: Path) -> None:
    """The files are Python, call nothing of the payload, and do nothing on import."""
    assert code_faults(files) == []
    package = folder / "run" / "sdk"
    for path, text in files.items():
        target = package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", _IMPORT_ALL, str(package.parent)],
        cwd=package.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "imported\n"
    assert not list(folder.rglob("owned"))


# An audit hook ends the process if anything is executed that a package does not need.
_IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import httpx2, msgspec

def watch(event, arguments):
    if event in ("os.system", "subprocess.Popen", "os.exec", "socket.connect", "os.remove"):
        raise SystemExit(f"{event} {arguments}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise SystemExit(f"{event} {arguments}")

sys.addaudithook(watch)
package = importlib.import_module("sdk")
for entry in pkgutil.walk_packages(package.__path__, "sdk."):
    if "._runtime." not in entry.name:
        importlib.import_module(entry.name)
print("imported")
"""


def test_each_text_singly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of all, by chance; `make fuzz ARGS="--injections --minutes 60"` tries each."""
    monkeypatch.chdir(tmp_path)
    everything = injections(seeds(with_corpus=False))
    assert len(everything) > 10_000
    chosen = random.Random(RUN).sample(everything, CASES)
    cases = [injection(*it) for it in chosen]
    outcomes = [try_files(case.files) for case in cases]
    faults = [
        (case.changes, it.fault) for case, it in zip(cases, outcomes, strict=True)
    ]
    assert [it for it in faults if it[1] is not None] == []
    assert sum(it.files is not None for it in outcomes) > CASES / 2


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data


def test_the_payload_stands_in_every_kind_of_place() -> None:
    payload = PAYLOADS["triple-quotes"]
    assert sum(payload in text for text in _texts(hostile(payload))) > 30


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["info"].update(title="\ud800"),
        lambda data: data["paths"].update({"/\udfff": {}}),
    ],
)
def test_halves_of_surrogate_pairs_are_refused(
    tmp_path: Path, change: Callable[[Any], None]
) -> None:
    data = hostile("plain")
    change(data)
    made, said = attack(tmp_path, {"o.json": json.dumps(data)})
    assert made is None
    assert any(": error[bad-escape]" in line for line in said)
