"""JSON Schema files state entities: what Pydantic and Zod emit, and what people write by hand."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import models_corpus as corpus
import pytest
from models_oracle import fields_of
from pydantic import BaseModel, Field
from pydantic.json_schema import GenerateJsonSchema

from bravo_agent.config import ProjectSection
from bravo_agent.errors import UsageError
from bravo_agent.model.entities import Entity, Place, Shape
from bravo_agent.stores.application import ModelReading, models_fingerprint, read_models, read_schemas
from bravo_agent.stores.application._stated import key_lines
from bravo_agent.stores.application._stated_decimals import decimal_of_pattern

SECTION = ProjectSection(models=(), schemas=("schemas/*.json",))


def stated(folder: Path, schemas: dict[str, Any]) -> ModelReading:
    (folder / "schemas").mkdir(exist_ok=True)
    for name, schema in schemas.items():
        text = schema if isinstance(schema, str) else json.dumps(schema, indent=2)
        (folder / "schemas" / f"{name}.json").write_text(text, encoding="utf-8")
    return read_models(folder, SECTION)


def one(reading: ModelReading, name: str) -> Entity:
    found = reading.models.entity(name)
    assert found is not None
    return found


def shape(folder: Path, schema: object, **beside: object) -> Shape:
    document = {"title": "A", "type": "object", "properties": {"x": schema}, **beside}
    return replace(one(stated(folder, {"a": document}), "A").fields[0].shape, text="")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[type[BaseModel]]]:
    folder = tmp_path_factory.mktemp("stated-corpus")
    for name, text in corpus.FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="latin-1" if "latin" in name else "utf-8")
    sys.path.insert(0, str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [
            importlib.import_module(f"{corpus.PACKAGE}.{name}") for name in ("base", "orders", "unclear")
        ]
    yield [
        value
        for module in found
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == module.__name__
    ]
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == corpus.PACKAGE]:
        del sys.modules[name]


def told(shape: Shape | None) -> Shape | None:
    """What JSON Schema can say of ``shape``."""
    if shape is None:
        return None
    some = shape.kind == "any" and shape.optional
    return replace(
        shape,
        text="",
        optional=shape.optional and not some,
        model=None,
        max_digits=None,
        decimal_places=None,
        max_length=None if shape.kind == "bytes" else shape.max_length,
        item=told(shape.item),
    )


def test_what_pydantic_emits_is_read_back(tmp_path: Path, models: list[type[BaseModel]]) -> None:
    wrong = []
    read = 0
    for number, model in enumerate(models):
        schema = model.model_json_schema()
        if not schema.get("properties") and "$ref" not in schema:
            continue
        reading = stated(tmp_path, {f"s{number}": schema})
        (tmp_path / "schemas" / f"s{number}.json").unlink()
        title = (schema["$defs"][schema["$ref"].split("/")[-1]] if "$ref" in schema else schema)["title"]
        name = title if title.isidentifier() else f"s{number}"
        fields = {field.document_name: field for field in one(reading, name).fields}
        true = [other for other in fields_of(model) if not other[3]]
        assert list(fields) == [key for _, key, *_ in true]
        for _, key, required, _, shape in true:
            read += 1
            said = told(fields[key].shape)
            if key == "mixed":  # an enum of numbers and texts: JSON Schema has only its values
                continue
            if fields[key].required != required or (shape is not None and said != told(shape)):
                wrong.append(f"{name}.{key}: {said} is {told(shape)}, {required}")
    assert read > 150
    assert wrong == [], "\n".join(wrong)


Digits = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]


class Priced(BaseModel):
    both: Digits
    places: Annotated[Decimal, Field(decimal_places=3)]
    neither: Decimal
    perhaps: Digits | None = None


class WithPatterns(GenerateJsonSchema):
    """As Pydantic before 2.14, and as a project that wants patterns."""

    def get_decimal_pattern(self, schema: Any) -> str | None:
        return self.build_decimal_pattern(schema) if hasattr(self, "build_decimal_pattern") else None


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_decimals_by_the_pattern_of_their_text(tmp_path: Path, mode: Any) -> None:
    schema = Priced.model_json_schema(mode=mode, schema_generator=WithPatterns)
    if "pattern" not in json.dumps(schema):
        pytest.skip("this Pydantic writes no patterns")
    shapes = {field.name: field.shape for field in one(stated(tmp_path, {"p": schema}), "Priced").fields}
    assert {shape.kind for shape in shapes.values()} == {"decimal"}
    assert (shapes["both"].max_digits, shapes["both"].decimal_places) == (12, 2)
    assert (shapes["places"].max_digits, shapes["places"].decimal_places) == (None, 3)
    assert (shapes["neither"].max_digits, shapes["neither"].decimal_places) == (None, None)
    assert shapes["perhaps"].optional


@pytest.mark.parametrize(
    ("pattern", "digits", "places"),
    [
        (r"^(?!^[-+.]*$)[+-]?0*(?:\d{0,10}|(?=[\d.]{1,13}0*$)\d{0,10}\.\d{0,2}0*$)", 12, 2),
        (r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d{0,4}0*$", None, 4),
        (r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$", None, None),
        (r"^-?\d{1,10}(\.\d{1,2})?$", 12, 2),
        (r"^\d+\.\d{2}$", None, 2),
        (r"^[+-]?[0-9]+(?:\.[0-9]+)?$", None, None),
    ],
)
def test_decimal_patterns(pattern: str, digits: int | None, places: int | None) -> None:
    assert decimal_of_pattern(pattern) == Shape("decimal", max_digits=digits, decimal_places=places)


@pytest.mark.parametrize("pattern", [r"^\d{5}$", r"^[A-Z]+$", r"^v\d+\.\d+$", r"^\d+(\.\d+){2}$", ".*", "("])
def test_other_patterns_are_text(pattern: str) -> None:
    assert decimal_of_pattern(pattern) is None


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"], "maxLength": 5}, Shape("str", optional=True, max_length=5)),
        ({"type": "number", "multipleOf": 0.01}, Shape("decimal", decimal_places=2)),
        ({"type": "number", "multipleOf": 0.05}, Shape("float")),
        ({"type": "number", "multipleOf": 10}, Shape("float")),
        ({"enum": ["a", "b", None]}, Shape("enum", optional=True, labels=("a", "b"))),
        ({"const": "a"}, Shape("enum", labels=("a",))),
        ({"const": None}, Shape("any", optional=True)),
        ({"enum": ["a", 1]}, Shape("union")),
        ({"enum": []}, Shape("unknown")),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, Shape("enum", labels=("a", "b"))),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "maxLength": 9}, Shape("str", optional=True, max_length=9)),
        ({"allOf": [{"$ref": "#/$defs/name"}], "maxLength": 3}, Shape("str", max_length=3)),
        ({"allOf": [{"$ref": "#/$defs/name"}, {"$ref": "#/$defs/nowhere"}]}, Shape("unknown")),
        ({"$ref": "#/$defs/name"}, Shape("str", max_length=7)),
        ({"$ref": "#/$defs/loop"}, Shape("unknown")),
        ({"$ref": "other.json#/x"}, Shape("unknown")),
        ({"$ref": "#/$defs/a~1b%20c"}, Shape("int")),
        ({"$ref": "#"}, Shape("model", model="A")),
        ({"type": "array", "items": {"$ref": "#/$defs/name"}}, Shape("list", item=Shape("str", max_length=7))),
        ({"type": "array", "prefixItems": [{"type": "integer"}], "items": False}, Shape("list", item=Shape("int"))),
        ({"type": "array", "prefixItems": [{"type": "integer"}], "items": True}, Shape("list", item=Shape("union"))),
        ({"type": "array"}, Shape("list", item=Shape("any"))),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, Shape("dict", item=Shape("int"))),
        ({"type": "object", "patternProperties": {"^x": {"type": "integer"}}}, Shape("dict", item=Shape("int"))),
        ({"type": "object"}, Shape("dict", item=Shape("any"))),
        ({"type": "object", "properties": {"y": True}}, Shape("model")),
        ({"type": "string", "contentEncoding": "base64"}, Shape("bytes")),
        ({"type": "string", "contentMediaType": "application/json"}, Shape("any")),
        ({"type": "string", "format": "email"}, Shape("str")),
        ({"type": "string", "format": "decimal"}, Shape("decimal")),
        (True, Shape("any")),
        ({}, Shape("any")),
        ({"description": "anything"}, Shape("any")),
        (False, Shape("unknown")),
        ({"not": {}}, Shape("unknown")),
        ({"type": "wrong"}, Shape("unknown")),
        ([], Shape("unknown")),
    ],
)  # fmt: skip
def test_shapes(tmp_path: Path, schema: object, expected: Shape) -> None:
    definitions = {
        "name": {"type": "string", "maxLength": 7},
        "loop": {"$ref": "#/$defs/loop"},
        "a/b c": {"type": "integer"},
    }
    found = shape(tmp_path, schema, **{"$defs": definitions})
    assert replace(found, item=found.item and replace(found.item, text="")) == expected


def test_places_defaults_and_definitions(tmp_path: Path) -> None:
    text = """{
  "type": "object", "$defs": {"Address": {
      "title": "Address", "type": "object",
      "properties": {"street": {"type": "string"}}},
    "Level": {"enum": ["a"]}},
  "properties": {
    "_id": {"type": "integer"},
    "a\\"b": {"type": "string", "default": "}"}, "address":
      {"$ref": "#/$defs/Address"}
  },
  "required": ["_id"]
}"""
    reading = stated(tmp_path, {"order.schema": text})
    assert [(e.name, e.known_by, e.form) for e in reading.models.entities] == [
        ("Address", "json-schema", "schema"),
        ("order", "json-schema", "schema"),
    ]
    order = one(reading, "order")
    file = "schemas/order.schema.json"
    assert order.module == file
    assert [(f.name, f.required, f.default, f.place) for f in order.fields] == [
        ("_id", True, None, Place(file, 7)),
        ('a"b', False, '"}"', Place(file, 8)),
        ("address", False, None, Place(file, 8)),
    ]
    assert one(reading, "Address").fields[0].place == Place(file, 4)
    assert one(reading, f"{file}:order") == order
    assert key_lines("[]") == {}


def test_all_of_is_inheritance(tmp_path: Path) -> None:
    base = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    schema = {
        "title": "Child",
        "allOf": [
            {"$ref": "#/$defs/Base"},
            {"properties": {"name": {"type": "string"}}, "required": ["name"]},
        ],
        "$defs": {"Base": base},
    }
    child = one(stated(tmp_path, {"child": schema}), "Child")
    assert [(f.name, f.required) for f in child.fields] == [("id", True), ("name", True)]


def test_a_repeated_definition_is_one_entity(tmp_path: Path) -> None:
    address = {"title": "Address", "type": "object", "properties": {"street": {"type": "string"}}}
    user = {"title": "User", "properties": {"a": {"$ref": "#/$defs/Address"}}, "$defs": {"Address": address}}
    reading = stated(tmp_path, {"a_user": user, "z_address": address})
    assert [(e.module, e.name) for e in reading.models.entities] == [
        ("schemas/a_user.json", "User"),
        ("schemas/z_address.json", "Address"),
    ]


def test_a_reference_that_leads_out_of_the_file_is_a_note(tmp_path: Path) -> None:
    schema = {"title": "A", "allOf": [{"$ref": "base.json"}, {"properties": {"x": {"$ref": "#/nowhere"}}}]}
    reading = stated(tmp_path, {"a": schema})
    assert [(f.name, f.shape.kind) for f in one(reading, "A").fields] == [("x", "unknown")]
    assert reading.notes == (
        "schemas/a.json: base.json is not in the file: known in part",
        "schemas/a.json: #/nowhere is not in the file: known in part",
    )
    assert reading.unread == ()


def test_a_python_model_goes_before_a_schema_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("from pydantic import BaseModel\nclass Order(BaseModel):\n    id: int\n")
    schema = {"title": "Order", "type": "object", "properties": {"id": {"type": "string"}}}
    reading = stated(tmp_path, {"order": schema})
    assert [(e.module, e.name) for e in reading.models.entities] == [("m", "Order")]
    assert reading.notes == ("schemas/order.json:1: Order is a Python model as well: the model counts",)
    assert [schema.name for schema in read_schemas(tmp_path, SECTION, reading.models)] == ["Order"]


def test_a_file_that_is_no_json_is_unread_and_one_that_is_missing_an_error(tmp_path: Path) -> None:
    broken = {"a": '{\n "x": 1,\n}', "b": "[1]", "c": "null", "d": "[" * 100_000}
    reading = stated(tmp_path, broken)
    assert reading.models.entities == ()
    assert [note.partition(":")[0] for note in reading.unread] == ["schemas/a.json", "schemas/d.json"]
    assert ":3: is not JSON" in reading.unread[0]
    for pattern in ("nothing/*.json", "/etc/*.conf", "../*"):
        with pytest.raises(UsageError) as caught:
            read_models(tmp_path, ProjectSection(schemas=(pattern,)))
        assert caught.value.code == "schemas-missing"


def test_an_overlay_goes_before_the_file(tmp_path: Path) -> None:
    schema = {"title": "A", "properties": {"x": {"type": "string"}}}
    before = stated(tmp_path, {"a": schema})
    overlay = {"schemas/a.json": json.dumps(schema).replace("string", "integer")}
    after = read_models(tmp_path, SECTION, overlay=overlay)
    assert one(after, "A").fields[0].shape.kind == "int"
    assert models_fingerprint(before.models) != models_fingerprint(after.models)
    assert read_schemas(tmp_path, SECTION, after.models) == ()
