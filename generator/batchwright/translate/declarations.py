"""The names that a document declares: who has which, and in what order they stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec.structs import replace

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Document, Node, Pointer
from batchwright.translate.aliases import sorted_aliases
from batchwright.translate.only_values import filled_in
from batchwright.translate.pins import Pins
from batchwright.translate.reading import component_name

if TYPE_CHECKING:
    from batchwright.translate.remembered import Notes


class Declarations:
    """The component schemas with their Python names, and all classes and aliases made.

    `components` and `names` are by the component's own name.
    """

    def __init__(
        self,
        document: Document,
        report: Report,
        pins: Pins,
        *,
        reserved: Collection[str],
    ) -> None:
        self.pins = pins
        self._report = report
        # What a class would be called without a pin; what the spec calls its schema.
        self._plain: dict[str, str] = {}
        self._things: dict[str, str] = {}
        # How far the numbers behind a name have come.
        self._numbers: dict[str, int] = {}
        self._made: dict[str, tuple[tuple[int, int], ir.Declaration]] = {}
        components = document.root.get("components")
        schemas = components.get("schemas") if components else None
        self.components = dict(schemas.items()) if schemas else {}
        self._order = {wire: index for index, wire in enumerate(self.components)}
        self.names = self.settle(
            self.components, naming.class_name, reserved, "schemas", "class", "schema "
        )
        for wire, name in self.names.items():
            self._things[name] = f"schema {wire}."
            if pins.has(f"schema {wire}"):
                self._plain[name] = naming.class_name(wire)[0]
        self._taken = set(reserved) | set(self.names.values())
        # A pin of a schema leaves all others their names, and those that stand in
        # place keep off the name that it would have without.
        self._avoided = self._taken | set(self._plain.values())
        self._digests: dict[str, bytes] = {}
        # What the translation that is being made asks for and makes, if that is kept.
        self.notes: Notes | None = None

    def __contains__(self, name: str) -> bool:
        self._note_look(name)
        return name in self._made

    def __getitem__(self, name: str) -> ir.Declaration:
        self._note_look(name)
        return self._made[name][1]

    def digest(self, name: str) -> bytes | None:
        """The digest of a declaration; None if there is none of the name."""
        if name in self._made and name not in self._digests:
            text = repr(self._made[name][1]).encode("utf-8", "surrogatepass")
            self._digests[name] = sha256(text).digest()
        return self._digests.get(name)

    def _note_look(self, name: str) -> None:
        notes = self.notes
        if notes is not None and name not in notes.declared:
            if all(made.name != name for _, made in notes.made):
                notes.declared[name] = self.digest(name)

    @property
    def all_names(self) -> Collection[str]:
        """The Python names of all declarations."""
        return self._made.keys()

    def settle(
        self,
        nodes: Mapping[str, Node],
        candidates: Callable[[str], tuple[str, ...]],
        reserved: Collection[str],
        what: str,
        becomes: str,
        within: str,
    ) -> dict[str, str]:
        """Python names for wire names; collisions are reported.

        `within`, with a wire name behind it, is what a pin calls the thing.
        """
        settled = self.pins.settle(
            (naming.Wish(key=w, wire=w, candidates=candidates(w)) for w in nodes),
            lambda wire: f"{within}{wire}",
            reserved=reserved,
        )
        for group in settled.unsettled:
            listed = ", ".join(f"`{wire}`" for wire in group)
            self._report.error(
                "name-collision",
                f"the {what} {listed} all become the {becomes}"
                f" `{settled.names[group[0]]}`",
                nodes[group[-1]],
                hint="give them names that differ in letters or digits",
            )
        return settled.names

    def allocate(self, hint: str) -> str:
        """A class name for a schema that stands in place."""
        name = self._free(hint, self._numbers)
        pinned = self.pins.pinned(f"class {name}", name, self._taken)
        self._things[pinned] = f"class {name}."
        self._plain[pinned] = name
        self._taken.add(pinned)
        self._avoided |= {name, pinned}
        if self.notes is not None:
            self.notes.names.append((hint, pinned))
        return pinned

    def _free(
        self, hint: str, numbers: dict[str, int], given: Collection[str] = ()
    ) -> str:
        base = name = naming.identifier(naming.pascal(hint), lead="Model")
        # Names are never given back: what was taken once need not be tried again.
        number = numbers.get(base) or self._numbers.get(base, 2)
        while name in self._avoided or name in given:
            name, number = f"{base}{number}", number + 1
        numbers[base] = number
        return name

    def would_allocate(self, names: Iterable[tuple[str, str]]) -> bool:
        """Whether these names would be given again for these hints, without pins."""
        given: set[str] = set()
        numbers: dict[str, int] = {}
        for hint, name in names:
            if self._free(hint, numbers, given) != name:
                return False
            given.add(name)
        return True

    def allocate_within(self, owner: str, suffix: str) -> str:
        """A name for a part of a class, whose own parts are named after the whole."""
        plain = self.plain(owner)
        name = self.allocate(plain + suffix)
        self._plain[name] = plain
        return name

    def plain(self, name: str) -> str:
        """What a class would be called without a pin: others are named after that."""
        return self._plain.get(name, name)

    def thing(self, name: str) -> str:
        """What a pin has in front of the parts of a class."""
        return self._things.get(name, f"class {name}.")

    def allocate_classes(
        self, wishes: Mapping[str, str], reserved: Collection[str]
    ) -> dict[str, str]:
        """Names for classes beside the schemas', that no schema in place gets.

        `wishes` are by whatever they are for; a name that is taken, or `reserved` where
        these classes are used, gets `Resource`.
        """
        made: dict[str, str] = {}
        taken = {*self._taken, *reserved}
        for key in sorted(wishes):
            name = wishes[key]
            while not taken.isdisjoint((name, f"Async{name}")):
                name += "Resource"
            taken |= {name, f"Async{name}"}
            self._taken |= {name, f"Async{name}"}
            self._avoided |= {name, f"Async{name}"}
            made[key] = name
        return made

    def add(self, node: Node, declaration: ir.Declaration) -> None:
        """Note a declaration, after the component in which it stands."""
        self.note(node.pointer, replace(declaration, component=component_name(node)))

    def note(self, pointer: Pointer, declaration: ir.Declaration) -> None:
        """The same for a declaration that knows which component it is."""
        within = pointer[:2] == ("components", "schemas") and pointer[2]
        index = self._order.get(str(within), len(self._order))
        number = 0 if declaration.component is not None else 1 + len(self._made)
        self._made[declaration.name] = ((index, number), declaration)
        self._digests.pop(declaration.name, None)
        if self.notes is not None:
            self.notes.made.append((pointer, declaration))

    def sorted(
        self,
    ) -> tuple[tuple[ir.Enum, ...], tuple[ir.Struct, ...], tuple[ir.Alias, ...]]:
        """All of them in the document's order; aliases after their parts."""
        entries = sorted(self._made.values(), key=lambda entry: entry[0])
        declared = [declaration for _, declaration in entries]
        return (
            tuple(d for d in declared if isinstance(d, ir.Enum)),
            filled_in(declared),
            sorted_aliases([d for d in declared if isinstance(d, ir.Alias)]),
        )
