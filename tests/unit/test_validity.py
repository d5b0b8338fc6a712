"""The quick answer to whether a value is valid is the answer of jsonschema."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from batchwright.checking.conformance import check_of
from batchwright.checking.conforming import openapi_schema
from batchwright.checking.dialect import DIALECT
from batchwright.checking.validity import validity
from batchwright.parsing.text import DEEPEST_NESTING
from batchwright.parsing.yaml12 import read_yaml

SPEC = """
openapi: 3.1.0
info: {title: T, version: "1", license: {name: MIT, url: https://l.example}, x-a: 1}
jsonSchemaDialect: https://d.example
servers: [{url: "https://{a}.example", variables: {a: {default: b, enum: [b]}}}]
tags: [{name: t, externalDocs: {url: https://e.example}}]
security: [{key: []}, {flow: [read]}]
paths:
  /a/{id}:
    summary: S
    parameters: [{$ref: "#/components/parameters/P"}]
    get:
      operationId: getA
      tags: [t]
      deprecated: true
      parameters:
        - {name: id, in: path, required: true, style: label, schema: {type: string}}
        - {name: q, in: query, style: deepObject, explode: true, schema: {}}
        - {name: h, in: header, style: simple, schema: {type: integer}, example: 1}
        - {name: c, in: cookie, content: {text/plain: {schema: {type: string}}}}
      responses:
        default: {description: d}
        4XX: {$ref: "#/components/responses/R", description: d}
        "200":
          description: ok
          headers: {H: {schema: {type: string}, style: simple, explode: false}}
          links: {L: {operationId: getA, parameters: {a: b}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/S"}}}
    post:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object}
            examples: {e: {value: 1}, f: {externalValue: https://f.example}}
            encoding: {a: {contentType: text/plain, style: form, explode: true}}
      callbacks: {C: {"{$url}": {post: {responses: {"200": {description: ok}}}}}}
      responses: {"200": {description: ok}}
components:
  schemas:
    S:
      type: object
      required: [a]
      properties: {a: {type: string, enum: [x], nullable: true}, b: {minimum: 1}}
      additionalProperties: false
      discriminator: {propertyName: a, mapping: {x: T}}
    T: {allOf: [{$ref: "#/components/schemas/S"}], items: {not: {type: number}}}
  parameters: {P: {name: p, in: query, schema: {type: array, minItems: 0}}}
  responses: {R: {description: r}}
  securitySchemes:
    key: {type: apiKey, in: header, name: K}
    http: {type: http, scheme: bearer, bearerFormat: JWT}
    open: {type: openIdConnect, openIdConnectUrl: https://o.example}
    flow:
      type: oauth2
      flows:
        implicit: {authorizationUrl: https://a.example, scopes: {read: r}}
        clientCredentials: {tokenUrl: https://t.example, scopes: {}}
        password: {tokenUrl: https://t.example, refreshUrl: https://r.example, scopes: {}}
        authorizationCode: {authorizationUrl: https://a, tokenUrl: https://t, scopes: {}}
x-b: {c: [1]}
"""
EXAMPLES = int(os.environ.get("VALIDITY_EXAMPLES", "6"))

VALUES = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        1.0,
        2.5,
        "",
        "x",
        "string",
        "query",
        [],
        ["a"],
        {},
        ["a", "a"],
        {"$ref": "#/x"},
        {"x-a": 1},
        {"type": "string"},
        {"a": {"b": 1}},
    ]
)
NAMES = st.sampled_from(
    [
        "x-a",
        "in",
        "$ref",
        "style",
        "schema",
        "content",
        "example",
        "200",
        "a b",
        "get",
        "type",
        "items",
        "required",
        "allowReserved",
        "description",
        "scheme",
        "/b",
    ]
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container within a value, with each of its keys."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, it in inner:
        yield value, key
        if isinstance(it, dict | list):
            yield from places(it)


def changed(value: Any, data: st.DataObject) -> Any:
    """The value with something else in a place or two."""
    value = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 2))):
        found = list(places(value))
        if not found:
            break
        owner, key = data.draw(st.sampled_from(found))
        match data.draw(st.sampled_from(["delete", "replace", "add", "move"])):
            case "delete":
                del owner[key]
            case "replace":
                owner[key] = copy.deepcopy(data.draw(VALUES))
            case "move" if isinstance(owner, dict):
                owner[data.draw(NAMES)] = owner.pop(key)
            case _ if isinstance(owner, dict):
                owner[data.draw(NAMES)] = copy.deepcopy(data.draw(VALUES))
            case _:
                owner.append(copy.deepcopy(data.draw(VALUES)))
    return value


@pytest.mark.parametrize("version", ["3.0", "3.1", "3.2"])
def test_documents(version: str) -> None:
    document: Any = read_yaml(SPEC)[0]
    document["openapi"] = f"{version}.0"
    if version == "3.0":
        del document["jsonSchemaDialect"]
    is_valid = validity(openapi_schema(version), draft4=version == "3.0")
    check = check_of(version)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        value = changed(document, data)
        assert is_valid(value) == check.is_valid(value)

    assert is_valid(document)
    assert check.is_valid(document)
    compare()


SCHEMAS = st.recursive(
    VALUES,
    lambda inner: st.dictionaries(
        st.sampled_from([*DIALECT["properties"]]), inner, max_size=3
    )
    | st.lists(inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(SCHEMAS)
def test_schemas(value: Any) -> None:
    assert validity(DIALECT)(value) == check_of("schema").is_valid(value)


EXTENSIONS = json.loads(
    files("batchwright").joinpath("extensions.schema.json").read_text("utf-8")
)
SAID = {
    "x-batch": {
        "inputs": "inputs",
        "results": "results",
        "errors": "errors",
        "identity": {"input": "id", "result": "id", "error": "context.ids"},
        "smallerLimit": {"when": "a", "maxItems": 50},
        "repeatable": True,
    },
    "x-retry": [{"status": [429, 500], "waitSeconds": 1.5, "retry": "always"}],
    "x-rate-limit": {"requests": 100, "perSeconds": 10, "headers": {"limit": "X"}},
    "x-bound-parameters": ["a", "b"],
}


@pytest.mark.parametrize("name", SAID)
def test_extensions(name: str) -> None:
    schema = {"$ref": f"#/$defs/{name}", "$defs": EXTENSIONS["$defs"]}
    check, is_valid = Draft202012Validator(schema), validity(schema)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        value = changed({"it": SAID[name]}, data).get("it")
        assert is_valid(value) == check.is_valid(value)

    compare()


@pytest.mark.parametrize("value", [float("nan"), b"", 1 + 2j, {1: 2}, "\ud800"])
def test_what_json_cannot_say_is_not_certainly_valid(value: object) -> None:
    assert not validity({"items": {"enum": ["a"]}})([value])


def test_no_document_nests_too_deep_to_be_looked_at() -> None:
    deepest: Any = {}
    for _ in range(DEEPEST_NESTING):
        deepest = {"items": deepest}
    assert validity(DIALECT)(deepest)
