"""Rules of parameters: what is in braces is declared, and nothing is listed twice."""

from __future__ import annotations

import re
from collections.abc import Collection

from batchwright.checking.amend import Change, Fixed, Instead
from batchwright.checking.rules.paths import PathOperation
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Node, Pointer
from batchwright.suggestions import did_you_mean

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_TEMPLATE = re.compile(r"[^{}]*(?:\{[^{}]+\}[^{}]*)*")

# What only query parameters have.
_OF_QUERIES = ("style", "explode", "allowReserved", "allowEmptyValue")


def check_path_parameters(
    path: str, item: Node, operations: list[PathOperation], report: Report
) -> dict[Pointer, Change]:
    """What is in braces should be declared, and what is declared be in braces.

    What is not declared is read as a text, what is not in braces is left out.
    """
    if _TEMPLATE.fullmatch(path) is None:
        report.error(
            "path-parameter",
            f"the braces in {excerpt(path)} do not match",
            item,
            "a path parameter is written {name}",
        )
        return {}
    wanted = dict.fromkeys(_VARIABLE.findall(path))
    changes: dict[Pointer, Change] = {}
    for owner in (item, *(operation.node for operation in operations)):
        for name, parameter in _listed(owner, "path").items():
            if name not in wanted:
                _report_unused(name, path, parameter, wanted, report)
                changes[parameter.pointer] = Fixed.LEFT_OUT
    changes |= _of_the_query(path, (item, *(it.node for it in operations)), report)
    shared = _declared(path, item)
    declared = [shared | _declared(path, it.node) for it in operations]
    lacking: dict[int, list[str]] = {}
    for name in wanted:
        without = [at for at, names in enumerate(declared) if name not in names]
        _report_undeclared(name, path, item, [operations[at] for at in without], report)
        for at in without:
            lacking.setdefault(at, []).append(name)
    for at, names in lacking.items():
        changes |= _with_texts(operations[at].node, names)
    return changes


def _with_texts(operation: Node, names: list[str]) -> dict[Pointer, Change]:
    """The change that gives an operation path parameters that are texts."""
    listed = operation.get("parameters")
    added = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    if listed is None or not isinstance(listed.value, list):
        return {(*operation.pointer, "parameters"): Instead(added)}
    return {
        (*listed.pointer, f"-{index}"): Instead(parameter)
        for index, parameter in enumerate(added)
    }


def _declared(path: str, owner: Node) -> set[str]:
    """The names in braces that a path item, or an operation, declares."""
    within = _in_query(path)
    query = {name for name in _listed(owner, "query") if name in within}
    return _listed(owner, "path").keys() | query


def _in_query(path: str) -> list[str]:
    """What is in braces behind a question mark."""
    return _VARIABLE.findall(path.partition("?")[2])


def _of_the_query(
    path: str, owners: Collection[Node], report: Report
) -> dict[Pointer, Change]:
    """Query parameters that the path has a place for already: they are sent there."""
    changes: dict[Pointer, Change] = {}
    for owner in owners:
        path_parameters = _listed(owner, "path")
        for name, entry in _listed(owner, "query").items():
            parameter = entry.follow().value
            if name in path_parameters or not isinstance(parameter, dict):
                continue
            if name in _in_query(path):
                report.warning(
                    "path-parameter",
                    f"the query parameter {excerpt(name)} stands in the path, too",
                    entry,
                    "it is sent once, as the path has it, and has to be given",
                )
                kept = {it: v for it, v in parameter.items() if it not in _OF_QUERIES}
                meant = kept | {"in": "path", "required": True}
                changes[entry.pointer] = Instead(meant)
    return changes


def _listed(owner: Node, place: str) -> dict[str, Node]:
    """The parameters of a place that a path item or an operation lists, by name."""
    found: dict[str, Node] = {}
    listed = owner.get("parameters")
    for entry in listed.elements() if listed is not None else ():
        parameter = entry.follow()
        name = parameter.text("name")
        if parameter.text("in") == place and name is not None:
            found[name] = entry
    return found


def _report_undeclared(
    name: str, path: str, item: Node, lacking: list[PathOperation], report: Report
) -> None:
    if not lacking:
        return
    labels = [it.label for it in lacking]
    who = labels[0] if len(labels) == 1 else f"{len(labels)} operations of {path}"
    report.warning(
        "path-parameter",
        f"the path has {{{name}}}, but no parameter of that name is declared for {who}",
        lacking[0].node if len(labels) == 1 else item,
        "it is read as a text",
    )


def _report_unused(
    name: str, path: str, parameter: Node, wanted: Collection[str], report: Report
) -> None:
    report.warning(
        "path-parameter",
        f"the path parameter {excerpt(name)} is declared, but {path} has no {{{name}}}",
        parameter,
        did_you_mean(name, wanted, "it is ignored"),
    )


def check_parameters_once(owner: Node, report: Report) -> dict[Pointer, Change]:
    """Warn of parameters that a path item or an operation lists twice."""
    changes: dict[Pointer, Change] = {}
    seen: set[tuple[str | None, str | None]] = set()
    listed = owner.get("parameters")
    for entry in listed.elements() if listed is not None else ():
        parameter = entry.follow()
        key = parameter.text("in"), parameter.text("name")
        if None not in key and key in seen:
            report.warning(
                "duplicate-parameter",
                f"the {key[0]} parameter {excerpt(key[1])} is listed twice",
                entry,
                "the first one counts",
            )
            changes[entry.pointer] = Fixed.LEFT_OUT
        seen.add(key)
    return changes
