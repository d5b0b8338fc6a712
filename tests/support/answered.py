"""A request of a batch that has been sent, and whatever is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from _runtime import BatchOperation, SDKError
from _runtime.batch.assessing import assess
from _runtime.batch.calls import call_of
from _runtime.batch.labels import content_of, labels_for
from _runtime.batch.matching import Matched
from _runtime.batch.naming import Naming
from _runtime.batch.preflight import Preflight
from _runtime.operation import Answer

from support.batches import ERROR_FIELDS
from support.records import Json


class Request:
    """A request that has been sent, and is to be answered."""

    def __init__(
        self,
        operation: BatchOperation[Any, Any, Any],
        inputs: Sequence[object],
        *,
        arguments: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
    ) -> None:
        batching = operation.batching
        self.call = call_of(
            operation, arguments=arguments or {}, fields=fields or {}, headers=None
        )
        preflight = Preflight(
            batching, id_property=self.call.id_property, is_stream=True
        )
        rows = preflight.check(list(inputs)).rows
        labels = None if batching.correlation is None else labels_for(rows)
        self.sent: list[Json] = json.loads(content_of(rows, batching.correlation))
        self.naming = Naming(batching, rows, labels, self.call.id_property)

    def assess(
        self, body: object, status: int = 200, broken: str | None = None
    ) -> Matched | SDKError:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = httpx2.Headers({"X-Correlation-Id": "c-1"})
        answer = Answer(status=status, headers=headers, content=content, broken=broken)
        return assess(answer, self.call, self.naming, ERROR_FIELDS)

    def match(self, body: object, status: int = 200) -> Matched:
        matched = self.assess(body, status)
        assert isinstance(matched, Matched)
        found = [outcome.input for outcome in matched.outcomes]
        assert found == list(self.naming.inputs)
        return matched
