"""A value that a schema allows is read and written without loss, whatever the schema."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from support.schema_values import (
    Generated,
    Impossible,
    Values,
    examples,
    generated,
)

TESTS = Path(__file__).parents[1]
KITCHEN_SINK = TESTS / "support/kitchen_sink.yaml"
CORPUS = TESTS.parents[1] / "shared/corpus"
# Texts that may be written in several ways.
FORMS = (datetime.fromisoformat, time.fromisoformat, UUID, b64decode)
# The parts of a form can hold files, which no JSON does.
NO_JSON = {"files"}
GOLDEN = sorted(
    case.name
    for case in (TESTS / "golden").iterdir()
    if (case / "expected").is_dir()
    and (case / "spec.yaml").exists()
    and case.name not in NO_JSON
)


def values(
    made: Generated, number: int, without: Collection[str]
) -> Iterator[tuple[str, object, object]]:
    """Values of all component schemas: the component, its type, the value."""
    for wire, node, type_ in made.components():
        for seed in range(number if wire not in without else 0):
            try:
                value = Values(Random(f"{wire} {seed}")).of(node)
            except Impossible:
                continue
            # The null of a component that is a class belongs to those who refer to it.
            if value is not None or not isinstance(type_, type):
                yield wire, type_, value


def check(made: Generated, number: int, without: Collection[str] = ()) -> int:
    """Read and write the values; return of how many components there were any."""
    codec = made.runtime("codec")
    tried = set()
    for wire, type_, value in values(made, number, without):
        content = json.dumps(value).encode()
        read = codec.decode(content, type_)
        assert json.loads(codec.encode(read)) == value, wire
        assert codec.convert(json.loads(content), type_) == read, wire
        tried.add(wire)
    return len(tried)


def check_examples(made: Generated) -> int:
    """Read and write the examples that are valid; return how many there are.

    What no schema names is passed over, and bytes have several forms in base64: what is
    written has nothing else than what went in, and is read as the same.
    """
    codec = made.runtime("codec")
    types = {wire: type_ for wire, _, type_ in made.components()}
    number = 0
    for wire, value in examples(made.document):
        if value is None and isinstance(types[wire], type):
            continue
        read = codec.decode(json.dumps(value).encode(), types[wire])
        written = json.loads(codec.encode(read))
        assert is_part(written, value), (wire, value, written)
        assert codec.decode(codec.encode(read), types[wire]) == read, wire
        number += 1
    return number


def is_part(written: Any, given: Any) -> bool:
    """Whether all that is written was given, in whatever form."""
    match written, given:
        case dict(), dict():
            return all(k in given and is_part(v, given[k]) for k, v in written.items())
        case list(), list():
            return len(written) == len(given) and all(map(is_part, written, given))
        case str(), str():
            return written == given or any(
                same_as(form, written, given) for form in FORMS
            )
        case _:
            # 1 and 1.0 are the same JSON; true is none of them.
            return isinstance(written, bool) is isinstance(given, bool) and bool(
                written == given
            )


def same_as(form: Callable[[str], object], one: str, other: str) -> bool:
    with suppress(ValueError):
        return form(one) == form(other)
    return False


def test_every_construct(tmp_path: Path) -> None:
    made = generated(KITCHEN_SINK, tmp_path, "kitchen_sink")

    impossible = {"Contra", "IntStr", "StrNum"}
    assert check(made, 50) == len(made.names) - len(impossible)
    assert check_examples(made) == 4


@pytest.mark.parametrize("case", GOLDEN)
def test_golden_cases(case: str, tmp_path: Path) -> None:
    spec = TESTS / "golden" / case / "spec.yaml"
    made = generated(spec, tmp_path, f"round_trip_{case.replace('-', '_')}")

    # Of what nothing can be made, a warning has told already; and a base that lists what
    # is composed of it has no end, taken by its word (see below).
    impossible = {"Contradiction", "Quoted", "Unquoted", "Vehicle", "Car", "Truck"}
    assert check(made, 10, impossible) == len(made.names.keys() - impossible)


def test_bases_of_what_is_composed_of_them(tmp_path: Path) -> None:
    spec = TESTS / "golden/composition/spec.yaml"
    made = generated(spec, tmp_path, "bases")
    codec = made.runtime("codec")

    for base, value, kind in (
        ("Vehicle", {"kind": "car", "seats": 2}, "Car"),
        ("Vehicle", {"kind": "truck", "load": "sand"}, "Truck"),
        ("Pet", {"species": "hound", "barks": True}, "Dog"),
        ("Pet", {"species": "Cat", "lives": 9}, "CatBase"),
        ("Pet", {"species": "siamese cat", "lives": 9, "eyes": "blue"}, "Siamese"),
        ("AnyPet", {"species": "siamese cat", "lives": 9}, "Siamese"),
        ("Pet", {"species": "fish", "fins": 3, "size": "small"}, "PetBase"),
        ("Pet", {"species": "goldfish", "size": "small"}, "Fish"),
        ("Cat", {"species": "siamese cat", "lives": 9, "eyes": "blue"}, "Siamese"),
        ("Cat", {"species": "Persian", "lives": 9, "hair": {"long": 1}}, "CatBase"),
        ("Pet", {"species": "fish", "barks": False}, "PetBase"),
    ):
        type_ = getattr(made.models, base)
        for read in (
            codec.decode(json.dumps(value).encode(), type_),
            codec.convert(value, type_),
            made.runtime("lenient").convert_leniently(value, type_),
        ):
            assert type(read).__name__ == kind
            assert json.loads(codec.encode(read)) == value


@pytest.mark.parametrize(
    "spec", sorted(CORPUS.glob("*.[jy]*")), ids=lambda path: str(path.stem)
)
def test_real_specs(spec: Path, tmp_path: Path) -> None:
    made = generated(spec, tmp_path, f"corpus_{spec.stem.replace('-', '_')}")

    assert check(made, 3) == len(made.names)
    check_examples(made)


def test_there_is_a_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is not beside this checkout")
    assert list(CORPUS.glob("*.json"))
