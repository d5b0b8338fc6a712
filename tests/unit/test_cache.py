"""The cache: what comes back is what was put there, or nothing."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from batchwright.caching import cache as module
from batchwright.caching.cache import Cache, cache_folder

VALUE = {"a": (1, None, "é\ud800"), b"b": [True, 2**70]}


def the_entry(folder: Path) -> Path:
    [entry] = folder.iterdir()
    return entry


def test_what_was_written_is_read(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "new" / "folder"))
    assert cache.read("a", "b") is None
    cache.write(VALUE, "a", "b")
    assert cache.read("a", "b") == VALUE
    assert cache.read("ab") is None
    cache.write("other", "a", "b")
    assert cache.read("a", "b") == "other"
    assert oct(os.stat(tmp_path / "new" / "folder").st_mode)[-3:] == "700"


def test_without_a_folder_there_is_nothing() -> None:
    cache = Cache(None)
    cache.write(VALUE, "a")
    assert cache.read("a") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:31],
        lambda content: content[:32],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: b"\0" * len(content),
        lambda content: content[:40] + b"\xff" + content[41:],
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: content[32:] + content[:32],
    ],
)
def test_a_damaged_entry_is_none(damage: object, tmp_path: Path) -> None:
    assert callable(damage)
    cache = Cache(str(tmp_path))
    cache.write(VALUE, "a")
    entry = the_entry(tmp_path)
    entry.write_bytes(damage(entry.read_bytes()))
    assert cache.read("a") is None
    cache.write(VALUE, "a")
    assert cache.read("a") == VALUE


def test_an_entry_that_is_a_folder_is_none(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.write(VALUE, "a")
    entry = the_entry(tmp_path)
    entry.unlink()
    entry.mkdir()
    assert cache.read("a") is None
    cache.write(VALUE, "a")
    assert list(tmp_path.iterdir()) == [entry]


def test_a_folder_that_cannot_be_made_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(str(tmp_path / "file" / "cache"))
    cache.write(VALUE, "a")
    assert cache.read("a") is None


def test_it_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 3)
    cache = Cache(str(tmp_path))
    for number in range(5):
        cache.write(number, str(number))
        for entry in tmp_path.iterdir():
            status = entry.stat()
            os.utime(entry, ns=(status.st_atime_ns, status.st_mtime_ns - 10**9))
    assert [cache.read(str(number)) for number in range(5)] == [None, None, 2, 3, 4]
    monkeypatch.setattr(module, "MOST_BYTES", 2000)
    cache.write("x" * 1900, "large")
    assert cache.read("large") == "x" * 1900
    assert sum(entry.stat().st_size for entry in tmp_path.iterdir()) <= 2000
    cache.write("x" * 4000, "larger than all")
    assert cache.read("larger than all") == "x" * 4000
    assert len(list(tmp_path.iterdir())) == 1


def test_many_at_once_read_a_whole_entry(tmp_path: Path) -> None:
    values = [str(number) * 50_000 for number in range(4)]

    def work(number: int) -> set[object]:
        cache = Cache(str(tmp_path))
        found = set()
        for _ in range(30):
            cache.write(values[number], "a")
            found.add(cache.read("a"))
        return found

    with ThreadPoolExecutor(4) as pool:
        found = set().union(*pool.map(work, range(4)))
    assert found <= set(values)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"BATCHWRIGHT_CACHE": "off"}, None),
        ({"BATCHWRIGHT_CACHE": "/elsewhere"}, "/elsewhere"),
        ({"BATCHWRIGHT_CACHE": "", "XDG_CACHE_HOME": "/x"}, "/x/batchwright"),
    ],
)
@pytest.mark.skipif(os.sep != "/", reason="folders as POSIX has them")
def test_where_it_is(
    environment: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder(environment) == folder


def test_by_default_it_is_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    home = {"HOME": "/home/me"}
    monkeypatch.setattr("sys.platform", "linux")
    expected = "/home/me/.cache/batchwright"
    assert cache_folder({**home, "XDG_CACHE_HOME": "relative"}) == expected
    assert cache_folder({}) is None  # whatever home the system knows of
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_folder(home) == "/home/me/Library/Caches/batchwright"
    assert cache_folder({}) is None
    monkeypatch.setattr("sys.platform", "win32")
    assert cache_folder({}) is None
