"""The one document of an earlier run, with what was edited since put into it.

Most edits change what a spec says, and no reference: a text, a type, a limit, a field
more. Then all references lead where they led before, and the pieces of all files stand
where they stood; what has changed is put where it belongs. Where an edit might change
anything else, there is no answer, and the document is put together anew.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import astuple

from batchwright.configuration.elsewhere import Elsewhere
from batchwright.document import Document, Pointer
from batchwright.reading.disk import Reading
from batchwright.reading.load import reload
from batchwright.reading.parse import digest_of
from batchwright.resolving.references import References
from batchwright.resolving.splice import ADDED_VALUES, Splice, size
from batchwright.results import Results

# How deep names of components stand, to which pieces of other files have to give way.
_NAMES: Final = 3
_NOTHING: Final = object()


class Beyond(Exception):
    """What was edited may change more than what stands there."""


class Edit(Struct, frozen=True):
    """A mapping or a list of a file of which some entries are others.

    `before` are all entries as they were, `after` as they are now.
    """

    pointer: Pointer
    changed: frozenset[str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class _Joined(Struct, frozen=True):
    """The files of a spec, and the one document that they made.

    `files` has the digest of each, the root first. `links` tells which file is meant by
    the name that another one has for it, `targets` where references lead. `origins` are
    those of the document, `data` its tree, and `added` is how many values pieces put in
    place have added to that.
    """

    files: dict[str, bytes]
    links: dict[tuple[str, str], str]
    targets: tuple[tuple[str, Pointer], ...]
    origins: dict[Pointer, tuple[str, Pointer]]
    data: bytes
    added: int


def joined_before(
    root: str, disk: Reading, elsewhere: Elsewhere, results: Results
) -> tuple[Document, Document] | None:
    """A spec as it was read, and as one document, if an earlier run helps with that."""
    for key, values in results.joined.everything.items():
        known = _Joined(*values)
        if next(iter(known.files)) != root:
            continue
        loaded = reload(root, known.links, disk, elsewhere, results)
        if loaded is not None and set(loaded.files) == known.files.keys():
            with suppress(Beyond):
                joined = _retouched(loaded, known, results)
                results.joined.get(key)
                return loaded, joined
    return None


def keep_joined(loaded: Document, joined: Document, results: Results) -> None:
    """Keep what became of a spec of which nothing had to be said."""
    files = {it: digest_of(it, loaded.sources[it].content) for it in loaded.files}
    if any(results.parsed.get(key) is None for key in files.values()):
        return
    if any(_has_shared(source.data) for source in loaded.sources.values()):
        return
    targets = {
        (it.target.tree, it.target.pointer)
        for it in joined.found[References]
        if it.target is not None
    }
    data: Any = joined.root.value
    with suppress(ValueError):  # nested too deep
        known = _Joined(
            files=files,
            links={link: name for link, name in loaded.links.items() if name},
            targets=tuple(sorted(targets)),
            origins=dict(joined.origins),
            data=marshal.dumps(data),
            added=joined.found.get(Splice, 0),
        )
        key = sha256(repr(files).encode("utf-8", "surrogatepass")).digest()
        results.joined.add(key, astuple(known))


def _retouched(loaded: Document, known: _Joined, results: Results) -> Document:
    """Raises Beyond."""
    root = loaded.files[0]
    document = Document(
        root=root,
        sources=loaded.sources,
        trees={root: marshal.loads(known.data)},
        origins=known.origins,
    )
    added = known.added
    for name, digest in known.files.items():
        # It is needed for as long as others are compared with it.
        before = results.parsed.get(digest)
        if before is None:
            raise Beyond
        source = loaded.sources[name]
        if digest_of(name, source.content) != digest:
            if _has_shared(source.data):
                raise Beyond
            for edit in edits(marshal.loads(before[1]), source.data):
                _check(edit, name, known)
                added += _apply(edit, name, document)
    if added > ADDED_VALUES:
        raise Beyond
    return document


def edits(before: Any, after: Any) -> Iterator[Edit]:
    """What differs between two versions of a file. Raises Beyond."""
    waiting: list[tuple[Pointer, Any, Any]] = [((), before, after)]
    if not _are_alike(before, after):
        raise Beyond
    while waiting:
        pointer, old, new = waiting.pop()
        olds, news = _entries(old), _entries(new)
        changed: set[str] = set()
        for key in {**olds, **news}:
            one, other = olds.get(key, _NOTHING), news.get(key, _NOTHING)
            if one is _NOTHING or other is _NOTHING:
                changed.add(key)
            elif _said(one) == _said(other):
                continue
            elif _are_alike(one, other):
                waiting.append(((*pointer, key), one, other))
            else:
                changed.add(key)
        if changed or list(olds) != list(news):
            yield Edit(pointer, frozenset(changed), olds, news)


def _check(edit: Edit, file: str, known: _Joined) -> None:
    """Whether no reference is in what is edited, and none leads there. Or Beyond."""
    if any(map(_refers, (*edit.pointer, *edit.before, *edit.changed))):
        raise Beyond
    # References are followed in the order in which they stand.
    stay = [[it for it in side if it in other] for side, other in _sides(edit)]
    changed = edit.changed if stay[0] == stay[1] else {*edit.before, *edit.after}
    for key in changed:
        if not (_is_plain(edit.before.get(key)) and _is_plain(edit.after.get(key))):
            raise Beyond
    length = len(edit.pointer)
    for name, target in known.targets:
        if name == file and target[:length] == edit.pointer:
            if len(target) > length and target[length] in edit.changed:
                raise Beyond


def _sides(edit: Edit) -> tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]:
    return (edit.before, edit.after), (edit.after, edit.before)


def _decides(place: Pointer, edit: Edit) -> bool:
    """Whether more may depend on an edit than what stands there."""
    is_named = place[:1] == ("components",) and len(place) < _NAMES
    return not place or (is_named and edit.before.keys() != edit.after.keys())


def _apply(edit: Edit, file: str, document: Document) -> int:
    """Put what was edited wherever that place of a file is now. Raises Beyond.

    Returns how many values more there may be.
    """
    done = set[int]()
    grown = max(0, size(dict(edit.after)) - size(dict(edit.before)))
    places = 0
    for place in set(_places(edit.pointer, file, document)):
        source, pointer = document.origin(document.root.tree, place)
        if (source.file, pointer) != (file, edit.pointer):
            continue
        if _decides(place, edit):
            raise Beyond
        places += 1
        try:
            container: Any = document.at(place).value
        except KeyError:
            raise Beyond from None
        if id(container) in done:
            continue
        done.add(id(container))
        here = _entries(container)
        if list(here) != list(edit.before):
            raise Beyond
        entries = {
            key: value if key in edit.changed else here[key]
            for key, value in edit.after.items()
        }
        container.clear()
        if isinstance(container, dict):
            container.update(entries)
        else:
            container.extend(entries.values())
    return places * grown


def _places(pointer: Pointer, file: str, document: Document) -> Iterator[Pointer]:
    """Where a place of a file may be in the one document."""
    if file == document.root.tree:
        yield pointer
    for place, (name, start) in document.origins.items():
        if name == file and pointer[: len(start)] == start:
            yield place + pointer[len(start) :]


def _are_alike(one: Any, other: Any) -> bool:
    """Whether two values can be gone through side by side."""
    if isinstance(one, dict) and isinstance(other, dict):
        return True
    lists = isinstance(one, list) and isinstance(other, list)
    return lists and len(one) == len(other)


def _entries(container: Any) -> Mapping[str, Any]:
    if isinstance(container, dict):
        return container
    if not isinstance(container, list):
        raise Beyond
    return {str(index): value for index, value in enumerate(container)}


def _said(value: Any) -> bytes:
    """The same for what says the same; 1 is not 1.0, and no order is another."""
    return marshal.dumps(value, 2)


def _refers(key: str) -> bool:
    """Whether what stands under a key may decide where references lead."""
    return key.startswith("$") or key == "mapping"


def _is_plain(value: Any) -> bool:
    """Whether nothing in a value can refer to anything, or be referred to by a name."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            if any(map(_refers, inner)):
                return False
            waiting += inner.values()
        elif isinstance(inner, list):
            waiting += inner
    return True


def _has_shared(value: Any) -> bool:
    """Whether a mapping or a list stands at several places: an alias of YAML."""
    seen = set[int]()
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict | list):
            if id(inner) in seen:
                return True
            seen.add(id(inner))
            waiting += inner.values() if isinstance(inner, dict) else inner
    return False
