"""Artifacts: validators that MongoDB takes and that mean what they say, and generated models read back."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bson import Decimal128, Int64
from pymongo import MongoClient
from pymongo.errors import WriteError

from bravo_agent.artifacts import Given
from bravo_agent.artifacts.mongodb_validator import KIND as VALIDATOR
from bravo_agent.artifacts.mongodb_validator import constrained, nullable, validator
from bravo_agent.artifacts.pydantic_models import generate_models
from bravo_agent.config import ProjectSection, TypesSection
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.entities import ModelSet, Shape
from bravo_agent.model.mapping import ColumnMapping, EntityMapping, Mapping
from bravo_agent.registry import shelf
from bravo_agent.stores.application import ModelReading, ModelSchema, read_models, read_schemas
from bravo_agent.types import family, skipped

T = ColumnType
INT = T("int4")
BASE = [
    *(
        T(name)
        for name in ("bool", "int2", "int4", "int8", "float8", "text", "bytea", "uuid", "date", "timestamp")
    ),
    *(
        T(name)
        for name in ("timestamptz", "time", "interval", "jsonb", "money", "inet", "point", "xml", "tsvector")
    ),
    T("numeric"),
    T("numeric", precision=12, scale=2),
    T("varchar", length=20),
    T("hstore", schema="public"),
    T("mood", form="enum", schema="public", labels=("a", "b c", 'q"')),
    T("int4range", form="range", element=INT),
    T("int4multirange", form="multirange", element=INT),
    T("pair", form="composite", schema="public", fields=(("a", INT),)),
    T("none", form="composite", schema="public", fields=()),
    T("bit", length=3),
]
ALL = [*BASE, *(T(f"{one.name}[]", form="array", element=one) for one in BASE)]
ODD = [
    "class",
    "a.b",
    "$x",
    "_id",
    "",
    "Name",
    "name",
    "date",
    "Decimal",
    "copy",
    "json",
    "model_x",
    "1a",
    "s p",
    "%",
]
ODD += ["_lead", "größe", 'a"b', "a'b", "a\nb", "list", "int", "Order", "None", "ﬁ", "a_x24_b"]


def catalog() -> Catalog:
    typed = [Column(f"c{number}", type_, nullable=bool(number % 2)) for number, type_ in enumerate(ALL)]
    key = [Column("a", INT, nullable=False), Column("b", T("date"), nullable=False)]
    odd = [Column(name, INT) for name in ODD]
    tables = (
        Table("public", "orders", (Column("id", T("int8"), nullable=False), *typed), ("id",)),
        Table(
            "sales",
            "orders",
            (*key, *odd, Column("day", T("date"))),
            ("a", "b"),
            comment='a "q" \\ \n' + "z" * 99,
        ),
        Table("public", "log", ()),
        Table("public", "wide", tuple(Column(f"col_{number}", INT) for number in range(1600))),
        Table("public", "nums", (Column("n", T("numeric"), nullable=False),), ("n",)),
    )
    return Catalog(tables)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping, ModelReading]:
    folder = tmp_path_factory.mktemp("generated")
    files, mapping = generate_models(catalog(), TypesSection())
    (folder / "models.py").write_text(files["models.py"], encoding="utf-8")
    return folder, mapping, read_models(folder, ProjectSection(models=("models.py",)), allow_import=False)


def bare(shape: Shape | None) -> Shape | None:
    """Without texts and nulls; a family says nothing of the values of a dict."""
    if shape is None:
        return None
    return replace(shape, text="", optional=False, item=bare(shape.item) if shape.kind == "list" else None)


def test_generated_models_read_back_with_the_shapes_of_the_types(
    generated: tuple[Path, Mapping, ModelReading],
) -> None:
    _, mapping, reading = generated
    assert reading.notes == ()
    for mapped in mapping.entities:
        table, entity = catalog().table(mapped.table), reading.models.entity(mapped.entity or "")
        assert table is not None
        assert entity is not None
        assert len(entity.fields) == len(mapped.columns)
        for found in mapped.columns:
            column, field = table.column(found.column), entity.field(found.field or "")
            assert column is not None
            assert field is not None
            assert field.document_name == found.target
            assert field.shape.optional == column.nullable or field.shape.kind == "any"
            assert bare(field.shape) == bare(family(column.type).shape(column.type))


def test_columns_of_skipped_types_are_left_out_and_said_so(
    generated: tuple[Path, Mapping, ModelReading],
) -> None:
    orders = generated[1].of_table("public.orders")
    assert orders is not None
    left = [column for column, _ in orders.left_out]
    assert left == [f"c{number}" for number, type_ in enumerate(ALL) if skipped(type_)]
    assert left


def test_generation_is_deterministic_and_formatted(generated: tuple[Path, Mapping, ModelReading]) -> None:
    first, _ = generate_models(catalog(), TypesSection())
    assert first == generate_models(catalog(), TypesSection())[0]
    assert generate_models(Catalog(()), TypesSection())[0]["models.py"].count("class") == 0
    checked = ["ruff", "check", "--isolated", "--select", "E9,F,I", str(generated[0] / "models.py")]
    done = subprocess.run([sys.executable, "-m", *checked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_generated_models_are_importable(generated: tuple[Path, Mapping, ModelReading]) -> None:
    folder, _, reading = generated
    schemas = read_schemas(folder, ProjectSection(models=("models.py",)), reading.models)
    assert len(schemas) == len(reading.models.entities)


SWITCHES = [
    TypesSection(),
    TypesSection(infinity="string", uuid="string", date="string"),
    TypesSection(infinity="null"),
]


@pytest.mark.parametrize("switches", SWITCHES, ids=["default", "strings", "null"])
def test_mongodb_takes_every_validator(
    generated: tuple[Path, Mapping, ModelReading],
    switches: TypesSection,
    mongo_uri: str,
    mongo_database_name: str,
) -> None:
    _, mapping, reading = generated
    given = Given(catalog(), mapping, reading.models, switches)
    files = VALIDATOR.files(given, "db")
    assert sorted(files) == [
        f"db/{m.collection}.validator.json" for m in sorted(mapping.entities, key=_collection)
    ]
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        for number, text in enumerate(files.values()):
            client[mongo_database_name].create_collection(f"c{number}", validator=json.loads(text))


def _collection(mapping: EntityMapping) -> str:
    return mapping.collection


def test_a_validator_accepts_and_refuses(mongo_uri: str, mongo_database_name: str) -> None:
    table = Table(
        "public",
        "t",
        (
            Column("id", T("int8"), nullable=False),
            Column("name", T("varchar", length=5)),
            Column("mood", T("mood", form="enum", labels=("a", "b"))),
            Column("price", T("numeric", precision=5, scale=2), nullable=False),
            Column("own", T("text"), nullable=False),
        ),
        ("id",),
    )
    columns = [
        ColumnMapping("id", "_id", None),
        *(ColumnMapping(n, n, None) for n in ("name", "mood", "price")),
    ]
    columns.append(ColumnMapping("own", "own", None, rule="custom"))
    mapping = EntityMapping("public.t", "t", None, tuple(columns), ("id",))
    schema = validator(mapping, table, None, TypesSection(), frozenset(["mood"]))
    good = {"name": "12345", "mood": None, "price": Decimal128("1.20"), "own": [1], "extra": 1}
    bad: list[dict[str, Any]] = [
        {"name": "123456"},
        {"mood": "c"},
        {"price": None},
        {"price": 1.2},
        {"name": 3},
    ]
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        collection = client[mongo_database_name].create_collection("t", validator=schema)
        collection.insert_one({"_id": Int64(1), **good})
        collection.insert_one({"_id": Int64(2), **{key: good[key] for key in good if key != "mood"}})
        with pytest.raises(WriteError):
            collection.insert_one({"_id": Int64(3), **{key: good[key] for key in good if key != "price"}})
        with pytest.raises(WriteError):
            collection.insert_one({"_id": "text", **good})
        for number, wrong in enumerate(bad):
            with pytest.raises(WriteError):
                collection.insert_one({"_id": Int64(10 + number), **good, **wrong})


@pytest.mark.parametrize(("rule", "expected"), [("preserve", {"bsonType": "string"}), ("custom", {})])
def test_a_rule_says_what_is_stored(rule: str, expected: dict[str, Any]) -> None:
    table = Table(
        "public", "t", (Column("id", INT, nullable=False), Column("n", INT, nullable=False)), ("id",)
    )
    columns = (ColumnMapping("id", "_id", None), ColumnMapping("n", "n", None, rule))
    schema = validator(EntityMapping("public.t", "t", None, columns, ("id",)), table, None, TypesSection())
    assert schema["$jsonSchema"]["properties"]["n"] == expected


def test_model_constraints_and_null() -> None:
    text = {"bsonType": "string", "maxLength": 9}
    assert constrained(text, Shape("str", max_length=5))["maxLength"] == 5
    assert constrained(text, Shape("str", max_length=50))["maxLength"] == 9
    labels = {"bsonType": "string", "enum": ["a", "b"]}
    assert constrained(labels, Shape("enum", labels=("b", "c")))["enum"] == ["b"]
    assert constrained(labels, Shape("enum", labels=("x",)))["enum"] == ["a", "b"]
    assert nullable(labels) == {"bsonType": ["string", "null"], "enum": ["a", "b", None]}
    assert nullable({"anyOf": [{}]}) == {"anyOf": [{"anyOf": [{}]}, {"bsonType": "null"}]}
    assert nullable({}) == {}


def test_json_schema_files_are_named_apart() -> None:
    one = ModelSchema("A", "m", {"x": 1}, {"x": 1})
    two = ModelSchema("B", "m", {"x": 1}, {"x": 2})
    twin = ModelSchema("a", "n", {"x": 1}, {"x": 1})
    given = Given(Catalog(()), Mapping(()), ModelSet(()), schemas=lambda: (one, two, twin))
    kind = shelf("bravo_agent.artifacts")["json-schema"]
    assert sorted(kind.files(given, "s")) == [
        "s/B.schema.json",
        "s/B.serialization.schema.json",
        "s/m.A.schema.json",
        "s/n.a.schema.json",
    ]


def test_the_shelves() -> None:
    kinds = ["json-schema", "mongodb-validator", "openapi", "pydantic-models", "typescript", "zod"]
    assert list(shelf("bravo_agent.artifacts")) == kinds
    assert {"add-field", "rename-field", "retype-field", "drop-field", "add-model"} <= set(shelf("codemods"))
