"""Files and the disk: write all or nothing, or say what writing would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from batchwright.diagnostics import Location, Report
from batchwright.files import Files, collisions, path_fault
from batchwright.writing.changes import OVERWRITTEN, Changes, Difference, Edits, Survey
from batchwright.writing.manifest import (
    MANIFEST,
    RECORD,
    Manifest,
    ManifestError,
    Origin,
    digest,
    manifest_of,
    parse_manifest,
)
from batchwright.writing.transaction import STAGING, change, clear, created, locked
from batchwright.writing.tree import Tree, read_text

# What a folder may have in it when batchwright first writes there.
_LITTER = frozenset({".DS_Store", ".gitignore", ".gitkeep", "__pycache__", RECORD})


def write(
    files: Files,
    folder: Path,
    report: Report,
    *,
    origin: Origin | None = None,
    edits: Edits = OVERWRITTEN,
) -> Changes:
    """Make the folder say what the files say, and tell what that changed.

    Raises SpecError, and leaves the folder as it was, where that would overwrite
    something that batchwright did not write, or where the disk refuses.

    Args:
        origin: what the manifest is to say about where the files come from.
        edits: what becomes of files that batchwright wrote and somebody edited.
    """
    _check_paths(files, folder, report)
    with (
        _disk_faults("cannot-write", "cannot write", folder, report),
        created(folder),
        locked(folder),
    ):
        manifest = _read_manifest(folder, report)
        tree = Tree(folder)
        changes = _plan(files, tree, manifest or Manifest())
        if manifest is None:
            _refuse_used_folder(files, folder, tree, report)
        _refuse_foreign(changes, folder, report)
        changes = _with_edits(changes, edits, tree, folder, report)
        report.stop_if_errors()
        _carry_out(changes, files, folder, manifest, origin)
    _warn(changes, folder, report)
    return changes


def compare(files: Files, folder: Path, report: Report) -> tuple[Difference, ...]:
    """What `write` would change, without changing it.

    Raises SpecError where the folder cannot be read.
    """
    _check_paths(files, folder, report)
    if not folder.exists():
        return tuple(
            Difference(path=path, on_disk=None, generated=text)
            for path, text in sorted(files.items())
        )
    with (
        _disk_faults("cannot-read", "cannot compare", folder, report),
        locked(folder, shared=True),
    ):
        manifest = _read_manifest(folder, report)
        tree = Tree(folder)
        changes = _plan(files, tree, manifest or Manifest())
        differing = {*files, *changes.removed} - {*changes.unchanged}
        after = manifest_of(files)
        generated = dict(files)
        if not differing and manifest != after:
            # Its lines follow from those of the others: it is told only when alone.
            differing = {MANIFEST}
            generated[MANIFEST] = after.text
        return tuple(
            Difference(
                path=path, on_disk=tree.text(path), generated=generated.get(path)
            )
            for path in sorted(differing)
        )


def survey(folder: Path, report: Report) -> Survey | None:
    """What is in a folder that batchwright may have written; None if it never has.

    Raises SpecError where the folder cannot be read.
    """
    _check_folder(folder, report)
    if not folder.exists():
        return None
    with (
        _disk_faults("cannot-read", "cannot read", folder, report),
        locked(folder, shared=True),
    ):
        manifest = _read_manifest(folder, report)
        if manifest is None:
            return None
        tree = Tree(folder)
        # What a killed run has left is told as one thing.
        found = {
            path.split("/")[0] if path.startswith(STAGING) else path
            for path in tree.files()
            if not _is_litter(path)
        }
        listed = sorted(manifest.paths)
        return Survey(
            manifest=manifest,
            edited={
                path: tree.text(path) or ""
                for path in listed
                if tree.kind(path) is not None and _is_edited(path, tree, manifest)
            },
            replaced=tuple(it for it in listed if tree.kind(it) in ("folder", "other")),
            missing=tuple(path for path in listed if tree.kind(path) is None),
            extra=tuple(sorted(found - manifest.paths - {MANIFEST})),
        )


def _is_litter(path: str) -> bool:
    parts = path.split("/")
    return "__pycache__" in parts or parts[-1] in _LITTER


def write_file(file: Path, text: str, report: Report) -> None:
    """Write a file outside of any package, with its folder, unless it is so already.

    Raises SpecError where the disk refuses.
    """
    with (
        _disk_faults("cannot-write", "cannot write", file, report),
        created(file.parent),
    ):
        if read_text(file) != text:
            change(file.parent, [(file.name, text)], ())


def _check_folder(folder: Path, report: Report) -> None:
    with _disk_faults("cannot-read", "cannot read", folder, report):
        for above in (folder, *folder.parents):
            if above.exists() and not above.is_dir():
                message = "this is a file, and the output folder would be in it"
                if above == folder:
                    message = "the output folder is a file"
                report.error("not-a-folder", message, Location(file=str(above)))
    report.stop_if_errors()


def _check_paths(files: Files, folder: Path, report: Report) -> None:
    _check_folder(folder, report)
    for path in sorted(files):
        fault = path_fault(path)
        if path in (MANIFEST, RECORD):
            fault = "batchwright keeps a file of its own there"
        if fault:
            report.error(
                "unsafe-path",
                f"a file cannot be written under this path: {fault}",
                Location(file=path),
            )
    for one, other in collisions((MANIFEST, *files)):
        report.error(
            "unsafe-path",
            f"not every file system can have this and {one} in one folder",
            Location(file=other),
        )
    report.stop_if_errors()


@contextmanager
def _disk_faults(
    code: str, message: str, folder: Path, report: Report
) -> Iterator[None]:
    """Say what the operating system refuses as an error about the file."""
    try:
        yield
    except OSError as fault:
        report.error(
            code,
            f"{message}: {fault.strerror or fault}",
            Location(file=str(fault.filename or folder)),
        )
        report.stop_if_errors()


def _read_manifest(folder: Path, report: Report) -> Manifest | None:
    """What an earlier run wrote; None where none has been."""
    text = read_text(folder / MANIFEST)
    if text is None:
        return None
    try:
        return parse_manifest(text)
    except ManifestError as fault:
        report.error(
            "bad-manifest",
            f"this is not the list of files that batchwright keeps here: {fault}",
            Location(file=str(folder / MANIFEST)),
            hint="restore it from version control (of a conflict, either side will "
            "do); or delete the folder and generate it anew",
        )
    report.stop_if_errors()
    return None


def _plan(files: Files, tree: Tree, manifest: Manifest) -> Changes:
    found: dict[str, list[str]] = {}

    def note(what: str, path: str) -> None:
        found.setdefault(what, []).append(path)

    for path in sorted(manifest.paths - files.keys()):
        if tree.kind(path) is not None:
            note("kept" if _is_edited(path, tree, manifest) else "removed", path)
    removed = frozenset(found.get("removed", ()))
    for path, text in sorted(files.items()):
        kind = tree.kind(path)
        if obstacle := tree.obstacle(path, ignoring=removed):
            note("foreign", obstacle)
        elif kind is None:
            note("created", path)
        elif tree.text(path) == text:
            note("unchanged", path)
        elif kind == "folder" or path not in manifest.paths:
            note("foreign", path)
        else:
            note("changed", path)
            if _is_edited(path, tree, manifest):
                note("edited", path)
    return Changes(**{what: tuple(dict.fromkeys(it)) for what, it in found.items()})


def _is_edited(path: str, tree: Tree, manifest: Manifest) -> bool:
    text = tree.text(path)
    return text is None or not manifest.is_as_written(path, digest(text))


def _refuse_used_folder(files: Files, folder: Path, tree: Tree, report: Report) -> None:
    """No run has written here yet: then it is to be a folder of the SDK's own.

    Else a slip of the keyboard would spread an SDK over somebody's sources.
    """
    ours = {path.split("/")[0] for path in files}
    others = sorted(set(tree.names()) - ours - _LITTER)
    if others:
        report.error(
            "foreign-folder",
            f"the output folder is in use for other things: {some(others)}",
            Location(file=str(folder)),
            hint="generate into a folder of its own: an empty or a new one",
        )


def _refuse_foreign(changes: Changes, folder: Path, report: Report) -> None:
    if changes.foreign:
        report.error(
            "foreign-file",
            "batchwright did not write what it would have to overwrite here: "
            + some(changes.foreign),
            Location(file=str(folder)),
            hint="move or delete it if it is not needed, and generate again",
        )


def _with_edits(
    changes: Changes, edits: Edits, tree: Tree, folder: Path, report: Report
) -> Changes:
    """What is done about edited files; those that must not be lost are refused."""
    if edits.known is None:
        return changes
    for path in sorted({*changes.edited, *changes.kept}):
        if edits.known.get(path) != digest(tree.text(path) or ""):
            report.error(
                "edited-file",
                "the file has been edited by hand, and would be lost",
                Location(file=str(folder / path)),
                hint="carry local changes over with --keep-changes, or give them up "
                "with --force",
            )
    return replace(
        changes,
        edited=(),
        kept=(),
        removed=tuple(sorted({*changes.removed, *changes.kept})),
    )


def some(names: Sequence[str], longest: int = 5) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - longest
    listed = ", ".join(names[:longest])
    return f"{listed} and {more} more" if more > 0 else listed


def _carry_out(
    changes: Changes,
    files: Files,
    folder: Path,
    before: Manifest | None,
    origin: Origin | None,
) -> None:
    after = manifest_of(files, origin)
    written = (*changes.created, *changes.changed)
    if not written and not changes.removed and before == after:
        clear(folder)
        return
    # Should the run be killed among the renames, the next one knows its files by this.
    meanwhile = Manifest(
        files=before.files if before else {},
        pending={path: after.files[path] for path in written},
        origin=before.origin if before else None,
    )
    change(
        folder,
        [
            (MANIFEST, meanwhile.text),
            *((path, files[path]) for path in written),
            (MANIFEST, after.text),
        ],
        changes.removed,
    )


def _warn(changes: Changes, folder: Path, report: Report) -> None:
    for path in changes.edited:
        report.warning(
            "edited-file",
            "the file had been edited by hand; it was overwritten",
            Location(file=str(folder / path)),
            hint="what is lost can only come back from version control; to change "
            "what is generated, change the spec or a template",
        )
    for path in changes.kept:
        report.warning(
            "kept-file",
            "the file is no longer generated, but it was edited by hand; it stays",
            Location(file=str(folder / path)),
            hint="it is yours from now on: delete it if it is not needed",
        )
