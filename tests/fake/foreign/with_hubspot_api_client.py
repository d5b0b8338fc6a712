"""What hubspot-api-client gets from the server at the address it is given, as JSON."""

# mypy: ignore-errors

from __future__ import annotations

import json
import sys
from importlib import import_module
from operator import attrgetter

from hubspot import HubSpot


def used(family: str, *type_id: str) -> dict[str, object]:
    shapes = import_module(f"hubspot.crm.{family}")
    batch = attrgetter(family)(HubSpot(access_token="token").crm).batch_api
    batch.api_client.configuration.host = sys.argv[1]

    def inputs(kind: str, *items: object) -> object:
        return getattr(shapes, kind)(inputs=[*items])

    new = shapes.SimplePublicObjectBatchInputForCreate
    made = batch.create(
        *type_id,
        inputs(
            "BatchInputSimplePublicObjectBatchInputForCreate",
            *(new(properties={"name": str(n)}, associations=[]) for n in range(3)),
        ),
    )
    ids = {record.properties["name"]: record.id for record in made.results}
    change = shapes.SimplePublicObjectBatchInput(
        id=ids["0"], properties={"name": "changed"}
    )
    changed = batch.update(
        *type_id, inputs("BatchInputSimplePublicObjectBatchInput", change)
    )
    record_id = shapes.SimplePublicObjectId
    batch.archive(
        *type_id, inputs("BatchInputSimplePublicObjectId", record_id(id=ids["2"]))
    )
    found = batch.read(
        *type_id,
        shapes.BatchReadInputSimplePublicObjectId(
            inputs=[record_id(id=ids[name]) for name in ids],
            properties=["name"],
            properties_with_history=["name"],
        ),
    )
    item = shapes.SimplePublicObjectBatchInputUpsert(
        id="A-1", id_property="code", properties={"name": "upserted"}
    )
    kind = "BatchInputSimplePublicObjectBatchInputUpsert"
    upserted = [batch.upsert(*type_id, inputs(kind, item)).results[0] for _ in range(2)]
    history = {
        record.properties["name"]: [
            version.value for version in record.properties_with_history["name"]
        ]
        for record in found.results
    }
    return {
        "created": sorted(ids),
        "updated": changed.results[0].properties["name"],
        "history": history,
        "missing": [error.category for error in found.errors],
        "new": [record.new for record in upserted],
        "same": upserted[0].id == upserted[1].id,
    }


def refusal() -> dict[str, object]:
    shapes = import_module("hubspot.crm.deals")
    batch = HubSpot(access_token="token").crm.deals.batch_api
    batch.api_client.configuration.host = sys.argv[1]
    item = shapes.SimplePublicObjectId(id="7")
    try:
        batch.archive(shapes.BatchInputSimplePublicObjectId(inputs=[item, item]))
    except shapes.ApiException as error:
        return {**json.loads(error.body), "status": error.status}
    return {}


families = [("deals",), ("contacts",), ("objects.notes",), ("objects", "2-3456")]
print(json.dumps([*(used(*family) for family in families), refusal()]))
