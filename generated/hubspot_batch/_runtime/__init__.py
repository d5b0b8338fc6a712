"""The runtime of the package around it: it sends, reads and fails, and knows no API."""

from .auth import AsyncTokenSource, Bearer, TokenSource
from .batch.batching import (
    Batching,
    BatchOperation,
    Correlation,
    Identity,
    SmallerLimit,
)
from .batch.budget import RateLimit, RateLimiter
from .batch.clients import AsyncBatchApi, SyncBatchApi
from .batch.errors import (
    AmbiguousAnswerError,
    BatchFailedError,
    CallStoppedError,
    DeadlineError,
    InputRejectedError,
)
from .batch.options import BatchOptions, StreamOptions
from .batch.outcomes import (
    BatchResult,
    Failed,
    Outcome,
    Succeeded,
    Unknown,
    partial_result,
)
from .batch.progress import Progress, ProgressBar
from .batch.resources import AsyncBatchResource, SyncBatchResource
from .batch.retrying import RetryRule
from .batch.streams import AsyncOutcomeStream, OutcomeStream
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
from .models import UNSET, Model, OpenStrEnum, UnsetType, field
from .operation import AnswerHead, Parameter
from .product import product_of
from .signatures import AnyInputs, CallOptions, Inputs

__all__ = [
    "DEFAULT_TIMEOUT",
    "UNSET",
    "AmbiguousAnswerError",
    "AnswerHead",
    "AnyInputs",
    "AsyncBatchApi",
    "AsyncBatchResource",
    "AsyncOutcomeStream",
    "AsyncTokenSource",
    "AuthenticationError",
    "BatchFailedError",
    "BatchOperation",
    "BatchOptions",
    "BatchResult",
    "Batching",
    "Bearer",
    "CallOptions",
    "CallStoppedError",
    "ConflictError",
    "ConnectionFailedError",
    "Correlation",
    "CredentialError",
    "DeadlineError",
    "DecodingError",
    "ErrorFields",
    "Failed",
    "Finding",
    "Identity",
    "InputRejectedError",
    "Inputs",
    "InvalidInputError",
    "Model",
    "NotFoundError",
    "OpenStrEnum",
    "Outcome",
    "OutcomeStream",
    "Parameter",
    "PermissionDeniedError",
    "Progress",
    "ProgressBar",
    "RateLimit",
    "RateLimitError",
    "RateLimiter",
    "RequestTimeoutError",
    "RetryRule",
    "SDKError",
    "ServerError",
    "SmallerLimit",
    "StatusError",
    "StreamOptions",
    "Succeeded",
    "SyncBatchApi",
    "SyncBatchResource",
    "Timeout",
    "TokenSource",
    "TransportError",
    "Unknown",
    "UnsetType",
    "ValidationError",
    "field",
    "partial_result",
    "product_of",
]
