"""Which paths a generated tree may have."""

from __future__ import annotations

import pytest

from batchwright.files import collisions, parents, path_fault


@pytest.mark.parametrize(
    "path",
    [
        "../out.py",
        "..",
        "a/../../out.py",
        "a/../b.py",
        "/etc/out.py",
        "a//out.py",
        "./out.py",
        "a/.",
        "",
        "a/",
        "C:\\out.py",
        "C:out.py",
        "a\\..\\out.py",
        "out\0.py",
        "out\n.py",
        "out?.py",
        "nul.py",
        "a/COM1",
        "out.py.",
        "out.py ",
    ],
)
def test_paths_that_some_system_takes_for_another(path: str) -> None:
    assert path_fault(path) is not None


@pytest.mark.parametrize(
    "path",
    [
        "a.py",
        "a/b/c.py",
        "py.typed",
        ".hidden",
        "..a/b",
        "null.py",
        "com.py",
        "\u00e4.py",
    ],
)
def test_plain_paths(path: str) -> None:
    assert path_fault(path) is None


@pytest.mark.parametrize(
    "paths",
    [
        ("Deals.py", "deals.py"),
        ("Resources/a.py", "resources/b.py"),
        ("stra\u00dfe.py", "strasse.py"),
        ("caf\u00e9.py", "cafe\u0301.py"),
        ("deals", "deals/a.py"),
        ("deals", "deals/in/a.py"),
    ],
)
def test_paths_that_meet_on_some_disk(paths: tuple[str, str]) -> None:
    assert list(collisions(paths))
    assert list(collisions(paths)) == list(collisions(paths[::-1]))


def test_paths_that_do_not_meet() -> None:
    paths = ["a.py", "a/a.py", "a/b.py", "b/a.py", "a_b.py", "aa"]
    assert list(collisions(paths)) == []


def test_parents() -> None:
    assert list(parents("a/b/c.py")) == ["a", "a/b"]
    assert list(parents("c.py")) == []
