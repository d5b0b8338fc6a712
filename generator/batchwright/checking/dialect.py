"""What a schema of OpenAPI 3.1 and 3.2 may say, as a JSON Schema.

It is the meta-schema of JSON Schema 2020-12 with OpenAPI's additions, in one piece. A
validator takes a fraction of the time for it that it takes for the official one, whose
parts find each other by `$dynamicRef`.
"""

from __future__ import annotations

from typing import Any

from batchwright.structure import FIELDS, Kind, Shape

_SCHEMA: dict[str, Any] = {"$ref": "#"}
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT, "uniqueItems": True}
_NUMBER = {"type": "number"}
_COUNT = {"type": "integer", "minimum": 0}
_FLAG = {"type": "boolean"}
_MAPPING = {"type": "object"}
_TYPE = {
    "enum": ["array", "boolean", "integer", "null", "number", "object", "string"],
}

_OF_SHAPE = {
    Shape.ONE: _SCHEMA,
    Shape.ONE_OR_LIST: _SCHEMA,
    Shape.LIST: {"type": "array", "minItems": 1, "items": _SCHEMA},
    Shape.MAP: {"type": "object", "additionalProperties": _SCHEMA},
}

DIALECT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": ["object", "boolean"],
    "properties": {
        **{
            keyword: _OF_SHAPE[part.shape]
            for keyword, part in FIELDS[Kind.SCHEMA].items()
            if part.kind is Kind.SCHEMA
        },
        "type": {
            "anyOf": [
                _TYPE,
                {"type": "array", "items": _TYPE, "minItems": 1, "uniqueItems": True},
            ]
        },
        "enum": {"type": "array"},
        "required": _TEXTS,
        "dependentRequired": {"type": "object", "additionalProperties": _TEXTS},
        "multipleOf": {"type": "number", "exclusiveMinimum": 0},
        "maximum": _NUMBER,
        "exclusiveMaximum": _NUMBER,
        "minimum": _NUMBER,
        "exclusiveMinimum": _NUMBER,
        "maxLength": _COUNT,
        "minLength": _COUNT,
        "maxItems": _COUNT,
        "minItems": _COUNT,
        "maxContains": _COUNT,
        "minContains": _COUNT,
        "maxProperties": _COUNT,
        "minProperties": _COUNT,
        "uniqueItems": _FLAG,
        "pattern": _TEXT,
        "format": _TEXT,
        "contentEncoding": _TEXT,
        "contentMediaType": _TEXT,
        "title": _TEXT,
        "description": _TEXT,
        "deprecated": _FLAG,
        "readOnly": _FLAG,
        "writeOnly": _FLAG,
        "examples": {"type": "array"},
        "$ref": _TEXT,
        "$dynamicRef": _TEXT,
        "$id": _TEXT,
        "$schema": _TEXT,
        "$anchor": _TEXT,
        "$dynamicAnchor": _TEXT,
        "$comment": _TEXT,
        "externalDocs": _MAPPING,
        "xml": _MAPPING,
        "discriminator": {
            "type": "object",
            "required": ["propertyName"],
            "properties": {
                "propertyName": _TEXT,
                "mapping": {"type": "object", "additionalProperties": _TEXT},
            },
        },
    },
}
