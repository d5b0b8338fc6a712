"""Document to Api: every decision about the SDK is taken here, and only here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from batchwright import ir, naming
from batchwright.config import Config
from batchwright.diagnostics import Report
from batchwright.document import Document
from batchwright.translate.batch import shared_batchings
from batchwright.translate.imports import imports_for
from batchwright.translate.operations import resources_of
from batchwright.translate.policies import (
    error_fields_of,
    rate_limit_of,
    retry_rules_of,
)
from batchwright.translate.reading import prose
from batchwright.translate.schemas import Schemas
from batchwright.translate.security import credentials_of, runtime_names
from batchwright.translate.types import has_discriminator

#: What the package offers of its runtime.
_PUBLIC_RUNTIME = (
    "UNSET",
    "AuthenticationError",
    "ConflictError",
    "ConnectionFailedError",
    "CredentialError",
    "DecodingError",
    "Finding",
    "InvalidInputError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "RequestTimeoutError",
    "SDKError",
    "ServerError",
    "StatusError",
    "TransportError",
    "UnsetType",
    "ValidationError",
)
#: Class names that the generated modules use or export for themselves.
_RESERVED_CLASSES = frozenset(
    {
        "Annotated",
        "Any",
        "AsyncApi",
        "AsyncResource",
        "Decimal",
        "Discriminator",
        "Iterable",
        "Literal",
        "Mapping",
        "Model",
        "OpenIntEnum",
        "OpenStrEnum",
        "Operation",
        "Parameter",
        "SyncApi",
        "SyncResource",
        "TypeAlias",
        "UUID",
    }
)


def translate(document: Document, config: Config, report: Report) -> ir.Api:
    """The whole SDK, decided; what cannot be said in Python is reported."""
    info = document.root["info"]
    title = str(info.text("title"))
    class_name = config.client or _client_name(title)
    async_name = f"Async{class_name}"
    taken = {class_name, async_name} & {*_RESERVED_CLASSES, *_PUBLIC_RUNTIME}
    if taken:
        report.error(
            "name-collision",
            f"the client cannot be called `{class_name}`: the package has a class"
            f" `{taken.pop()}` of its own",
            info,
            hint="set another name with `client` in [tool.batchwright], or --client",
        )
    reserved = {*_RESERVED_CLASSES, *_PUBLIC_RUNTIME, class_name, async_name}
    schemas = Schemas(document, report, reserved=reserved)
    credentials = credentials_of(document, report)
    error_fields = error_fields_of(document)
    resources, batchings = shared_batchings(
        resources_of(document, schemas, credentials, report)
    )
    models = _models(schemas)
    return ir.Api(
        title=title,
        version=str(info.text("version")),
        docs=prose(info),
        package=config.package,
        distribution=config.distribution,
        public_runtime=_PUBLIC_RUNTIME,
        public_names=tuple(
            sorted(
                (*_PUBLIC_RUNTIME, class_name, async_name, *models.names),
                key=naming.listing_order,
            )
        ),
        client=ir.Client(
            class_name=class_name,
            async_class_name=async_name,
            base_url=_base_url(document),
            credentials=credentials,
            runtime=_client_runtime(credentials, errors=error_fields is not None),
            error_fields=error_fields,
            retry_rules=retry_rules_of(document),
            rate_limit=rate_limit_of(document),
        ),
        models=models,
        batchings=batchings,
        resources=resources,
    )


def _client_name(title: str) -> str:
    name = naming.pascal(title)
    return naming.identifier(re.sub(r"(?i)api$", "", name) or "Client", lead="Client")


def _base_url(document: Document) -> str | None:
    """The first server with its variables' defaults, if it is a whole address."""
    servers = document.root.get("servers")
    for server in servers.elements() if servers else ():
        url = server.text("url") or ""
        variables = server.get("variables")
        for name, variable in variables.items() if variables else ():
            url = url.replace(f"{{{name}}}", variable.text("default") or "")
        if re.match(r"https?://", url):
            return url
    return None


def _client_runtime(
    credentials: Sequence[ir.Credential], *, errors: bool
) -> tuple[str, ...]:
    """What the module of the clients takes from the runtime."""
    names = {"AsyncApi", "DEFAULT_TIMEOUT", "SyncApi", "Timeout", "product_of"}
    names |= runtime_names(credentials)
    if errors:
        names.add("ErrorFields")
    return tuple(sorted(names, key=naming.listing_order))


def _models(schemas: Schemas) -> ir.Models:
    enums, structs, aliases = schemas.declarations()
    fields = [field for struct in structs for field in struct.fields]
    types = [field.type for field in fields] + [alias.type for alias in aliases]
    discriminated = any(has_discriminator(type_) for type_ in types)
    typing = {"TypeAlias"} if aliases else set()
    runtime = {"Model"} if structs else set()
    runtime |= {enum.parent for enum in enums}
    if not all(field.required for field in fields):
        runtime |= {"UNSET", "UnsetType"}
    if any(field.renamed for field in fields):
        runtime.add("field")
    if discriminated:
        typing.add("Annotated")
        runtime.add("Discriminator")
    extra = [ir.Import(module="builtins")] if any(s.shadowed for s in structs) else []
    if typing:
        extra.append(ir.Import(module="typing", names=tuple(sorted(typing))))
    return ir.Models(
        enums=enums,
        structs=structs,
        aliases=aliases,
        imports=imports_for(types, extra=extra),
        runtime=tuple(sorted(runtime, key=naming.listing_order)),
        names=tuple(sorted(schemas.names, key=naming.listing_order)),
    )
