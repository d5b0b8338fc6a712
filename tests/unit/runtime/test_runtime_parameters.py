"""Parameters: OpenAPI's table of styles, kinds of values, and what cannot get out."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from _runtime import UNSET, InvalidInputError, Operation, Parameter
from _runtime.operation import PreparedRequest
from hypothesis import given
from hypothesis import strategies as st
from sample_api import Cat, Status, UpdateInput

COLORS = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}


def prepare(
    parameter: Parameter, value: object, path: str = "/x/{color}"
) -> PreparedRequest:
    if parameter.location != "path":
        path = "/x"
    operation: Operation[None] = Operation(
        method="GET", path=path, parameters=(parameter,), responses={204: None}
    )
    return operation.prepare(arguments={parameter.name: value})


def header(prepared: PreparedRequest, name: str) -> str | None:
    return dict(prepared.headers).get(name)


def refusal(parameter: Parameter, value: object, path: str = "/x/{color}") -> str:
    with pytest.raises(InvalidInputError) as caught:
        prepare(parameter, value, path)
    (finding,) = caught.value.findings
    assert finding.field == parameter.name
    assert finding.index is None
    return finding.message


# The examples of OpenAPI 3.1, section "Style Examples".
@pytest.mark.parametrize(
    ("style", "explode", "single", "many", "named"),
    [
        ("simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
        ("simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
        ("label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
        ("label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
        (
            "matrix",
            False,
            ";color=blue",
            ";color=blue,black,brown",
            ";color=R,100,G,200,B,150",
        ),
        (
            "matrix",
            True,
            ";color=blue",
            ";color=blue;color=black;color=brown",
            ";R=100;G=200;B=150",
        ),
    ],
)
def test_path_styles(
    style: Any, explode: bool, single: str, many: str, named: str
) -> None:
    parameter = Parameter("color", "path", style=style, explode=explode)

    for value, expected in (("blue", single), (COLORS, many), (RGB, named)):
        assert prepare(parameter, value).path == f"/x/{expected}"


@pytest.mark.parametrize(
    ("style", "explode", "many", "named"),
    [
        ("form", True, "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
        ("form", False, "color=blue,black,brown", "color=R,100,G,200,B,150"),
        (
            "spaceDelimited",
            False,
            "color=blue%20black%20brown",
            "color=R%20100%20G%20200%20B%20150",
        ),
        (
            "pipeDelimited",
            False,
            "color=blue%7Cblack%7Cbrown",
            "color=R%7C100%7CG%7C200%7CB%7C150",
        ),
        ("spaceDelimited", True, "color=blue&color=black&color=brown", None),
        (
            "deepObject",
            True,
            "color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown",
            "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        ),
    ],
)
def test_query_styles(style: Any, explode: bool, many: str, named: str | None) -> None:
    parameter = Parameter("color", "query", style=style, explode=explode)

    assert prepare(parameter, "blue").query == "color=blue"
    assert prepare(parameter, "").query == "color="
    assert prepare(parameter, COLORS).query == many
    if named is not None:
        assert prepare(parameter, RGB).query == named
    assert prepare(parameter, []).query == ""
    assert prepare(parameter, {}).query == ""


def test_the_defaults_are_openapis() -> None:
    assert prepare(Parameter("color", "query"), COLORS).query == (
        "color=blue&color=black&color=brown"
    )
    assert prepare(Parameter("color", "path"), COLORS).path == "/x/blue,black,brown"
    request = prepare(Parameter("color", "header"), COLORS)
    assert header(request, "color") == "blue,black,brown"
    request = prepare(Parameter("color", "cookie"), COLORS)
    assert header(request, "Cookie") == "color=blue; color=black; color=brown"


def test_headers_and_cookies() -> None:
    exploded = Parameter("color", "header", wire="X-Color", explode=True)
    assert header(prepare(exploded, RGB), "X-Color") == "R=100,G=200,B=150"
    flat = Parameter("color", "header", wire="X-Color")
    assert header(prepare(flat, RGB), "X-Color") == "R,100,G,200,B,150"
    assert header(prepare(flat, "a, b/ö"), "X-Color") == "a, b/ö"
    assert header(prepare(flat, " padded\t"), "X-Color") == "padded"

    cookie = Parameter("color", "cookie", explode=False)
    assert header(prepare(cookie, COLORS), "Cookie") == "color=blue,black,brown"
    assert header(prepare(cookie, "a=b/c; x"), "Cookie") == "color=a=b/c%3B%20x"
    assert header(prepare(cookie, []), "Cookie") is None


def test_a_cookie_as_it_is() -> None:
    cookie = Parameter("color", "cookie", style="cookie")
    assert header(prepare(cookie, COLORS), "Cookie") == (
        "color=blue; color=black; color=brown"
    )
    assert header(prepare(cookie, "100%/a=b"), "Cookie") == "color=100%/a=b"
    for text in ("a; b=c", "a b", "a,b", "ö", '"'):
        with pytest.raises(InvalidInputError, match="color: must hold nothing that"):
            prepare(cookie, text)


def test_deep_objects_nest() -> None:
    parameter = Parameter("filter", "query", style="deepObject")
    value = {"a": {"b": [1, 2]}, "c d": True, "none": None, "e": [{"f": 1}, {"f": 2}]}

    assert unquote(prepare(parameter, value).query) == (
        "filter[a][b][]=1&filter[a][b][]=2&filter[c d]=true"
        "&filter[e][0][f]=1&filter[e][1][f]=2"
    )


def test_a_parameter_can_be_the_whole_query() -> None:
    form = Parameter("where", "querystring")
    value = {"a b": "c&d", "tags": ["x", "y"], "none": None}
    assert prepare(form, value).query == "a%20b=c%26d&tags=x&tags=y"

    json = Parameter("where", "querystring", as_json=True)
    assert prepare(json, {"a": [1]}).query == "%7B%22a%22%3A%5B1%5D%7D"

    with pytest.raises(InvalidInputError, match="must be an object"):
        prepare(form, "text")


class Number(enum.IntEnum):
    SEVEN = 7


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain-text_1.~", "plain-text_1.~"),
        (5, "5"),
        (-1.5, "-1.5"),
        (2.0, "2.0"),
        (True, "true"),
        (False, "false"),
        (Status.PENDING, "PENDING"),
        (Status("NEW"), "NEW"),
        (Number.SEVEN, "7"),
        (datetime(2024, 5, 1, 12, 30, tzinfo=UTC), "2024-05-01T12:30:00Z"),
        (
            datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))),
            "2024-05-01T12:00:00+02:00",
        ),
        (date(2024, 5, 1), "2024-05-01"),
        (time(12, 30), "12:30:00"),
        (timedelta(hours=1), "PT3600S"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("1.50"), "1.50"),
        (b"\x00\xff", "AP8="),
    ],
)
def test_kinds_of_values(value: object, text: str) -> None:
    for location in ("path", "query", "header", "cookie"):
        parameter = Parameter("color", location)
        prepared = prepare(parameter, value)
        if location == "path":
            assert unquote(prepared.path) == f"/x/{text}"
        elif location == "query":
            assert unquote(prepared.query) == f"color={text}"
        elif location == "header":
            assert header(prepared, "color") == text
        else:
            assert unquote(header(prepared, "Cookie") or "") == f"color={text}"


def test_lists_may_be_any_iterable_of_any_kind() -> None:
    def values() -> Iterator[object]:
        yield from (1, True, None, Status.PENDING, date(2024, 5, 1))

    parameter = Parameter("color", "query", explode=False)

    assert prepare(parameter, values()).query == "color=1,true,PENDING,2024-05-01"
    assert prepare(parameter, range(3)).query == "color=0,1,2"
    assert prepare(parameter, ("a", "b")).query == "color=a,b"
    assert prepare(parameter, {"a": 1}.keys()).query == "color=a"


def test_shapes_are_objects_with_the_apis_names() -> None:
    parameter = Parameter("q", "query")
    assert prepare(parameter, Cat(kind="cat", lives=9)).query == "kind=cat&lives=9"
    assert prepare(parameter, Cat(kind="cat")).query == "kind=cat"

    as_json = Parameter("q", "query", as_json=True)
    given = UpdateInput(id="1", properties={"ü": None}, trace_id="t")
    assert unquote(prepare(as_json, given).query) == (
        'q={"id":"1","properties":{"ü":null},"objectWriteTraceId":"t"}'
    )


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
@pytest.mark.parametrize("value", [UNSET, None])
def test_what_is_not_given_is_not_sent(location: Any, value: object) -> None:
    prepared = prepare(Parameter("color", location), value)

    assert (prepared.path, prepared.query) == ("/x", "")
    assert [name for name, _ in prepared.headers] == ["Accept"]


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
@pytest.mark.parametrize("value", [UNSET, None])
def test_what_is_required_is_not_left_out(location: Any, value: object) -> None:
    assert refusal(Parameter("color", location, required=True), value) == "is required"


def test_a_path_parameter_has_to_be_given() -> None:
    for value in (UNSET, None):
        message = refusal(Parameter("color", "path"), value)
        assert message == "is required: it is part of the path"


@pytest.mark.parametrize("style", ["simple", "label", "matrix"])
@pytest.mark.parametrize("value", ["", [], {}, [""], [None]])
def test_an_empty_value_would_change_the_path(style: Any, value: object) -> None:
    if (style, value) == ("matrix", ""):
        assert prepare(Parameter("color", "path", style=style), "").path == "/x/;color"
        return
    message = refusal(Parameter("color", "path", style=style), value)

    assert message == "must not be empty: it is part of the path"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("../admin", "..%2Fadmin"),
        ("a/b?c=d#e", "a%2Fb%3Fc%3Dd%23e"),
        ("..%2f", "..%252f"),
        ("a;b,c", "a%3Bb%2Cc"),
        ("{other}", "%7Bother%7D"),
        ("ünï\n\x00", "%C3%BCn%C3%AF%0A%00"),
        ("...", "..."),
        (["a,b", "c"], "a%2Cb,c"),
    ],
)
def test_a_value_stays_within_its_segment(value: object, text: str) -> None:
    assert prepare(Parameter("color", "path"), value).path == f"/x/{text}"


@pytest.mark.parametrize(
    ("path", "style", "value", "segment"),
    [
        ("/x/{color}", "simple", "..", ".."),
        ("/x/{color}", "simple", ".", "."),
        ("/x/{color}/y", "simple", "..", ".."),
        ("/x/.{color}", "simple", ".", ".."),
        ("/x/{color}", "label", ".", ".."),
    ],
)
def test_a_value_must_not_climb(
    path: str, style: Any, value: str, segment: str
) -> None:
    message = refusal(Parameter("color", "path", style=style), value, path)

    assert message == f"must not make the path segment {segment!r}"


def test_two_values_must_not_climb_together() -> None:
    operation: Operation[None] = Operation(
        method="GET",
        path="/x/{a}{b}",
        parameters=(Parameter("a", "path"), Parameter("b", "path")),
        responses={204: None},
    )

    assert operation.prepare(arguments={"a": "{b}", "b": "z"}).path == "/x/%7Bb%7Dz"
    with pytest.raises(InvalidInputError, match=r"must not make the path segment"):
        operation.prepare(arguments={"a": ".", "b": "."})


@given(st.text(min_size=1))
def test_any_text_survives_a_path_and_a_query(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        refusal(Parameter("color", "path"), text)
        return
    if text not in (".", ".."):
        path = prepare(Parameter("color", "path"), text).path
        assert path.count("/") == 2
        assert path.isascii()
        assert "?" not in path
        assert "#" not in path
        assert unquote(path.removeprefix("/x/")) == text
    for style in ("form", "deepObject"):
        parameter = Parameter("color", "query", style=style)
        query = prepare(parameter, text).query
        assert unquote(query.removeprefix("color=")) == text
        assert not set(query.removeprefix("color=")) & set("&=+# ")


def test_reserved_characters_stay_where_the_spec_allows_them() -> None:
    parameter = Parameter("color", "query", allow_reserved=True)

    assert prepare(parameter, "a/b?c:d@e,f;g=h").query == "color=a/b?c:d@e,f;g=h"
    # These would end the value, or change it on the way.
    assert prepare(parameter, "a&b#c+d e").query == "color=a%26b%23c%2Bd%20e"
    assert prepare(parameter, "100%25%").query == "color=100%25%25"
    path = prepare(Parameter("color", "path", allow_reserved=True), "a/b?c#d").path
    assert path == "/x/a/b%3Fc%23d"


def test_a_name_is_encoded_too() -> None:
    parameter = Parameter("ids", "query", wire="ids[]")

    assert prepare(parameter, ["1", "2"]).query == "ids%5B%5D=1&ids%5B%5D=2"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "\ud800"])
def test_a_header_cannot_be_broken_out_of(value: str) -> None:
    message = refusal(Parameter("color", "header"), value)

    assert message == "must not hold line breaks or other control characters"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_only_finite_numbers_are_sent(value: object) -> None:
    for location in ("path", "query", "header", "cookie"):
        parameter = Parameter("color", location)
        assert "must be a finite number" in refusal(parameter, value)


def test_what_has_no_text_form_is_refused() -> None:
    message = refusal(Parameter("color", "query"), object())

    assert message == "JSON has no form for objects of type object"


def test_a_path_may_hold_a_query_of_its_own() -> None:
    operation: Operation[None] = Operation(
        method="GET",
        path="/{x}?alt=media&q={q}",
        parameters=(
            Parameter("color", "query"),
            Parameter("q", "path"),
            Parameter("x", "path"),
        ),
        responses={204: None},
    )

    prepared = operation.prepare(arguments={"color": "{q}", "q": "a&b", "x": "1?"})

    assert prepared.path == "/1%3F"
    assert prepared.query == "alt=media&q=a%26b&color=%7Bq%7D"
