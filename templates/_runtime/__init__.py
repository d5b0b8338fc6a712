"""The runtime of the package around it: it sends, reads and fails, and knows no API."""

from .api_keys import ApiKey
from .auth import AsyncTokenSource, Bearer, TokenSource
from .basic import AsyncBasicSource, Basic, BasicSource
from .batch.batching import (
    Batching,
    BatchOperation,
    Correlation,
    Identity,
    SmallerLimit,
)
from .batch.budget import (
    RateLimit,
    RateLimiter,
    SlidingWindow,
)
from .batch.clients import AsyncBatchApi, SyncBatchApi
from .batch.errors import (
    AmbiguousAnswerError,
    BatchFailedError,
    CallStoppedError,
    DeadlineError,
    InputRejectedError,
)
from .batch.options import (
    BatchOptions,
    StreamOptions,
)
from .batch.outcomes import (
    BatchResult,
    Failed,
    Outcome,
    Succeeded,
    Unknown,
    partial_result,
)
from .batch.progress import (
    Progress,
    ProgressBar,
)
from .batch.resources import AsyncBatchResource, SyncBatchResource
from .batch.retrying import (
    RetryRule,
)
from .batch.streams import (
    AnyIterable,
    AsyncOutcomeStream,
    OutcomeStream,
)
from .choices import BodyChoice, JsonBody
from .client import AsyncApi, SyncApi
from .deprecation import deprecated
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
from .files import FileContent, NamedFile, RawBody
from .forms import Encoding, FormBody
from .models import (
    UNSET,
    Model,
    OpenIntEnum,
    OpenModel,
    OpenStrEnum,
    UnsetType,
    field,
    further,
    quoted,
    read_only,
)
from .multipart import MultipartBody
from .operation import BINARY, TEXT, AnswerHead, Operation, Parameter
from .product import product_of
from .resource import AsyncResource, SyncResource
from .servers import filled, filled_servers
from .signatures import AnyInputs, CallOptions, Inputs
from .streaming import AsyncByteStream, ByteStream
from .structure import Discriminator, Later

__all__ = [
    "BINARY",
    "DEFAULT_TIMEOUT",
    "TEXT",
    "UNSET",
    "AmbiguousAnswerError",
    "AnswerHead",
    "AnyInputs",
    "AnyIterable",
    "ApiKey",
    "AsyncApi",
    "AsyncBasicSource",
    "AsyncBatchApi",
    "AsyncBatchResource",
    "AsyncByteStream",
    "AsyncOutcomeStream",
    "AsyncResource",
    "AsyncTokenSource",
    "AuthenticationError",
    "Basic",
    "BasicSource",
    "BatchFailedError",
    "BatchOperation",
    "BatchOptions",
    "BatchResult",
    "Batching",
    "Bearer",
    "BodyChoice",
    "ByteStream",
    "CallOptions",
    "CallStoppedError",
    "ConflictError",
    "ConnectionFailedError",
    "Correlation",
    "CredentialError",
    "DeadlineError",
    "DecodingError",
    "Discriminator",
    "Encoding",
    "ErrorFields",
    "Failed",
    "FileContent",
    "Finding",
    "FormBody",
    "Identity",
    "InputRejectedError",
    "Inputs",
    "InvalidInputError",
    "JsonBody",
    "Later",
    "Model",
    "MultipartBody",
    "NamedFile",
    "NotFoundError",
    "OpenIntEnum",
    "OpenModel",
    "OpenStrEnum",
    "Operation",
    "Outcome",
    "OutcomeStream",
    "Parameter",
    "PermissionDeniedError",
    "Progress",
    "ProgressBar",
    "RateLimit",
    "RateLimitError",
    "RateLimiter",
    "RawBody",
    "RequestTimeoutError",
    "RetryRule",
    "SDKError",
    "ServerError",
    "SlidingWindow",
    "SmallerLimit",
    "StatusError",
    "StreamOptions",
    "Succeeded",
    "SyncApi",
    "SyncBatchApi",
    "SyncBatchResource",
    "SyncResource",
    "Timeout",
    "TokenSource",
    "TransportError",
    "Unknown",
    "UnsetType",
    "ValidationError",
    "deprecated",
    "field",
    "filled",
    "filled_servers",
    "further",
    "partial_result",
    "product_of",
    "quoted",
    "read_only",
]
