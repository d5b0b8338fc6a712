"""Rules of examples and defaults: they fit the schema that they illustrate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

from msgspec import Struct

from batchwright.checking.faultless import Faultless
from batchwright.checking.rules.fitting import Fitting
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node
from batchwright.structure import Kind

# How many tokens lead to a component, or to an operation.
_UNIT = 3
# How many comparisons of a value with a schema a document may need: hostile ones would
# need more than anybody can wait for.
_COMPARISONS = 1_000_000
_COMPARISONS_PER_OBJECT = 50


class _Sample(Struct, frozen=True, kw_only=True):
    """A value and the schema that it should fit.

    `may_be_text`: it may be written as it is sent, too, as the text of JSON.
    """

    value: Node
    schema: Node
    noun: str
    may_be_text: bool = False


def check_examples(
    objects: tuple[tuple[Kind, Node], ...],
    document: Document,
    report: Report,
    faultless: Faultless,
) -> None:
    """Warn of examples and defaults that are not of the type they illustrate."""
    version = document.root.text("openapi") or ""
    fitting = Fitting(
        ignores_siblings=version.startswith("3.0"),
        comparisons=_COMPARISONS + _COMPARISONS_PER_OBJECT * len(objects),
    )
    for place, inner in groupby(objects, lambda it: it[1].pointer[:_UNIT]):
        samples = tuple(_samples(inner))
        if len(place) < _UNIT or not samples:
            _check(samples, fitting, report)
            continue
        unit = document.at(place)
        check = partial(_check, samples, fitting, report)
        before = fitting.made
        made = faultless.check("examples", unit, check)
        # As many as there would have been.
        fitting.made = max(fitting.made, before + made)
    if fitting.is_exhausted:
        report.warning(
            "example-mismatch",
            "not all examples were compared with their schemas: there are too many",
            document.root,
            "examples do not change the SDK",
        )


def _check(samples: Iterable[_Sample], fitting: Fitting, report: Report) -> int | None:
    """Returns how many comparisons that took; None if there were no more to make."""
    before = fitting.made
    for sample in samples:
        if sample.value.text("$ref") is not None:
            continue  # A bundler would have put something else here.
        misfit = fitting.misfit(sample.schema, sample.value)
        if misfit is not None and not _fits_as_text(sample, fitting):
            who = "it" if misfit.at == sample.value else _label(misfit.at)
            report.warning(
                "example-mismatch",
                f"the {sample.noun} does not fit its schema: {who} {misfit.complaint}",
                misfit.at,
                (
                    "a default is left to the server"
                    if sample.noun == "default"
                    else "examples do not change the SDK"
                ),
            )
    return None if fitting.is_exhausted else fitting.made - before


def _fits_as_text(sample: _Sample, fitting: Fitting) -> bool:
    """Whether an example is the text of a value that fits."""
    at = sample.value
    if not sample.may_be_text or not isinstance(at.value, str):
        return False
    try:
        value = json.loads(at.value)
    except (ValueError, RecursionError):
        return False
    written = Node(at.document, at.tree, at.pointer, value)
    return fitting.misfit(sample.schema, written) is None


def _label(node: Node) -> str:
    if node.key.isdecimal():
        return f"item {int(node.key) + 1}"
    return excerpt(node.key)


def _samples(objects: Iterable[tuple[Kind, Node]]) -> Iterator[_Sample]:
    for kind, node in objects:
        if kind is Kind.SCHEMA:
            yield from _of_schema(node)
        elif kind in (Kind.PARAMETER, Kind.HEADER):
            yield from _beside_schema(node)
        elif kind is Kind.MEDIA_TYPE:
            for sample in _beside_schema(node):
                if _is_json(node.key) or isinstance(sample.value.value, dict):
                    yield sample


def _of_schema(schema: Node) -> Iterator[_Sample]:
    for name in ("example", "default"):
        value = schema.get(name)
        if value is not None:
            yield _Sample(value=value, schema=schema, noun=name)
    examples = schema.get("examples")
    if examples is not None:
        for value in examples.elements():
            yield _Sample(value=value, schema=schema, noun="example")


def _beside_schema(owner: Node) -> Iterator[_Sample]:
    schema = owner.get("schema")
    if schema is None:
        return
    value = owner.get("example")
    if value is not None:
        yield _Sample(value=value, schema=schema, noun="example", may_be_text=True)
    examples = owner.get("examples")
    for _, entry in examples.items() if examples is not None else ():
        example = entry.follow()
        value = example.get("value") or example.get("dataValue")
        if value is not None:
            yield _Sample(value=value, schema=schema, noun="example", may_be_text=True)


def _is_json(media_type: str) -> bool:
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")
