"""Document to Api: every decision about the SDK is taken here, and only here."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from batchwright import ir, naming
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.document import Document, Node
from batchwright.results import Kept, Translation
from batchwright.translate.batch import shared_batchings
from batchwright.translate.exports import (
    client_names,
    further_names,
    listed,
    public_names,
    reserved_classes,
)
from batchwright.translate.fakes import fake_of
from batchwright.translate.imports import imports_for
from batchwright.translate.operations import resources_of
from batchwright.translate.pins import Pins
from batchwright.translate.policies import (
    error_fields_of,
    rate_limit_of,
    retry_rules_of,
)
from batchwright.translate.reading import prose
from batchwright.translate.schemas import Schemas
from batchwright.translate.security import CLIENT_ARGUMENTS, credentials_of
from batchwright.translate.servers import servers_of
from batchwright.translate.types import parts

_DEEPEST_CALLS = 10_000


def translate(
    document: Document,
    config: Config,
    report: Report,
    pins: Pins | None = None,
    kept: Kept[Translation] | None = None,
) -> ir.Api:
    """The whole SDK, decided; what cannot be said in Python is reported.

    Args:
        kept: translations of components and operations; others are added.
    """
    with _deep_calls():
        return _translate(document, config, report, pins or Pins((), report), kept)


@contextmanager
def _deep_calls() -> Iterator[None]:
    """A schema may nest as deeply as a document may, at some calls for each level."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, _DEEPEST_CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


def _translate(
    document: Document,
    config: Config,
    report: Report,
    pins: Pins,
    kept: Kept[Translation] | None,
) -> ir.Api:
    info = document.root["info"]
    names = _client_names(info, config, document, report)
    reserved = reserved_classes(document).union(names)
    schemas = Schemas(document, report, pins, reserved=reserved, kept=kept)
    credentials = credentials_of(document, report, pins)
    taken = CLIENT_ARGUMENTS.union(credential.argument for credential in credentials)
    servers, addresses = servers_of(document, taken, pins, report)
    resources, batchings = shared_batchings(
        resources_of(document, schemas, credentials, addresses, report)
    )
    models = _models(schemas)
    runtime = public_names(document) | further_names(models, resources)
    return ir.Api(
        title=str(info.text("title")),
        version=str(info.text("version")),
        docs=prose(info),
        package=config.package,
        distribution=config.distribution,
        installed=not config.vendored,
        public_runtime=listed(runtime),
        public_names=listed({*runtime, *names, *models.names}),
        client=_client(
            document,
            names,
            credentials,
            servers,
            batches=bool(batchings.constants),
            installed=not config.vendored,
        ),
        models=models,
        batchings=batchings,
        resources=resources,
        fake=fake_of(document, resources, pins),
    )


def _client_names(
    info: Node, config: Config, document: Document, report: Report
) -> tuple[str, str]:
    """The classes of the clients: as configured, or after the title."""
    title = re.sub(r"(?i)api$", "", naming.pascal(str(info.text("title"))))
    name = config.client or naming.identifier(title or "Client", lead="Client")
    reserved = reserved_classes(document)
    if config.client is None and not reserved.isdisjoint((name, f"Async{name}")):
        name = f"{name}Client"
    names = (name, f"Async{name}")
    taken = sorted(reserved.intersection(names))
    if taken:
        report.error(
            "name-collision",
            f"the client cannot be called `{name}`: the package has a class"
            f" `{taken[0]}` of its own",
            info,
            hint="set another name with `client` in [tool.batchwright], or --client",
        )
    return names


def _client(
    document: Document,
    names: tuple[str, str],
    credentials: tuple[ir.Credential, ...],
    servers: ir.Servers,
    *,
    batches: bool,
    installed: bool,
) -> ir.Client:
    class_name, async_class_name = names
    error_fields = error_fields_of(document)
    return ir.Client(
        class_name=class_name,
        async_class_name=async_class_name,
        servers=servers,
        credentials=credentials,
        runtime=client_names(
            credentials,
            servers,
            errors=error_fields is not None,
            batches=batches,
            installed=installed,
        ),
        error_fields=error_fields,
        retry_rules=retry_rules_of(document),
        rate_limit=rate_limit_of(document),
    )


def _models(schemas: Schemas) -> ir.Models:
    enums, structs, aliases = schemas.declarations.sorted()
    fields = [field for struct in structs for field in struct.fields]
    types = [field.type for field in fields] + [alias.type for alias in aliases]
    types += [struct.further for struct in structs if struct.further]
    every = [part for type_ in types for part in parts(type_)]
    typing = {"TypeAlias"} if aliases else set()
    classes: list[ir.Struct | ir.Enum] = [*structs, *enums]
    runtime: set[str] = {class_.parent for class_ in classes}
    if any(class_.deprecated for class_ in classes):
        runtime.add("deprecated")
    if any(field.quoted for field in fields):
        runtime.add("quoted")
    if not all(field.required for field in fields):
        runtime |= {"UNSET", "UnsetType"}
    if any(field.given_by_caller for field in fields):
        runtime.add("UnsetType")
    if any(field.renamed and not field.given_by_api for field in fields):
        runtime.add("field")
    if any(field.given_by_api for field in fields):
        runtime.add("read_only")
    if any(struct.further for struct in structs):
        runtime.add("further")
    if ir.FILE in every:
        runtime.add("FileContent")
    if any(isinstance(it, ir.UnionOf) and it.discriminator for it in every):
        typing.add("Annotated")
        runtime.add("Discriminator")
    if any(isinstance(it, ir.Reference) and it.later for it in every):
        typing.add("Annotated")
        runtime.add("Later")
    extra = [ir.Import(module="builtins")] if any(s.shadowed for s in structs) else []
    if typing:
        extra.append(ir.Import(module="typing", names=tuple(sorted(typing))))
    return ir.Models(
        enums=enums,
        structs=structs,
        aliases=aliases,
        imports=imports_for(types, extra=extra),
        runtime=listed(runtime),
        names=listed(schemas.declarations.all_names),
    )
