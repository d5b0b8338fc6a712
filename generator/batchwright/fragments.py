"""Decides where pieces of other files stand in the one document, and their names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeAlias

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Node, Pointer
from batchwright.references import Reference
from batchwright.structure import KIND_OF_SECTION, SECTIONS, Kind, Shape

# A file (as a key of the document) and a pointer within it.
Place: TypeAlias = tuple[str, Pointer]

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
        """The node that a piece of another file is, where it only is a `$ref`."""
        passed = set[int]()
        while node.tree != self._root.tree and id(node.value) not in passed:
            passed.add(id(node.value))
            reference = self._by_site.get(id(node.value))
            if reference is None or reference.target is None or len(_dict(node)) != 1:
                break
            node = reference.target
        return node

    def settle(self, report: Report) -> None:
        """Give every piece of another file a place; report names that collide."""
        taken = self._place_components()
        wanted: dict[Place, tuple[Kind, Node]] = {}
        for reference in self._references:
            if reference.target is None:
                continue
            target = self.end(reference.target)
            if target.tree != self._root.tree and not is_put_in_place(reference):
                wanted.setdefault(place_of(target), (reference.part.kind, target))
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
        if target.tree == self._root.tree:
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
        """A component of the root that only is a `$ref` to a file is its target.

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
                found[place_of(self._component(node))][name] = node
            for place, nodes in found.items():
                if place[0] != self._root.tree:
                    own = _own_name(place)
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


def _own_name(place: Place) -> str:
    tree, pointer = place
    return _clean(pointer[-1] if pointer else PurePosixPath(tree).stem)


def _clean(name: str) -> str:
    return _NOT_IN_A_NAME.sub("_", name).strip("_") or "unnamed"


def _names(places: list[Place], taken: set[str]) -> dict[Place, str | None]:
    """A name for each place that is not taken; None where there is none.

    Names that collide get the file's stem in front (a whole file: its folder), all of
    them, so that no name depends on the order of anything.
    """
    names: dict[Place, str | None] = {}
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        groups[_own_name(place)].append(place)
    longer: dict[str, list[Place]] = defaultdict(list)
    used = set(taken)
    for name, group in groups.items():
        if len(group) == 1 and name not in taken:
            names[group[0]] = name
            used.add(name)
        else:
            for place in group:
                longer[_long_name(place)].append(place)
    for name, group in longer.items():
        for place in group:
            names[place] = name if len(group) == 1 and name not in used else None
    return names


def _long_name(place: Place) -> str:
    tree, pointer = place
    path = PurePosixPath(tree)
    front = path.stem if pointer else path.parent.name
    return _clean(f"{front}_{_own_name(place)}")


def _report_collision(node: Node, section: str, report: Report) -> None:
    name = _own_name(place_of(node))
    report.error(
        "name-collision",
        f"{excerpt(name)} is wanted as a name in components/{section} by several"
        " parts of the spec",
        node,
        "give this one a name of its own: in components of the root file, refer to"
        " it with a $ref under that name",
    )
