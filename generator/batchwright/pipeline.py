"""The stages in order: from a configuration to the files of an SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeAlias

from msgspec import Struct

from batchwright.checking.validate import validate
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.document import Document
from batchwright.files import Files
from batchwright.filtering.selection import leaves_out, select
from batchwright.filtering.way_around import way_around
from batchwright.formatting.style import style
from batchwright.ir import Api
from batchwright.reading.disk import DISK, Reading
from batchwright.reading.load import load
from batchwright.rendering.needed import index_of, needed
from batchwright.rendering.render import copies, render
from batchwright.rendering.templates import override_files, read_templates
from batchwright.resolving.resolve import resolve
from batchwright.results import Results
from batchwright.retouch import joined_before, keep_joined
from batchwright.translate import translate
from batchwright.translate.pins import Pins

# Is given a line about each stage that is done, for whoever waits.
Tell: TypeAlias = Callable[[str], None]


def _tell_nobody(line: str) -> None:
    pass


class Made(Struct, frozen=True, kw_only=True):
    """An SDK, and what it was made from.

    `spec` has the bytes of each file of the spec, the root first; `settings` are the
    other files that were read: the configuration and the user's templates. Paths are as
    the user would type them. `links` tells which file of the spec is meant by the name
    that another one has for it.
    """

    files: Files
    spec: Mapping[str, bytes]
    settings: tuple[str, ...]
    links: Mapping[tuple[str, str], str | None]


def generate(config: Config, report: Report, tell: Tell = _tell_nobody) -> Files:
    """The whole SDK. Raises SpecError where a stage found errors."""
    return make(config, report, tell).files


def make(
    config: Config,
    report: Report,
    tell: Tell = _tell_nobody,
    *,
    disk: Reading = DISK,
    results: Results | None = None,
    processes: int = 1,
) -> Made:
    """The whole SDK, and what it was made from. Raises SpecError.

    Args:
        disk: what to read the spec from.
        results: what is known already; what else is found out is added.
        processes: how many may be at work at the same time.
    """
    results = Results() if results is None else results
    with _strictly(config, report):
        document, whole = _join(config, report, tell, disk, results)
        api = _decide(whole, config, report, tell, results=results)
    rendered, copied = _fill_in(api, config, report, results, processes)
    styled = style(rendered, report, results.formatted, processes=processes)
    report.stop_if_errors()
    return Made(
        files=copied | styled,
        spec={file: document.sources[file].content for file in document.files},
        settings=_settings(config),
        links=document.links,
    )


def _settings(config: Config) -> tuple[str, ...]:
    files = [] if config.file is None else [config.file]
    if config.templates is not None:
        files += (
            (config.templates / path).as_posix()
            for path in override_files(config.templates)
        )
    return tuple(files)


def validate_only(config: Config, report: Report, tell: Tell = _tell_nobody) -> None:
    """Find all that `generate` would find in a spec, and leave it in the report.

    Raises SpecError only where the spec cannot be read at all.
    """
    document = _read(config, report, tell)
    with suppress(SpecError), _strictly(config, report):
        _decide(resolve(document, report, leaves_out(config)), config, report, tell)


@contextmanager
def _strictly(config: Config, report: Report) -> Iterator[None]:
    """Where the configuration is strict, warnings are errors in the end."""
    try:
        yield
    finally:
        if config.strict:
            report.forbid_warnings()
            report.stop_if_errors()


def understand(
    config: Config,
    report: Report,
    tell: Tell = _tell_nobody,
    disk: Reading = DISK,
    *,
    strict: bool = True,
    results: Results | None = None,
) -> tuple[Document, Api]:
    """A spec as one document, and the SDK that it makes. Raises SpecError.

    Args:
        disk: what to read the spec from.
        strict: whether all that the configuration names has to be in the spec.
        results: what is known already; what else is found out is added.
    """
    _, document = _join(config, report, tell, disk, results)
    api = _decide(document, config, report, tell, strict=strict, results=results)
    return document, api


def _read(
    config: Config,
    report: Report,
    tell: Tell,
    disk: Reading = DISK,
    results: Results | None = None,
) -> Document:
    document = load(
        config.spec, report, disk, config.elsewhere, leaves_out(config), results
    )
    report.way_around = partial(way_around, document, leaves_out(config))
    _tell_read(document, config, tell)
    return document


def _tell_read(document: Document, config: Config, tell: Tell) -> None:
    others = len(document.files) - 1
    more = f" and {_count(others, 'file')} that it refers to" if others else ""
    tell(f"read {config.spec}{more}")


def _join(
    config: Config,
    report: Report,
    tell: Tell,
    disk: Reading,
    results: Results | None,
) -> tuple[Document, Document]:
    """The spec as it was read, and as one document."""
    # What is read of a spec, and what is said of it, depends on the filters.
    joined = None if config.is_filtered else results
    if joined is not None:
        root = config.spec.as_posix()
        known = joined_before(root, disk, config.elsewhere, joined)
        if known is not None:
            _tell_read(known[0], config, tell)
            return known
    before = report.count
    document = _read(config, report, tell, disk, results)
    whole = resolve(document, report, leaves_out(config))
    if joined is not None and report.count == before:
        keep_joined(document, whole, joined)
    return document, whole


def _decide(
    document: Document,
    config: Config,
    report: Report,
    tell: Tell,
    *,
    strict: bool = True,
    results: Results | None = None,
) -> Api:
    selected = select(document, config, report, strict=strict)
    faultless = None if results is None else results.faultless
    whole = validate(selected, report, faultless)
    report.stop_if_errors()
    # What a filter leaves out may have a pin all the same.
    pins = Pins(config.rename, report)
    kept = None if results is None else results.translated
    api = translate(whole, config, report, pins, kept)
    if strict and not config.is_filtered:
        pins.report_unused()
    report.stop_if_errors()
    operations = sum(len(resource.operations) for resource in api.resources)
    models = len(api.models.names)
    tell(f"found {_count(operations, 'operation')} and {_count(models, 'model')}")
    return api


def _fill_in(
    api: Api,
    config: Config,
    report: Report,
    results: Results,
    processes: int,
) -> tuple[Files, Files]:
    """The files that are made from forms, not yet formatted, and those copied."""
    templates = read_templates(config.templates, report)
    report.stop_if_errors()
    # Ours need no more than the resource, so that a resource alone decides about it.
    whole = config.templates is not None
    rendered = render(api, templates, report, results, whole=whole, processes=processes)
    report.stop_if_errors()
    copied = copies(templates)
    made = rendered | index_of(copied, rendered)
    kept = needed(copied | made)
    return made, {path: text for path, text in copied.items() if path in kept}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
