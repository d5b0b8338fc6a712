"""Types as annotations: text that Python reads, however many types they are made of."""

from __future__ import annotations

import pytest

from batchwright import ir
from batchwright.rendering.python import annotation
from batchwright.translate.imports import imports_for


def union(options: int, discriminator: ir.Discriminator | None = None) -> ir.UnionOf:
    named = [ir.Reference(name=f"Kind{number}") for number in range(options)]
    return ir.UnionOf(options=(*named, ir.NONE), discriminator=discriminator)


@pytest.mark.parametrize(
    "discriminator", [None, ir.Discriminator(wire_name="kind", mapping=())]
)
def test_a_union_of_ten_thousand(discriminator: ir.Discriminator | None) -> None:
    type_ = ir.ListOf(item=union(10_000, discriminator))

    text = annotation(type_)

    compile(text, "models.py", "eval")
    assert text.count("Kind") == 10_000
    assert text.count("None") == 1
    assert imports_for([type_]) == (ir.Import(module="typing", names=("Union",)),)


def test_a_union_of_a_few_is_written_with_bars() -> None:
    assert annotation(union(2)) == "Kind0 | Kind1 | None"
    assert imports_for([union(2)]) == ()
