"""The runtime of the package around it: it sends, reads and fails, and knows no API."""

from .auth import (
    ApiKey,
    AsyncBasicSource,
    AsyncTokenSource,
    Basic,
    BasicSource,
    Bearer,
    TokenSource,
)
from .client import AsyncApi, SyncApi
from .errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    CredentialError,
    DecodingError,
    ErrorFields,
    Finding,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    SDKError,
    ServerError,
    StatusError,
    TransportError,
    ValidationError,
)
from .exchange import DEFAULT_TIMEOUT, Timeout
from .models import UNSET, Model, OpenIntEnum, OpenStrEnum, UnsetType, field
from .operation import BINARY, TEXT, Operation, Parameter
from .product import product_of
from .resource import AsyncResource, SyncResource
from .structure import Discriminator

__all__ = [
    "BINARY",
    "DEFAULT_TIMEOUT",
    "TEXT",
    "UNSET",
    "ApiKey",
    "AsyncBasicSource",
    "AsyncApi",
    "AsyncResource",
    "AsyncTokenSource",
    "AuthenticationError",
    "Basic",
    "BasicSource",
    "Bearer",
    "ConflictError",
    "ConnectionFailedError",
    "CredentialError",
    "DecodingError",
    "Discriminator",
    "ErrorFields",
    "Finding",
    "InvalidInputError",
    "Model",
    "NotFoundError",
    "OpenIntEnum",
    "OpenStrEnum",
    "Operation",
    "Parameter",
    "PermissionDeniedError",
    "RateLimitError",
    "RequestTimeoutError",
    "SDKError",
    "ServerError",
    "StatusError",
    "SyncApi",
    "SyncResource",
    "Timeout",
    "TokenSource",
    "TransportError",
    "UnsetType",
    "ValidationError",
    "field",
    "product_of",
]
