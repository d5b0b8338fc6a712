"""What is in an output folder, and what a run does to it, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from batchwright.files import Files
from batchwright.writing.manifest import Digest, Manifest
from batchwright.writing.patches import unified


class Changes(Struct, frozen=True, kw_only=True):
    """What a run does, or would do, to the output folder; paths within it, sorted.

    `edited` ones of the `changed` files are not as an earlier run left them. `kept`
    files are no longer generated but have been edited, and so they stay. `foreign`
    files are in the way, and are not batchwright's.
    """

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


class Edits(Struct, frozen=True, kw_only=True):
    """What becomes of edits that somebody has made in the output folder.

    With `known` None, files that are still generated are overwritten, with a warning,
    and others left. Else it has the digests of those edits that have been taken care
    of; any other is refused.
    """

    known: Mapping[str, Digest] | None = None


OVERWRITTEN = Edits()


class Survey(Struct, frozen=True, kw_only=True):
    """An output folder as it is found; paths within it, sorted.

    `edited` has the texts of files that are not as batchwright wrote them; those that
    are links or folders now, and so have none, are in `replaced`, too. `missing` files
    are in the manifest and not on disk, `extra` ones on disk alone. What systems and
    Python leave there is neither.
    """

    manifest: Manifest
    edited: Files
    replaced: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]


class Difference(Struct, frozen=True, kw_only=True):
    """A file that is not on disk as it is generated; None where there is no file."""

    path: str
    on_disk: str | None
    generated: str | None

    def unified(self, folder: Path) -> Iterator[str]:
        """The lines of a unified diff, from the disk to what is generated."""
        name = (folder / self.path).as_posix()
        before = "/dev/null" if self.on_disk is None else f"{name}\ton disk"
        after = "/dev/null" if self.generated is None else f"{name}\tgenerated"
        yield f"--- {before}"
        yield f"+++ {after}"
        yield from unified(self.on_disk, self.generated)
