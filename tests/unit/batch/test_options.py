"""The options of a call, and its progress."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from _runtime import BatchOptions, InvalidInputError, Progress, ProgressBar
from _runtime.batch.options import Settings, settings_of


def test_what_is_not_given_is_as_documented() -> None:
    assert settings_of({}) == Settings(
        concurrency=1,
        isolate=True,
        attempts=5,
        max_wait=60,
        deadline=None,
        in_order=True,
    )
    assert settings_of({"concurrency": 3, "deadline": 0}).concurrency == 3


def test_unknown_options_are_refused() -> None:
    options: Any = {"concurency": 3}
    with pytest.raises(TypeError, match="'concurency'"):
        settings_of(options)


def test_all_that_is_wrong_is_told_at_once() -> None:
    options: Any = {
        "concurrency": 0,
        "attempts": True,
        "max_wait": float("nan"),
        "deadline": -1,
        "isolate": "no",
        "on_progress": 5,
    }
    with pytest.raises(InvalidInputError) as caught:
        settings_of(options)
    fields = [finding.field for finding in caught.value.findings]
    assert sorted(fields) == sorted(options)


@pytest.mark.parametrize(
    "options",
    [{"max_wait": None}, {"concurrency": 1.0}, {"deadline": "5"}, {"max_wait": 1e999}],
)
def test_values_that_options_cannot_have(options: BatchOptions) -> None:
    with pytest.raises(InvalidInputError):
        settings_of(options)


def test_a_bar_needs_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich", None)
    with pytest.raises(ImportError, match="pip install rich"):
        ProgressBar()


def test_a_bar_shows_what_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []

    class Bar:
        def __init__(self, *columns: object, console: object) -> None:
            drawn.append(console)

        def add_task(self, title: str, **values: object) -> int:
            drawn.append((title, values))
            return 7

        def start(self) -> None:
            drawn.append("start")

        def update(self, task: int, **values: object) -> None:
            drawn.append((task, values))

        def stop(self) -> None:
            drawn.append("stop")

    fake = ModuleType("rich.progress")
    for name in (
        "BarColumn",
        "MofNCompleteColumn",
        "TextColumn",
        "TimeRemainingColumn",
    ):
        setattr(fake, name, lambda *arguments: None)
    fake.Progress = Bar  # type: ignore[attr-defined]
    package = ModuleType("rich")
    package.progress = fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rich", package)
    monkeypatch.setitem(sys.modules, "rich.progress", fake)
    with ProgressBar("Deals", console="here") as bar:
        bar(Progress(done=3, succeeded=1, failed=1, unknown=1, total=9))
    assert drawn == [
        "here",
        ("Deals", {"total": None, "trouble": ""}),
        "start",
        (7, {"completed": 3, "total": 9, "trouble": "1 failed, 1 unknown"}),
        "stop",
    ]
