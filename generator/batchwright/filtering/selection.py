"""Filters: the document with those operations alone that are wanted.

What only the others used goes with them, so that nobody's SDK has models that no method
of it takes or returns. Without a filter, a document stays as it is, and every schema of
its components becomes a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import cast

from batchwright import naming
from batchwright.configuration.config import Config
from batchwright.configuration.entries import Pattern
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer, local_ref, parse_pointer
from batchwright.resolving.references import LeavesOut
from batchwright.resolving.resolve import check_mapped_names
from batchwright.structure import METHODS
from batchwright.suggestions import did_you_mean
from batchwright.translate.groups import Found, beginning, operations_of

# What a client needs whatever it calls.
_KEPT_SECTIONS = ("securitySchemes",)


def leaves_out(config: Config) -> LeavesOut | None:
    """What the filters leave out, for those who look before `select` does."""
    if not config.is_filtered:
        return None

    def is_out(path: str, method: str | None, node: Node) -> bool:
        if method is None:
            return _is_whole_path_out(path, config)
        return not _is_wanted(
            Found(method=method, path=path, node=node, item=node), config
        )

    return is_out


def _is_whole_path_out(path: str, config: Config) -> bool:
    """Whether the filters leave a path out, whatever its operations may be."""
    if any(it.text.startswith("/") and _covers(it.text, path) for it in config.exclude):
        return True
    wanted = [_path_in(pattern.text) for pattern in config.include]
    return bool(wanted) and not any(it is None or _covers(it, path) for it in wanted)


def _path_in(text: str) -> str | None:
    """The path that a filter names, with a method in front or without."""
    rest = text if text.startswith("/") else text.partition(" ")[2]
    return rest if rest.startswith("/") else None


def select(
    document: Document, config: Config, report: Report, *, strict: bool = True
) -> Document:
    """The resolved document without what the configuration leaves out.

    A filter that names nothing is an error; not so where it is not `strict`, for a
    version of the spec that the filters were not made for.
    """
    if not config.is_filtered:
        return document
    found = list(operations_of(document))
    listed = document.root.get("paths")
    paths = [path for path, _ in listed.items()] if listed else []
    if strict:
        for pattern in (*config.include, *config.exclude):
            if not any(_names(pattern.text, it) for it in found) and not any(
                pattern.text.startswith("/") and _covers(pattern.text, it)
                for it in paths
            ):
                _report_unused(pattern, found, report)
        report.stop_if_errors()
    left_out = [it for it in found if not _is_wanted(it, config)]
    if strict and len(left_out) == len(found):
        report.error("nothing-left", "the filters leave no operation of the spec")
        report.stop_if_errors()
    selected = _Pruning(document, left_out, report).whole()
    check_mapped_names(selected, report)
    return selected


def _is_wanted(found: Found, config: Config) -> bool:
    def any_of(patterns: Iterable[Pattern]) -> bool:
        return any(_names(pattern.text, found) for pattern in patterns)

    return (not config.include or any_of(config.include)) and not any_of(config.exclude)


def _names(text: str, found: Found) -> bool:
    """Whether a filter means an operation: by path, method and path, tag or id."""
    method, space, path = text.partition(" ")
    if text.startswith("/"):
        return _covers(text, found.path)
    if space and path.startswith("/"):
        return method.upper() == found.method and _covers(path, found.path)
    if text == found.operation_id:
        return True
    return any(text in (tag, naming.snake(tag)) for tag in tags_of(found))


def _covers(pattern: str, path: str) -> bool:
    return pattern == path or fnmatchcase(path, pattern)


def tags_of(found: Found) -> list[str]:
    """The tags by which filters name an operation; at least one."""
    tags = found.node.get("tags")
    several = [str(tag.value) for tag in tags.elements()] if tags else []
    return several or [beginning(found.path)]


def _report_unused(pattern: Pattern, found: Iterable[Found], report: Report) -> None:
    known = {name: None for it in found for name in _known(it)}
    report.error(
        "unused-filter",
        f"{pattern.label} names {excerpt(pattern.text)}, but that is no tag, path or "
        "operation of the spec",
        pattern.location,
        hint=did_you_mean(pattern.text, known),
    )


def _known(found: Found) -> Iterator[str]:
    yield from tags_of(found)
    yield found.path
    yield found.key
    if found.operation_id is not None:
        yield found.operation_id


class _Pruning:
    """A document without some of its operations, and what only they refer to."""

    def __init__(
        self, document: Document, left_out: list[Found], report: Report
    ) -> None:
        self._document = document
        self._left_out = {found.node.pointer for found in left_out}
        self._report = report
        self._kept: set[Pointer] = set()

    def whole(self) -> Document:
        root = cast("dict[str, object]", self._document.root.value)
        data = {key: value for key, value in root.items() if key != "webhooks"}
        paths = self._document.root.get("paths")
        data["paths"] = dict(self._paths(paths)) if paths else {}
        self._visit(data["paths"])
        components = self._document.root.get("components")
        if components is not None:
            data["components"] = dict(self._components(components))
        return self._document.with_root(data, {})

    def _paths(self, paths: Node) -> Iterator[tuple[str, object]]:
        for path, item in paths.items():
            fields = {key: node.value for key, node in item.items()}
            for key, node in item.items():
                if node.pointer in self._left_out:
                    del fields[key]
                elif key == "additionalOperations":
                    fields[key] = {
                        method: inner.value
                        for method, inner in node.items()
                        if inner.pointer not in self._left_out
                    }
            # One with a $ref still was passed over.
            is_empty = fields == item.value and "$ref" not in fields
            if is_empty or _has_operations(fields):
                yield path, fields

    def _components(self, components: Node) -> Iterator[tuple[str, object]]:
        for section, entries in components.items():
            if section in _KEPT_SECTIONS or section.startswith("x-"):
                yield section, entries.value
            else:
                yield section, {
                    name: node.value
                    for name, node in entries.items()
                    if node.pointer in self._kept
                }

    def _visit(self, start: object) -> None:
        """Note every component that the data refers to, directly or not."""
        pending, seen = [start], set[int]()
        while pending:
            value = pending.pop()
            if not isinstance(value, dict | list) or id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, list):
                pending += value
                continue
            pending += value.values()
            for ref in _references(value):
                pending += self._keep(parse_pointer(ref[1:]))

    def _keep(self, pointer: Pointer) -> Iterator[object]:
        """Note where a reference leads; what is there has references, too."""
        for length in range(1, len(pointer) + 1):
            if pointer[:length] in self._left_out:
                self._report.error(
                    "left-out",
                    "an operation that is left out has something that another one "
                    "refers to",
                    self._document.root.at(pointer[:length]),
                    hint="move that into components",
                )
                return
        component = pointer[:3]
        if component[:1] == ("components",) and component not in self._kept:
            self._kept.add(component)
            try:
                yield self._document.root.at(component).value
            except KeyError:  # which was reported
                return


def _has_operations(fields: dict[str, object]) -> bool:
    return any(fields.get(key) for key in (*METHODS, "additionalOperations"))


def _references(value: dict[str, object]) -> Iterator[str]:
    ref = value.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        yield ref
    mapping = value.get("mapping")
    if isinstance(mapping, dict):
        for target in mapping.values():
            if isinstance(target, str):
                is_ref = target.startswith("#")
                yield target if is_ref else local_ref(("components", "schemas", target))
