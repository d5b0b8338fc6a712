"""What the generated modules take from the runtime, and what the package offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from batchwright import ir, naming
from batchwright.document import Document

#: Offered by every package.
_PUBLIC = frozenset(
    {
        "AnswerHead",
        "AuthenticationError",
        "CallOptions",
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
        "UNSET",
        "UnsetType",
        "ValidationError",
    }
)
#: Offered by those that have batches.
_PUBLIC_BATCH = frozenset(
    {
        "AmbiguousAnswerError",
        "AsyncOutcomeStream",
        "BatchFailedError",
        "BatchOptions",
        "BatchResult",
        "CallStoppedError",
        "DeadlineError",
        "Failed",
        "InputRejectedError",
        "Outcome",
        "OutcomeStream",
        "Progress",
        "ProgressBar",
        "RateLimiter",
        "StreamOptions",
        "Succeeded",
        "Unknown",
        "partial_result",
    }
)
#: Offered by those that send files.
_PUBLIC_FILES = frozenset({"FileContent", "NamedFile"})
#: Classes that the generated modules are written with.
_USED = frozenset(
    {
        "Annotated",
        "Any",
        "AnyInputs",
        "AsyncApi",
        "AsyncBatchApi",
        "AsyncBatchResource",
        "AsyncByteStream",
        "AsyncResource",
        "BatchOperation",
        "Batching",
        "BodyChoice",
        "ByteStream",
        "Correlation",
        "Decimal",
        "Discriminator",
        "Encoding",
        "FormBody",
        "Identity",
        "Inputs",
        "JsonBody",
        "Later",
        "Literal",
        "Mapping",
        "Model",
        "MultipartBody",
        "OpenIntEnum",
        "OpenModel",
        "OpenStrEnum",
        "Operation",
        "Parameter",
        "RawBody",
        "SmallerLimit",
        "SyncApi",
        "SyncBatchApi",
        "SyncBatchResource",
        "SyncResource",
        "Timeout",
        "TypeAlias",
        "UUID",
        "Union",
        "Unpack",
    }
)


def public_names(document: Document) -> frozenset[str]:
    """The names of the runtime that the document's package offers."""
    return _PUBLIC | _PUBLIC_BATCH if _has_batches(document) else _PUBLIC


def reserved_classes(document: Document) -> frozenset[str]:
    """Names that no generated class can have."""
    return _USED | _PUBLIC_FILES | public_names(document)


def further_names(
    models: ir.Models, resources: Iterable[ir.Resource]
) -> frozenset[str]:
    """What the package offers for files and streams, if it has any."""
    used = {name for resource in resources for name in resource.runtime}
    used |= set(models.runtime)
    files = _PUBLIC_FILES if "FileContent" in used else frozenset()
    return files | (used & {"AsyncByteStream", "ByteStream"})


def listed(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once, in the order that imports have."""
    return tuple(sorted(set(names), key=naming.listing_order))


#: What the module of the clients has for credentials, of whatever kind they are.
_CREDENTIALS = frozenset(
    {
        "ApiKey",
        "AsyncBasicSource",
        "AsyncTokenSource",
        "Basic",
        "BasicSource",
        "Bearer",
        "TokenSource",
    }
)


def reserved_resources() -> frozenset[str]:
    """Names that no class of a resource can have, whatever else is in the document."""
    return _CREDENTIALS.union(
        client_names((), errors=True, batches=True, installed=True)
    )


def client_names(
    credentials: Sequence[ir.Credential],
    servers: ir.Servers | None = None,
    *,
    errors: bool,
    batches: bool,
    installed: bool,
) -> tuple[str, ...]:
    """What the module of the clients takes from the runtime."""
    parents = {"AsyncBatchApi", "SyncBatchApi"} if batches else {"AsyncApi", "SyncApi"}
    names = {"DEFAULT_TIMEOUT", "Timeout"} | parents
    if installed:
        names.add("product_of")
    for credential in credentials:
        names |= {credential.parent, credential.source, credential.async_source}
    if servers and servers.variables:
        names |= {"filled", "filled_servers"} if servers.others else {"filled"}
    if errors:
        names.add("ErrorFields")
    if batches:
        names |= {"RateLimit", "RateLimiter", "RetryRule"}
    return listed(names)


def _has_batches(document: Document) -> bool:
    paths = document.root.get("paths")
    return any(
        "x-batch" in operation
        for _, item in (paths.items() if paths else ())
        for _, operation in item.items()
    )
