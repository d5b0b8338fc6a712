"""Makes one document of all files, in which every `$ref` is local and leads somewhere.

Pieces of other files become components; path items, extensions and whatever else has
no place in components are put where their `$ref` stands. Lines and columns stay known.
"""

from __future__ import annotations

from collections.abc import Iterable

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer, local_ref, parse_pointer
from batchwright.resolving.fragments import Fragments, is_put_in_place
from batchwright.resolving.references import LeavesOut, Reference, References
from batchwright.resolving.splice import Edits, Splice
from batchwright.resolving.targets import OpenFile, described
from batchwright.structure import SECTIONS, Kind, Shape, walk
from batchwright.suggestions import did_you_mean

_WAY_OUT = "mend it, or leave out with `--exclude` the operations that need it"


def resolve(
    document: Document, report: Report, leaves_out: LeavesOut | None = None
) -> Document:
    """The document as a single tree.

    Where errors were reported, it can be checked for more of them, but not used. What
    only operations have that are left out stays as it is.
    """
    # What was found while the files were read, if that was all.
    references = document.found.get(References) if leaves_out is None else None
    if references is None:
        walk = References(document, opened(document), leaves_out).walk()
        references = list(walk)
    for reference in references:
        _check(reference, report)
    _report_cycles(references, report)
    resolved = _put_together(document, references, report)
    resolved.found[References] = tuple(references)
    if leaves_out is None:
        check_mapped_names(resolved, report)
    return resolved


def opened(document: Document) -> OpenFile:
    """Finds the files that `load` has read."""

    def open_file(tree: str, file: str, site: Node) -> str | None:
        return document.links.get((tree, file))

    return open_file


# --- checks --------------------------------------------------------------------------


def _check(reference: Reference, report: Report) -> None:
    if reference.reading is not None:
        message = f"{excerpt(reference.text)} {reference.problem}"
        report.warning(reference.code, message, reference.at, reference.reading)
    elif reference.target is None:
        _report_broken(reference, report)
    if reference.target is None:
        return
    kind, target = reference.part.kind, reference.target
    if not reference.fits:
        report.error(
            "wrong-kind",
            f"{excerpt(reference.text)} leads to {described(target)},"
            f" but {kind.one} belongs here",
            reference.at,
            (
                f"refer to something in components/{SECTIONS[kind]}"
                if kind in SECTIONS
                else None
            ),
        )
    elif not _can_be(reference, target.value):
        report.error(
            "wrong-kind",
            f"{excerpt(reference.text)} leads to {excerpt(target.value)},"
            f" but {kind.one} belongs here",
            reference.at,
        )


def _can_be(reference: Reference, value: object) -> bool:
    """Whether a value can be what a reference stands for."""
    kind, shape = reference.part.kind, reference.part.shape
    if is_put_in_place(reference):
        is_alone = len(_fields(reference.site)) == 1
        if kind is Kind.EXTENSION:
            return is_alone or isinstance(value, dict)
        return isinstance(value, list if shape is Shape.LIST else dict)
    return isinstance(value, dict) or (kind is Kind.SCHEMA and isinstance(value, bool))


def _fields(node: Node) -> dict[str, object]:
    return node.value if isinstance(node.value, dict) else {}


def _report_broken(reference: Reference, report: Report) -> None:
    if reference.problem is None:
        return
    message = f"{excerpt(reference.text)} {reference.problem}"
    if _may_dangle(reference):
        report.warning(
            "unknown-ref",
            message,
            reference.at,
            (
                f"no operation uses it; it is read as any value ({reference.hint})"
                if reference.hint
                else "no operation uses it; it is read as any value"
            ),
        )
    else:
        hint = reference.hint or (_WAY_OUT if reference.used else None)
        report.error("unknown-ref", message, reference.at, hint)


def _may_dangle(reference: Reference) -> bool:
    """A broken reference to a schema does no harm where no operation can meet it."""
    return (
        not reference.used
        and reference.part.kind is Kind.SCHEMA
        and reference.entry is None
        and not is_put_in_place(reference)
    )


def _report_cycles(references: Iterable[Reference], report: Report) -> None:
    """Report chains of `$ref`s that end where they began."""
    by_site = {id(it.site.value): it for it in references if it.entry is None}
    done: set[int] = set()
    for start in by_site.values():
        passed: dict[int, Reference] = {}
        step: Reference | None = start
        while step is not None and id(step.site.value) not in done:
            done.add(id(step.site.value))
            passed[id(step.site.value)] = step
            target = step.target
            step = None if target is None else by_site.get(id(target.value))
        if step is not None and id(step.site.value) in passed:
            report.error(
                "ref-cycle",
                f"{excerpt(step.text)} leads only back to itself",
                step.at,
                "replace one $ref of the circle with what was meant",
            )


def check_mapped_names(document: Document, report: Report) -> None:
    """Names (not pointers) in discriminator mappings must be names of components."""
    components = document.root.get("components")
    schemas = components.get("schemas") if components is not None else None
    names = {name for name, _ in schemas.items()} if schemas is not None else set[str]()
    for kind, node in walk(document):
        mapping = node.get("mapping") if kind is Kind.DISCRIMINATOR else None
        if mapping is None:
            continue
        for _, entry in mapping.items():
            name = entry.value
            if not isinstance(name, str) or "#" in name or name in names:
                continue
            report.error(
                "unknown-ref",
                f"there is no schema {excerpt(name)} in components",
                entry,
                did_you_mean(name, sorted(names)),
            )


# --- one tree ------------------------------------------------------------------------


def _put_together(
    document: Document, references: list[Reference], report: Report
) -> Document:
    fragments = Fragments(document.root, references)
    fragments.settle(report)
    edits = _edits(document, references, fragments)
    if edits.nothing and not fragments.added and not report.has_errors:
        return document
    splice = Splice(document, edits, report)
    data = splice.whole(fragments.added)
    root = document.root.tree
    resolved = Document(
        root=root,
        sources=document.sources,
        trees={root: data},
        origins=splice.origins,
        has_broken_refs=report.has_errors,
    )
    resolved.found[Splice] = splice.added
    return resolved


def _edits(
    document: Document, references: list[Reference], fragments: Fragments
) -> Edits:
    """What has to change at which `$ref`."""
    edits = Edits()
    for reference in references:
        site, target = reference.site, reference.target
        key = id(site.value)
        if target is None:
            if _may_dangle(reference) or reference.says_nothing:
                edits.blank.add(key)
        elif is_put_in_place(reference):
            if _can_be(reference, target.value):
                edits.inlined[key] = target
        elif fragments.is_component_itself(reference):
            edits.inlined[key] = fragments.end(target)
        else:
            pointer = fragments.pointer_of(target)
            if pointer is None or _says(reference, document, pointer):
                continue
            if reference.wraps is not None:
                edits.wrapped[key] = _content(reference.wraps, pointer)
            elif reference.entry is None:
                edits.rewritten[key] = local_ref(pointer)
            else:
                edits.mapped.setdefault(key, {})[reference.entry] = local_ref(pointer)
    return edits


def _says(reference: Reference, document: Document, pointer: Pointer) -> bool:
    """Whether a reference is fine as it stands."""
    return (
        reference.keyword == "$ref"
        and reference.wraps is None
        and reference.site.tree == document.root.tree
        and reference.text.startswith("#/")
        and parse_pointer(reference.text[1:]) == pointer
    )


def _content(kind: Kind, schema: Pointer) -> dict[str, object]:
    """A response, a request body or a media type of a schema that has a place."""
    media: dict[str, object] = {"schema": {"$ref": local_ref(schema)}}
    if kind is Kind.MEDIA_TYPE:
        return media
    content = {"application/json": media}
    said = {"description": ""} if kind is Kind.RESPONSE else {}
    return {**said, "content": content}
