"""Decides where pieces of other files stand in the one document, and their names.

So do pieces of the root file that stand where OpenAPI has nothing, like `definitions`:
as components they are checked as all others are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeAlias

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Node, Pointer
from batchwright.resolving.references import Reference
from batchwright.structure import KIND_OF_SECTION, SECTIONS, Kind, Shape, part_at

# A file (as a key of the document) and a pointer within it.
Place: TypeAlias = tuple[str, Pointer]

# Of these nothing is generated, so that it does not matter where they stand.
_ANYWHERE = (Kind.EXAMPLE, Kind.LINK, Kind.CALLBACK)

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def place_of(node: Node) -> Place:
    """What identifies the node across files."""
    return node.tree, node.pointer


def is_put_in_place(reference: Reference) -> bool:
    """Whether the target replaces the `$ref`, because nothing else can be there.

    OpenAPI has references to the kinds of objects that components hold. Elsewhere,
    bundlers and this tool read a `$ref` as the text that it stands for.
    """
    part = reference.part
    return part.kind not in SECTIONS or part.shape not in (
        Shape.ONE,
        Shape.ONE_OR_LIST,
    )


class Fragments:
    """The places, in the resolved document, of all that references lead to."""

    def __init__(self, root: Node, references: Iterable[Reference]) -> None:
        self._root = root
        self._references = [it for it in references if it.target is not None]
        # By the identity of the mapping that holds the `$ref`.
        self._by_site = {
            id(reference.site.value): reference
            for reference in self._references
            if reference.entry is None and reference.wraps is None
        }
        self._placed: dict[Place, Pointer] = {}
        self._own_components: set[int] = set()
        # Fragments that become components, by their new pointers.
        self.added: dict[Pointer, Node] = {}

    def end(self, node: Node) -> Node:
        """The node that a loose piece is, where it only is a `$ref`."""
        passed = set[int]()
        while self._is_loose(node) and id(node.value) not in passed:
            passed.add(id(node.value))
            reference = self._by_site.get(id(node.value))
            if reference is None or reference.target is None or len(_dict(node)) != 1:
                break
            node = reference.target
        return node

    def _is_loose(self, node: Node) -> bool:
        """Whether a node has no place of its own in the root's document."""
        if node.tree != self._root.tree:
            return True
        pointer = node.pointer
        # Nearly all references lead to components.
        is_component = len(pointer) == 3 and pointer[0] == "components"
        if is_component and pointer[1] in KIND_OF_SECTION:
            return False
        return part_at(pointer) is None

    def settle(self, report: Report) -> None:
        """Give every loose piece a place; report names that collide."""
        taken = self._place_components()
        wanted: dict[Place, tuple[Kind, Node]] = {}
        for reference in self._references:
            if reference.target is None:
                continue
            target, kind = self.end(reference.target), reference.part.kind
            if is_put_in_place(reference) or not self._is_loose(target):
                continue
            if target.tree != self._root.tree or kind not in _ANYWHERE:
                wanted.setdefault(place_of(target), (kind, target))
        outer = {place for place in wanted if not self._is_inside(place, wanted)}
        by_section: dict[str, list[Place]] = defaultdict(list)
        for place in sorted(outer - self._placed.keys()):
            by_section[SECTIONS[wanted[place][0]]].append(place)
        for section, places in by_section.items():
            names = _names(places, taken[section])
            for place, name in names.items():
                node = wanted[place][1]
                if name is None:
                    _report_collision(node, section, report)
                    continue
                pointer = ("components", section, name)
                self._placed[place] = pointer
                self.added[pointer] = node

    def is_component_itself(self, reference: Reference) -> bool:
        """Whether the `$ref` is a component of the root that is replaced by its target.

        Where several components are the same fragment, one of them is.
        """
        return id(reference.site.value) in self._own_components

    def pointer_of(self, target: Node) -> Pointer | None:
        """Where the target stands in the resolved document, if anywhere."""
        target = self.end(target)
        if not self._is_loose(target):
            return target.pointer
        tree, pointer = place_of(target)
        for length in range(len(pointer), -1, -1):
            placed = self._placed.get((tree, pointer[:length]))
            if placed is not None:
                return placed + pointer[length:]
        return None

    def _is_inside(self, place: Place, others: Mapping[Place, object]) -> bool:
        tree, pointer = place
        return any(
            (tree, pointer[:length]) in others
            or (tree, pointer[:length]) in self._placed
            for length in range(len(pointer))
        )

    def _place_components(self) -> dict[str, set[str]]:
        """A component of the root that only is a `$ref` to a loose piece is its target.

        Returns the names that are taken in each section.
        """
        taken: dict[str, set[str]] = defaultdict(set)
        components = self._in_place(self._root.get("components"))
        for section in KIND_OF_SECTION:
            mapping = self._in_place(components and components.get(section))
            if mapping is None:
                continue
            found: dict[Place, dict[str, Node]] = defaultdict(dict)
            for name, node in mapping.items():
                taken[section].add(name)
                component = self._component(node)
                if self._is_loose(component):
                    found[place_of(component)][name] = node
            for place, nodes in found.items():
                own = _name(place, 0)
                name = own if own in nodes else min(nodes)
                self._placed[place] = ("components", section, name)
                self._own_components.add(id(nodes[name].value))
        return taken

    def _in_place(self, node: Node | None) -> Node | None:
        """The mapping that stands at a place after a misplaced `$ref` was replaced."""
        passed = set[int]()
        while node is not None and id(node.value) not in passed:
            passed.add(id(node.value))
            reference = self._by_site.get(id(node.value))
            if reference is None:
                break
            node = reference.target
        return node

    def _component(self, node: Node) -> Node:
        reference = self._by_site.get(id(node.value))
        if reference is None or reference.target is None or len(_dict(node)) != 1:
            return node
        return self.end(reference.target)


def _dict(node: Node) -> Mapping[str, object]:
    return node.value if isinstance(node.value, dict) else {}


def _clean(name: str) -> str:
    return _NOT_IN_A_NAME.sub("_", name).strip("_") or "unnamed"


def _names(places: list[Place], taken: set[str]) -> dict[Place, str | None]:
    """A name for each place that is not taken; None where there is none.

    Names that collide become longer, all of them, until they differ, so that no name
    depends on the order of anything.
    """
    names: dict[Place, str | None] = dict.fromkeys(places)
    used = set(taken)
    left, level = places, 0
    while left:
        groups: dict[str, list[Place]] = defaultdict(list)
        for place in left:
            name = _name(place, level)
            if name is not None:
                groups[name].append(place)
        free = {n: group[0] for n, group in groups.items() if len(group) == 1}
        names.update({place: n for n, place in free.items() if n not in used})
        used |= free.keys()
        left = [it for group in groups.values() for it in group if names[it] is None]
        level += 1
    return names


def _name(place: Place, level: int) -> str | None:
    """A name for a place that says more on each level; None where there is no more.

    First its key alone, then with the file's stem in front, then all the way to it in
    the file, then with ever more folders. A whole file has its stem, then the folders.
    """
    tree, pointer = place
    path = PurePosixPath(tree)
    keys = pointer[2:] if pointer[:1] == ("components",) else pointer
    way = [*path.parent.parts, path.stem, *keys]
    if keys and level < 2:
        return _clean("_".join([path.stem, keys[-1]][1 - level :]))
    shown = len(keys) + level - 1 if keys else level + 1
    return _clean("_".join(way[-shown:])) if shown <= len(way) else None


def _report_collision(node: Node, section: str, report: Report) -> None:
    name = _name(place_of(node), 0) or ""
    report.error(
        "name-collision",
        f"{excerpt(name)} is wanted as a name in components/{section} by several"
        " parts of the spec",
        node,
        "give this one a name of its own: in components of the root file, refer to"
        " it with a $ref under that name",
    )
