"""What hubspot-sdk gets from the server at the address it is given, as JSON."""

# mypy: ignore-errors

from __future__ import annotations

import json
import sys

import hubspot_sdk

client = hubspot_sdk.HubSpot(access_token="token", base_url=sys.argv[1], max_retries=0)


def used(batch: object, *type_id: str) -> dict[str, object]:
    made = batch.create(
        *type_id,
        inputs=[
            {"properties": {"name": str(number)}, "associations": []}
            for number in range(3)
        ],
    )
    ids = {record.properties["name"]: record.id for record in made.results}
    change = {"id": ids["0"], "properties": {"name": "changed"}}
    changed = batch.update(*type_id, inputs=[change])
    batch.delete(*type_id, inputs=[{"id": ids["2"]}])
    found = batch.get(
        *type_id,
        inputs=[{"id": ids[name]} for name in ids],
        properties=["name"],
        properties_with_history=["name"],
    )
    item = {"id": "A-1", "id_property": "code", "properties": {"name": "upserted"}}
    upserted = [batch.upsert(*type_id, inputs=[item]).results[0] for _ in range(2)]
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
        "missing": [error["category"] for error in found.errors],
        "new": [record.new for record in upserted],
        "same": upserted[0].id == upserted[1].id,
    }


def refusal() -> dict[str, object]:
    try:
        objects.deals.batch.delete(inputs=[{"id": "7"}, {"id": "7"}])
    except hubspot_sdk.BadRequestError as error:
        return {**error.body, "status": error.status_code}
    return {}


objects = client.crm.objects
families = [(objects.deals.batch,), (objects.contacts.batch,), (objects.notes.batch,)]
families.append((objects.custom.batch, "2-3456"))
print(json.dumps([*(used(*family) for family in families), refusal()]))
