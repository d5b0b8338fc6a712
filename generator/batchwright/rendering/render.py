"""Api and templates to files: the forms are filled in, nothing is decided.

The tree of templates mirrors the tree of files. `*.jinja` is rendered, and makes no
file if nothing comes out; anything else is copied as it is. A name with `{resource}`
stands for one file for each resource. What lies in `_parts` is there to be included,
or to be filled in by itself: `struct | form("struct")` is `_parts/struct.jinja`, which
sees that struct and nothing else, and is filled in again only if that is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

import jinja2
from jinja2.bccache import Bucket
from msgspec import Struct
from msgspec.structs import replace

from batchwright import ir
from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.rendering.prose import docstring
from batchwright.rendering.python import annotation, constant, shape
from batchwright.rendering.templates import Templates
from batchwright.results import Kept, Results
from batchwright.sharing import shared

_SUFFIX = ".jinja"
_PARTS = "_parts/"

# Characters given to templates that take as long as it does to have another process.
_WORTH_A_PROCESS = 2_000_000


def copies(templates: Templates) -> Files:
    """The files that are the same for every Api: they are copied byte for byte."""
    return {
        path: text
        for path, text in templates.items()
        if not path.startswith(_PARTS) and not path.endswith(_SUFFIX)
    }


def render(
    api: ir.Api,
    templates: Templates,
    report: Report,
    results: Results | None = None,
    *,
    whole: bool = True,
    processes: int = 1,
) -> Files:
    """The files that are made from forms, not yet formatted.

    Args:
        results: what was rendered and compiled already; more is added.
        whole: whether a resource's template sees the whole Api beside the resource, and
            others the operations of resources.
        processes: how many may be at work at the same time.
    """
    results = Results() if results is None else results
    shown = api if whole else _outline(api)
    forms = list(_forms(templates, shown, api, whole))
    missing = [form for form in forms if results.rendered.get(form.key) is None]
    fill_in = _Filling(templates, results.compiled, results.rendered)
    sizes = [form.size for form in missing]
    made = shared(fill_in, missing, sizes, _WORTH_A_PROCESS, processes)
    faults: set[bytes] = set()
    for form, filled in zip(missing, made, strict=True):
        for key, code in filled.compiled.items():
            results.compiled.add(key, code)
        for key, text in filled.parts.items():
            results.rendered.add(key, text)
        if filled.text is None:
            faults.add(form.key)
            _report(filled, form.template, report)
        else:
            results.rendered.add(form.key, filled.text)
    files: Files = {}
    for form in forms:
        if form.key not in faults:
            text = results.rendered.get(form.key) or ""
            if text.strip():
                files[form.target] = text
    return files


class _Form(Struct, frozen=True):
    """A file to be made from a template: from what, and the digest of all of that.

    `size` is that of what is given, in characters of its `repr`.
    """

    template: str
    target: str
    context: dict[str, object]
    key: bytes
    size: int


class _Filled(Struct, frozen=True):
    """A form filled in, or why that failed; and the templates compiled, and parts."""

    text: str | None
    compiled: dict[bytes, bytes]
    parts: dict[bytes, str]
    fault: str = ""
    line: int | None = None


def _forms(
    templates: Templates, shown: ir.Api, api: ir.Api, whole: bool
) -> Iterator[_Form]:
    every = _said(templates)
    said = repr(shown)
    whole_api = _digest([said]).hex()
    for path in templates:
        if path.startswith(_PARTS) or not path.endswith(_SUFFIX):
            continue
        for target, context in _targets(path.removesuffix(_SUFFIX), shown, api, whole):
            resource = repr(context.get("resource"))
            given, size = [repr(every), path, resource], len(resource)
            if "api" in context:
                given.append(whole_api)
                size += len(said)
            yield _Form(path, target, context, _digest(given), size)


def _said(templates: Templates) -> bytes:
    """The digest of all forms."""
    return _digest(templates[path] for path in templates if path.endswith(_SUFFIX))


class _Filling:
    """Fills in forms, each by itself."""

    def __init__(
        self, templates: Templates, compiled: Kept[bytes], rendered: Kept[str]
    ) -> None:
        self._environment = _environment(templates)
        self._environment.filters["form"] = self._part
        self._compiled = self._environment.bytecode_cache = _Compiled(compiled)
        self._every = repr(_said(templates))
        self._rendered = rendered
        self._parts: dict[bytes, str] = {}

    def __call__(self, form: _Form) -> _Filled:
        self._parts = {}
        try:
            template = self._environment.get_template(form.template)
            text = template.render(form.context)
        except Exception as fault:  # a template of the user's fails in any way
            line = getattr(fault, "lineno", None) or _line_of(fault)
            return _Filled(None, self._compiled.news(), {}, str(fault), line)
        return _Filled(text, self._compiled.news(), self._parts)

    def _part(self, thing: object, name: str) -> str:
        """The form of a part of a file, filled in."""
        key = _digest([self._every, name, repr(thing)])
        filled = self._rendered.get(key)
        if filled is None:
            template = self._environment.get_template(f"{_PARTS}{name}{_SUFFIX}")
            filled = template.render({name: thing})
        self._parts[key] = filled
        return filled


def _digest(texts: Iterable[str]) -> bytes:
    whole = sha256()
    for text in texts:
        content = text.encode("utf-8", "surrogatepass")
        whole.update(b"%d " % len(content) + content)
    return whole.digest()


def _outline(api: ir.Api) -> ir.Api:
    """The Api as those files need it that are not of one resource: what changes in an
    operation leaves them as they are."""
    resources = tuple(replace(each, operations=()) for each in api.resources)
    return replace(api, resources=resources)


def _targets(
    path: str, shown: ir.Api, api: ir.Api, whole: bool
) -> Iterator[tuple[str, dict[str, object]]]:
    """The files that a template makes, each with what its form is filled in from."""
    if "{resource}" not in path:
        yield path, {"api": shown}
        return
    for resource in api.resources:
        target = path.replace("{resource}", resource.module)
        around = {"api": api} if whole else {}
        yield target, {**around, "resource": resource}


class _Compiled(jinja2.BytecodeCache):
    """Takes templates that are compiled already, and notes which others are."""

    def __init__(self, known: Kept[bytes]) -> None:
        self._known = known
        self._news: dict[bytes, bytes] = {}

    def news(self) -> dict[bytes, bytes]:
        """What was compiled since this was last asked."""
        news, self._news = self._news, {}
        return news

    def load_bytecode(self, bucket: Bucket) -> None:
        known = self._known.get(_key(bucket))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._news[_key(bucket)] = bucket.bytecode_to_string()


def _key(bucket: Bucket) -> bytes:
    return f"{bucket.key} {bucket.checksum}".encode()


def _environment(templates: Templates) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["annotation"] = annotation
    environment.filters["constant"] = constant
    environment.filters["docstring"] = docstring
    environment.filters["repr"] = repr
    environment.filters["shape"] = shape
    return environment


def _report(filled: _Filled, path: str, report: Report) -> None:
    """A template that cannot be filled in; most likely one that the user overrides."""
    report.error(
        "bad-template",
        f"the template cannot be rendered: {filled.fault}",
        Location(file=f"templates/{path}", line=filled.line),
        hint="templates see the Api of batchwright/ir, and nothing else",
    )


def _line_of(fault: Exception) -> int | None:
    """The deepest line of a template that was being rendered."""
    line, trace = None, fault.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
