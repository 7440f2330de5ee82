"""The validator of a collection: ``$jsonSchema`` as MongoDB takes it, from column types and models.

MongoDB speaks draft 4 with ``bsonType`` and refuses what it does not know, so nothing else is written. More
properties are allowed: test data may hold keys that production has not. The type and whether null is allowed are
the column's, bounds, patterns and what is inside of json the model's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bravo_agent.artifacts._given import Files, Given, as_json, in_folder
from bravo_agent.artifacts._regions import MADE_BY
from bravo_agent.artifacts._told import ToldByModel, told_by_models
from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Column, Table
from bravo_agent.model.entities import Entity, Shape
from bravo_agent.model.mapping import ColumnMapping, EntityMapping
from bravo_agent.planning.naming import document_name
from bravo_agent.rules.cast import cast_type
from bravo_agent.types import family

_ID = "_id"
# Rules that give what the column's type says; what any other rule gives is not known here.
_TYPED_RULES = frozenset(["standard", "masking"])
_TEXT_RULE, _CAST_RULE, _MASKING_RULE = "preserve", "cast", "masking"

Json = dict[str, Any]


@dataclass(frozen=True)
class MongodbValidator:
    """The kind ``mongodb-validator``."""

    regenerated: bool = True

    def files(self, given: Given, folder: str) -> Files:
        """``<collection>.validator.json`` for every mapped table."""
        found: Files = {}
        models = told_by_models(given.definitions())
        for mapping in given.mapping.entities:
            table = given.catalog.table(mapping.table)
            if table is None:
                continue
            entity = given.models.entity(mapping.entity) if mapping.entity else None
            optional = given.optional.get(mapping.table, frozenset())
            told = models.get(f"{entity.module}:{entity.name}") if entity else None
            schema = validator(mapping, table, entity, given.switches, optional, told)
            schema["$jsonSchema"]["description"] = MADE_BY
            found[in_folder(folder, f"{mapping.collection}.validator.json")] = as_json(schema)
        return found


def validator(
    mapping: EntityMapping,
    table: Table,
    entity: Entity | None,
    switches: TypesSection,
    optional: frozenset[str] = frozenset(),
    told: ToldByModel | None = None,
) -> Json:
    """``{"$jsonSchema": ...}``; every mapped key is required, except ``optional`` ones.

    ``told``: what the model's JSON Schema says; without it only what its source says of lengths and labels counts.
    """
    mapped = {found.target for found in mapping.columns} | {_ID}
    properties: Json = {key: told.alone(key) for key in told.properties if key not in mapped} if told else {}
    if mapping.key and not any(found.target == _ID for found in mapping.columns):
        properties[_ID] = _key(mapping, table, switches)
    for found in mapping.columns:
        column = table.column(found.column)
        properties[found.target] = _property(found, column, entity, switches, told) if column else {}
    if any(found.target == _ID for found in mapping.columns) and _has_decimal(table, mapping.key):
        properties[_ID] = {}
    required = sorted({_ID, *(found.target for found in mapping.columns)} - (optional - {_ID}))
    schema = {"bsonType": "object", "required": required, "properties": properties}
    return {"$jsonSchema": _sorted(_accepted(schema))}


def _key(mapping: EntityMapping, table: Table, switches: TypesSection) -> Json:
    """The document of a key of several columns; decimals in a key are not stored as decimals."""
    columns = [column for name in mapping.key if (column := table.column(name)) is not None]
    properties: Json = {}
    for one in columns:
        found = mapping.target_of(one.name)
        as_it_is = found is not None and found.rule == "standard" and not _has_decimal(table, (one.name,))
        properties[found.target if found else document_name(one.name)] = (
            _of_type(one, switches) if as_it_is else {}
        )
    return {"bsonType": "object", "required": list(properties), "properties": properties}


def _has_decimal(table: Table, key: tuple[str, ...]) -> bool:
    columns = [table.column(name) for name in key]
    return any(
        column is not None and family(column.type).shape(column.type).kind == "decimal" for column in columns
    )


def _property(
    found: ColumnMapping,
    column: Column,
    entity: Entity | None,
    switches: TypesSection,
    told: ToldByModel | None,
) -> Json:
    if found.rule == _TEXT_RULE:
        return nullable({"bsonType": "string"}) if column.nullable else {"bsonType": "string"}
    if found.rule == _CAST_RULE:
        column = replace(column, type=cast_type(dict(found.params)["type"]))
    elif found.rule not in _TYPED_RULES:
        return {}
    schema = _of_type(column, switches)
    field = entity.field(found.field) if entity is not None and found.field else None
    if field is not None:
        schema = constrained(schema, field.shape)
    if told is not None and found.rule != _MASKING_RULE:
        schema = told.narrowed(schema, found.target)
    return nullable(schema) if column.nullable else schema


def _of_type(column: Column, switches: TypesSection) -> Json:
    return dict(family(column.type).bson_schema(column.type, switches))


def constrained(schema: Json, shape: Shape) -> Json:
    """``schema`` within what the model takes: the shorter length, the labels that both know."""
    if schema.get("bsonType") != "string":
        return schema
    found = dict(schema)
    if shape.kind == "str" and shape.max_length is not None:
        found["maxLength"] = min(shape.max_length, schema.get("maxLength", shape.max_length))
    if shape.kind == "enum" and shape.labels:
        both = [label for label in schema.get("enum", shape.labels) if label in shape.labels]
        # with nothing in common every document would be refused: that is a change to decide, not a validator
        found.update({"enum": both} if both else {})
    return found


def nullable(schema: Json) -> Json:
    """``schema`` or null; keywords that speak of one type only let null pass by themselves."""
    if not schema:
        return schema
    if "bsonType" not in schema or schema.keys() & {"anyOf", "allOf", "oneOf", "not"}:
        return {"anyOf": [schema, {"bsonType": "null"}]}
    types = schema["bsonType"] if isinstance(schema["bsonType"], list) else [schema["bsonType"]]
    found = {**schema, "bsonType": [*types, *([] if "null" in types else ["null"])]}
    if "enum" in schema and None not in schema["enum"]:
        found["enum"] = [*schema["enum"], None]
    return found


def _accepted(schema: Json) -> Json:
    """``schema`` without empty ``required`` and ``enum``, which MongoDB refuses."""
    found: Json = {}
    for keyword, value in schema.items():
        if keyword in ("required", "enum") and not value:
            continue
        if keyword == "properties":
            found[keyword] = {name: _accepted(dict(inner)) for name, inner in value.items()}
        elif isinstance(value, Mapping):
            found[keyword] = _accepted(dict(value))
        elif keyword in ("anyOf", "allOf", "oneOf"):
            found[keyword] = [_accepted(dict(inner)) for inner in value]
        else:
            found[keyword] = value
    return found


def _sorted(schema: Json) -> Json:
    return {
        key: _sorted(value) if isinstance(value, dict) else value for key, value in sorted(schema.items())
    }


KIND = MongodbValidator()
