"""Rules of paths, operations, parameters, tags and security."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node
from batchwright.structure import METHODS

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_TITLE = "the first line of the description is used, else the method and the path"
_NAME = "the name is made from the method and the path"
_GROUP = "it is grouped by the first part of its path"
_TEMPLATE = re.compile(r"[^{}]*(?:\{[^{}]+\}[^{}]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathOperation:
    """One method of one path."""

    path: str
    method: str
    node: Node

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"{self.method.upper()} {self.path}"


def operations_of(path: str, item: Node) -> Iterator[PathOperation]:
    """The operations of a path item."""
    for method in METHODS:
        node = item.get(method)
        if node is not None:
            yield PathOperation(path=path, method=method, node=node)
    additional = item.get("additionalOperations")
    if additional is not None:
        for method, node in additional.items():
            yield PathOperation(path=path, method=method, node=node)


def path_items(document: Document) -> Iterator[tuple[str, Node]]:
    """The paths of a document with their items."""
    paths = document.root.get("paths")
    if paths is not None:
        for path, item in paths.items():
            if path.startswith("/"):
                yield path, item


def check_operations(document: Document, report: Report) -> None:
    """Hold every path and operation against the rules."""
    operations: list[PathOperation] = []
    for path, item in path_items(document):
        found = list(operations_of(path, item))
        _check_path_parameters(path, item, found, report)
        operations += found
    _check_ids(operations, document, report)
    _check_tags(operations, document, report)
    _check_security(operations, document, report)
    _check_summaries(operations, document, report)
    for operation in operations:
        _check_parameters_once(operation.node, report)


def _check_summaries(
    operations: list[PathOperation], document: Document, report: Report
) -> None:
    lacking = [it for it in operations if not (it.node.text("summary") or "").strip()]
    if _are_all(lacking, operations):
        _report_all("a summary", "missing-summary", document, report, _TITLE)
        return
    for operation in lacking:
        message = f"{operation.label} has no summary"
        report.warning("missing-summary", message, operation.node, _TITLE)


def _are_all(lacking: list[PathOperation], operations: list[PathOperation]) -> bool:
    """Whether a style of the whole document is told once instead of everywhere."""
    return len(lacking) == len(operations) > 1


def _report_all(
    noun: str, code: str, document: Document, report: Report, hint: str
) -> None:
    message = f"no operation at all has {noun}"
    report.warning(code, message, document.root.get("paths"), hint)


# --- parameters ----------------------------------------------------------------------


def _check_path_parameters(
    path: str, item: Node, operations: list[PathOperation], report: Report
) -> None:
    """What is in braces must be declared, and what is declared must be in braces."""
    if _TEMPLATE.fullmatch(path) is None:
        report.error(
            "path-parameter",
            f"the braces in {excerpt(path)} do not match",
            item,
            "a path parameter is written {name}",
        )
        return
    wanted = dict.fromkeys(_VARIABLE.findall(path))
    shared = _path_parameters(item)
    declared = [shared.keys() | _path_parameters(it.node).keys() for it in operations]
    for name in wanted:
        lacking = [
            operation
            for operation, names in zip(operations, declared, strict=True)
            if name not in names
        ]
        _report_undeclared(name, path, item, lacking, operations, report)
    for owner in (item, *(operation.node for operation in operations)):
        for name, parameter in _path_parameters(owner).items():
            if name not in wanted:
                _report_unused(name, path, parameter, wanted, report)


def _path_parameters(owner: Node) -> dict[str, Node]:
    """The path parameters that a path item or an operation lists, by name."""
    found: dict[str, Node] = {}
    listed = owner.get("parameters")
    for entry in listed.elements() if listed is not None else ():
        parameter = entry.follow()
        name = parameter.text("name")
        if parameter.text("in") == "path" and name is not None:
            found[name] = entry
    return found


def _report_undeclared(
    name: str,
    path: str,
    item: Node,
    lacking: list[PathOperation],
    operations: list[PathOperation],
    report: Report,
) -> None:
    message = f"the path has {{{name}}}, but no parameter of that name is declared"
    hint = f"add to its parameters: {{name: {name}, in: path, required: true, …}}"
    if lacking and len(lacking) == len(operations):
        report.error("path-parameter", f"{message} for {path}", item, hint)
        return
    for operation in lacking:
        message = f"{message} for {operation.label}"
        report.error("path-parameter", message, operation.node, hint)


def _report_unused(
    name: str, path: str, parameter: Node, wanted: Collection[str], report: Report
) -> None:
    close = get_close_matches(name, list(wanted), n=1)
    report.error(
        "path-parameter",
        f"the path parameter {excerpt(name)} is declared, but {path} has no {{{name}}}",
        parameter,
        (
            f"did you mean {excerpt(close[0])}?"
            if close
            else "put it into the path, or take it out of the parameters"
        ),
    )


def _check_parameters_once(owner: Node, report: Report) -> None:
    seen: set[tuple[str | None, str | None]] = set()
    listed = owner.get("parameters")
    for entry in listed.elements() if listed is not None else ():
        parameter = entry.follow()
        key = parameter.text("in"), parameter.text("name")
        if None not in key and key in seen:
            report.error(
                "duplicate-parameter",
                f"the {key[0]} parameter {excerpt(key[1])} is listed twice",
                entry,
                "remove or rename one of them",
            )
        seen.add(key)


# --- ids and tags --------------------------------------------------------------------


def _check_ids(
    operations: list[PathOperation], document: Document, report: Report
) -> None:
    first: dict[str, PathOperation] = {}
    lacking = [it for it in operations if it.node.text("operationId") is None]
    if _are_all(lacking, operations):
        _report_all("an operationId", "missing-operation-id", document, report, _NAME)
        return
    for operation in operations:
        identifier = operation.node.get("operationId")
        name = operation.node.text("operationId")
        if identifier is None or name is None:
            message = f"{operation.label} has no operationId"
            report.warning("missing-operation-id", message, operation.node, _NAME)
        elif not any(character.isalpha() for character in name):
            report.warning(
                "unusable-operation-id",
                f"no name can be made from the operationId {excerpt(name)}",
                identifier,
                _NAME,
            )
        elif name in first:
            report.error(
                "duplicate-operation-id",
                f"{operation.label} has the operationId {excerpt(name)} of"
                f" {first[name].label}",
                identifier,
                "give each operation an operationId of its own",
            )
        else:
            first[name] = operation


def _check_tags(
    operations: list[PathOperation], document: Document, report: Report
) -> None:
    declared = _declared_tags(document, report)
    lacking = [it for it in operations if not _tags(it.node)]
    if _are_all(lacking, operations):
        _report_all("a tag", "missing-tag", document, report, _GROUP)
        return
    for operation in lacking:
        message = f"{operation.label} has no tag"
        report.warning("missing-tag", message, operation.node, _GROUP)
    _check_declared(operations, declared, report)


def _tags(operation: Node) -> list[Node]:
    tags = operation.get("tags")
    return [] if tags is None else list(tags.elements())


def _check_declared(
    operations: list[PathOperation], declared: set[str], report: Report
) -> None:
    told: set[str] = set()
    for operation in operations:
        for entry in _tags(operation.node):
            tag = entry.value
            if not isinstance(tag, str) or tag in declared or tag in told:
                continue
            told.add(tag)
            close = get_close_matches(tag, sorted(declared), n=1, cutoff=0.8)
            report.warning(
                "undeclared-tag",
                f"the tag {excerpt(tag)} is not declared in the document's tags",
                entry,
                (
                    f"did you mean {excerpt(close[0])}? It is read as a tag of its own"
                    if close
                    else "it is read as a tag without a description"
                ),
            )


def _declared_tags(document: Document, report: Report) -> set[str]:
    declared: set[str] = set()
    tags = document.root.get("tags")
    for tag in tags.elements() if tags is not None else ():
        name = tag.text("name")
        if name is None:
            continue
        if name in declared:
            report.warning(
                "duplicate-tag",
                f"the tag {excerpt(name)} is declared twice",
                tag,
                "the two are read as one",
            )
        declared.add(name)
    return declared


# --- security ------------------------------------------------------------------------


def _check_security(
    operations: list[PathOperation], document: Document, report: Report
) -> None:
    """Every scheme that is asked for must be declared."""
    components = document.root.get("components")
    schemes = components.get("securitySchemes") if components is not None else None
    declared = [name for name, _ in schemes.items()] if schemes is not None else []
    for owner in (document.root, *(operation.node for operation in operations)):
        security = owner.get("security")
        for requirement in security.elements() if security is not None else ():
            for name, entry in requirement.items():
                if name not in declared:
                    _report_undeclared_scheme(name, entry, declared, report)


def _report_undeclared_scheme(
    name: str, entry: Node, declared: list[str], report: Report
) -> None:
    close = get_close_matches(name, declared, n=1)
    report.error(
        "undeclared-security-scheme",
        f"the security scheme {excerpt(name)} is not declared",
        entry,
        (
            f"did you mean {excerpt(close[0])}?"
            if close
            else "declare it in components/securitySchemes"
        ),
    )
