"""The Api: everything the SDK will say, decided; the only thing a template sees.

Every name here is final Python and stands beside the name on the wire. Texts from the
spec (docs, wire names, values) are plain data: they become code only through the
renderer's filters. Nothing here knows how the spec was written, and nothing here
computes.
"""

from __future__ import annotations

from batchwright.ir.api import (
    Api,
    Client,
    Credential,
    ErrorFields,
    RateLimit,
    RetryRule,
    Server,
    Servers,
    ServerVariable,
)
from batchwright.ir.batches import (
    Batch,
    Batching,
    Batchings,
    BodyArgument,
    Correlation,
    Identity,
    NamedBatching,
    SmallerLimit,
)
from batchwright.ir.fakes import (
    Fake,
    RecordType,
    Scoped,
)
from batchwright.ir.imports import (
    Import,
)
from batchwright.ir.models import (
    Alias,
    Constant,
    Declaration,
    Enum,
    EnumMember,
    EnumParent,
    Field,
    Limit,
    Member,
    Models,
    Struct,
    needs_quotes,
)
from batchwright.ir.operations import (
    Body,
    Encoding,
    Header,
    Operation,
    Parameter,
    ParameterLocation,
    Resource,
    Response,
    Stream,
)
from batchwright.ir.types import (
    ANY,
    FILE,
    NONE,
    Discriminator,
    ListOf,
    LiteralOf,
    MapOf,
    Payload,
    Primitive,
    PrimitiveName,
    Reference,
    TupleOf,
    Type,
    UnionOf,
)

__all__ = [
    "ANY",
    "FILE",
    "NONE",
    "Alias",
    "Api",
    "Batch",
    "Batching",
    "Batchings",
    "Body",
    "BodyArgument",
    "Client",
    "Constant",
    "Correlation",
    "Credential",
    "Declaration",
    "Discriminator",
    "Encoding",
    "Enum",
    "EnumMember",
    "EnumParent",
    "ErrorFields",
    "Fake",
    "Field",
    "Header",
    "Identity",
    "Import",
    "Limit",
    "ListOf",
    "LiteralOf",
    "MapOf",
    "Member",
    "Models",
    "NamedBatching",
    "Operation",
    "Parameter",
    "ParameterLocation",
    "Payload",
    "Primitive",
    "PrimitiveName",
    "RateLimit",
    "RecordType",
    "Reference",
    "Resource",
    "Response",
    "RetryRule",
    "Scoped",
    "Server",
    "ServerVariable",
    "Servers",
    "SmallerLimit",
    "Stream",
    "Struct",
    "TupleOf",
    "Type",
    "UnionOf",
    "needs_quotes",
]
