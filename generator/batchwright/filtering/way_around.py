"""Which filter leaves out what is wrong with a spec, so that the rest can be made."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, unquote

from msgspec import Struct

from batchwright.diagnostics import Diagnostic, Location, Severity, printable
from batchwright.document import Document, Node, Pointer, parse_pointer
from batchwright.filtering.selection import tags_of
from batchwright.resolving.references import LeavesOut, References
from batchwright.resolving.resolve import opened
from batchwright.resolving.targets import split_ref
from batchwright.structure import ONE, Kind, Part, inner_parts, methods_of
from batchwright.translate.groups import Found

# As many names are read by one who has to decide.
_SHORT = 5
# What goes with the last operation that refers to it, and what never goes.
_GOES, _STAYS = (("components",), ("webhooks",)), ("components", "securitySchemes")


def way_around(
    document: Document,
    leaves_out: LeavesOut | None,
    found: Iterable[Diagnostic],
) -> str | None:
    """Which filter leaves out all that has errors, if a short one does.

    Args:
        document: the spec as it was loaded.
        leaves_out: what is left out already.
    """
    errors = [it for it in found if it.severity is Severity.ERROR]
    places = dict.fromkeys(it.location for it in errors)
    uses = _Uses(document, leaves_out)
    objects: set[int] = set()
    for place in places:
        within = None if place is None else uses.within(place)
        if within is None:
            return None
        objects |= within
    users = uses.users_of(objects)
    if not users:
        return None
    if len(users) <= _SHORT:
        noun = "path" if all(it.name.startswith("/") for it in users) else "operation"
        what = f"one {noun}" if len(users) == 1 else f"few {noun}s"
        return _told(what, [it.name for it in users])
    tags = {it.tags[0] if it.tags else None: None for it in users}
    is_all = all(not tags.keys().isdisjoint(it.tags) for it in uses.users)
    if None in tags or len(tags) > _SHORT or is_all:
        return None
    what = "one tag" if len(tags) == 1 else "few tags"
    return _told(f"the operations of {what}", [it for it in tags if it is not None])


def _told(what: str, names: Sequence[str]) -> str | None:
    # A shell or a filter would take some text for something else.
    if any(mark in name for name in names for mark in ',*?["$`\\!'):
        return None
    text = printable(",".join(names))
    it = "it needs" if what.startswith("one") else "they need"
    return (
        f'all errors are in {what}, or in what {it}; to do without: --exclude "{text}"'
    )


class _User(Struct, frozen=True):
    """An operation, or a path that cannot be read, by the name that filters have.

    `objects` are the data that are its own, by identity.
    """

    name: str
    tags: tuple[str, ...]
    objects: frozenset[int]


class _Uses:
    """Who has, or refers to, what: objects of the data, by identity."""

    def __init__(self, document: Document, leaves_out: LeavesOut | None) -> None:
        self._document = document
        self._leaves_out = leaves_out
        # Where references lead, and who refers to files that cannot be read.
        self._targets: dict[int, list[tuple[Part, Node]]] = {}
        self._missing: dict[str, set[int]] = {}
        self._follow_references()
        self._owners: dict[int, set[int]] = {}
        self._passed_over: set[int] = set()
        self.users = list(self._users())
        self._tops = {top for user in self.users for top in user.objects}
        self._always = {id(node.value) for _, node in self._always_used()}
        self._walk()

    def within(self, place: Location) -> set[int] | None:
        """The object that a place is in; none where no operation has to do with it.

        None where no filter leaves the place out.
        """
        try:
            node = self._document.tree(place.file)
        except KeyError:
            return self._missing.get(place.file)
        way = parse_pointer(quote(place.pointer))
        known = [it for it in map(id, _values(node, way)) if self._is_known(it)]
        if known:
            return {known[-1]}
        is_root = node.tree == self._document.root.tree
        goes = is_root and way[:1] in _GOES and way[:2] != _STAYS
        return set() if goes else None

    def _is_known(self, key: int) -> bool:
        return key in self._owners or key in self._tops

    def users_of(self, objects: Iterable[int]) -> list[_User]:
        """Whoever leads to one of the objects; nobody if something else does, too."""
        reached = set(objects)
        pending = list(reached)
        while pending:
            one = pending.pop()
            if one in self._always:
                return []
            more = () if one in self._tops else self._owners.get(one, ())
            pending += (it for it in more if it not in reached)
            reached.update(more)
        return [it for it in self.users if not reached.isdisjoint(it.objects)]

    def _follow_references(self) -> None:
        walk = References(self._document, opened(self._document), self._leaves_out)
        for reference in walk.walk():
            site, target = reference.site, reference.target
            file, _ = split_ref(reference.text)
            if target is not None:
                to = self._targets.setdefault(id(site.value), [])
                to.append((reference.part, target))
            elif file:
                folder = os.path.dirname(site.tree)
                name = os.path.normpath(os.path.join(folder, unquote(file)))
                self._missing.setdefault(name, set()).add(id(site.value))

    def _users(self) -> Iterator[_User]:
        """Operations that are not left out, and paths that cannot be read."""
        paths = self._document.root.get("paths")
        for path, item in paths.items() if paths else ():
            end = self._end(item)
            is_out = self._leaves_out or _nothing_is_out
            if is_out(path, None, item):
                self._passed_over.add(id(item.value))
                continue
            if end.text("$ref") is not None:
                yield _User(path, (), frozenset({id(item.value), id(end.value)}))
            for method, node in methods_of(end):
                operation = self._end(node)
                if is_out(path, method, operation):
                    self._passed_over.add(id(node.value))
                    continue
                found = Found(method=method, path=path, node=operation, item=end)
                own = (item, end, node, operation)
                objects = frozenset(id(it.value) for it in own)
                yield _User(found.key, tuple(tags_of(found)), objects)

    def _end(self, node: Node) -> Node:
        passed: set[int] = set()
        while id(node.value) in self._targets and id(node.value) not in passed:
            passed.add(id(node.value))
            _, node = self._targets[id(node.value)][0]
        return node

    def _always_used(self) -> Iterator[tuple[Part, Node]]:
        root = self._document.root
        for part, node in inner_parts(ONE[Kind.OPENAPI], root):
            if node.pointer not in (("paths",), *_GOES):
                yield part, node
        components = root.get("components")
        schemes = components and components.get(_STAYS[-1])
        for _, scheme in schemes.items() if schemes else ():
            yield ONE[Kind.SECURITY_SCHEME], scheme

    def _walk(self) -> None:
        """Note the owners of all that operations, and the document itself, lead to."""
        root = self._document.root
        paths = root.get("paths")
        items = paths.items() if paths else ()
        pending = [(ONE[Kind.PATH_ITEM], item) for _, item in items]
        pending += self._always_used()
        seen: set[tuple[int, Part]] = set()
        while pending:
            part, node = pending.pop()
            key = id(node.value)
            if key in self._passed_over or (key, part) in seen:
                continue
            seen.add((key, part))
            inner = [*inner_parts(part, node), *self._targets.get(key, ())]
            for one in inner:
                if isinstance(one[1].value, dict | list):
                    self._owners.setdefault(id(one[1].value), set()).add(key)
                    pending.append(one)


def _values(node: Node, way: Pointer) -> Iterator[object]:
    """What stands on the way from a node, itself included, as far as that leads."""
    yield node.value
    for token in way:
        try:
            node = node[token]
        except KeyError:
            return
        yield node.value


def _nothing_is_out(path: str, method: str | None, node: Node) -> bool:
    return False
