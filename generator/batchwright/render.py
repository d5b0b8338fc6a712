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
from msgspec.structs import replace

from batchwright import ir
from batchwright.diagnostics import Location, Report
from batchwright.files import Files
from batchwright.prose import docstring
from batchwright.python import annotation, constant, shape
from batchwright.results import Kept, Results
from batchwright.templates import Templates

_SUFFIX = ".jinja"
_PARTS = "_parts/"


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
) -> Files:
    """The files that are made from forms, not yet formatted.

    Args:
        results: what was rendered and compiled already; more is added.
        whole: whether a resource's template sees the whole Api beside the resource, and
            others the operations of resources.
    """
    results = Results() if results is None else results
    environment = _environment(templates)
    environment.bytecode_cache = _Compiled(results.compiled)
    forms = _digest(templates[path] for path in templates if path.endswith(_SUFFIX))

    def form(thing: object, name: str) -> str:
        """A form of a part of a file, filled in."""
        key = _digest([repr(forms), name, repr(thing)])
        filled = results.rendered.get(key)
        if filled is None:
            template = environment.get_template(f"{_PARTS}{name}{_SUFFIX}")
            filled = template.render({name: thing})
            results.rendered.add(key, filled)
        return filled

    environment.filters["form"] = form
    shown = api if whole else _outline(api)
    whole_api = _digest([repr(shown)]).hex()
    files: Files = {}
    for path in templates:
        if path.startswith(_PARTS) or not path.endswith(_SUFFIX):
            continue
        for target, context in _targets(path.removesuffix(_SUFFIX), shown, api, whole):
            given = [repr(forms), path, repr(context.get("resource"))]
            if "api" in context:
                given.append(whole_api)
            key = _digest(given)
            filled = results.rendered.get(key)
            if filled is None:
                try:
                    filled = environment.get_template(path).render(context)
                except Exception as fault:  # a template of the user's fails in any way
                    _report(fault, path, report)
                    continue
                results.rendered.add(key, filled)
            if filled.strip():
                files[target] = filled
    return files


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
    """Takes templates that are compiled already, and adds others."""

    def __init__(self, known: Kept[bytes]) -> None:
        self._known = known

    def load_bytecode(self, bucket: Bucket) -> None:
        known = self._known.get(_key(bucket))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known.add(_key(bucket), bucket.bytecode_to_string())


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


def _report(fault: Exception, path: str, report: Report) -> None:
    """A template that cannot be filled in; most likely one that the user overrides."""
    line = getattr(fault, "lineno", None) or _line_of(fault)
    report.error(
        "bad-template",
        f"the template cannot be rendered: {fault}",
        Location(file=f"templates/{path}", line=line),
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
