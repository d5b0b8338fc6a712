"""Rules of `x-batch`: the fields that it names must be there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from batchwright.checking.rules.schemas import properties_of
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Node
from batchwright.suggestions import did_you_mean

_SUCCESS = re.compile(r"2\d\d|2XX|2xx|default")


def check_batch(batch: Node, operation: Node, report: Report) -> int:
    """What `x-batch` names must be there: in the body, in an input, in an answer.

    Returns 0, for `Faultless`.
    """
    body = body_of(operation)
    fields = properties_of(body) if body is not None else None
    if fields is None:
        return 0
    limit = batch.get("smallerLimit")
    if limit is not None:
        _check_field("when", limit, fields, "the request body", report)
    inputs = fields.get(batch.text("inputs") or "")
    if inputs is not None:
        _check_inputs(batch, inputs, fields, report)
    answers = list(answers_of(operation))
    for part, key in (("results", "result"), ("errors", "error")):
        _check_answers(batch, part, key, answers, report)
    return 0


def _check_inputs(
    batch: Node, inputs: Node, body: dict[str, Node], report: Report
) -> None:
    item = inputs.follow().get("items")
    fields = properties_of(item) if item is not None else None
    if fields is None:
        return
    for part in ("identity", "correlation"):
        found = batch.get(part)
        if found is not None:
            _check_field("input", found, fields, "an input", report)
    identity = batch.get("identity")
    if identity is not None:
        either = body | fields
        _check_field("property", identity, either, "an input or of the body", report)


def _check_answers(
    batch: Node,
    part: str,
    key: str,
    answers: Iterable[dict[str, Node]],
    report: Report,
) -> None:
    """The field of results or errors must be in an answer, and what is in its items."""
    name = batch.text(part)
    if name is None:
        return
    lists = [fields for fields in answers if name in fields]
    if not lists:
        report.error(
            "bad-extension",
            f"x-batch: no answer of success has a field {excerpt(name)}",
            batch[part],
        )
        return
    items = [fields[name].follow().get("items") for fields in lists]
    known: dict[str, Node] = {}
    for item in items:
        fields = properties_of(item) if item is not None else None
        if fields is None:
            return
        known |= fields
    for label in ("identity", "correlation"):
        found = batch.get(label)
        if found is not None:
            _check_field(key, found, known, f"an item of {excerpt(name)}", report)
    identity = batch.get("identity")
    if identity is not None and part == "results":
        _check_field("properties", identity, known, "a result", report)


def _check_field(
    key: str, said: Node, fields: dict[str, Node], owner: str, report: Report
) -> None:
    path = said.text(key)
    if path is None:
        return
    name = path.partition(".")[0]
    if name in fields:
        return
    report.error(
        "bad-extension",
        f"x-batch: {excerpt(name)} is not a field of {owner}",
        said[key],
        did_you_mean(name, fields),
    )


def body_of(operation: Node) -> Node | None:
    """The schema of an operation's body."""
    request = operation.get("requestBody")
    schemas = _schemas(request.follow()) if request is not None else iter(())
    return next(schemas, None)


def answers_of(operation: Node) -> Iterator[dict[str, Node]]:
    """The fields of each answer of success."""
    responses = operation.get("responses")
    for status, response in responses.items() if responses is not None else ():
        if _SUCCESS.fullmatch(status):
            for schema in _schemas(response.follow()):
                yield properties_of(schema) or {}


def _schemas(owner: Node) -> Iterator[Node]:
    content = owner.get("content")
    for _, media in content.items() if content is not None else ():
        schema = media.follow().get("schema")
        if schema is not None:
            yield schema
