"""The stages in order: from a configuration to the files of an SDK."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from batchwright.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.document import Document
from batchwright.files import Files
from batchwright.ir import Api
from batchwright.load import load
from batchwright.render import copies, render
from batchwright.resolve import resolve
from batchwright.style import style
from batchwright.templates import read_templates
from batchwright.translate import translate
from batchwright.validate import validate

# Is given a line about each stage that is done, for whoever waits.
Tell: TypeAlias = Callable[[str], None]


def _tell_nobody(line: str) -> None:
    pass


def generate(
    config: Config, report: Report, tell: Tell = _tell_nobody, *, processes: int = 1
) -> Files:
    """The whole SDK. Raises SpecError where a stage found errors.

    Args:
        processes: how many may be at work at the same time.
    """
    document = _read(config, report, tell)
    api = _understand(document, config, report, tell)
    return _write(api, config, report, processes)


def validate_only(config: Config, report: Report, tell: Tell = _tell_nobody) -> None:
    """Find all that `generate` would find in a spec, and leave it in the report.

    Raises SpecError only where the spec cannot be read at all.
    """
    document = _read(config, report, tell)
    with suppress(SpecError):
        _understand(document, config, report, tell)


def _read(config: Config, report: Report, tell: Tell) -> Document:
    document = load(config.spec, report)
    others = len(document.files) - 1
    more = f" and {_count(others, 'file')} that it refers to" if others else ""
    tell(f"read {config.spec}{more}")
    return document


def _understand(document: Document, config: Config, report: Report, tell: Tell) -> Api:
    whole = validate(resolve(document, report), report)
    report.stop_if_errors()
    api = translate(whole, config, report)
    report.stop_if_errors()
    operations = sum(len(resource.operations) for resource in api.resources)
    models = len(api.models.names)
    tell(f"found {_count(operations, 'operation')} and {_count(models, 'model')}")
    return api


def _write(api: Api, config: Config, report: Report, processes: int) -> Files:
    templates = read_templates(config.templates, report)
    report.stop_if_errors()
    rendered = render(api, templates, report)
    report.stop_if_errors()
    styled = style(rendered, report, processes=processes)
    report.stop_if_errors()
    return copies(templates) | styled


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
