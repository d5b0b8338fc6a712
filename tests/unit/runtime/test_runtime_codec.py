"""Decoding: what msgspec does itself, and the unions that it leaves to us."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

import msgspec
import pytest
from _runtime import (
    UNSET,
    Discriminator,
    Later,
    Model,
    OpenModel,
    UnsetType,
    field,
    further,
    quoted,
)
from _runtime.codec import convert, decode, decode_lines, encode, encode_lines, plain
from _runtime.errors import InvalidInputError
from _runtime.inputs import accept
from _runtime.lenient import convert_leniently
from sample_api import Animal, Cat, Dog, Status, UpdateInput


class Circle(Model, kw_only=True):
    radius: float
    unit: str | UnsetType = UNSET


class Square(Model, kw_only=True):
    side: float
    unit: str | UnsetType = UNSET


class Named(Model, kw_only=True):
    shape_name: str = field(name="shapeName")
    inner: Circle | Square | None | UnsetType = UNSET
    many: list[Circle | Square] | UnsetType = UNSET
    by_key: dict[str, Circle | dict[str, int]] | UnsetType = field(
        name="byKey", default=UNSET
    )
    child: Named | UnsetType = UNSET
    pair: tuple[int, Circle | Square] | UnsetType = UNSET
    level: int = 1


class Comment(Model, kw_only=True):
    type: Literal["comment"]
    text: str | UnsetType = UNSET


class Like(Model, kw_only=True):
    type: Literal["like"]
    text: str | UnsetType = UNSET


Any_of = Circle | Square


def test_what_msgspec_can_decode_is_left_to_it() -> None:
    assert decode(b'{"id":"1","properties":{},"x":1}', UpdateInput) == UpdateInput(
        id="1", properties={}
    )
    assert decode(b"\xef\xbb\xbf[1, 2]", list[int]) == [1, 2]
    with pytest.raises(msgspec.ValidationError, match=r"at `\$\.id`"):
        decode(b'{"id":1,"properties":{}}', UpdateInput)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"kind":"cat","lives":9}', Cat(kind="cat", lives=9)),
        (b'{"kind":"dog","new":[1]}', Dog(kind="dog")),
        (
            b'{"kind":"dog","friend":{"kind":"dog","friend":{"kind":"cat"}}}',
            Dog(kind="dog", friend=Dog(kind="dog", friend=Cat(kind="cat"))),
        ),
        (b'{"kind":"dog","friend":null}', Dog(kind="dog", friend=None)),
        # Values that the mapping does not know: by structure.
        (b'{"kind":"fox","lives":1}', Cat(kind="fox", lives=1)),
        (b'{"kind":"fox","friend":null}', Dog(kind="fox", friend=None)),
    ],
)
def test_a_discriminator_chooses(content: bytes, expected: object) -> None:
    assert decode(content, Animal) == expected


def test_a_chosen_member_has_to_fit() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"got `str` - at `\$\.lives`"):
        decode(b'{"kind":"cat","lives":"nine"}', Animal)
    with pytest.raises(msgspec.ValidationError, match="Expected one of: Cat, Dog"):
        decode(b"5", Animal)
    for content in (b'{"species":"fox"}', b'{"kind":5,"lives":"many"}'):
        with pytest.raises(msgspec.ValidationError, match="Expected one of: Cat, Dog"):
            decode(content, Animal)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"radius":1}', Circle(radius=1)),
        (b'{"side":1,"unit":"m"}', Square(side=1, unit="m")),
        (b'{"side":1,"radius":2}', Circle(radius=2)),
    ],
)
def test_structure_chooses_without_a_discriminator(
    content: bytes, expected: object
) -> None:
    assert decode(content, Any_of) == expected


@pytest.mark.parametrize("content", [b"{}", b'{"unit":"m"}', b"3", b"null", b"[]"])
def test_what_no_member_fits_is_refused(content: bytes) -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected one of: Circle, Squ"):
        decode(content, Any_of)


def test_a_constant_tells_members_apart() -> None:
    assert decode(b'{"type":"like","text":"x"}', Comment | Like) == Like(
        type="like", text="x"
    )


def test_unions_are_found_wherever_they_are() -> None:
    content = encode(
        {
            "shapeName": "n",
            "inner": {"side": 1},
            "many": [{"radius": 1}, {"side": 2}],
            "byKey": {"a": {"radius": 1}, "b": {"x": 1}},
            "child": {"shapeName": "c", "inner": None},
            "pair": [1, {"side": 3}],
            "unknown": True,
        }
    )

    value: Named = decode(content, Named)

    assert value == Named(
        shape_name="n",
        inner=Square(side=1),
        many=[Circle(radius=1), Square(side=2)],
        by_key={"a": Circle(radius=1), "b": {"x": 1}},
        child=Named(shape_name="c", inner=None),
        pair=(1, Square(side=3)),
    )
    assert value.level == 1
    assert decode(encode(value), Named) == value


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"{}", "missing required field `shapeName`"),
        (b'{"shapeName":1}', r"got `int` - at `\$\.shapeName`"),
        (b'{"shapeName":"n","many":{}}', r"Expected `array`.* at `\$\.many`"),
        (b'{"shapeName":"n","many":[{"radius":1},5]}', r"at `\$\.many\[1\]`"),
        (b'{"shapeName":"n","byKey":[]}', r"Expected `object`.* at `\$\.byKey`"),
        (b'{"shapeName":"n","pair":[1]}', r"length 2, got 1 - at `\$\.pair`"),
        (b'{"shapeName":"n","child":{"shapeName":null}}', r"\$\.child\.shapeName`"),
        (b"[]", "Expected `object`, got `list`"),
    ],
)
def test_a_structural_error_says_where(content: bytes, place: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=place):
        decode(content, Named)


@pytest.mark.parametrize(
    ("type_", "content", "expected"),
    [
        (list[int] | list[str], b'["a"]', ["a"]),
        (list[int] | list[str], b"[1]", [1]),
        (datetime | str, b'"2024-05-01T00:00:00Z"', datetime(2024, 5, 1, tzinfo=UTC)),
        (datetime | str, b'"soon"', "soon"),
        # The order of alternatives says nothing; what says more comes first.
        (str | date, b'"2024-05-01"', date(2024, 5, 1)),
        # It would be written as P1DT43200S.
        (timedelta | str, b'"PT36H"', "PT36H"),
        (timedelta | str, b'"P1D"', timedelta(days=1)),
        (timedelta | str, b'"P1M"', "P1M"),
        (Status | UUID, b'"PENDING"', Status.PENDING),
        (
            Status | UUID,
            b'"00000000-0000-0000-0000-000000000001"',
            UUID(int=1),
        ),
        (Status | UUID, b'"NEW"', Status("NEW")),
        (Circle | dict[str, Any], b'{"radius":1,"new":2}', Circle(radius=1)),
        (Circle | dict[str, Any], b'{"other":1}', {"other": 1}),
        (Circle | Square | str | None, b'"x"', "x"),
        (dict[int, Circle | Square], b'{"7":{"side":1}}', {7: Square(side=1)}),
        (list[Annotated[Cat | Dog, "note"]], b'[{"kind":"c"}]', [Cat(kind="c")]),
        (tuple[Circle | Square, ...], b'[{"side":1}]', (Square(side=1),)),
    ],
)
def test_other_unions_that_msgspec_refuses(
    type_: Any, content: bytes, expected: object
) -> None:
    with pytest.raises(TypeError):
        msgspec.json.Decoder(type_)

    value = decode(content, type_)

    assert value == expected
    assert type(value) is type(expected)


def test_models_are_taken_as_they_are() -> None:
    cat = Cat(kind="cat")

    assert convert(cat, Animal) is cat
    assert convert([cat, {"kind": "dog"}], list[Animal]) == [cat, Dog(kind="dog")]
    assert convert({"kind": "dog", "friend": cat}, Animal) == Dog(
        kind="dog", friend=cat
    )


class Node(Model, kw_only=True):
    left: Node | Leaf | UnsetType = UNSET
    value: int


class Leaf(Model, kw_only=True):
    left: Node | Leaf | UnsetType = UNSET
    weight: int


def test_nested_unions_cost_no_power_of_their_depth() -> None:
    # Every level suits both shapes as far as can be seen from outside.
    deep: dict[str, object] = {"neither": 1}
    for _ in range(60):
        deep = {"left": deep}

    with pytest.raises(msgspec.ValidationError):
        decode(encode(deep), Node | Leaf)


def test_json_that_is_too_deep_is_an_error_and_no_crash() -> None:
    for type_ in (Any, Node | Leaf, list[Any]):
        with pytest.raises(RecursionError):
            decode(b"[" * 200_000, type_)


def test_discriminators_compare_by_what_they_say() -> None:
    one, same = Discriminator("k", {"c": Cat}), Discriminator("k", {"c": Cat})

    assert one == same
    assert hash(one) == hash(same)
    assert one != Discriminator("k", {"c": Dog})
    assert one != Discriminator("k", {"c": Cat}, otherwise=Dog)
    assert repr(one).startswith("Discriminator('k', {'c': ")


class Fish(OpenModel, kw_only=True):
    kind: str
    additional_properties: dict[str, Any] = further()


class Quoted(OpenModel, kw_only=True):
    said: int = field(name=quoted('said "so"'))
    inner: Circle | Square | UnsetType = field(name=quoted("a\\b\n"), default=UNSET)


def test_names_that_msgspec_has_not() -> None:
    data = {'said "so"': 1, "a\\b\n": {"radius": 1.5}}

    read = decode(json.dumps(data).encode(), Quoted)
    assert read == Quoted(said=1, inner=Circle(radius=1.5)) == convert(data, Quoted)
    assert json.loads(encode(read)) == plain(read) == data
    assert convert_leniently({'said "so"': 1, "a\\b\n": None}, Quoted).inner is UNSET
    with pytest.raises(msgspec.ValidationError, match='field `said "so"`'):
        decode(b"{}", Quoted)
    with pytest.raises(InvalidInputError) as caught:
        accept({"said": 1}, Quoted, label="body")
    assert [found.message for found in caught.value.findings] == [
        """unknown field; the API calls it "said "so""" + '""',
        "is required",
    ]


AnyFish = Annotated[Fish | Dog, Discriminator("kind", {"dogfish": Dog}, otherwise=Fish)]


def test_a_base_takes_what_nobody_knew_and_keeps_it() -> None:
    strange = {"kind": "eel", "lives": 9, "bark": "none"}

    for type_ in (AnyFish, AnyFish | None, list[AnyFish] | AnyFish):
        read = decode(encode(strange), type_)
        assert type(read) is Fish
        assert plain(read) == strange
    assert type(decode(b'{"kind": "dogfish"}', AnyFish)) is Dog


def test_a_base_among_others_is_not_all_that_is_possible() -> None:
    circle = decode(b'{"radius": 1.5}', AnyFish | Circle)
    cat = decode(b'{"kind": "cat"}', AnyFish | Animal)

    assert circle == Circle(radius=1.5)
    assert type(cat) is Cat
    assert type(decode(b'{"kind": "dogfish"}', AnyFish | Animal)) is Dog


class Red(Model):
    kind: Literal["red"]
    detail: Square | UnsetType = UNSET


class Blue(Model):
    kind: Literal["blue"] | UnsetType = UNSET
    detail: Circle | UnsetType = UNSET


class Loose(Model):
    detail: dict[str, int] | UnsetType = UNSET
    kind: str | UnsetType = UNSET


@pytest.mark.parametrize(
    ("type_", "content", "expected"),
    [
        (Blue | Red, b'{"kind":"red"}', Red(kind="red")),
        (Loose | Blue, b'{"kind":"green"}', Loose(kind="green")),
        # Both could be; one of them would lose what is inside.
        (
            Blue | Loose,
            b'{"detail":{"radius":1,"x":2}}',
            Loose(detail={"radius": 1, "x": 2}),
        ),
    ],
)
def test_the_member_that_keeps_the_data_is_chosen(
    type_: Any, content: bytes, expected: object
) -> None:
    assert decode(content, type_) == expected


class Tiger(Model):
    kind: Literal["tiger"] = "tiger"
    teeth: int | UnsetType = UNSET


class Zebra(Model):
    kind: str = "zebra"
    teeth: int | UnsetType = UNSET
    stripes: int | UnsetType = UNSET


@pytest.mark.parametrize(
    ("type_", "content", "expected"),
    [
        (Tiger | dict[str, Any], b'{"teeth":3}', {"teeth": 3}),
        (Tiger | dict[str, Any], b"{}", {}),
        (Zebra | Loose, b'{"stripes":3}', Loose()),
        (Tiger | Zebra, b'{"stripes":3}', Zebra(stripes=3)),
        (Tiger | Zebra, b'{"kind":"tiger"}', Tiger()),
    ],
)
def test_what_is_not_said_is_filled_in_where_nothing_else_fits(
    type_: Any, content: bytes, expected: object
) -> None:
    assert decode(content, type_) == expected


def test_what_could_be_filled_in_in_several_ways_is_not_guessed() -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected one of: Tiger, Zebra"):
        decode(b'{"teeth":3}', Tiger | Zebra)
    with pytest.raises(InvalidInputError):
        accept({"teeth": 3}, Tiger | Zebra, label="body")


class Open(OpenModel):
    name: str | UnsetType = UNSET
    more: dict[str, int] = further()


class Holder(Model):
    open: Open


Tree: TypeAlias = list[Annotated["Tree", Later(lambda: Tree)]]


@pytest.mark.parametrize(
    ("type_", "content", "expected"),
    [
        (Open, b'{"a":1,"name":"n"}', Open(name="n", more={"a": 1})),
        (Open, b"{}", Open()),
        (Holder, b'{"open":{"a":1}}', Holder(open=Open(more={"a": 1}))),
        (list[Open], b'[{"a":1},{}]', [Open(more={"a": 1}), Open()]),
        (Tree, b"[[],[[]]]", [[], [[]]]),
    ],
)
def test_open_and_recursive_shapes_go_both_ways(
    type_: Any, content: bytes, expected: object
) -> None:
    value = decode(content, type_)

    assert value == expected
    assert json.loads(encode(value)) == json.loads(content)
    assert plain(value) == json.loads(content)
    assert convert(plain(value), type_) == expected


def test_a_property_that_is_not_named_is_checked() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"Expected `int`.*\$\.open"):
        decode(b'{"open":{"a":"x"}}', Holder)


def test_lines_of_open_shapes() -> None:
    values = [Open(name="n", more={"a": 1}), Open()]

    assert decode_lines(encode_lines(values), Open) == values
