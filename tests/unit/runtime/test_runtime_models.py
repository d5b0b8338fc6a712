"""Enums that the API may extend, and the parent of all shapes."""

from __future__ import annotations

import copy
import pickle

import msgspec
import pytest
from _runtime import UNSET, OpenIntEnum
from sample_api import Batch, Cat, Status, UpdateInput


class Level(OpenIntEnum):
    LOW = 1
    HIGH = 2


def test_a_known_value_is_the_member() -> None:
    assert msgspec.json.decode(b'"PENDING"', type=Status) is Status.PENDING
    assert msgspec.json.decode(b"2", type=Level) is Level.HIGH


def test_an_unknown_string_is_kept() -> None:
    status = msgspec.json.decode(b'"PAUSED"', type=Status)

    assert isinstance(status, Status)
    assert status == "PAUSED"
    assert status != Status.PENDING
    assert status == Status("PAUSED")
    assert hash(status) == hash("PAUSED")
    assert {"PAUSED": 1}[status] == 1
    assert (status.name, status.value, str(status)) == ("PAUSED",) * 3
    assert repr(status) == "<Status.PAUSED: 'PAUSED'>"
    assert msgspec.json.encode([status, {status: 1}]) == b'["PAUSED",{"PAUSED":1}]'


def test_an_unknown_number_is_kept() -> None:
    level = msgspec.json.decode(b"-7", type=Level)

    assert isinstance(level, Level)
    assert (level, hash(level), level + 1) == (-7, hash(-7), -6)
    assert msgspec.json.encode(level) == b"-7"


@pytest.mark.parametrize("value", [Status("PAUSED"), Status.PENDING, Level(9)])
def test_values_survive_copying(value: Status | Level) -> None:
    for again in (
        pickle.loads(pickle.dumps(value)),
        copy.copy(value),
        copy.deepcopy(value),
    ):
        assert again == value
        assert type(again) is type(value)


def test_unknown_values_do_not_pile_up() -> None:
    before = (list(Status), dict(Status.__members__))
    for number in range(1000):
        Status(f"NEW_{number}")

    assert (list(Status), dict(Status.__members__)) == before
    assert len(Status._value2member_map_) == len(before[0])


def test_a_value_of_another_type_is_no_member() -> None:
    with pytest.raises(ValueError, match="5 is not a valid Status"):
        Status(5)  # type: ignore[arg-type]
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b"5", type=Status)
    with pytest.raises(ValueError, match="'x' is not a valid Level"):
        Level("x")  # type: ignore[arg-type]


def test_what_is_not_given_is_not_shown_and_not_sent() -> None:
    given = UpdateInput(id="1", properties={"a": None})

    assert repr(given) == "UpdateInput(id='1', properties={'a': None})"
    assert msgspec.json.encode(given) == b'{"id":"1","properties":{"a":null}}'
    assert given.due is UNSET


def test_unknown_fields_are_ignored() -> None:
    batch = msgspec.json.decode(b'{"status":"ODD","more":{"x":[1]}}', type=Batch)

    assert batch == Batch(status=Status("ODD"))


def test_models_survive_pickling() -> None:
    cat = Cat(kind="cat", lives=9)

    assert pickle.loads(pickle.dumps(cat)) == cat
    assert copy.deepcopy(cat) == cat
