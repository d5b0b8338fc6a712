"""A change in one place of a spec renames nothing elsewhere."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from batchwright import ir
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.filtering.selection import select
from batchwright.translate import translate
from batchwright.translate.pins import Pins

# Words that give names which differ however they are spelled.
WORDS = ("amber", "birch", "cedar", "dogwood", "elm", "fir", "ginkgo", "hazel")

# Shrinking takes minutes, and says little more.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)

# Translating raises the limit for deep specs, for good.
pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")

words = st.sampled_from(WORDS)
SHARED = {"name": "kind", "in": "query", "schema": {"enum": ["big", "small"]}}


def _schema(inner: Any) -> Any:
    return st.fixed_dictionaries(
        {
            "type": st.just("object"),
            "properties": st.dictionaries(words, inner, min_size=1, max_size=3),
        }
    )


leaves = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "enum": ["on", "off"]},
        {"$ref": "#/components/schemas/Amber"},
        {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        {"oneOf": [{"type": "integer"}, {"type": "string", "enum": ["x"]}]},
    ]
)
schemas = _schema(leaves | _schema(leaves))


@st.composite
def operations(draw: st.DrawFn) -> dict[str, Any]:
    """What stands under a method of a path, but for its id and tag."""
    content = {"application/json": {"schema": draw(schemas)}}
    answer = draw(
        st.sampled_from(
            [
                {"description": "Done", "content": content},
                {"$ref": "#/components/responses/Shared"},
                {"description": "Nothing"},
            ]
        )
    )
    operation: dict[str, Any] = {"responses": {"200": answer}}
    if draw(st.booleans()):
        operation["parameters"] = [{"$ref": "#/components/parameters/Shared"}]
    if draw(st.booleans()):
        body = {"application/json": {"schema": draw(schemas)}}
        operation["requestBody"] = draw(
            st.sampled_from(
                [{"content": body}, {"$ref": "#/components/requestBodies/Shared"}]
            )
        )
    return operation


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """A spec with several tags whose operations have the same names in each."""
    paths: dict[str, Any] = {}
    for tag in draw(st.lists(words, unique=True, min_size=1, max_size=3)):
        for verb in draw(st.lists(words, unique=True, min_size=1, max_size=3)):
            operation = draw(operations()) | {"tags": [tag]}
            if draw(st.booleans()):
                operation["operationId"] = f"{tag}.{verb}"
            paths[f"/{tag}/{verb}"] = {"post": operation}
    inline = {"type": "object", "properties": {"state": {"enum": ["on", "off"]}}}
    content = {"application/json": {"schema": inline}}
    components = draw(st.dictionaries(words.map(str.title), schemas, max_size=4))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trees", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {"Amber": draw(schemas), **components},
            "parameters": {"Shared": SHARED},
            "responses": {"Shared": {"description": "Done", "content": content}},
            "requestBodies": {"Shared": {"content": content}},
        },
    }


def api_of(spec: dict[str, Any]) -> ir.Api:
    report = Report()
    config = Config(spec="spec.yaml", package="trees", distribution="trees")  # type: ignore[arg-type]
    document = select(Document.of(spec), config, report)
    api = translate(document, config, report, Pins((), report))
    report.stop_if_errors()
    return api


def names_of(api: ir.Api) -> set[tuple[str, ...]]:
    """Every name of the SDK, with what it is the name of."""
    found: set[tuple[str, ...]] = set()
    for resource in api.resources:
        for operation in resource.operations:
            key = f"{operation.method} {operation.path}"
            found.add((key, resource.name, resource.class_name, operation.name))
            found |= {(key, it.wire_name, it.name) for it in operation.arguments}
            found.add((key, "returns", repr(operation.returns)))
            if operation.body is not None:
                found.add((key, "body", repr(operation.body.type)))
    for struct in api.models.structs:
        found |= {
            (struct.name, it.wire_name, it.name, repr(it.type)) for it in struct.fields
        }
    found |= {
        (enum.name, str(member.value), member.name)
        for enum in api.models.enums
        for member in enum.members
    }
    return found


@settings(max_examples=150, deadline=None, phases=PHASES)
@given(spec=specs(), new=operations(), tag=words, data=st.data())
def test_an_operation_more_renames_nothing(
    spec: dict[str, Any], new: dict[str, Any], tag: str, data: st.DataObject
) -> None:
    verbs = sorted({path.split("/")[-1] for path in spec["paths"]})
    verb = data.draw(st.sampled_from(verbs))
    # It is the first in every order, and called as others are under other tags.
    assume(f"/{tag}/{verb}" not in spec["paths"])
    before = names_of(api_of(spec))
    more = copy.deepcopy(spec)
    added = new | {"tags": [tag], "operationId": f"{tag}.{verb}"}
    more["paths"] = {"/aaa/new": {"post": added}, **spec["paths"]}
    assert before <= names_of(api_of(more))


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(spec=specs(), new=schemas)
def test_a_schema_more_renames_nothing(
    spec: dict[str, Any], new: dict[str, Any]
) -> None:
    more = copy.deepcopy(spec)
    more["components"]["schemas"]["Aaa"] = new
    assert names_of(api_of(spec)) <= names_of(api_of(more))


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(spec=specs(), new=leaves | schemas, data=st.data())
def test_a_property_more_renames_nothing(
    spec: dict[str, Any], new: dict[str, Any], data: st.DataObject
) -> None:
    more = copy.deepcopy(spec)
    owner = data.draw(st.sampled_from(sorted(more["components"]["schemas"])))
    more["components"]["schemas"][owner]["properties"]["aaa"] = new
    assert names_of(api_of(spec)) <= names_of(api_of(more))


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(spec=specs(), data=st.data())
def test_an_operation_less_renames_nothing(
    spec: dict[str, Any], data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(sorted(spec["paths"])))
    less = copy.deepcopy(spec)
    del less["paths"][gone]
    assume(less["paths"])
    assert names_of(api_of(less)) <= names_of(api_of(spec))


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(spec=specs(), data=st.data())
def test_a_schema_less_renames_nothing(
    spec: dict[str, Any], data: st.DataObject
) -> None:
    # A resource whose class would be called the same makes way for a schema.
    tags = {path.split("/")[1].title() for path in spec["paths"]}
    names = sorted(set(spec["components"]["schemas"]) - {"Amber"} - tags)
    assume(names)
    less = copy.deepcopy(spec)
    del less["components"]["schemas"][data.draw(st.sampled_from(names))]
    assert names_of(api_of(less)) <= names_of(api_of(spec))


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(spec=specs())
def test_another_order_renames_nothing(spec: dict[str, Any]) -> None:
    assert names_of(api_of(_backwards(spec))) == names_of(api_of(spec))


def _backwards(value: Any) -> Any:
    """The same with the keys of all mappings the other way round."""
    if isinstance(value, dict):
        return {key: _backwards(inner) for key, inner in reversed(value.items())}
    return [_backwards(it) for it in value] if isinstance(value, list) else value


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(spec=specs(), other=operations(), data=st.data())
def test_an_operation_that_is_edited_renames_nothing_elsewhere(
    spec: dict[str, Any], other: dict[str, Any], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(spec["paths"])))
    edited = copy.deepcopy(spec)
    was = edited["paths"][path]["post"]
    said = {key: was[key] for key in ("tags", "operationId") if key in was}
    edited["paths"][path]["post"] = other | said
    # What is left if it is taken out of both.
    apart = copy.deepcopy(spec)
    del apart["paths"][path]
    assume(apart["paths"])
    assert names_of(api_of(apart)) <= names_of(api_of(edited))


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(spec=specs(), other=schemas, data=st.data())
def test_a_schema_that_is_edited_renames_nothing_elsewhere(
    spec: dict[str, Any], other: dict[str, Any], data: st.DataObject
) -> None:
    owner = data.draw(st.sampled_from(sorted(spec["components"]["schemas"])))
    edited = copy.deepcopy(spec)
    edited["components"]["schemas"][owner] = other
    elsewhere = {
        it for it in names_of(api_of(spec)) if not it[0].startswith((owner, "Shared"))
    }
    assert elsewhere <= names_of(api_of(edited))


def _option(name: str) -> dict[str, Any]:
    inner = {"type": "object", "properties": {f"{name}_size": {"enum": ["s", "l"]}}}
    shared = {"type": "string", "enum": ["on", "off"]}
    return {"type": "object", "properties": {name: inner, "shared": shared}}


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(
    names=st.lists(words, min_size=3, max_size=5, unique=True),
    place=st.integers(0, 4),
    keyword=st.sampled_from(["oneOf", "anyOf"]),
)
def test_an_option_more_or_less_renames_no_other(
    names: list[str], place: int, keyword: str
) -> None:
    def found(options: list[dict[str, Any]]) -> set[tuple[str, ...]]:
        choice = {"properties": {"kind": {keyword: options}}}
        spec = {
            "openapi": "3.1.0",
            "info": {"title": "Trees", "version": "1"},
            "components": {"schemas": {"Tree": {"type": "object", **choice}}},
        }
        # The field itself has another type.
        return {name for name in names_of(api_of(spec)) if name[0] != "Tree"}

    options: list[dict[str, Any]] = [{"type": "string"}, *map(_option, names)]
    fewer = [it for it in options if it != _option(names[place % len(names)])]
    assert len(fewer) == len(names)
    less, more = found(fewer), found(options)
    assert less
    assert less < more
