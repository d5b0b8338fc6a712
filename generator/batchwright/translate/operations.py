"""Paths to resources: one for each tag, with the tag's operations as methods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Document, Node
from batchwright.translate.batch import batch_of
from batchwright.translate.bodies import Bodies
from batchwright.translate.exports import reserved_resources
from batchwright.translate.groups import Found, Group, groups_of
from batchwright.translate.imports import imports_for
from batchwright.translate.methods import (
    check_batch_names,
    listed,
    method_names,
    stream_names,
)
from batchwright.translate.needs import imports_of, runtime_of, types_of
from batchwright.translate.parameters import parameters_of
from batchwright.translate.reading import prose, said
from batchwright.translate.responses import (
    errors_of,
    headers_of,
    responses_of,
    returns_of,
    stream_of,
)
from batchwright.translate.schemas import Schemas
from batchwright.translate.servers import Addresses
from batchwright.translate.types import references

#: What the client classes have already.
_RESERVED_RESOURCES = {"aclose", "close"}


class _Whole(Struct, frozen=True, kw_only=True):
    """What all operations share: types, security, servers."""

    schemas: Schemas
    bodies: Bodies
    security: Node | None
    schemes: tuple[str, ...]
    addresses: Addresses
    report: Report


def resources_of(
    document: Document,
    schemas: Schemas,
    credentials: Sequence[ir.Credential],
    addresses: Addresses,
    report: Report,
) -> tuple[ir.Resource, ...]:
    """Every operation of the document as a method of a resource."""
    groups = groups_of(document, schemas.declarations.pins)
    whole = _Whole(
        schemas=schemas,
        bodies=Bodies(schemas=schemas, report=report),
        security=document.root.get("security"),
        schemes=tuple(credential.scheme for credential in credentials),
        addresses=addresses,
        report=report,
    )
    settled = schemas.declarations.pins.settle(
        (
            naming.Wish(
                key=tag, wire=tag, candidates=naming.attribute(tag, lead="resource")
            )
            for tag in groups
        ),
        lambda tag: groups[tag].thing,
        reserved=_RESERVED_RESOURCES,
    )
    for tags in settled.unsettled:
        report.error(
            "name-collision",
            f"the tags {listed(tags)} all become the resource"
            f" `{settled.names[tags[0]]}`",
            groups[tags[-1]].place,
            hint="use one tag for both, or rename one",
        )
    classes = schemas.declarations.allocate_classes(
        {
            name: naming.identifier(naming.pascal(name), lead="Resource")
            for name in settled.names.values()
        },
        reserved_resources(),
    )
    modules = naming.module_names(settled.names.values())
    return tuple(
        _resource(group, name, modules[name], classes[name], whole)
        for group, name in zip(groups.values(), settled.names.values(), strict=True)
    )


def _resource(
    group: Group, name: str, module: str, class_name: str, whole: _Whole
) -> ir.Resource:
    names = method_names(group, whole.schemas.declarations.pins, whole.report)
    streams = stream_names(names)
    built = {
        found.key: _known(found, names[found.key], streams[found.key], group, whole)
        for found in sorted(group.found, key=lambda f: (f.path, f.method))
    }
    operations = tuple(built[found.key] for found in group.found)
    check_batch_names(group, operations, whole.report)
    bound = operations[0].bound
    docs = prose(group.node) if group.node else None
    types = [type_ for operation in operations for type_ in types_of(operation)]
    shadowed = naming.builtins_among(operation.name for operation in operations)
    return ir.Resource(
        name=name,
        wire_name=group.tag,
        is_path=group.is_path,
        tags=group.tags,
        module=module,
        class_name=class_name,
        async_class_name=f"Async{class_name}",
        docs=docs or _group_docs(group),
        bound=bound,
        factory=any(parameter.default is None for parameter in bound),
        operations=operations,
        imports=imports_for(types, extra=imports_of(operations, shadowed)),
        models=references(types),
        batchings=(),
        runtime=runtime_of(operations),
        shadowed=shadowed,
    )


def _group_docs(group: Group) -> str:
    kind = "whose paths begin with" if group.is_path else "tagged"
    return f"The operations {kind} `{group.tag}`."


def _known(
    found: Found, name: str, stream_name: str, group: Group, whole: _Whole
) -> ir.Operation:
    """The operation, translated again if anything that it depends on is another."""
    shared, server = found.shared, whole.addresses.of_operation(found.node, found.item)
    given = (
        *(found.method, found.path, name, stream_name, server),
        *(group.tag, group.bound, whole.schemes),
        whole.security and whole.security.value,
        shared and shared.document.digest(shared.pointer),
    )
    return whole.schemas.remembered.translated(
        found.node,
        given,
        lambda: _operation(found, name, stream_name, server, group, whole),
    )


def _operation(
    found: Found,
    name: str,
    stream_name: str,
    server: str | None,
    group: Group,
    whole: _Whole,
) -> ir.Operation:
    # Ids are of one operation alone, and so are the names of classes made from them.
    node, hint = found.node, naming.pascal(found.operation_id or name)
    schemas, report = whole.schemas, whole.report
    security = node.get("security") or whole.security
    body = whole.bodies.body_of(node, hint)
    responses = responses_of(node, schemas, hint)
    batch = batch_of(node, found.method, name, body, responses, schemas, report)
    parameters, batch = parameters_of(
        node, found.shared, batch, schemas, report, hint, found.key
    )
    bound = tuple(p for p in parameters if p.wire_name in group.bound)
    _check_bound(group, bound, found, report)
    return ir.Operation(
        name=name,
        operation_id=found.operation_id,
        # Upper case makes one name of several (straße, strasse) outside of ASCII.
        constant=f"_{name.upper() if name.isascii() else name}",
        method=found.method,
        path=found.sent_path,
        title=_title(node, found.key),
        docs=_details(node),
        result_docs=_result_docs(responses),
        arguments=tuple(p for p in parameters if p not in bound),
        bound=bound,
        body=body,
        responses=responses,
        # The failures of a batch are told by `x-batch` and `x-error`.
        errors=() if batch else errors_of(node, schemas, hint),
        headers=() if batch else headers_of(node),
        returns=returns_of(responses),
        server=server,
        security=_credentials(security, whole.schemes),
        scopes=_scopes(security),
        deprecated=said(node).get("deprecated") is True,
        batch=batch,
        stream=_stream(node, name, stream_name),
    )


def _stream(node: Node, name: str, stream_name: str) -> ir.Stream | None:
    """The streaming method; where it is the only one, the operation's name is its."""
    found = stream_of(node, stream_name)
    return replace(found, name=name) if found and found.alone else found


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
    group: Group, bound: tuple[ir.Parameter, ...], found: Found, report: Report
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
    """The security schemes of which one combination is sent; None for simply all.

    Schemes that are nothing to send are left out of the combinations.
    """
    if security is None:
        return None
    ways = [
        tuple(scheme for scheme, _ in way.items() if scheme in known)
        for way in security.elements()
    ]
    distinct = tuple(dict.fromkeys(ways)) or ((),)
    return None if distinct == (tuple(known),) else distinct
