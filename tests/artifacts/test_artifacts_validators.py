"""MongoDB takes every validator, and judges documents as the model does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from artifacts_corpus import Corpus, definitions, rooted
from artifacts_documents import documents, mutated, validator
from bson import Binary, Decimal128, Int64
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import WriteError

from bravo_agent.artifacts._bson import CUT, Bson
from bravo_agent.artifacts._given import Definitions
from bravo_agent.artifacts._nodes import Ref
from bravo_agent.artifacts._schema_nodes import read_definitions
from bravo_agent.artifacts._told import told_by_models
from bravo_agent.artifacts.mongodb_validator import validator as mongodb_validator
from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Column, ColumnType, Table
from bravo_agent.model.mapping import ColumnMapping, EntityMapping

T = ColumnType


@pytest.fixture
def database(mongo_uri: str, mongo_database_name: str) -> Iterator[Database[Any]]:
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        yield client[mongo_database_name]


def storable(value: Any) -> bool:
    """No key with a NUL in it, no number beyond 64 bits, no letter that is newer than MongoDB's tables."""
    if isinstance(value, dict):
        return all("\0" not in key and storable(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(storable, value))
    if isinstance(value, str):
        return not any(ord(one) > 0xFFFF and one.isalnum() for one in value)
    return not isinstance(value, int) or abs(value) < 2**63


@pytest.mark.parametrize("name", definitions())
def test_a_flattened_schema_judges_as_the_schema_does(
    name: str, corpus: Corpus, database: Database[Any]
) -> None:
    named = {one: read.node for one, read in read_definitions(corpus.definitions.validation).items()}
    flat = Bson(named, name).schema(Ref(name))
    whole = {"$jsonSchema": {"bsonType": "object", "properties": {"d": flat}}}
    database.create_collection("checked", validator=whole)
    schema = rooted(corpus, name)
    oracle, cut = validator(without_formats(schema)), CUT in json.dumps(flat)

    found: list[Any] = []

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        document = data.draw(documents(schema, schema))
        found.extend(one for one in (document, data.draw(mutated(document))) if storable(one))

    collect()
    free = database["free"]
    free.insert_many([{"_id": number, "d": document} for number, document in enumerate(found)])
    accepted = {document["_id"] for document in free.find(whole)}
    for number, document in enumerate(found):
        expected = oracle.is_valid(document)
        assert (number in accepted) == expected or (cut and not expected), document
    assert accepted
    assert cut or len(accepted) < len(found)


def without_formats(schema: Any) -> Any:
    if isinstance(schema, list):
        return [without_formats(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: without_formats(one)
        for key, one in schema.items()
        if not (key == "format" and isinstance(one, str))
    }


def test_the_tag_of_a_union_is_demanded(corpus: Corpus, database: Database[Any]) -> None:
    named = {one: read.node for one, read in read_definitions(corpus.definitions.validation).items()}
    flat = {"$jsonSchema": Bson(named, "Zoo").schema(Ref("Zoo"))}
    animals: list[dict[str, Any]] = [{"lives": 3}, {"kind": "cat"}, {"kind": "cow"}, {"kind": "dog"}]
    database["zoo"].insert_many([{"_id": number, "animals": [one]} for number, one in enumerate(animals)])
    assert [document["_id"] for document in database["zoo"].find(flat)] == [1]


def _decimal(value: Any) -> Any:
    return value.to_decimal() if isinstance(value, Decimal128) else value


def _uuid(value: Any) -> Any:
    return value.as_uuid() if isinstance(value, Binary) else value


class Status(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Inside(BaseModel):
    lower: Annotated[int, Field(ge=13)] = 18
    labels: list[Annotated[str, Field(max_length=3)]] = []
    inner: dict[str, float | None] = {}


class Order(BaseModel):
    id: int = Field(alias="_id")
    name: Annotated[str, Field(min_length=2, max_length=4, pattern=r"^\w+$")]
    status: Status
    price: Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0, le=Decimal("99.5"))]
    count: Annotated[int, Field(ge=0, lt=5)] | None
    key: Annotated[UUID, BeforeValidator(_uuid)]
    day: datetime
    inside: Inside
    tags: Annotated[list[str], Field(max_length=2)]
    own: Annotated[str, Field(max_length=2)] = ""


COLUMNS = {
    "id": T("int8"),
    "name": T("varchar", length=20),
    "status": T("status", form="enum", labels=("open", "shut", "lost")),
    "price": T("numeric", precision=12, scale=2),
    "count": T("int4"),
    "key": T("uuid"),
    "day": T("timestamptz"),
    "inside": T("jsonb"),
    "tags": T("text[]", form="array", element=T("text")),
}
GOOD: Mapping[str, Any] = {
    "_id": Int64(1),
    "name": "größ",
    "status": "open",
    "price": Decimal128("99.5"),
    "count": 4,
    "key": Binary.from_uuid(UUID(int=7)),
    "day": datetime(2024, 1, 1, tzinfo=UTC),
    "inside": {"lower": 13, "labels": ["abc"], "inner": {"x": 1.5, "y": None}},
    "tags": ["a", "b"],
    "own": "ab",
}
CHANGED: list[dict[str, Any]] = [
    {},
    {"count": None},
    {"name": "x"},
    {"name": "fünfe"},
    {"name": "a b"},
    {"name": "ab\n"},
    {"name": "😀"},
    {"status": "lost"},
    {"price": Decimal128("0")},
    {"price": Decimal128("0.01")},
    {"price": Decimal128("99.51")},
    {"count": 5},
    {"count": -1},
    {"count": "x"},
    {"key": "x"},
    {"day": "x"},
    {"day": None},
    {"inside": {}},
    {"inside": None},
    {"inside": {"lower": 12}},
    {"inside": {"lower": 14.0}},
    {"inside": {"lower": 14.5}},
    {"inside": {"labels": ["abcd"]}},
    {"inside": {"labels": [None]}},
    {"inside": {"inner": {"x": "y"}}},
    {"tags": []},
    {"tags": ["a", "b", "c"]},
    {"tags": [1]},
    {"tags": [None]},
    {"own": "abc"},
    {"own": None},
    {"more": 1},
]


def test_a_validator_of_a_table_judges_as_its_model_does(database: Database[Any]) -> None:
    table = Table(
        "public", "orders", tuple(Column(n, t, nullable=n == "count") for n, t in COLUMNS.items()), ("id",)
    )
    mapped = tuple(ColumnMapping(name, "_id" if name == "id" else name, name) for name in COLUMNS)
    schemas = Order.model_json_schema()
    schemas["$defs"]["Order"] = {key: one for key, one in schemas.items() if key != "$defs"}
    told = told_by_models(Definitions(schemas["$defs"], {}, {"m:Order": "Order"}))["m:Order"]
    mapping = EntityMapping("public.orders", "orders", "Order", mapped, ("id",))
    found = mongodb_validator(mapping, table, None, TypesSection(), told=told)
    collection = database.create_collection("orders", validator=found)
    for number, change in enumerate(CHANGED):
        document = {**GOOD, "_id": Int64(number), **change}
        assert stored(collection, document) == valid(document), change


def stored(collection: Any, document: Mapping[str, Any]) -> bool:
    try:
        collection.insert_one(dict(document))
    except WriteError:
        return False
    return True


def valid(document: Mapping[str, Any]) -> bool:
    try:
        Order.model_validate(document)
    except ValidationError:
        return False
    return True
