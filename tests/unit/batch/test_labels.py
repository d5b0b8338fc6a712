"""Labels: unique in each request, and the caller's own where there are any."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from _runtime import Batching, Correlation
from _runtime.batch.labels import content_of
from _runtime.batch.preflight import Preflight
from _runtime.batch.rows import Rows
from hypothesis import given
from hypothesis import strategies as st

from support.batches import CREATE


def rows_of(inputs: Sequence[object], batching: Batching[Any, Any]) -> Rows:
    # Some at a time, as in a stream: what is given twice is not found then.
    rows = [Preflight(batching).check([each]).rows for each in inputs]
    joined = rows[0]
    for more in rows[1:]:
        joined = joined.followed_by(more)
    return joined


def sent(inputs: Sequence[object]) -> list[dict[str, Any]]:
    rows = rows_of(inputs, CREATE.batching)
    found: list[dict[str, Any]] = json.loads(
        content_of(rows, CREATE.batching.correlation)
    )
    return found


@given(
    st.lists(st.sampled_from([None, None, "1", "2", "a", "A", '"']), min_size=1),
)
def test_every_input_of_a_request_has_a_label_of_its_own(
    given: list[str | None],
) -> None:
    inputs = [
        {"properties": {"row": str(row)}} | ({"traceId": label} if label else {})
        for row, label in enumerate(given)
    ]
    found = sent(inputs)
    assert [each["properties"]["row"] for each in found] == [
        str(row) for row in range(len(given))
    ]
    labels = [each["traceId"] for each in found]
    assert len(set(labels)) == len(labels)
    for row, label in enumerate(given):
        if label is not None and label not in given[:row]:
            assert labels[row] == label


def test_the_same_inputs_get_the_same_labels() -> None:
    inputs: list[dict[str, Any]] = [{"properties": {}}] * 3
    assert sent(inputs) == sent(inputs)
    assert [each["traceId"] for each in sent(inputs)] == ["1", "2", "3"]


def test_inputs_may_be_mappings_without_any_field() -> None:
    batching: Batching[dict[str, Any], dict[str, Any]] = Batching(
        inputs="items",
        input=dict[str, Any],
        max_items=10,
        correlation=Correlation(input="tag", result="tag"),
    )
    rows = rows_of([{}, {"tag": None, "a": 1}, {"tag": "x"}], batching)
    assert json.loads(content_of(rows, batching.correlation)) == [
        {"tag": "1"},
        {"tag": "2", "a": 1},
        {"tag": "x"},
    ]
    bare = rows_of([{}, {"a": 1}], batching)
    assert json.loads(content_of(bare, batching.correlation)) == [
        {"tag": "1"},
        {"tag": "2", "a": 1},
    ]
