"""Rules of `x-behaviour`: what it names must be there, in an operation with `x-batch`.

Headers and the properties of records are not described elsewhere, so that nothing can
be said of them; nor is what bodies of errors say beside what the spec describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from batchwright.checking.rules.batches import answers_of, body_of
from batchwright.checking.rules.paths import PathOperation, operations_of, path_items
from batchwright.checking.rules.schemas import properties_of
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node
from batchwright.suggestions import did_you_mean

# The keys of `record` and `envelope`, by where what they name is found.
_OF_RESULTS = (
    "id",
    "properties",
    "createdAt",
    "updatedAt",
    "archived",
    "archivedAt",
    "isNew",
    "history",
)
_OF_BODIES = ("chosen", "history")
_OF_ANSWERS = ("startedAt", "completedAt", "errorCount")


class _Named(Struct, frozen=True):
    """What there is in the operations with `x-batch`, by name."""

    bodies: dict[str, Node] = field(default_factory=dict)
    answers: dict[str, Node] = field(default_factory=dict)
    results: dict[str, Node] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)


def check_behaviour(document: Document, report: Report) -> None:
    """Hold the names in `x-behaviour` against the rest of the spec."""
    behaviour = document.root.get("x-behaviour")
    batches = [
        (item, operation)
        for path, item in path_items(document)
        for operation in operations_of(path, item)
        if (batch := operation.node.get("x-batch")) and isinstance(batch.value, dict)
    ]
    if behaviour is None or not batches:
        return
    named = _named(batches)
    record, envelope = behaviour.get("record"), behaviour.get("envelope")
    if record is not None:
        _check(record, _OF_RESULTS, named.results, "a field of a result", report)
        _check(record, _OF_BODIES, named.bodies, "a field of a body", report)
        parameter = ("archivedParameter",)
        _check(record, parameter, named.parameters, "a query parameter", report)
        _check_version(record, named, report)
    if envelope is not None:
        _check(envelope, _OF_ANSWERS, named.answers, "a field of an answer", report)
        _check_keys(envelope.get("constants"), named.answers, "an answer", report)
    _check_generations(behaviour, document, named, report)


def _named(batches: Iterable[tuple[Node, PathOperation]]) -> _Named:
    named = _Named()
    for item, operation in batches:
        node = operation.node
        body = body_of(node)
        named.bodies.update((properties_of(body) or {}) if body is not None else {})
        results = node["x-batch"].text("results") or ""
        for fields in answers_of(node):
            named.answers.update(fields)
            items = fields[results].follow().get("items") if results in fields else None
            if items is not None:
                named.results.update(properties_of(items) or {})
        named.parameters.update(_query_parameters(item, node))
        responses = node.get("responses")
        named.statuses.update(dict(responses.items()) if responses is not None else ())
    return named


def _query_parameters(*owners: Node) -> Iterator[str]:
    for owner in owners:
        parameters = owner.get("parameters")
        for entry in parameters.elements() if parameters is not None else ():
            parameter = entry.follow()
            if parameter.text("in") == "query":
                yield parameter.text("name") or ""


def _check_version(record: Node, named: _Named, report: Report) -> None:
    """The entries of a history, where a result says what they are."""
    version = record.get("version")
    history = named.results.get(record.text("history") or "")
    entries = history.follow().get("additionalProperties") if history else None
    entry = entries.follow().get("items") if entries is not None else None
    fields = properties_of(entry) if entry is not None else None
    if version is None or fields is None:
        return
    what = "a field of an entry of the history"
    _check(version, ("value", "timestamp"), fields, what, report)
    _check_keys(version.get("constants"), fields, "an entry of the history", report)


def _check_generations(
    behaviour: Node, document: Document, named: _Named, report: Report
) -> None:
    generations = behaviour.get("generations")
    paths = [path for path, _ in path_items(document)]
    for generation in generations.elements() if generations is not None else ():
        place, statuses = generation.get("path"), generation.get("statuses")
        here = place.text("here") if place is not None else None
        if place and here and not any(path.startswith(here) for path in paths):
            report.error(
                "bad-extension",
                f"x-behaviour: no path begins with {excerpt(here)}",
                place["here"],
                "say what the paths of this document begin with",
            )
        for status, node in statuses.items() if statuses is not None else ():
            if status not in named.statuses:
                report.error(
                    "bad-extension",
                    f"x-behaviour: no batch is answered with {excerpt(status)}",
                    node,
                    f"the statuses there are: {', '.join(sorted(named.statuses))}",
                )


def _check(
    said: Node, keys: Iterable[str], known: Iterable[str], what: str, report: Report
) -> None:
    names = list(known)
    for key in keys:
        name = said.text(key)
        # Where there are none at all, something else is wrong, and has been said.
        if names and name is not None and name not in names:
            _complain(name, names, what, said[key], report)


def _check_keys(
    said: Node | None, known: Mapping[str, Node], owner: str, report: Report
) -> None:
    for name, node in said.items() if said is not None else ():
        if known and name not in known:
            _complain(name, list(known), f"a field of {owner}", node, report)


def _complain(name: str, names: list[str], what: str, at: Node, report: Report) -> None:
    report.error(
        "bad-extension",
        f"x-behaviour: {excerpt(name)} is not {what}",
        at,
        did_you_mean(name, names),
    )
