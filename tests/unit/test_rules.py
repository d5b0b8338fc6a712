"""Our own rules: each one broken, once, and each one kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.specs import verdicts

SPEC = """openapi: 3.1.0
info: {title: T, version: "1"}
tags: [{name: t}]
paths:
  /a/{id}:
    get:
      operationId: getA
      tags: [t]
      summary: S.
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: none}}
"""
SCHEMA = 'openapi: 3.%s\ninfo: {title: T, version: "1"}\npaths: {}\n' + (
    "components: {schemas: {A: %s, B: {type: object, properties: {b: {}}}}}\n"
)
LIMIT = "  parameters: {P: {name: limit, in: query, %s}}\n"


def verdict(folder: Path, text: str) -> list[str]:
    return [line.removeprefix("o.yaml:") for line in verdicts(folder, {"o.yaml": text})]


def changed(before: str, after: str) -> str:
    assert before in SPEC
    return SPEC.replace(before, after, 1)


# --- operations ----------------------------------------------------------------------


def test_a_spec_that_keeps_all_rules(tmp_path: Path) -> None:
    assert verdict(tmp_path, SPEC) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "name: id",
            "name: ids",
            [
                "6:5: warning[path-parameter]: the path has {id}, but no parameter of"
                " that name is declared for GET /a/{id}; it is read as a text",
                '10:20: warning[path-parameter]: the path parameter "ids" is declared,'
                ' but /a/{id} has no {ids}; did you mean "id"? It is'
                " ignored",
            ],
        ),
        (
            "/a/{id}:",
            "/a/{id:",
            ['5:3: error[path-parameter]: the braces in "/a/{id" do not match; a path'
             " parameter is written {name}"],
        ),
        (
            "schema: {type: string}}]",
            "schema: {type: string}}, {name: q, in: query, schema: {}},"
            " {name: q, in: query, schema: {}}]",
            ['10:116: warning[duplicate-parameter]: the query parameter "q" is listed'
             " twice; the first one counts"],
        ),
        (
            "      tags: [t]",
            "      tags: [tt]",
            ['8:14: warning[undeclared-tag]: the tag "tt" is not declared in the'
             " document's tags; it is read as a tag without a description"],
        ),
        (
            "      tags: [t]\n",
            "",
            ["6:5: warning[missing-tag]: GET /a/{id} has no tag; it is grouped by the"
             " first part of its path"],
        ),
        (
            "      summary: S.\n",
            "      summary: ' '\n",
            ["6:5: warning[missing-summary]: GET /a/{id} has no summary; the first line"
             " of the description is used, else the method and the path"],
        ),
        (
            "      operationId: getA\n",
            "",
            ["6:5: warning[missing-operation-id]: GET /a/{id} has no operationId; the"
             " name is made from the method and the path"],
        ),
        (
            "getA",
            "'12-34'",
            ["7:7: warning[unusable-operation-id]: no name can be made from the"
             ' operationId "12-34"; the name is made from the method and the path'],
        ),
        (
            "tags: [{name: t}]",
            "tags: [{name: t}, {name: t}]",
            ['3:19: warning[duplicate-tag]: the tag "t" is declared twice; the two are'
             " read as one"],
        ),
        (
            "paths:\n",
            "security: [{tokn: []}, {}]\n"
            "components: {securitySchemes: {token: {type: http, scheme: bearer}}}\n"
            "paths:\n",
            ["4:13: warning[undeclared-security-scheme]: the security scheme"
             ' "tokn" is not declared; did you mean "token"? No such'
             " credential is sent, unless you give it to the client as a header"],
        ),
        (
            "      summary: S.\n",
            "      summary: S.\n      security: [{key: [a]}]\n",
            ["10:19: warning[undeclared-security-scheme]: the security scheme"
             ' "key" is not declared; no such credential is sent, unless'
             " you give it to the client as a header"],
        ),
    ],
)  # fmt: skip
def test_rules_of_operations(
    tmp_path: Path, before: str, after: str, expected: list[str]
) -> None:
    assert verdict(tmp_path, changed(before, after)) == expected


def test_parameters_count_wherever_they_are_declared(tmp_path: Path) -> None:
    text = """openapi: 3.1.0
info: {title: T, version: "1"}
tags: [{name: t}]
paths:
  /a/{id}/{other}-{third}:
    parameters: [{$ref: '#/components/parameters/Id'}]
    get:
      operationId: getA
      tags: [t]
      summary: S.
      parameters: &both
        - {name: other, in: path, required: true, schema: {}}
        - {name: third, in: path, required: true, schema: {}}
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: id, in: query, schema: {}}
      responses: {"204": {description: none}}
    put:
      operationId: putA
      tags: [t]
      summary: S.
      parameters: [{name: other, in: path, required: true, schema: {}}]
      responses: {"204": {description: none}}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {}}}
"""
    assert verdict(tmp_path, text) == [
        "17:5: warning[path-parameter]: the path has {third}, but no parameter of that"
        " name is declared for PUT /a/{id}/{other}-{third}; it is read as a text"
    ]


def test_an_operation_id_is_used_once(tmp_path: Path) -> None:
    text = SPEC + SPEC[SPEC.index("  /a/") :].replace("/a/", "/b/")
    assert verdict(tmp_path, text) == [
        "14:7: warning[duplicate-operation-id]: GET /b/{id} has the operationId"
        ' "getA" of GET /a/{id}; operations of one tag with the same name are called'
        " after their method and path"
    ]


def test_what_no_operation_has_is_told_once(tmp_path: Path) -> None:
    bare = """openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {get: {responses: {"204": {description: none}}}}
  /b: {get: {responses: {"204": {description: none}}}}
"""
    assert [line.split(";")[0] for line in verdict(tmp_path, bare)] == [
        "3:1: warning[missing-operation-id]: no operation at all has an operationId",
        "3:1: warning[missing-summary]: no operation at all has a summary",
        "3:1: warning[missing-tag]: no operation at all has a tag",
    ]


# --- schemas -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("{type: object, required: [a]}", ["a"]),
        ("{properties: {a: {}}, required: [a, b, c]}", ["b", "c"]),
        ("{properties: {a: {}}, required: [a]}", []),
        ("{allOf: [{$ref: '#/components/schemas/B'}, {required: [b]}]}", []),
        ("{allOf: [{$ref: '#/components/schemas/B'}, {required: [c]}]}", ["c"]),
        ("{allOf: [{$ref: '#/components/schemas/B'}], required: [b]}", []),
        (
            "{properties: {a: {}, z: {}}, oneOf: [{required: [a]}, {required: [b]}]}",
            "b",
        ),
        (
            "{anyOf: [{properties: {a: {}}}, {properties: {c: {}}}], required: [a, c]}",
            [],
        ),
        ("{if: {properties: {a: {}}}, then: {required: [a]}}", []),
        ("{not: {required: [a, b]}, properties: {a: {}, b: {}}}", []),
        ("{required: [a], additionalProperties: {type: string}}", []),
        ("{required: [a], additionalProperties: true}", []),
        ("{required: [a], additionalProperties: false}", ["a"]),
        ("{required: [a], patternProperties: {a: {}}}", []),
        ("{properties: {x: {properties: {y: {}}, required: [y, z]}}}", ["z"]),
        ("{items: {required: [z]}}", ["z"]),
        ("{allOf: [{$ref: '#/components/schemas/A'}], required: [a]}", ["a"]),
    ],
)
def test_required_names_properties(
    tmp_path: Path, schema: str, names: list[str]
) -> None:
    found = verdict(tmp_path, SCHEMA % ("1.0", schema))
    assert [line.split(": ", 2)[1:] for line in found] == [
        [
            "warning[required-without-property]",
            f'"{name}" is required, but no such property is declared; it' " is ignored",
        ]
        for name in names
    ]


def test_a_misspelt_required_property_comes_with_a_suggestion(tmp_path: Path) -> None:
    schema = "{properties: {name: {}}, required: [nmae]}"
    assert verdict(tmp_path, SCHEMA % ("1.0", schema)) == [
        '4:63: warning[required-without-property]: "nmae" is required, but no such'
        ' property is declared; did you mean "name"? It is ignored'
    ]


# --- examples and defaults -----------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ("{type: string, example: 5}", "the example does not fit its schema: it must be"),
        ("{type: integer, example: 1.5}", "it must be a whole number, not 1.5"),
        ("{type: integer, example: 1.0}", None),
        ("{type: integer, example: true}", "it must be a whole number, not true"),
        ("{type: boolean, example: 1}", "it must be true or false, not 1"),
        ("{type: number, example: 1}", None),
        ("{type: [string, 'null'], example: null}", None),
        ("{type: string, example: null}", "it must be a text, not null"),
        ("{type: [string, integer], example: []}", "a text or a whole number, not a list"),
        ("{enum: [a, b], default: c}", "the default does not fit its schema: it must be"),
        ("{enum: [a, b], default: c}", '"a", "b", not "c"; a default is left to the ser'),
        ("{enum: [1], example: true}", "it must be 1, not true"),
        ("{const: x, example: y}", 'it must be "x", not "y"'),
        ("{type: string, examples: [a, 5, b]}", "it must be a text, not 5"),
        ("{properties: {a: {type: string}}, example: {a: 5}}", '"a" must be a text, not'),
        ("{properties: {a: {type: string}}, example: {b: 5}}", None),
        ("{additionalProperties: {type: string}, example: {b: 5}}", '"b" must be a text'),
        ("{additionalProperties: false, example: {b: 5}}", '"b" must not be there'),
        ("{items: {type: string}, example: [a, 5]}", "item 2 must be a text, not 5"),
        ("{prefixItems: [{type: string}], example: [5]}", "item 1 must be a text, not 5"),
        ("{allOf: [{$ref: '#/components/schemas/B'}], example: 5}", "must be a mapping"),
        ("{oneOf: [{type: string}, {type: integer}], example: 5}", None),
        ("{oneOf: [{type: string}, {type: integer}], example: []}", "it must be a text,"),
        (
            "{anyOf: [{type: string}, {properties: {a: {type: string}}}],"
            " example: {a: 1}}",
            '"a" must be a text, not 1',
        ),
        ("{type: object, example: {$ref: somewhere}}", None),
        ("{type: string, pattern: '(a+)+$', example: aaaaaaaaaaaaaaaaaaaaaaaaaaaab}", None),
        ("{allOf: [{$ref: '#/components/schemas/A'}], example: 1}", None),
        ("{$ref: '#/components/schemas/B', example: 5}", "must be a mapping, not 5"),
    ],
)  # fmt: skip
def test_examples_fit_their_schemas(
    tmp_path: Path, schema: str, complaint: str | None
) -> None:
    found = verdict(tmp_path, SCHEMA % ("1.0", schema))
    assert len(found) == (complaint is not None)
    for line in found:
        assert line.split(" ")[1] == "warning[example-mismatch]:"
        assert complaint is not None
        assert complaint in line


@pytest.mark.parametrize(
    ("schema", "is_fine"),
    [
        ("{type: string, nullable: true, example: null}", True),
        ("{type: string, nullable: false, example: null}", False),
        ("{type: object, properties: {a: {type: string, nullable: true}},"
         " example: {a: null}}", True),
    ],
)  # fmt: skip
def test_nullable_of_3_0(tmp_path: Path, schema: str, is_fine: bool) -> None:
    found = verdict(tmp_path, SCHEMA % ("0.3", schema))
    assert ("example-mismatch" in "".join(found)) != is_fine


@pytest.mark.parametrize(
    ("parameter", "place"),
    [
        ("schema: {type: integer}, example: x", "6:69"),
        ("schema: {type: integer}, examples: {one: {value: x}}", "6:86"),
        (
            "schema: {type: integer}, examples: {one: {$ref: '#/components/examples/E'}}",
            "7:18",
        ),
        ("content: {application/json: {schema: {type: integer}, example: x}}", "6:98"),
        ("content: {text/x+json; q=1: {schema: {type: integer}, example: x}}", "6:98"),
        ("content: {text/plain: {schema: {type: integer}, example: x}}", None),
        ("schema: {type: integer}, examples: {one: {externalValue: x}}", None),
        ("schema: {type: integer}, example: 5", None),
        ("schema: {type: integer}, example: '5'", None),
        ("schema: {type: integer}, example: '5.5'", "6:69"),
        ("content: {application/json: {schema: {type: object}, example: '{}'}}", None),
    ],
)
def test_examples_beside_a_schema(
    tmp_path: Path, parameter: str, place: str | None
) -> None:
    text = SCHEMA % ("1.0", "{}") + LIMIT % parameter + "  examples: {E: {value: x}}\n"
    text = text.replace("schemas: {A", "\n  schemas: {A", 1).replace(
        "}}}}\n", "}}}\n", 1
    )
    text = text.replace("components: {", "components:", 1)
    found = verdict(tmp_path, text)
    assert [line.split(" ")[0] for line in found] == ([f"{place}:"] if place else [])


def test_an_example_in_another_file_is_located_there(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "o.yaml": SCHEMA % ("1.0", "{$ref: 'a.yaml#/A'}"),
        "a.yaml": "A:\n  properties:\n    n: {type: integer}\n  example:\n    n: one\n",
    }
    assert verdicts(tmp_path, files) == [
        'a.yaml:5:5: warning[example-mismatch]: the example does not fit its schema: "n"'
        ' must be a whole number, not "one"; examples do not change the SDK'
    ]


def test_hostile_compositions_take_no_time(tmp_path: Path) -> None:
    """Each schema is one of the next, twice: 2 to the power of 200 ways to compare."""
    chain = "".join(
        f"    S{n}: {{anyOf: [{{$ref: '#/components/schemas/S{n + 1}'}},"
        f" {{properties: {{x: {{$ref: '#/components/schemas/S{n + 1}'}}}}}},"
        f" {{$ref: '#/components/schemas/S{n + 1}'}}]}}\n"
        for n in range(200)
    )
    example = "{x: " * 100 + "1" + "}" * 100
    text = (
        'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\ncomponents:\n'
        f"  schemas:\n    A: {{$ref: '#/components/schemas/S0', example: {example}}}\n"
        f"{chain}    S200: {{type: string}}\n"
    )
    found = verdict(tmp_path, text)
    assert all("error" not in line for line in found)
