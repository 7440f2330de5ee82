"""What the shelf says of types: which family, keys, JSON, models and validators."""

from __future__ import annotations

import sys
from decimal import Decimal
from types import ModuleType
from typing import Any, get_args

import bson
import pytest
from bson import Decimal128, Int64
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from bravo_agent.config import TypesSection
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import ShapeKind
from bravo_agent.types import PRELUDE, PRELUDE_NAMES, Rejection, escape_key, family, skipped, unescape_key
from bravo_agent.types._json import read_json

SWITCHES = TypesSection()
_INT = ColumnType("int4")
TYPES = [
    *(ColumnType(name) for name in ("bool", "int2", "int8", "float8", "numeric", "money", "text", "uuid", "date",
      "timestamptz", "time", "interval", "jsonb", "point", "inet", "bytea", "tsvector", "oid", "bit")),
    ColumnType("numeric", precision=12, scale=2), ColumnType("numeric", precision=2, scale=5),
    ColumnType("varchar", length=3), ColumnType("mood", "enum", "public", labels=("a", 'b"\\')),
    ColumnType("none", "enum", "public"), ColumnType("vector", schema="public"),
    ColumnType("int4[]", "array", element=_INT), ColumnType("int4range", "range", element=_INT),
    ColumnType("int4multirange", "multirange", element=_INT),
    ColumnType("pair", "composite", "public", fields=(("a", _INT),)), ColumnType("hstore", schema="public"),
    ColumnType("bson", schema="bravo"),
]  # fmt: skip


def adapter(type_: ColumnType) -> TypeAdapter[Any]:
    """The annotation, as a generated module would hold it."""
    annotation, imports = family(type_).python(type_, SWITCHES)
    module = ModuleType("generated_model")
    sys.modules[module.__name__] = module
    exec("\n".join([PRELUDE, *imports, f"found = {annotation}"]), module.__dict__)
    assert all(hasattr(module, name) for name in PRELUDE_NAMES)
    return TypeAdapter(module.found)


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.sql)
def test_every_annotation_is_python(type_: ColumnType) -> None:
    assert adapter(type_)
    assert family(type_).shape(type_).kind in get_args(ShapeKind)
    assert family(type_).bson_schema(type_, SWITCHES).keys() <= {
        "bsonType",
        "enum",
        "maxLength",
        "items",
        "required",
    }


def test_a_type_that_nobody_reads() -> None:
    with pytest.raises(UsageError) as found:
        family(ColumnType("anyelement"))
    assert found.value.code == "type-unknown"
    assert "anyelement" in found.value.message


def test_text_search_is_skipped() -> None:
    vector = ColumnType("tsvector")
    assert skipped(vector)
    assert skipped(ColumnType("tsvector[]", "array", element=vector))
    assert not skipped(_INT)


@given(st.text())
def test_keys_come_back(key: str) -> None:
    escaped = escape_key(key)
    assert unescape_key(escaped) == key
    assert not escaped.startswith("$")
    assert not set(".\0") & set(escaped)


@given(st.text(alphabet="%$.\0 2450E", max_size=8))
def test_keys_that_look_escaped_come_back(key: str) -> None:
    assert unescape_key(escape_key(key)) == key


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", Int64(1)),
        ("9223372036854775808", Decimal128("9223372036854775808")),
        ("1.50", 1.5),
        ("0.1", 0.1),
        ("0.10000000000000000001", Decimal128("0.10000000000000000001")),
        ("1e400", Decimal128("1e400")),
        ('{"a": 1, "a": 2}', {"a": Int64(2)}),
        ('{"$a.b": {"%": null}}', {"%24a%2Eb": {"%25": None}}),
        ('"\\ud83d\\ude00 \\u0000"', "😀 \0"),
        ("[" * 90 + "1" + "]" * 90, None),
    ],
)
def test_json_values(text: str, value: Any) -> None:
    found = read_json(text)
    if value is not None:
        assert bson.encode({"v": found}) == bson.encode({"v": value})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9" * 35, "json-number-too-large"),
        ("9" * 5000, "json-number-too-large"),
        ("1e7000", "json-number-too-large"),
        ("0." + "1" * 40, "json-number-too-large"),
        ('["\\udc00"]', "json-lone-surrogate"),
        ("[" * 91 + "]" * 91, "json-too-deep"),
    ],
)
def test_json_without_exact_form(text: str, reason: str) -> None:
    with pytest.raises(Rejection, match=reason):
        read_json(text)


def test_models_read_decimal128_within_their_bounds() -> None:
    money = adapter(ColumnType("numeric", precision=5, scale=2))
    assert money.validate_python(Decimal128("123.40")) == Decimal("123.40")
    assert money.validate_python(Decimal128("NaN")).is_nan()
    assert money.validate_python(Decimal128("-Infinity")) == Decimal("-Infinity")
    assert money.validate_json('"NaN"').is_nan()
    with pytest.raises(ValidationError):
        money.validate_python(Decimal128("1234.50"))


def test_models_read_ranges_and_null_items() -> None:
    read = adapter(ColumnType("int4multirange", "multirange", element=_INT))
    found = read.validate_python([{"lower": 1, "upper": None, "bounds": "[)", "empty": False}])
    assert isinstance(found[0], BaseModel)
    assert adapter(ColumnType("int4[]", "array", element=_INT)).validate_python([1, None]) == [1, None]


@pytest.mark.parametrize(
    ("infinity", "schema"), [("fail", "date"), ("null", ["date", "null"]), ("string", ["date", "string"])]
)
def test_validators_follow_the_switch_for_infinity(infinity: Any, schema: Any) -> None:
    switches = TypesSection(infinity=infinity)
    for name in ("date", "timestamptz"):
        assert family(ColumnType(name)).bson_schema(ColumnType(name), switches) == {"bsonType": schema}
