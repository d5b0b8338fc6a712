"""Rules of operations: their ids, summaries and tags."""

from __future__ import annotations

from batchwright.checking.amend import Change
from batchwright.checking.rules.parameters import (
    check_parameters_once,
    check_path_parameters,
)
from batchwright.checking.rules.paths import PathOperation, operations_of, path_items
from batchwright.checking.rules.security import check_security
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer
from batchwright.suggestions import did_you_mean

_TITLE = "the first line of the description is used, else the method and the path"
_NAME = "the name is made from the method and the path"
_UNDECLARED = "it is read as a tag without a description"
_UNDECLARED_ALL = "each is read as a tag without a description"
_GROUP = "it is grouped by the first part of its path"


def check_operations(document: Document, report: Report) -> dict[Pointer, Change]:
    """Hold every path and operation against the rules.

    Returns what to change so that the document says what it is read as.
    """
    operations: list[PathOperation] = []
    changes: dict[Pointer, Change] = {}
    for path, item in path_items(document):
        found = list(operations_of(path, item))
        operations += found
        for owner in (item, *(operation.node for operation in found)):
            changes |= check_parameters_once(owner, report)
        changes |= check_path_parameters(path, item, found, report)
    _check_ids(operations, document, report)
    _check_tags(operations, document, report)
    changes |= check_security(operations, document, report)
    _check_summaries(operations, document, report)
    return changes


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
            report.warning(
                "duplicate-operation-id",
                f"{operation.label} has the operationId {excerpt(name)} of"
                f" {first[name].label}",
                identifier,
                "operations of one tag with the same name are called after their method"
                " and path",
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
    lacking: dict[str, Node] = {}
    for operation in operations:
        for entry in _tags(operation.node):
            tag = entry.value
            if isinstance(tag, str) and tag not in declared:
                lacking.setdefault(tag, entry)
    if len(lacking) > 1 and not declared:
        message = f"none of the {len(lacking)} tags is declared in the document's tags"
        first = next(iter(lacking.values()))
        report.warning("undeclared-tag", message, first, _UNDECLARED_ALL)
        return
    for tag, entry in lacking.items():
        report.warning(
            "undeclared-tag",
            f"the tag {excerpt(tag)} is not declared in the document's tags",
            entry,
            did_you_mean(tag, sorted(declared), _UNDECLARED, cutoff=0.8),
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
