"""The extensions: what they may say, and that what they name is there."""

from __future__ import annotations

import json
from importlib.resources import files as resources
from pathlib import Path

import pytest

from support.specs import verdicts

SPEC = """openapi: 3.1.0
info: {title: T, version: "1"}
tags: [{name: t, x-bound-parameters: [kind], x-record-type: {parameter: kind}}]
x-error: {message: message, correlationIdHeader: X-Id}
x-retry:
  - {statuses: [429], when: {field: policy.name, equals: DAILY}, retry: never}
  - {statuses: [429, 423], retry: always, waitSeconds: 1.5}
  - {statuses: [503], retry: repeatable, honourRetryAfter: false}
x-rate-limit:
  defaultBudget: {requests: 100, perSeconds: 10}
  headers: {limit: X-Max, remaining: X-Left}
paths:
  /{kind}/update:
    post:
      operationId: update
      tags: [t]
      summary: S.
      parameters: [{name: kind, in: path, required: true, schema: {type: string}}]
      x-batch:
        inputs: inputs
        results: results
        errors: errors
        repeatable: true
        smallerLimit: {when: history, maxItems: 50}
        identity: {input: id, result: id, error: context.ids, property: idProperty,
          properties: properties, foldCase: true, refusedProperties: [x]}
        correlation: {input: label, result: label, error: context.label}
        effect: update
        partial: labelled
        noneFound: 404
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Body'}}}
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Answer'}}}
components:
  securitySchemes:
    token: {type: http, scheme: bearer, x-environment-variable: API_TOKEN}
  schemas:
    Body:
      properties:
        inputs: {type: array, items: {$ref: '#/components/schemas/Input'}}
        history: {type: array, items: {type: string}}
    Input: {allOf: [{properties: {id: {}, label: {}}}, {properties: {idProperty: {}}}]}
    Answer:
      properties:
        begun: {}
        status: {}
        results: {type: array, items: {properties: {id: {}, label: {}, properties: {}}}}
        errors: {type: array, items: {properties: {context: {}}}}
x-behaviour:
  record: {id: id, properties: properties, computed: {when: createdAt}}
  envelope: {startedAt: begun, constants: {status: DONE}}
  errors: {bodies: {"400": {category: BAD}}, existing: context.existing}
  daily: {limit: X-Day, body: {policy: {name: DAILY}}}
  generations: [{name: "1", path: {here: "/{kind}/", there: /v1/}, statuses: {"200": 201}}]
"""


def verdict(folder: Path, before: str = "", after: str = "") -> list[str]:
    assert before in SPEC
    text = SPEC.replace(before, after, 1)
    return [line.removeprefix("o.yaml:") for line in verdicts(folder, {"o.yaml": text})]


def test_all_of_them_as_they_are_meant(tmp_path: Path) -> None:
    assert verdict(tmp_path) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("        inputs: inputs\n", "",
         '19:7: error[bad-extension]: "x-batch" has no field "inputs"'),
        ("repeatable: true", "repeatable: often",
         '23:9: error[bad-extension]: x-batch: "repeatable" must be true or false, not'
         ' "often"'),
        ("repeatable: true", "repeatabel: true",
         '23:9: error[bad-extension]: x-batch: "x-batch" has an unknown field'
         ' "repeatabel"; did you mean "repeatable"?'),
        ("identity: {input: id,", "identity: {",
         '25:9: error[bad-extension]: x-batch: "identity" has no field "input"'),
        ("property: idProperty,", "",
         '25:9: error[bad-extension]: x-batch: "identity" needs "property" where it'
         ' has "refusedProperties"'),
        ("maxItems: 50", "maxItems: 0",
         '24:39: error[bad-extension]: x-batch: "maxItems" is out of range: 0'),
        ("x-batch:\n", "x-batch: []\n      x-other:\n",
         '19:7: error[bad-extension]: "x-batch" must be a mapping, not a list of 0'),
        ("retry: never", "retry: no",
         '6:66: error[bad-extension]: x-retry: "retry" must be one of "always",'
         ' "repeatable", "never", not "no"'),
        ("statuses: [429]", "statuses: []",
         '6:6: error[bad-extension]: x-retry: "statuses" must not be empty'),
        ("statuses: [429]", "statuses: [4290]",
         '6:17: error[bad-extension]: x-retry: item 1 of "statuses" is out of range'),
        ("waitSeconds: 1.5", "waitSeconds: -1",
         '7:43: error[bad-extension]: x-retry: "waitSeconds" is out of range: -1'),
        ("field: policy.name", "field: policy..name",
         '6:30: error[bad-extension]: x-retry: "field" has characters that are not'),
        ("equals: DAILY", "equals: 5",
         '6:50: error[bad-extension]: x-retry: "equals" must be a text, not 5'),
        ("requests: 100", "requests: 0.5",
         '10:19: error[bad-extension]: x-rate-limit: "requests" must be a whole number'),
        ("perSeconds: 10", "perSeconds: 0",
         '10:34: error[bad-extension]: x-rate-limit: "perSeconds" is out of range: 0'),
        ("{message: message, correlationIdHeader: X-Id}", "{}",
         '4:1: error[bad-extension]: "x-error" must not be empty'),
        ("message: message", "mesage: message",
         '4:11: error[bad-extension]: x-error: "x-error" has an unknown field "mesage";'
         ' did you mean "message"?'),
        ("[kind]", "kind",
         '3:18: error[bad-extension]: "x-bound-parameters" must be a list, not "kind"'),
        ("API_TOKEN", "'API TOKEN'",
         '39:41: error[bad-extension]: "x-environment-variable" has characters that are'),
        ("smallerLimit: {when: history", "smallerLimit: {when: histroy",
         '24:24: error[bad-extension]: x-batch: "histroy" is not a field of the request'
         ' body; did you mean "history"?'),
        ("results: results", "results: items",
         '21:9: error[bad-extension]: x-batch: no answer of success has a field "items"'),
        ("errors: errors", "errors: failures",
         '22:9: error[bad-extension]: x-batch: no answer of success has a field "failu'),
        ("{input: id,", "{input: key,",
         '25:20: error[bad-extension]: x-batch: "key" is not a field of an input'),
        ("input: label,", "input: lable,",
         '27:23: error[bad-extension]: x-batch: "lable" is not a field of an input;'),
        ("result: id,", "result: key,",
         '25:31: error[bad-extension]: x-batch: "key" is not a field of an item of'
         ' "results"'),
        ("error: context.ids", "error: contxt.ids",
         '25:43: error[bad-extension]: x-batch: "contxt" is not a field of an item of'
         ' "errors"; did you mean "context"?'),
        ("property: idProperty", "property: key",
         '25:63: error[bad-extension]: x-batch: "key" is not a field of an input or of'),
        ("properties: properties,", "properties: fields,",
         '26:11: error[bad-extension]: x-batch: "fields" is not a field of a result'),
        ("effect: update", "effect: destroy",
         '28:9: error[bad-extension]: x-batch: "effect" must be one of "create", "read",'
         ' "update", "upsert", "archive", not "destroy"'),
        ("partial: labelled", "partial: sometimes",
         '29:9: error[bad-extension]: x-batch: "partial" must be one of "always",'),
        ("noneFound: 404", "noneFound: 204",
         '30:9: error[bad-extension]: x-batch: "noneFound" is out of range: 204'),
        ("{parameter: kind}", "{paramater: kind}",
         '3:62: error[bad-extension]: x-record-type: "x-record-type" has an unknown'),
        ("{when: createdAt}", "{when: bornAt}",
         '53:55: error[bad-extension]: x-behaviour: "when" must be one of "id",'),
        ("there: /v1/", "there: v1/",
         '57:54: error[bad-extension]: x-behaviour: "there" has characters that are'),
        ('here: "/{kind}/"', "here: /v2/",
         '57:36: error[bad-extension]: x-behaviour: no path begins with "/v2/"'),
        ("paths:\n", "x-batch: {inputs: inputs}\npaths:\n",
         "12:1: error[bad-extension]: x-batch does not belong on an OpenAPI object;"
         " put it on an operation"),
        ("      summary: S.\n", "      summary: S.\n      x-retry: []\n",
         "18:7: error[bad-extension]: x-retry does not belong on an operation; put it at"
         " the root"),
        ("      x-batch:", "      x-bacth:",
         '19:7: warning[unknown-extension]: "x-bacth" is not an extension that is'
         " understood; did you mean \"x-batch\"? It is ignored"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    found = verdict(tmp_path, before, after)
    assert len(found) == 1, found
    assert found[0].startswith(expected)


def test_foreign_extensions_are_nobody_s_business(tmp_path: Path) -> None:
    assert (
        verdict(tmp_path, "paths:\n", "x-logo: {url: x}\nx-tagGroups: []\npaths:\n")
        == []
    )


def test_a_fault_in_a_shared_part_is_located_there(tmp_path: Path) -> None:
    start = SPEC.index("      x-batch:\n")
    end = SPEC.index("      requestBody:")
    text = (
        SPEC[:start] + "      x-batch: {$ref: 'shared/b.yaml#/update'}\n" + SPEC[end:]
    )
    files: dict[str, str | bytes] = {
        "o.yaml": text,
        "shared/b.yaml": (
            "update:\n  inputs: inputs\n  identity: {$ref: '#/identity'}\n"
            "identity:\n  input: key\n  foldcase: true\n"
        ),
    }
    assert verdicts(tmp_path, files) == [
        'shared/b.yaml:5:3: error[bad-extension]: x-batch: "key" is not a field of an'
        " input",
        'shared/b.yaml:6:3: error[bad-extension]: x-batch: "identity" has an unknown'
        ' field "foldcase"; did you mean "foldCase"?',
    ]


def test_the_schema_describes_every_field() -> None:
    """It is documentation, too."""
    text = (
        resources("batchwright").joinpath("extensions.schema.json").read_text("utf-8")
    )
    for name, schema in json.loads(text)["$defs"].items():
        assert schema["description"], name
