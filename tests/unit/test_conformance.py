"""What OpenAPI's own schemas say, in words and places that people understand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import ValidationError
from openapi_spec_validator import (
    OpenAPIV30SpecValidator,
    OpenAPIV31SpecValidator,
    OpenAPIV32SpecValidator,
)

from batchwright.checking.conformance import check_conformance, check_of, narrowed
from batchwright.diagnostics import Report
from batchwright.document import Document
from support.specs import resolved, verdicts

SPEC = """openapi: {version}
info: {{title: T, version: "1"}}
tags: [{{name: t}}]
paths:
  /a/{{id}}:
    get:
      operationId: getA
      tags: [t]
      summary: S.
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string}}}}
        - {parameter}
      responses:
        "200":
          description: ok
          content: {{application/json: {{schema: {schema}}}}}
      {operation}
components:
  schemas: {{Other: {{type: object}}}}
  {components}
"""
VERSIONS = ("3.0.3", "3.1.0", "3.2.0")


def spec(version: str = "3.1.0", **parts: str) -> str:
    defaults = {
        "parameter": "{name: q, in: query, schema: {type: string}}",
        "schema": "{type: string}",
        "operation": "deprecated: false",
        "components": "x-none: 1",
    }
    return SPEC.format(version=version, **(defaults | parts))


def verdict(folder: Path, text: str) -> list[str]:
    return [line.removeprefix("o.yaml:") for line in verdicts(folder, {"o.yaml": text})]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_spec_has_no_findings(tmp_path: Path, version: str) -> None:
    assert verdict(tmp_path, spec(version)) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"schema": "{type: strng}"},
            '16:49: error[invalid-openapi]: "type" must be one of "array", "boolean",',
        ),
        (
            {"schema": "{properties: {a: {items: {type: [strng]}}}}"},
            "16:74: error[invalid-openapi]: ",
        ),
        (
            {"schema": "{type: array, maxItems: -1}"},
            '16:62: error[invalid-openapi]: "maxItems" is out of range: -1',
        ),
        (
            {"schema": "{required: yes}"},
            '16:49: error[invalid-openapi]: "required" must be a list, not "yes"',
        ),
        (
            {"schema": "{discriminator: {propertyName: [kind]}}"},
            '16:65: error[invalid-openapi]: "propertyName" must be a text, not a list',
        ),
        (
            {"parameter": "{name: q, in: qury, schema: {}}"},
            '12:21: error[invalid-openapi]: "in" must be one of ',
        ),
        (
            {"parameter": "{name: q, in: query, schema: {}, content: {a/b: {}}}"},
            "12:11: error[invalid-openapi]: this parameter ",
        ),
        (
            {"parameter": "{name: q, in: query, required: maybe, schema: {}}"},
            '12:32: error[invalid-openapi]: "required" must be true or false, not'
            ' "maybe"',
        ),
        (
            {"parameter": "[]"},
            "12:11: error[invalid-openapi]: this parameter must be a mapping, not a list",
        ),
        (
            {"parameter": "{in: query, schema: {}}"},
            '12:11: error[invalid-openapi]: this parameter has no field "name"',
        ),
        (
            {"operation": "paramters: []"},
            "17:7: error[invalid-openapi]: this operation has an unknown field"
            ' "paramters"; did you mean "parameters"?',
        ),
        (
            {"operation": "requestBody: {content: 5}"},
            '17:21: error[invalid-openapi]: "content" must be a mapping, not 5',
        ),
        (
            {"components": "securitySchemes: {k: {type: oauth2, flows: 5}}"},
            '20:39: error[invalid-openapi]: "flows" must be a mapping, not 5',
        ),
        (
            {"components": "securitySchemes: {k: {type: apiKey, in: 6, name: k}}"},
            '20:39: error[invalid-openapi]: "in" must be ',
        ),
        (
            {"parameter": "{name: q, in: -1, schema: {type: string}}"},
            '12:21: error[invalid-openapi]: "in" must be ',
        ),
        (
            {"components": "securitySchemes: {k: {type: token}}"},
            '20:25: error[invalid-openapi]: "type" must be one of "apiKey",',
        ),
        (
            {"components": "parameters: [1]"},
            '20:3: error[invalid-openapi]: "parameters" must be a mapping, not a list',
        ),
    ],
)
def test_faults_are_told_in_words_and_located(
    tmp_path: Path, version: str, parts: dict[str, str], expected: str
) -> None:
    found = verdict(tmp_path, spec(version, **parts))
    errors = [line for line in found if "error[invalid-openapi]" in line]
    assert [line for line in errors if line.startswith(expected)], found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = spec(
        "3.0.0",
        schema="{properties: {a: {type: x}, b: {type: y, properties: {c: {type: z}}}}}",
        parameter="{name: 5, in: query, schema: {type: w}}",
    )
    errors = [line.split(" ")[0] for line in verdict(tmp_path, text)]
    assert errors == ["12:12:", "12:41:", "16:66:", "16:80:", "16:106:"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "paths",
    [
        "{a: {get: {parameters: [x]}}}",
        "{a: {GET: {responses: {2xx: {content: x}}}}}",
        "{/a: {GET: {parameters: [{in: there}]}}}",
        "{/a: {get: {responses: {2xx: {headers: {X: x}}}}}}",
        "{/a: {query: {parameters: x}}}",
        "{/a: {additionalOperations: x}}",
        "{/a: {additionalOperations: {COPY: {parameters: [{in: there}]}}}}",
    ],
)
def test_what_stands_under_another_name_is_checked_too(
    tmp_path: Path, version: str, paths: str
) -> None:
    text = f'openapi: {version}\ninfo: {{title: T, version: "1"}}\npaths: {paths}\n'
    assert any("error[invalid-openapi]" in it for it in verdict(tmp_path, text))


@pytest.mark.parametrize("beside", ["type: 1", "items: [1]", "properties: x"])
def test_what_stands_beside_a_reference_is_checked_too(
    tmp_path: Path, beside: str
) -> None:
    schemas = f"{{A: {{}}, B: {{$ref: '#/components/schemas/A', {beside}}}}}"
    for version, expected in (
        ("3.0.3", "; it is ignored, as OpenAPI 3.0 says of what stands beside a $ref"),
        ("3.1.0", "error[invalid-openapi]"),
    ):
        text = f"openapi: {version}\ninfo:\npaths: {{}}\ncomponents:"
        found = verdict(tmp_path, f"{text} {{schemas: {schemas}}}\n")
        assert any(expected in it for it in found)
        assert any("error[" in it for it in found) is (version == "3.1.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_info_may_be_null(tmp_path: Path, version: str) -> None:
    (found,) = verdict(tmp_path, f"openapi: {version}\ninfo:\npaths: {{}}\n")
    assert "warning[invalid-openapi]" in found


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "          description: ok\n",
            "",
            'this response has no field "description"; the description is read as empty',
        ),
        (
            "in: path, required: true",
            "in: path",
            'this parameter has no field "required"; a path parameter is required,',
        ),
        (
            "in: path, required: true",
            "in: path, required: false",
            '"required" must be true, not false; a path parameter is required, whatever',
        ),
        (
            "deprecated: false",
            "owner: us",
            'this operation has an unknown field "owner"; the field is ignored',
        ),
        (
            'version: "1"',
            "version: 1.0",
            '"version" must be a text, not 1.0; the SDK does not depend on it',
        ),
        ("summary: S.", "summary: S.\n      description:", '"description" must be a t'),
        ("tags: [t]", "tags: [t]\n      x-what: {}", ""),
    ],
)
def test_common_mistakes_are_warnings_with_a_reading(
    tmp_path: Path, version: str, before: str, after: str, expected: str
) -> None:
    text = spec(version)
    assert before in text
    found = verdict(tmp_path, text.replace(before, after, 1))
    if version == "3.2.0" and "description is read" in expected:
        expected = ""  # 3.2 wants none
    assert "error" not in "".join(found)
    assert len(found) == bool(expected)
    assert not expected or f"warning[invalid-openapi]: {expected}" in found[0]


def test_faults_that_only_follow_from_others_are_not_told(tmp_path: Path) -> None:
    parameter = "{name: q, in: query, schema: {}, example: a, examples: {}}"
    for version in ("3.0.0", "3.2.0"):
        assert verdict(tmp_path, spec(version, parameter=parameter)) == [
            '12:11: warning[invalid-openapi]: this parameter cannot have both "example"'
            ' and "examples" here; examples do not change the SDK'
        ]
    parameter = "{name: q, in: header, schema: {}, style: form, explode: true}"
    for version in ("3.1.0", "3.2.0"):
        (found,) = verdict(tmp_path, spec(version, parameter=parameter))
        assert found == (
            '12:45: warning[invalid-openapi]: "style" must be "simple", not "form"; it'
            " is read as if no style was said"
        )


def test_what_3_1_has_is_understood_in_3_0(tmp_path: Path) -> None:
    text = spec("3.0.0", schema="{type: [string, 'null'], const: a}")
    assert verdict(tmp_path, text) == [
        '16:49: warning[invalid-openapi]: "type" must be a text, not a list of 2'
        " items; a list of types is read as OpenAPI 3.1 means it",
        '16:73: warning[invalid-openapi]: this schema has an unknown field "const"; it'
        " is read as OpenAPI 3.1 means it",
    ]


def test_a_fault_in_another_file_is_located_there(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        {
            "o.yaml": spec(schema="{$ref: 's/pet.yaml#/Pet'}"),
            "s/pet.yaml": (
                "# ä\nPet:\n  type: object\n  properties:\n    name: {type: txt}\n"
            ),
        },
    )
    assert len(found) == 1
    assert found[0].startswith('s/pet.yaml:5:12: error[invalid-openapi]: "type" must')


def test_a_misspelt_value_comes_with_a_suggestion(tmp_path: Path) -> None:
    (found,) = verdict(tmp_path, spec(schema="{type: Strng}"))
    assert found.endswith('not "Strng"; did you mean "string"?')


def test_giant_values_are_not_quoted_in_full(tmp_path: Path) -> None:
    (found,) = verdict(tmp_path, spec(schema=f"{{type: {'x' * 5_000}}}"))
    assert len(found) < 300


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "junk",
    [
        "paths: [1]",
        "paths: 5",
        "paths: {/a: 5}",
        "paths: {/a: {get: []}}",
        "paths: {/a: {get: {responses: 5, parameters: {a: 1}, tags: 5}}}",
        "paths: {/a: {get: {parameters: [5, null, {in: 5, name: []}]}}}",
        "paths: {/a: {get: {security: 5, requestBody: []}}}",
        "components: 5",
        "components: {schemas: 5}",
        "components: {schemas: {A: 5, B: [], C: null, D: text}}",
        "components: {schemas: {A: {properties: 5, required: 5, allOf: 5, items: 5}}}",
        "components: {schemas: {A: {properties: {a: 5}, enum: 5, type: 5}}}",
        "components: {schemas: {A: {required: [5, {}], allOf: [5], anyOf: {}}}}",
        "components: {schemas: {A: {discriminator: 5}}}",
        "components: {schemas: {A: {discriminator: {mapping: [5]}}}}",
        "components: {schemas: {A: {$ref: 5, example: 5, default: {}}}}",
        "components: {parameters: {A: {examples: 5, schema: 5, content: 5}}}",
        "components: {securitySchemes: [1]}",
        "tags: 5",
        "tags: [5, {name: 5}]",
        "security: {a: []}",
        "security: [5]",
        "x-retry: 5",
        "info: 5",
        "servers: {}",
        "webhooks: 5",
    ],
)
def test_junk_is_refused_without_a_crash(
    tmp_path: Path, version: str, junk: str
) -> None:
    lines = [f"openapi: {version}", 'info: {title: T, version: "1"}', "paths: {}"]
    key = junk.split(":")[0]
    text = "\n".join([*(it for it in lines if not it.startswith(key)), junk])
    found = verdict(tmp_path, text)
    assert found
    assert all(line[0].isdigit() for line in found)


def described(error: ValidationError) -> str:
    """All that is read of an error, and of those that it follows from."""
    parts = sorted(map(described, error.context or ()))
    path = [*error.absolute_path, *error.absolute_schema_path]
    return f"{path} {error.validator} {error.message} {parts}"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "parts",
    [
        {"parameter": "{name: q, in: query}"},
        {"parameter": "{$ref: 5}", "schema": "{type: [], items: {minLength: a}}"},
        {"operation": "responses: {x: 1}", "components": "schemas: 5"},
        {"schema": "{properties: {a: {allOf: [{}, 5]}}}", "operation": "tags: [t, t]"},
        {"components": "responses: {A: {content: {a: {schema: {enum: 1}}}}}"},
    ],
)
def test_passing_over_what_is_valid_changes_no_error(
    version: str, parts: dict[str, str]
) -> None:
    data = yaml.safe_load(spec(version, **parts))
    whole = check_of(version[:3])
    found = sorted(map(described, narrowed(whole).iter_errors(data)))
    assert found == sorted(map(described, whole.iter_errors(data)))


def test_passing_over_what_is_valid_changes_no_error_of_a_schema() -> None:
    schema = {"properties": {"a": {"type": 5, "items": {"minLength": "a"}}, "b": {}}}
    whole = check_of("schema")
    found = sorted(map(described, narrowed(whole).iter_errors(schema)))
    assert len(found) == 2
    assert found == sorted(map(described, whole.iter_errors(schema)))


@pytest.fixture
def usual_recursion() -> Iterator[None]:
    """Python's own limit of recursion; translating raises it for good."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("usual_recursion")
def test_schemas_too_deep_for_the_validator_are_refused() -> None:
    """`load` allows less; a document can also come from elsewhere."""
    # Only where something is wrong does jsonschema go.
    schema: dict[str, object] = {"type": 5}
    for _ in range(400):
        schema = {"type": "object", "properties": {"a": schema}}
    for version in VERSIONS:
        report = Report()
        document = Document.of(
            {
                "openapi": version,
                "info": {"title": "T", "version": "1"},
                "paths": {},
                "components": {"schemas": {"A": schema}},
            }
        )
        check_conformance(document, report)
        assert [it.code for it in report.diagnostics] == ["too-deep"]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_passes_here_passes_openapi_spec_validator(
    tmp_path: Path, version: str
) -> None:
    validators = {
        "3.0.3": OpenAPIV30SpecValidator,
        "3.1.0": OpenAPIV31SpecValidator,
        "3.2.0": OpenAPIV32SpecValidator,
    }
    document = resolved(tmp_path, {"o.yaml": spec(version)})
    data = document.root.value
    assert isinstance(data, dict)
    assert list(validators[version](data).iter_errors()) == []
