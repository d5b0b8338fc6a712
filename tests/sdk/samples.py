"""A call that most tests make, and the answers they get."""

from __future__ import annotations

from typing import Any

from hubspot_batch import BatchResponse, HubSpot, UpdateInput

UPDATE = UpdateInput(id="512", properties={"amount": "1200"})
UPDATE_JSON = {"inputs": [{"id": "512", "properties": {"amount": "1200"}}]}
UPDATE_PATH = "/crm/v3/objects/0-3/batch/update"
RECORD = {
    "id": "512",
    "properties": {"hs_object_id": "512", "amount": None},
    "createdAt": "2026-07-01T00:00:00Z",
    "updatedAt": "2026-08-01T10:00:00Z",
    "archived": False,
}


def update(hubspot: HubSpot) -> BatchResponse:
    return hubspot.deals.post_batch_update([UPDATE])


def envelope(*records: dict[str, Any], **more: object) -> dict[str, Any]:
    """An answer to a batch: with `RECORD`, if no records are given."""
    return {
        "status": "COMPLETE",
        "results": list(records or [RECORD]),
        "startedAt": "2026-08-01T10:00:00Z",
        "completedAt": "2026-08-01T10:00:01.5Z",
        **more,
    }
