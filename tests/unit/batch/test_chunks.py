"""How inputs become chunks, and chunks are taken apart."""

from __future__ import annotations

from collections.abc import Sequence

from _runtime.batch.chunks import Chunk, Pending
from _runtime.batch.rows import Rows
from hypothesis import given
from hypothesis import strategies as st


def rows(keys: Sequence[str | None] | None, count: int | None = None) -> Rows:
    size = len(keys) if keys is not None else count or 0
    return Rows(list(range(size)), keys, None)


def pending(keys: Sequence[str | None], limit: int) -> Pending:
    made = Pending(limit)
    made.add(range(len(keys)), rows(keys))
    return made


def cut(waiting: Pending, *, final: bool = True) -> Chunk | None:
    chunk = waiting.cut(final=final)
    if chunk is not None:
        waiting.take(chunk)
    return chunk


def test_a_chunk_is_cut_when_it_is_full() -> None:
    waiting = pending("abc", 2)
    full = cut(waiting, final=False)
    assert full is not None
    assert list(full.indices) == [0, 1]
    assert list(full.rows.keys or ()) == ["a", "b"]
    assert cut(waiting, final=False) is None
    last = cut(waiting)
    assert last is not None
    assert list(last.indices) == [2]
    assert cut(waiting) is None


def test_a_record_that_is_on_its_way_holds_up_only_itself() -> None:
    waiting = pending("aab", 2)
    first = cut(waiting)
    assert first is not None
    assert list(first.indices) == [0, 2]
    assert cut(waiting) is None
    waiting.release(first.rows.keys)
    second = cut(waiting)
    assert second is not None
    assert list(second.indices) == [1]


def test_what_comes_after_an_input_that_waits_waits_as_well() -> None:
    waiting = pending("ab", 1)
    assert cut(waiting) is not None
    waiting.add(range(2, 4), rows("aa"))
    second = cut(waiting)
    assert second is not None
    assert list(second.indices) == [1]
    assert cut(waiting) is None


def test_inputs_without_a_key_never_wait() -> None:
    waiting = pending([None, None, None], 3)
    chunk = cut(waiting)
    assert chunk is not None
    assert len(chunk) == 3
    without_identity = Pending(2)
    without_identity.add(range(2), rows(None, 2))
    assert cut(without_identity) is not None


def test_a_part_keeps_what_is_known() -> None:
    whole = Chunk(range(5, 8), rows("abc"))
    whole.ambiguous = ValueError  # type: ignore[assignment]
    whole.attempts = 3
    part = whole.part([0, 2])
    assert part.indices == [5, 7]
    assert part.rows.inputs == [0, 2]
    assert part.rows.keys == ["a", "c"]
    assert part.ambiguous is whole.ambiguous
    assert part.attempts == 0


@given(
    st.lists(st.sampled_from([None, "a", "b", "c", "d"]), max_size=40),
    st.integers(1, 5),
    st.integers(1, 7),
    st.integers(1, 3),
)
def test_every_input_is_cut_once_and_in_order(
    keys: list[str | None], limit: int, step: int, most: int
) -> None:
    waiting = Pending(limit)
    flying: list[Chunk] = []
    order: list[int] = []
    added = 0
    while added < len(keys) or len(waiting) or flying:
        piece = keys[added : added + step]
        waiting.add(range(added, added + len(piece)), rows(piece))
        added += len(piece)
        chunk = cut(waiting, final=added >= len(keys)) if len(flying) < most else None
        if chunk is None:
            if flying:
                waiting.release(flying.pop(0).rows.keys)
            continue
        assert 0 < len(chunk) <= limit
        mine = [key for key in chunk.rows.keys or () if key is not None]
        assert len(set(mine)) == len(mine)
        others = {key for other in flying for key in other.rows.keys or ()}
        assert others.isdisjoint(mine)
        flying.append(chunk)
        order += chunk.indices
    assert sorted(order) == list(range(len(keys)))
    for key in set(keys) - {None}:
        mentions = [index for index in order if keys[index] == key]
        assert mentions == sorted(mentions)
