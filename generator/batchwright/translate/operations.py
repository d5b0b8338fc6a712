"""Paths to resources: one for each tag, with the tag's operations as methods."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Document, Node
from batchwright.translate.batch import batch_of
from batchwright.translate.imports import imports_for
from batchwright.translate.reading import prose, said
from batchwright.translate.requests import (
    body_of,
    parameters_of,
    responses_of,
    returns_of,
)
from batchwright.translate.schemas import Schemas
from batchwright.translate.types import has_discriminator, references

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

#: What a module takes from the runtime for batch operations.
_BATCH_RUNTIME = {
    "AnyIterable",
    "AsyncOutcomeStream",
    "BatchOperation",
    "BatchOptions",
    "BatchResult",
    "OutcomeStream",
    "StreamOptions",
}
#: What the client classes have already.
_RESERVED_RESOURCES = {"aclose", "close"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An operation of the document, with what its path item adds."""

    method: str
    path: str
    node: Node
    shared: Node | None

    @property
    def key(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def operation_id(self) -> str | None:
        return self.node.text("operationId")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The operations of one tag; `node` is the tag's declaration, if it has one."""

    tag: str
    node: Node | None = None
    found: list[_Found] = field(default_factory=list)

    @property
    def place(self) -> Node:
        return self.node or self.found[0].node

    @property
    def bound(self) -> tuple[str, ...]:
        """The wire names of the parameters that are given once, with the resource."""
        said = self.node.get("x-bound-parameters") if self.node else None
        return tuple(str(entry.value) for entry in said.elements()) if said else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """What all operations share: types, the root's security, the known schemes."""

    schemas: Schemas
    security: Node | None
    schemes: tuple[str, ...]
    report: Report


def resources_of(
    document: Document,
    schemas: Schemas,
    credentials: Iterable[ir.Credential],
    report: Report,
) -> tuple[ir.Resource, ...]:
    """Every operation of the document as a method of a resource."""
    groups = _groups(document)
    whole = _Whole(
        schemas=schemas,
        security=document.root.get("security"),
        schemes=tuple(credential.scheme for credential in credentials),
        report=report,
    )
    settled = naming.settle(
        (
            naming.Wish(
                key=tag, wire=tag, candidates=naming.attribute(tag, lead="resource")
            )
            for tag in groups
        ),
        reserved=_RESERVED_RESOURCES,
    )
    for tags in settled.unsettled:
        report.error(
            "name-collision",
            f"the tags {_listed(tags)} all become the resource"
            f" `{settled.names[tags[0]]}`",
            groups[tags[-1]].place,
            hint="use one tag for both, or rename one",
        )
    return tuple(
        _resource(group, settled.names[tag], whole) for tag, group in groups.items()
    )


def _groups(document: Document) -> dict[str, _Group]:
    """Operations by their first tag: declared tags in order, others as they come."""
    declared = document.root.get("tags")
    groups = {
        str(tag.text("name")): _Group(tag=str(tag.text("name")), node=tag)
        for tag in (declared.elements() if declared else ())
    }
    for found in _operations(document):
        tag = _tag(found)
        groups.setdefault(tag, _Group(tag=tag)).found.append(found)
    return {tag: group for tag, group in groups.items() if group.found}


def _operations(document: Document) -> Iterator[_Found]:
    paths = document.root.get("paths")
    for path, item in paths.items() if paths else ():
        for method in METHODS:
            node = item.get(method)
            if node is not None and path.startswith("/"):
                yield _Found(
                    method=method, path=path, node=node, shared=item.get("parameters")
                )


def _tag(found: _Found) -> str:
    """The resource an operation belongs to: its first tag, else its path's start."""
    tags = found.node.get("tags")
    for tag in tags.elements() if tags else ():
        return str(tag.value)
    fixed = [part for part in found.path.split("/") if part and part[0] != "{"]
    return fixed[0] if fixed else "default"


def _resource(group: _Group, name: str, whole: _Whole) -> ir.Resource:
    names = _method_names(group, whole.report)
    built = {
        found.key: _operation(found, names[found.key], group, whole)
        for found in sorted(group.found, key=lambda f: (f.path, f.method))
    }
    operations = tuple(built[found.key] for found in group.found)
    _check_batch_names(group, operations, whole.report)
    bound = operations[0].bound
    class_name = naming.identifier(naming.pascal(name), lead="Resource")
    docs = prose(group.node) if group.node else None
    types = [type_ for operation in operations for type_ in _types(operation)]
    shadowed = naming.builtins_among(operation.name for operation in operations)
    return ir.Resource(
        name=name,
        module=naming.module_name(name),
        class_name=class_name,
        async_class_name=f"Async{class_name}",
        docs=docs or f"The operations tagged `{group.tag}`.",
        bound=bound,
        factory=any(parameter.default is None for parameter in bound),
        operations=operations,
        imports=imports_for(types, extra=_imports(operations, shadowed)),
        models=references(types),
        batchings=(),
        runtime=_runtime(operations),
        shadowed=shadowed,
    )


def _method_names(group: _Group, report: Report) -> dict[str, str]:
    by_key = {found.key: found for found in group.found}
    settled = naming.settle(
        naming.Wish(
            key=found.key,
            wire=found.operation_id or found.key,
            candidates=_method_candidates(found, group.tag),
        )
        for found in group.found
    )
    for keys in settled.unsettled:
        report.error(
            "name-collision",
            f"the operations {_listed(keys)} all become the method"
            f" `{settled.names[keys[0]]}`",
            by_key[keys[-1]].node,
            hint="give each an operationId of its own",
        )
    for key in settled.renamed:
        report.warning(
            "renamed",
            f"`{key}` is called `{settled.names[key]}`, since another operation of its"
            " tag has the shorter name",
            by_key[key].node,
            hint="give each operation of a tag an operationId of its own",
        )
    return settled.names


def _check_batch_names(
    group: _Group, operations: Sequence[ir.Operation], report: Report
) -> None:
    """The further methods of batch operations must not take a name that is taken."""
    taken = Counter(operation.name for operation in operations)
    for operation in operations:
        if operation.batch:
            taken.update((operation.batch.iter_name, operation.batch.single_name))
    for found, operation in zip(group.found, operations, strict=True):
        if taken[operation.name] > 1:
            report.error(
                "name-collision",
                f"`{operation.name}` is the name of this operation, and of a method"
                " that another operation has for its `x-batch`",
                found.node,
                hint="give one of them another operationId",
            )


def _method_candidates(found: _Found, tag: str) -> tuple[str, ...]:
    """Names from the operation's id, then from its method and path."""
    place = " by ".join(re.split(r"\{", f"{found.method} {found.path}"))
    wanted = [
        naming.snake(_short_id(found.operation_id or "", tag)),
        naming.snake(found.operation_id or ""),
        naming.snake(place),
        naming.snake(naming.spelled(place)),
    ]
    return tuple(dict.fromkeys(naming.identifier(w, lead="call") for w in wanted if w))


def _short_id(operation_id: str, tag: str) -> str:
    """The id without the tag in front of it: `deals.batchUpdate` -> batchUpdate."""
    first, separator, rest = operation_id.partition(".")
    if not separator:
        first, separator, rest = operation_id.partition("/")
    same = naming.snake(first) == naming.snake(tag)
    return rest if separator and rest and same else operation_id


def _operation(found: _Found, name: str, group: _Group, whole: _Whole) -> ir.Operation:
    node, hint = found.node, naming.pascal(name)
    schemas, report = whole.schemas, whole.report
    security = node.get("security") or whole.security
    body = body_of(node, schemas, report, hint)
    responses = responses_of(node, schemas, hint)
    batch = batch_of(node, found.method, name, body, responses, schemas, report)
    parameters, batch = parameters_of(node, found.shared, batch, schemas, report, hint)
    bound = tuple(p for p in parameters if p.wire_name in group.bound)
    _check_bound(group, bound, found, report)
    return ir.Operation(
        name=name,
        operation_id=found.operation_id,
        constant=f"_{name.upper()}",
        method=found.method.upper(),
        path=found.path,
        title=_title(node, found.key),
        docs=_details(node),
        result_docs=_result_docs(responses),
        arguments=tuple(p for p in parameters if p not in bound),
        bound=bound,
        body=body,
        responses=responses,
        returns=returns_of(responses),
        security=_credentials(security, whole.schemes),
        scopes=_scopes(security),
        deprecated=said(node).get("deprecated") is True,
        batch=batch,
    )


def _title(node: Node, otherwise: str) -> str:
    """One line that says what the operation does."""
    text = prose(node, "summary") or prose(node) or otherwise
    title = text.splitlines()[0].strip()
    return title if title.endswith((".", "!", "?", ":")) else f"{title}."


def _details(node: Node) -> str | None:
    """The description, unless its first line is the title already."""
    docs = prose(node)
    if docs is None or prose(node, "summary"):
        return docs
    return "\n".join(docs.splitlines()[1:]).strip() or None


def _result_docs(responses: Iterable[ir.Response]) -> str | None:
    return next((r.docs for r in responses if r.type is not None and r.docs), None)


def _check_bound(
    group: _Group, bound: tuple[ir.Parameter, ...], found: _Found, report: Report
) -> None:
    for wire in group.bound:
        if wire not in [p.wire_name for p in bound if p.location == "path"]:
            report.error(
                "unbound-parameter",
                f"`{wire}` is a bound parameter of the tag `{group.tag}`, but no path"
                f" parameter of `{found.key}`",
                found.node,
                hint="give the operation another tag, or take the name out of"
                " x-bound-parameters",
            )


def _scopes(security: Node | None) -> tuple[tuple[str, ...], ...]:
    """What a token needs: one of these combinations of scopes."""
    ways = (
        tuple(
            str(scope.value) for _, scopes in way.items() for scope in scopes.elements()
        )
        for way in (security.elements() if security else ())
    )
    return tuple(scopes for scopes in ways if scopes)


def _credentials(
    security: Node | None, known: Collection[str]
) -> tuple[tuple[str, ...], ...] | None:
    """The security schemes of which one combination is sent; None for simply all."""
    if security is None:
        return None
    ways = [tuple(scheme for scheme, _ in way.items()) for way in security.elements()]
    distinct = tuple(dict.fromkeys(ways)) or ((),)
    return None if distinct == (tuple(known),) else distinct


def _types(operation: ir.Operation) -> Iterator[ir.Type]:
    """Every type that the operation's method names."""
    yield operation.returns
    for parameter in operation.parameters:
        yield parameter.type
    for response in operation.responses:
        if response.type is not None:
            yield response.type
    if operation.body is not None:
        yield operation.body.type
    if operation.batch is not None:
        yield operation.batch.batching.input
        if operation.batch.batching.result is not None:
            yield operation.batch.batching.result
        for option in operation.batch.options:
            yield option.field.type


def _imports(
    operations: Collection[ir.Operation], shadowed: Collection[str]
) -> Iterator[ir.Import]:
    """What the module needs beside what its types do."""
    abc = ["Mapping"]
    if any(operation.batch for operation in operations):
        abc.append("Iterable")
        yield ir.Import(module="typing", names=("Unpack",))
    yield ir.Import(module="collections.abc", names=tuple(abc))
    if any(
        isinstance(type_, ir.Payload) or has_discriminator(type_)
        for o in operations
        for type_ in _types(o)
    ):
        yield ir.Import(module="typing", names=("Annotated",))
    if shadowed:
        yield ir.Import(module="builtins")


def _runtime(operations: Collection[ir.Operation]) -> tuple[str, ...]:
    """What the module takes from the runtime."""
    names = {"AsyncResource", "DEFAULT_TIMEOUT", "SyncResource", "Timeout"}
    for operation in operations:
        names |= _BATCH_RUNTIME if operation.batch else {"Operation"}
        if operation.parameters:
            names.add("Parameter")
        options = operation.batch.options if operation.batch else ()
        if (
            any(not option.field.required for option in options)
            or any(not argument.required for argument in operation.arguments)
            or (operation.body and not operation.body.required)
        ):
            names |= {"UNSET", "UnsetType"}
        for type_ in _types(operation):
            if isinstance(type_, ir.Payload):
                names.add(type_.kind.upper())
            if has_discriminator(type_):
                names.add("Discriminator")
    return tuple(sorted(names, key=naming.listing_order))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
